package store

import (
	"context"
	"fmt"
)

// ChooseFilters puts a post that a member sees into these of their filters and
// into no others. A title that is not empty makes one more, which folds the post
// away everywhere. ErrNotFound if the member does not see the post or has no such
// filter; *InputError if there are too many posts or filters.
func (db *DB) ChooseFilters(ctx context.Context, accountID, postID int64, filterIDs []int64, title string) error {
	anew := Filter{Title: title, Contexts: filterEverywhere, Action: FilterWarn}
	if title != "" {
		if err := anew.check(); err != nil {
			return err
		}
	}
	return db.writeFilter(ctx, accountID, "choose filters", func(t *tx) error {
		if _, err := txVisible(t, postID, AsMember(accountID)); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM filter_post WHERE post_id = ?1 AND filter_id IN (SELECT id FROM filter WHERE account_id = ?2)
			AND filter_id NOT IN (SELECT value FROM json_each(?3))`, postID, accountID, idList(filterIDs))
		if err != nil {
			return err
		}
		if title != "" {
			if err := insertFilter(t, accountID, &anew); err != nil {
				return err
			}
			filterIDs = append(filterIDs[:len(filterIDs):len(filterIDs)], anew.ID)
		}
		for _, id := range filterIDs {
			if _, err := addFilterPost(t, accountID, id, postID); err != nil {
				return fmt.Errorf("filter %d: %w", id, err)
			}
		}
		return nil
	})
}

// addFilterPost puts a post into a member's filter and returns its id there.
func addFilterPost(t *tx, accountID, filterID, postID int64) (id int64, err error) {
	var n int
	if err := t.row(`SELECT (SELECT COUNT(*) FROM filter_post x WHERE x.filter_id = f.id AND x.post_id <> ?3) FROM filter f WHERE f.id = ?1 AND f.account_id = ?2`,
		[]any{filterID, accountID, postID}, &n); err != nil {
		return 0, err
	}
	if n >= maxFilterPosts {
		return 0, &InputError{Field: "post", Problem: InputMany, Limit: maxFilterPosts}
	}
	err = t.row(`INSERT INTO filter_post (id, filter_id, post_id) VALUES (?, ?, ?)
		ON CONFLICT (filter_id, post_id) DO UPDATE SET post_id = post_id RETURNING id`, []any{t.db.ids.next(), filterID, postID}, &id)
	return id, err
}
