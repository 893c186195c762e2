package store

import "context"

// AltFigure counts the files on a member's posts, and those of them that have a
// description.
func (db *DB) AltFigure(ctx context.Context, ownerID int64) (described, all int, err error) {
	err = db.row(ctx, `SELECT COUNT(NULLIF(description, '')), COUNT(*) FROM media WHERE owner_id = ? AND use = 0 AND post_id IS NOT NULL`, []any{ownerID}, &described, &all)
	return described, all, err
}
