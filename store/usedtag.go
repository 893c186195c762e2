package store

import (
	"context"
	"database/sql"
	"fmt"
)

// UsedTags lists the hashtags that a member used most in their last posts which
// everybody may see, without those that stand on their profile.
func (db *DB) UsedTags(ctx context.Context, accountID int64, limit int) ([]string, error) {
	var names []string
	err := db.rows(ctx, `SELECT t.text FROM (SELECT p.id FROM post p WHERE p.account_id = ?1 AND p.visibility <= 1 ORDER BY p.id DESC LIMIT ?2) p
		JOIN post_tag x ON x.post_id = p.id JOIN tag t ON t.id = x.tag_id
		WHERE NOT EXISTS (SELECT 1 FROM featured_tag f WHERE f.account_id = ?1 AND f.tag_id = t.id)
		GROUP BY t.id ORDER BY COUNT(*) DESC, t.name LIMIT ?3`, []any{accountID, maxTrendPosts, min(max(limit, 1), maxPageSize)}, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("tags used by %d: %w", accountID, err)
	}
	return names, nil
}
