package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// contextPath is where the collections of the threads that began here are.
const contextPath = "/ap/contexts/"

// ContextURI is the collection of a thread that began here (FEP-7888), by its
// first post.
func (db *DB) ContextURI(rootID int64) string {
	return db.base + contextPath + strconv.FormatInt(rootID, 10)
}

// ownContext says whether a context is a thread that began here.
func (db *DB) ownContext(uri string) bool { return strings.HasPrefix(uri, db.base+contextPath) }

// joinContext puts a post into the thread of what it answers. What belongs to a
// thread that began here is decided by its replies alone, not by what another
// server claims.
func joinContext(t *tx, p *Post, author *Account) error {
	if t.db.ownContext(p.Context) {
		p.Context = ""
	}
	if t.db.ownContext(p.Conversation) {
		p.Conversation = ""
	}
	if !p.IsReply() {
		if author.Local() {
			p.Context = t.db.ContextURI(p.ID)
			p.Conversation = p.Context
		}
		return nil
	}
	var context, conversation string
	err := t.row(`SELECT context, conversation FROM post WHERE id = ?`, []any{p.ReplyToID}, &context, &conversation)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if author.Local() || p.Context == "" || t.db.ownContext(context) {
		p.Context = context
	}
	if author.Local() || p.Conversation == "" || t.db.ownContext(context) {
		p.Conversation = conversation
	}
	return err
}

// passContext takes what is below a post that arrived late into a thread that
// began here.
func passContext(t *tx, p *Post) error {
	if !t.db.ownContext(p.Context) {
		return nil
	}
	_, err := t.exec(`UPDATE post SET context = ?2, conversation = ?3 WHERE id IN (
		WITH RECURSIVE down (id) AS (SELECT x.id FROM post x WHERE x.reply_to_id = ?1
			UNION SELECT y.id FROM down JOIN post y ON y.reply_to_id = down.id LIMIT ?4)
		SELECT id FROM down)`, p.ID, p.Context, p.Conversation, maxDescendants)
	return err
}

// PublicContext lists the public posts of a thread that began here, by its first
// post: oldest first and after a given id, for other servers.
func (db *DB) PublicContext(ctx context.Context, rootID, after int64, limit int) ([]*Post, error) {
	var list []*Post
	err := db.rows(ctx, `SELECT `+postColumns+` FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.context = ?1 AND p.id > ?2 AND p.visibility <= 1 AND a.state = 0 AND a.flags & 96 = 0 ORDER BY p.id LIMIT ?3`,
		[]any{db.ContextURI(rootID), after, limit}, func(rows *sql.Rows) error {
			p, err := scanPost(rows)
			list = append(list, p)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("posts of the thread of %d: %w", rootID, err)
	}
	return list, nil
}

// ThreadRoot is the topmost stored post above one, or that itself.
func (db *DB) ThreadRoot(ctx context.Context, postID int64) (root int64, err error) {
	err = db.row(ctx, threadRoot, []any{postID}, &root)
	if err != nil {
		err = fmt.Errorf("first post of the thread of %d: %w", postID, err)
	}
	return root, err
}

// threadRoot selects the topmost stored post above ?1.
const threadRoot = `WITH RECURSIVE up (id, parent, depth) AS (
		SELECT x.id, x.reply_to_id, 0 FROM post x WHERE x.id = ?1
		UNION SELECT y.id, y.reply_to_id, up.depth + 1 FROM up JOIN post y ON y.id = up.parent WHERE up.depth < 10000)
	SELECT id FROM up ORDER BY depth DESC LIMIT 1`
