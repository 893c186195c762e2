package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Completion is what became of asking other servers for the missing posts of a
// thread.
type Completion struct {
	PostID  int64 // the topmost post that was stored when it was asked for
	AskedAt time.Time
	EndedAt time.Time // zero: it waits or is running
	Posts   int       // that came
	Stopped CompletionLimit
	Hosts   []CompletionHost // those that brought most first
}

// CompletionHost is what one server answered.
type CompletionHost struct {
	Host    string
	Asked   int // requests
	Brought int // posts
	Failed  int // requests without a use
	Cause   CompletionCause
}

// CompletionLimit is the limit at which completing a thread ended; "": none, all
// was asked that was to be asked.
type CompletionLimit string

// The limits.
const (
	StoppedPosts CompletionLimit = "posts"
	StoppedTime  CompletionLimit = "time"
	StoppedHosts CompletionLimit = "hosts"
	StoppedDepth CompletionLimit = "depth"
)

// CompletionCause says why a server did not bring what it was asked for.
type CompletionCause string

// The causes.
const (
	FailedUnreachable CompletionCause = "unreachable"
	FailedTimeout     CompletionCause = "timeout"
	FailedRefused     CompletionCause = "refused"   // 401, 403
	FailedGone        CompletionCause = "gone"      // 404, 410
	FailedStatus      CompletionCause = "status"    // another status
	FailedBlocked     CompletionCause = "blocked"   // by the admins here
	FailedPrivate     CompletionCause = "private"   // it is not public
	FailedForeign     CompletionCause = "foreign"   // it is no post of this thread
	FailedUntrusted   CompletionCause = "untrusted" // it speaks for another server
	FailedTooMuch     CompletionCause = "too_much"  // more than is asked of one server
	FailedUnreadable  CompletionCause = "unreadable"
)

// CompleteThread has the missing posts of the thread around a post asked for, in
// the background. It says false, and does nothing, if that was done less than a
// pause ago, or is under way.
func (db *DB) CompleteThread(ctx context.Context, postID int64, pause time.Duration) (started bool, err error) {
	c, err := db.Completion(ctx, postID) // looking is cheap
	if err == nil && !c.due(db.now(), pause) {
		return false, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	err = db.write(ctx, "complete thread", func(t *tx) error {
		var root, asked, ended int64
		if err := t.row(threadRoot, []any{postID}, &root); err != nil {
			return err
		}
		err := t.row(`SELECT asked_at, ended_at FROM completion WHERE post_id = ?`, []any{root}, &asked, &ended)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		before := Completion{AskedAt: fromMillis(asked), EndedAt: fromMillis(ended)}
		if started = err != nil || before.due(t.now, pause); !started {
			return nil
		}
		return askCompletion(t, root, postID)
	})
	return started, err
}

// completeShown is how soon other servers are asked for a thread again because a
// member opens it.
const completeShown = 6 * time.Hour

// CompleteShownThread is CompleteThread because a member looks at a thread, if
// other servers may know of more of it.
func (db *DB) CompleteShownThread(ctx context.Context, t *Thread) error {
	if !t.LeadsElsewhere() {
		return nil
	}
	_, err := db.CompleteThread(ctx, t.Post.ID, completeShown)
	return err
}

// LeadsElsewhere says whether other servers may know of more of a thread.
func (t *Thread) LeadsElsewhere() bool {
	if t.ParentMissing || !t.Post.Author.Local() {
		return true
	}
	for _, v := range t.Ancestors {
		if v != nil && !v.Author.Local() {
			return true
		}
	}
	return anyRemote(t.Replies)
}

func anyRemote(list []*Reply) bool {
	for _, r := range list {
		if r.Post != nil && !r.Post.Author.Local() || anyRemote(r.Children) {
			return true
		}
	}
	return false
}

// due says whether a thread may be asked for again. One that never ended is, at
// last, too: its job may have been given up.
func (c *Completion) due(now time.Time, pause time.Duration) bool {
	if c.EndedAt.IsZero() {
		return now.Sub(c.AskedAt) > completionLost
	}
	return now.Sub(c.AskedAt) > pause
}

func askCompletion(t *tx, root, postID int64) error {
	if _, err := t.exec(`DELETE FROM completion WHERE post_id = ?`, root); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO completion (post_id, asked_at) VALUES (?, ?)`, root, millis(t.now)); err != nil {
		return err
	}
	return addJob(t, NewJob{Kind: JobReplies, Key: strconv.FormatInt(root, 10), Payload: strconv.FormatInt(postID, 10)})
}

// SaveCompletion stores what asking for a thread has brought so far, or in the
// end. It is forgotten if the thread is.
func (db *DB) SaveCompletion(ctx context.Context, c *Completion) error {
	return db.write(ctx, "save completion", func(t *tx) error {
		known, err := t.exists(`SELECT 1 FROM post WHERE id = ?`, c.PostID)
		if err != nil || !known {
			return err
		}
		_, err = t.exec(`INSERT INTO completion (post_id, asked_at, ended_at, posts, stopped) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (post_id) DO UPDATE SET ended_at = ?3, posts = ?4, stopped = ?5`,
			c.PostID, millis(c.AskedAt), millis(c.EndedAt), c.Posts, c.Stopped)
		if err != nil {
			return err
		}
		for _, h := range c.Hosts {
			_, err := t.exec(`INSERT OR REPLACE INTO completion_host (post_id, host, asked, brought, failed, cause) VALUES (?, ?, ?, ?, ?, ?)`,
				c.PostID, h.Host, h.Asked, h.Brought, h.Failed, h.Cause)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Completion returns the newest result of asking for the thread around a post.
func (db *DB) Completion(ctx context.Context, postID int64) (*Completion, error) {
	var c Completion
	var asked, ended int64
	err := db.row(ctx, `SELECT c.post_id, c.asked_at, c.ended_at, c.posts, c.stopped FROM completion c
		WHERE c.post_id IN (`+ancestorIDs+`) AND ?1 = ?2 ORDER BY c.asked_at DESC LIMIT 1`, []any{postID, postID},
		&c.PostID, &asked, &ended, &c.Posts, &c.Stopped)
	if err != nil {
		return nil, fmt.Errorf("completion of the thread of %d: %w", postID, err)
	}
	c.AskedAt, c.EndedAt = fromMillis(asked), fromMillis(ended)
	err = db.rows(ctx, `SELECT host, asked, brought, failed, cause FROM completion_host WHERE post_id = ?
		ORDER BY brought DESC, failed, host`, []any{c.PostID}, func(rows *sql.Rows) error {
		var h CompletionHost
		err := rows.Scan(&h.Host, &h.Asked, &h.Brought, &h.Failed, &h.Cause)
		c.Hosts = append(c.Hosts, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("servers asked for the thread of %d: %w", postID, err)
	}
	return &c, nil
}

// RemotePostsOf lists the posts of accounts elsewhere in the thread that begins
// with a post, nearest to it first: those whose servers may know of more.
func (db *DB) RemotePostsOf(ctx context.Context, rootID int64, limit int) ([]*Post, error) {
	var list []*Post
	err := db.rows(ctx, `WITH RECURSIVE down (id, depth) AS (SELECT ?1, 0
			UNION ALL SELECT y.id, down.depth + 1 FROM down JOIN post y ON y.reply_to_id = down.id WHERE down.depth < 10000
			LIMIT ?2)
		SELECT `+postColumns+` FROM down JOIN post p ON p.id = down.id JOIN account a ON a.id = p.account_id
		WHERE a.host <> '' AND a.state = 0 AND p.visibility <= 1 ORDER BY down.depth, p.id`, []any{rootID, limit}, func(rows *sql.Rows) error {
		p, err := scanPost(rows)
		list = append(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("posts elsewhere below %d: %w", rootID, err)
	}
	return list, nil
}
