package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Conversation is a thread of posts to the people named in them alone.
type Conversation struct {
	ID       int64
	ThreadID int64
	People   []*Account // all but the member; none: a note to oneself
	Last     *PostView  // its newest post
	Unread   bool
	Muted    bool
	last     int64
}

// ConversationPage is a part of a member's conversations; its keys are those of
// the newest posts.
type ConversationPage struct {
	Conversations     []*Conversation
	Older, Newer, Top int64
}

// keepConversation puts a private post into a member's conversations.
func keepConversation(t *tx, postID, accountID int64, unread bool) error {
	_, err := t.exec(`INSERT INTO conversation (id, account_id, thread_id, last_id, unread) SELECT ?1, u.account_id, p.thread_id, p.id, ?4
		FROM post p JOIN user u ON u.account_id = ?3 WHERE p.id = ?2
		ON CONFLICT (account_id, thread_id) DO UPDATE SET last_id = MAX(last_id, excluded.last_id), unread = excluded.unread`,
		t.db.ids.next(), postID, accountID, unread)
	t.publish(News{Kind: NewsConversation, AccountID: accountID, PostID: postID})
	return err
}

// shortenConversations lets conversations end before a post that goes. One of
// which nothing is left goes with it.
func shortenConversations(t *tx, p *Post) error {
	if p.Visibility != Direct {
		return nil
	}
	_, err := t.exec(`UPDATE conversation SET last_id = COALESCE((SELECT MAX(q.id) FROM post q
			WHERE q.thread_id = conversation.thread_id AND q.visibility = 3 AND q.id <> ?1
			AND (q.account_id = conversation.account_id OR EXISTS (SELECT 1 FROM mention m WHERE m.post_id = q.id AND m.account_id = conversation.account_id))), ?1)
		WHERE last_id = ?1`, p.ID)
	return err
}

// joinConversations follows threads that a post has just joined: those of the
// replies to it become parts of its own.
func joinConversations(t *tx, postID int64) error {
	const joined = `(SELECT r.id FROM post r WHERE r.reply_to_id = ?1)`
	const into = `(SELECT p.thread_id FROM post p WHERE p.id = ?1)`
	for _, query := range []string{
		`UPDATE conversation SET last_id = MAX(conversation.last_id, o.last_id), unread = MAX(conversation.unread, o.unread) FROM conversation o
			WHERE o.account_id = conversation.account_id AND o.thread_id IN ` + joined + ` AND conversation.thread_id = ` + into,
		`UPDATE OR IGNORE conversation SET thread_id = ` + into + ` WHERE thread_id IN ` + joined,
		`DELETE FROM conversation WHERE thread_id IN ` + joined,
	} {
		if _, err := t.exec(query, postID); err != nil {
			return err
		}
	}
	return nil
}

// conversations selects those of the viewer ?1 whose newest post p they see and
// want to see.
const conversations = ` FROM conversation c JOIN post p ON p.id = c.last_id JOIN account a ON a.id = p.account_id
	LEFT JOIN thread_choice tc ON tc.account_id = c.account_id AND tc.thread_id = c.thread_id
	WHERE c.account_id = ?1 AND ` + visible + ` AND ` + heard

// Conversations lists a member's conversations, the one with the newest post first.
func (db *DB) Conversations(ctx context.Context, accountID int64, c Cursor) (*ConversationPage, error) {
	list, err := db.conversationsWhere(ctx, accountID, c.clause("c.last_id", 3), c.args()...)
	if err != nil {
		return nil, err
	}
	var page ConversationPage
	page.Conversations, page.Older, page.Newer = trim(c, list, func(v *Conversation) int64 { return v.last })
	if len(page.Conversations) > 0 {
		page.Top = page.Conversations[0].last
	}
	return &page, db.fillConversations(ctx, accountID, page.Conversations)
}

// Conversation returns one of a member's conversations, or ErrNotFound.
func (db *DB) Conversation(ctx context.Context, accountID, id int64) (*Conversation, error) {
	list, err := db.conversationsWhere(ctx, accountID, `c.id = ?3`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return list[0], db.fillConversations(ctx, accountID, list)
}

// ConversationWith returns the conversation that a post stands in, or
// ErrNotFound.
func (db *DB) ConversationWith(ctx context.Context, accountID, postID int64) (*Conversation, error) {
	list, err := db.conversationsWhere(ctx, accountID, `c.thread_id = (SELECT o.thread_id FROM post o WHERE o.id = ?3 AND o.visibility = 3)`, postID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return list[0], db.fillConversations(ctx, accountID, list)
}

func (db *DB) conversationsWhere(ctx context.Context, accountID int64, where string, args ...any) ([]*Conversation, error) {
	var list []*Conversation
	err := db.rows(ctx, `SELECT c.id, c.thread_id, c.last_id, c.unread, COALESCE(tc.choice, 0) = 1`+conversations+` AND `+where,
		AsMember(accountID).args(args...), func(rows *sql.Rows) error {
			var v Conversation
			err := rows.Scan(&v.ID, &v.ThreadID, &v.last, &v.Unread, &v.Muted)
			list = append(list, &v)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	return list, nil
}

// fillConversations loads the newest posts and who is named in them.
func (db *DB) fillConversations(ctx context.Context, accountID int64, list []*Conversation) error {
	ids := make([]int64, len(list))
	for i, v := range list {
		ids[i] = v.last
	}
	views, err := db.viewPosts(ctx, ids, AsMember(accountID))
	if err != nil {
		return err
	}
	posts := make(map[int64]*PostView, len(views))
	for _, v := range views {
		posts[v.ID] = v
	}
	named, everybody, err := db.namedIn(ctx, ids)
	if err != nil {
		return err
	}
	for _, v := range list {
		last := posts[v.last]
		if last == nil {
			return fmt.Errorf("conversation %d: its newest post is gone: %w", v.ID, ErrNotFound)
		}
		v.Last = last
		for _, id := range append([]int64{last.AccountID}, named[last.ID]...) {
			if a := everybody[id]; a != nil && id != accountID && (id != last.AccountID || len(v.People) == 0) {
				v.People = append(v.People, a)
			}
		}
	}
	return nil
}

// namedIn loads authors of posts and whom they name.
func (db *DB) namedIn(ctx context.Context, postIDs []int64) (map[int64][]int64, map[int64]*Account, error) {
	named := map[int64][]int64{}
	people := map[int64]bool{}
	err := db.rows(ctx, `SELECT m.post_id, m.account_id FROM mention m WHERE m.post_id IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT p.id, p.account_id FROM post p WHERE p.id IN (SELECT value FROM json_each(?1))`, []any{idList(postIDs)}, func(rows *sql.Rows) error {
		var post, account int64
		err := rows.Scan(&post, &account)
		if people[account] = true; err == nil {
			named[post] = append(named[post], account)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("who is named: %w", err)
	}
	accounts, err := db.accountsByID(ctx, people)
	return named, accounts, err
}

// ConversationPosts lists the private posts of a conversation that the member
// sees, newest first.
func (db *DB) ConversationPosts(ctx context.Context, accountID, conversationID int64, c Cursor) (*PostPage, error) {
	return db.timeline(ctx, "conversation", AsMember(accountID), c, `SELECT p.id, p.id, 0 FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.visibility = 3 AND p.thread_id = (SELECT v.thread_id FROM conversation v WHERE v.id = ?5 AND v.account_id = ?1)
		AND `+visible+` AND `+c.clause("p.id", 3), append(AsMember(accountID).args(c.args()...), conversationID))
}

// ReadConversation notes that a member has seen a conversation, or, with unread,
// that it shall look as if they had not.
func (db *DB) ReadConversation(ctx context.Context, accountID, id int64, unread bool) error {
	return db.write(ctx, "read conversation", func(t *tx) error {
		t.publish(News{Kind: NewsRead, AccountID: accountID})
		n, err := t.exec(`UPDATE conversation SET unread = ? WHERE id = ? AND account_id = ?`, unread, id, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// RemoveConversation takes a conversation out of a member's list. Its posts stay,
// and the next one brings it back.
func (db *DB) RemoveConversation(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "remove conversation", func(t *tx) error {
		n, err := t.exec(`DELETE FROM conversation WHERE id = ? AND account_id = ?`, id, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// UnreadConversations counts the conversations with something new, up to 100.
func (db *DB) UnreadConversations(ctx context.Context, accountID int64) (n int, err error) {
	err = db.row(ctx, `SELECT COUNT(*) FROM (SELECT 1`+conversations+` AND c.unread AND COALESCE(tc.choice, 0) <> 1 LIMIT 100)`,
		AsMember(accountID).args(), &n)
	return n, err
}
