package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// PostMore is what apps want to know of a post beside its PostView, or of the
// boost that brought it.
type PostMore struct {
	Tags     []string // folded
	Quotes   int      // how many posts quote it, as far as is known here
	App      *AppName // it was written with, nil: none is known
	BoostURI string   // of a boost
}

// PostsMore returns it for many posts and boosts. Those of which there is
// nothing to say are left out.
func (db *DB) PostsMore(ctx context.Context, ids []int64) (map[int64]PostMore, error) {
	found := map[int64]PostMore{}
	if len(ids) == 0 {
		return found, nil
	}
	err := db.rows(ctx, `SELECT x.post_id, 0, t.name, '', 0 FROM post_tag x JOIN tag t ON t.id = x.tag_id
			WHERE x.post_id IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT quoted_id, 1, '', '', COUNT(*) FROM quote WHERE quoted_id IN (SELECT value FROM json_each(?1)) AND state <> 3 GROUP BY quoted_id
		UNION ALL SELECT id, 2, uri, '', 0 FROM boost WHERE id IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT x.post_id, 3, n.name, n.website, COALESCE(json_extract(NULLIF(u.preferences, ''), '$.show_app'), 0)
			FROM post_app x JOIN app_name n ON n.id = x.app_name_id JOIN post p ON p.id = x.post_id JOIN user u ON u.account_id = p.account_id
			WHERE x.post_id IN (SELECT value FROM json_each(?1))`,
		[]any{idList(ids)}, func(rows *sql.Rows) error {
			var id int64
			var what, n int
			var text, more string
			err := rows.Scan(&id, &what, &text, &more, &n)
			m := found[id]
			switch what {
			case 0:
				m.Tags = append(m.Tags, text)
			case 1:
				m.Quotes = n
			case 2:
				m.BoostURI = text
			case 3:
				m.App = &AppName{Name: text, Website: more, Shown: n != 0}
			}
			found[id] = m
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("load tags, quotes and apps of posts: %w", err)
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
	return db.boostView(ctx, viewer, `b.id = ?`, id)
}

// BoostBy returns a member's boost of a post.
func (db *DB) BoostBy(ctx context.Context, accountID, postID int64) (*PostView, error) {
	return db.boostView(ctx, AsMember(accountID), `b.account_id = ? AND b.post_id = ?`, accountID, postID)
}

// boostView returns the post of the boost that a condition finds, with who
// boosted it.
func (db *DB) boostView(ctx context.Context, viewer Viewer, where string, args ...any) (*PostView, error) {
	var e entry
	err := db.row(ctx, `SELECT b.id, b.post_id, b.account_id FROM boost b JOIN account a ON a.id = b.account_id WHERE `+shown+` AND `+where, args, &e.id, &e.postID, &e.booster)
	if err != nil {
		return nil, err
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
