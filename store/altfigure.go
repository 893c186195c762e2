package store

import "context"

// AltFigure counts a member's posts with pictures, sound or video, and those of
// them on which every file has a description. A post without is none of them.
func (db *DB) AltFigure(ctx context.Context, ownerID int64) (described, all int, err error) {
	err = db.row(ctx, `SELECT COALESCE(SUM(bare = 0), 0), COUNT(*) FROM (SELECT SUM(trim(m.description) = '') AS bare
		FROM media m WHERE m.owner_id = ? AND m.use = 0 AND m.post_id IS NOT NULL GROUP BY m.post_id)`, []any{ownerID}, &described, &all)
	return described, all, err
}
