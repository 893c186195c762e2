package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Boost is what is known of a boost beside the post.
type Boost struct {
	URI        string // ActivityPub id
	Visibility Visibility
}

// Boosts finds boosts by their ids.
func (db *DB) Boosts(ctx context.Context, ids []int64) (map[int64]Boost, error) {
	found := make(map[int64]Boost, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	err := db.rows(ctx, `SELECT id, uri, visibility FROM boost WHERE id IN (SELECT value FROM json_each(?))`, []any{idList(ids)}, func(rows *sql.Rows) error {
		var id int64
		var b Boost
		err := rows.Scan(&id, &b.URI, &b.Visibility)
		found[id] = b
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load boosts: %w", err)
	}
	return found, nil
}

// Entry returns what an id of a timeline stands for: a post, or a boost, whose
// post it is then with who boosted it, as a viewer sees it. ErrNotFound also
// covers "not for you".
func (db *DB) Entry(ctx context.Context, id int64, viewer Viewer) (*PostView, error) {
	v, err := db.PostVisibleTo(ctx, id, viewer)
	if !errors.Is(err, ErrNotFound) {
		return v, err
	}
	return db.boostView(ctx, viewer, `b.id = ?2`, id)
}

// BoostBy returns a member's boost of a post.
func (db *DB) BoostBy(ctx context.Context, accountID, postID int64) (*PostView, error) {
	return db.boostView(ctx, AsMember(accountID), `b.account_id = ?2 AND b.post_id = ?3`, accountID, postID)
}

// boostView returns the post of the boost that a condition finds, with who
// boosted it.
func (db *DB) boostView(ctx context.Context, viewer Viewer, where string, args ...any) (*PostView, error) {
	var e entry
	err := db.row(ctx, `SELECT b.id, b.post_id, b.account_id FROM boost b JOIN post p ON p.id = b.post_id JOIN account a ON a.id = b.account_id
		WHERE `+shown+` AND `+boostShown+` AND `+where, append([]any{viewer.AccountID}, args...), &e.id, &e.postID, &e.booster)
	if err != nil {
		return nil, err
	}
	seen, err := db.glances(ctx, []int64{e.postID}, viewer)
	if err != nil {
		return nil, err
	}
	var visible bool
	if e.glance, visible = seen[e.postID]; !visible {
		return nil, ErrNotFound
	}
	views, err := db.viewEntries(ctx, []entry{e}, viewer)
	if err != nil {
		return nil, err
	}
	if len(views) == 0 {
		return nil, ErrNotFound
	}
	return views[0], nil
}

// PostsVisibleTo returns the posts among ids that a viewer sees, in that order.
func (db *DB) PostsVisibleTo(ctx context.Context, ids []int64, viewer Viewer) ([]*PostView, error) {
	return db.viewPosts(ctx, ids, viewer)
}

// AccountsByID returns the active accounts among ids, in that order.
func (db *DB) AccountsByID(ctx context.Context, ids []int64) ([]*Account, error) {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	found, err := db.accountsByID(ctx, set)
	if err != nil {
		return nil, err
	}
	var list []*Account
	for _, id := range ids {
		if a := found[id]; a != nil && set[id] && a.State == AccountActive && !a.Hidden {
			list = append(list, a)
			set[id] = false // each once
		}
	}
	return list, nil
}
