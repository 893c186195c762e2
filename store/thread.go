package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Thread is a post with what is above and below it, as one viewer sees it.
type Thread struct {
	// Ancestors come oldest first; nil stands for one that the viewer can't see.
	Ancestors []*PostView
	// ParentMissing says that above the first ancestor (or the post itself) is
	// one that this server does not have.
	ParentMissing bool
	ParentDeleted bool // and that one was public, and was deleted
	Post          *PostView
	Replies       []*Reply
	Cut           bool // there are more replies than are shown
}

// Reply is a branch of a thread.
type Reply struct {
	Post     *PostView // nil: one that was deleted or that the viewer can't see, with replies that they can
	Children []*Reply
}

// Thread loads the whole conversation around a post that the viewer may see
// (else ErrNotFound or ErrGone).
func (db *DB) Thread(ctx context.Context, postID int64, viewer Viewer) (*Thread, error) {
	post, err := db.PostVisibleTo(ctx, postID, viewer)
	if err != nil {
		return nil, err
	}
	up, missing, err := db.ancestors(ctx, post.Post)
	if err != nil {
		return nil, err
	}
	deleted, err := db.Tombstone(ctx, missing)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	below, err := db.descendants(ctx, postID)
	if err != nil {
		return nil, err
	}
	t := &Thread{Post: post, ParentMissing: missing != "", ParentDeleted: !deleted.IsZero()}
	if len(below) > maxDescendants {
		below, t.Cut = below[:maxDescendants], true
	}
	ids := slices.Clone(up)
	for _, b := range below {
		ids = append(ids, b.id)
	}
	views, err := db.viewPosts(ctx, ids, viewer)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*PostView, len(views))
	for _, v := range views {
		byID[v.ID] = v
	}
	for _, id := range up {
		t.Ancestors = append(t.Ancestors, byID[id])
	}
	t.Replies = buildTree(postID, post.AccountID, below, byID)
	return t, nil
}

// ancestors lists the ids above a post, oldest first, and the address of what the
// topmost answers if that is not stored.
func (db *DB) ancestors(ctx context.Context, p *Post) (ids []int64, missing string, err error) {
	missing = p.ReplyToURI
	err = db.rows(ctx, `WITH RECURSIVE up (id, parent, lost, depth) AS (
			SELECT x.id, x.reply_to_id, COALESCE(x.reply_to_uri, ''), 1 FROM post x WHERE x.id = ?1
			UNION SELECT y.id, y.reply_to_id, COALESCE(y.reply_to_uri, ''), up.depth + 1 FROM up JOIN post y ON y.id = up.parent WHERE up.depth < ?2)
		SELECT id, lost FROM up ORDER BY depth DESC`, []any{p.ReplyToID, maxAncestors}, func(rows *sql.Rows) error {
		var id int64
		var lost string
		err := rows.Scan(&id, &lost)
		if len(ids) == 0 {
			missing = cmp.Or(missing, lost)
		}
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("posts above %d: %w", p.ID, err)
	}
	return ids, missing, nil
}

// branch is a post below another, before it is loaded.
type branch struct{ id, parent int64 }

// descendants lists the posts below one, nearest first, one more than are shown.
// Public ones that were deleted are among them: what answers them still stands.
// Replies without the approval that their parent's author wants are not, with
// all that answers them.
func (db *DB) descendants(ctx context.Context, postID int64) ([]branch, error) {
	var list []branch
	seen := map[int64]bool{postID: true} // deleted posts are found by what others say of them, which may be circles
	err := db.rows(ctx, `WITH RECURSIVE down (id, parent, gone, depth) AS (
			SELECT x.id, ?1, NULL, 1 FROM post x WHERE x.reply_to_id = ?1 AND x.approval <> 4
			UNION ALL SELECT g.id, ?1, g.uri, 1 FROM tombstone g WHERE g.parent_id = ?1 AND g.public
			UNION ALL SELECT y.id, down.id, NULL, down.depth + 1 FROM down JOIN post y ON y.reply_to_id = down.id AND y.approval <> 4 WHERE down.depth < 10000
			UNION ALL SELECT y.id, down.id, NULL, down.depth + 1 FROM down JOIN post y ON y.reply_to_uri = down.gone WHERE down.depth < 10000
			UNION ALL SELECT g.id, down.id, g.uri, down.depth + 1 FROM down JOIN tombstone g ON g.parent_id = down.id WHERE g.public AND down.depth < 10000
			LIMIT ?2)
		SELECT id, parent FROM down`, []any{postID, maxDescendants + 1}, func(rows *sql.Rows) error {
		var b branch
		err := rows.Scan(&b.id, &b.parent)
		if err == nil && !seen[b.id] {
			seen[b.id] = true
			list = append(list, b)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("posts below %d: %w", postID, err)
	}
	return list, nil
}

// buildTree hangs the posts below root under their parents. The first author's
// own chain comes first, then the oldest. Branches without anything that the
// viewer can see are left out. It takes no more stack for a deeper thread.
func buildTree(root, authorID int64, below []branch, views map[int64]*PostView) []*Reply {
	top := &Reply{}
	nodes := map[int64]*Reply{root: top}
	for _, b := range below {
		nodes[b.id] = &Reply{Post: views[b.id]}
	}
	// Nearest first means that going backwards every node is complete when it is hung up.
	for _, b := range slices.Backward(below) {
		node, parent := nodes[b.id], nodes[b.parent]
		if parent == nil || node.Post == nil && len(node.Children) == 0 {
			continue
		}
		slices.SortStableFunc(node.Children, func(x, y *Reply) int { return compareReplies(x, y, authorID) })
		parent.Children = append(parent.Children, node)
	}
	slices.SortStableFunc(top.Children, func(x, y *Reply) int { return compareReplies(x, y, authorID) })
	return top.Children
}

func compareReplies(x, y *Reply, authorID int64) int {
	if x.Post == nil || y.Post == nil {
		return cmp.Compare(boolInt(x.Post == nil), boolInt(y.Post == nil))
	}
	if c := cmp.Compare(boolInt(x.Post.AccountID != authorID), boolInt(y.Post.AccountID != authorID)); c != 0 {
		return c
	}
	return cmp.Compare(x.Post.ID, y.Post.ID)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// PublicReplies lists the ids and URIs of the public replies to a post, oldest
// first and after a given id, for other servers.
func (db *DB) PublicReplies(ctx context.Context, postID, after int64, limit int) ([]*Post, error) {
	var list []*Post
	err := db.rows(ctx, `SELECT `+postColumns+` FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.reply_to_id = ? AND p.id > ? AND p.visibility <= 1 AND p.approval = 0 AND a.state = 0 ORDER BY p.id LIMIT ?`,
		[]any{postID, after, limit}, func(rows *sql.Rows) error {
			p, err := scanPost(rows)
			list = append(list, p)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("replies to post %d: %w", postID, err)
	}
	return list, nil
}
