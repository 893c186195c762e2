package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// DeliveryState is what became of telling a server of a post.
type DeliveryState int

// The states, as they are stored.
const (
	DeliveryWaiting DeliveryState = iota
	DeliveryArrived
	DeliveryRefused // by the server, or by our own rules
	DeliveryGivenUp // it waited too long, or was dropped
)

// PostDelivery is one server that was to be told of a post.
type PostDelivery struct {
	Host    string
	State   DeliveryState
	At      time.Time // since when it is so
	ToldAt  time.Time // when it last took a version of the post; zero: never
	RetryAt time.Time // while it waits: when the failing host is tried again; zero: it is its turn
	Failure           // why not; while it waits, what the host's last attempt met
}

// tells says whether what becomes of an outbox row is kept per post and server.
func (o *OutboxItem) tells() bool { return o.Kind == OutboxCreatePost || o.Kind == OutboxUpdatePost }

// expectPost notes that hosts are to be told of a post. One statement, whatever
// their number: the fan-out waits for it.
func expectPost(t *tx, postID, activityID int64) error {
	_, err := t.exec(`INSERT INTO post_delivery (post_id, host, state, at)
		SELECT ?1, host, 0, ?2 FROM delivery WHERE activity_id = ?3 GROUP BY host
		ON CONFLICT (post_id, host) DO UPDATE SET state = 0, at = excluded.at, cause = '', reason = ''`,
		postID, millis(t.now), activityID)
	return err
}

// notePostArrived notes that a host took a post. Of several inboxes there, one is enough.
func notePostArrived(t *tx, d *Delivery) error {
	if d.PostID == 0 {
		return nil
	}
	_, err := t.exec(`UPDATE post_delivery SET state = ?1, at = ?2, told_at = ?2, cause = '', reason = '' WHERE post_id = ?3 AND host = ?4`,
		DeliveryArrived, millis(t.now), d.PostID, d.Host)
	return err
}

// notePostEnded notes that a host will not take a post.
func notePostEnded(t *tx, d *Delivery, s DeliveryState, f Failure) error {
	if d.PostID == 0 {
		return nil
	}
	return endPost(t, d.PostID, d.Host, s, f)
}

func endPost(t *tx, postID int64, host string, s DeliveryState, f Failure) error {
	_, err := t.exec(`UPDATE post_delivery SET state = ?1, at = ?2, cause = ?3, reason = ?4 WHERE post_id = ?5 AND host = ?6 AND state = 0`,
		s, millis(t.now), f.Cause, cut(f.Text, maxDeliveryText), postID, host)
	return err
}

// recallPost forgets what became of a deleted post at each server, and what of
// it still waits: a server that was away for days gets its end alone.
func recallPost(t *tx, postID int64) error {
	for _, query := range []string{
		`DELETE FROM activity WHERE post_id = ? AND post_id > 0`, // with its deliveries
		`DELETE FROM post_delivery WHERE post_id = ?`,
	} {
		if _, err := t.exec(query, postID); err != nil {
			return err
		}
	}
	return nil
}

// noteTold remembers that a host knows an account, and perhaps posts of it.
func noteTold(t *tx, d *Delivery) error {
	_, err := t.exec(`INSERT INTO told (account_id, host, posts) VALUES (?1, ?2, ?3)
		ON CONFLICT (account_id, host) DO UPDATE SET posts = 1 WHERE posts < excluded.posts`, d.AccountID, d.Host, d.PostID != 0)
	return err
}

// DeliveryCounts is how many servers were to be told of a post, by what became of it.
type DeliveryCounts struct{ Waiting, Arrived, Failed int }

// Total counts them all.
func (c DeliveryCounts) Total() int { return c.Waiting + c.Arrived + c.Failed }

// CountPostDeliveries counts the servers that were to be told of a post.
func (db *DB) CountPostDeliveries(ctx context.Context, postID int64) (DeliveryCounts, error) {
	var c DeliveryCounts
	err := db.row(ctx, `SELECT COALESCE(SUM(state = 0), 0), COALESCE(SUM(state = 1), 0), COALESCE(SUM(state > 1), 0) FROM post_delivery WHERE post_id = ?`,
		[]any{postID}, &c.Waiting, &c.Arrived, &c.Failed)
	if err != nil {
		return c, fmt.Errorf("count deliveries of post %d: %w", postID, err)
	}
	return c, nil
}

// DeliveryFilter narrows a list of servers.
type DeliveryFilter int

// The filters of [DB.PostDeliveries].
const (
	AllDeliveries DeliveryFilter = iota
	WaitingDeliveries
	FailedDeliveries
	ArrivedDeliveries
)

// PostDeliveries lists the servers after a host that were to be told of a post,
// by name. It is for the post's author alone, which the caller checks. Rows are
// kept for 30 days after the last change.
func (db *DB) PostDeliveries(ctx context.Context, postID int64, f DeliveryFilter, after string, limit int) ([]*PostDelivery, error) {
	low, high := DeliveryWaiting, DeliveryGivenUp
	switch f {
	case WaitingDeliveries:
		high = DeliveryWaiting
	case FailedDeliveries:
		low = DeliveryRefused
	case ArrivedDeliveries:
		low, high = DeliveryArrived, DeliveryArrived
	}
	var list []*PostDelivery
	err := db.rows(ctx, `SELECT p.host, p.state, p.at, p.told_at, p.cause, p.reason,
			COALESCE(i.failures, 0), COALESCE(i.retry_at, 0), COALESCE(i.cause, ''), COALESCE(i.last_error, '')
		FROM post_delivery p LEFT JOIN instance i ON i.host = p.host
		WHERE p.post_id = ?1 AND p.host > ?2 AND p.state BETWEEN ?3 AND ?4 ORDER BY p.host LIMIT ?5`,
		[]any{postID, after, low, high, limit}, func(rows *sql.Rows) error {
			var d PostDelivery
			var host Failure
			var at, told, retry int64
			var failures int
			err := rows.Scan(&d.Host, &d.State, &at, &told, &d.Cause, &d.Text, &failures, &retry, &host.Cause, &host.Text)
			d.At, d.ToldAt = fromMillis(at), fromMillis(told)
			if d.State == DeliveryWaiting && failures > 0 {
				d.RetryAt, d.Failure = fromMillis(retry), host
			}
			list = append(list, &d)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list deliveries of post %d: %w", postID, err)
	}
	return list, nil
}

// SendAgain tells a server once more of an author's own post that it refused or
// that was given up. Pressed twice, it is sent once.
func (db *DB) SendAgain(ctx context.Context, authorID, postID int64, host string) error {
	return db.write(ctx, "send again", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
		if err != nil {
			return err
		}
		var state DeliveryState
		var told int64
		if err := t.row(`SELECT state, told_at FROM post_delivery WHERE post_id = ? AND host = ?`, []any{postID, host}, &state, &told); err != nil {
			return err
		}
		if state != DeliveryRefused && state != DeliveryGivenUp || !p.Leaves() {
			return nil
		}
		_, err = t.exec(`UPDATE post_delivery SET state = 0, at = ?, cause = '', reason = '' WHERE post_id = ? AND host = ?`, millis(t.now), postID, host)
		if err != nil {
			return err
		}
		kind := OutboxCreatePost
		if told != 0 && !p.EditedAt.IsZero() { // it has the post, in an older version
			kind = OutboxUpdatePost
		}
		return addOutbox(t, kind, authorID, OutboxDetail{PostID: postID, Host: host})
	})
}

// ToldInboxes lists one inbox of each server that may hold a post of an
// account: whoever took it or is about to, also if nobody there follows any
// more. Of a post whose rows have expired, it is every server that ever took a
// post of the account; a Delete of what one does not have is ignored.
func (db *DB) ToldInboxes(ctx context.Context, accountID, postID int64) ([]Inbox, error) {
	if IDTime(postID).Before(db.now().Add(-keepDeliveries)) {
		return db.toldInboxes(ctx, `SELECT host FROM told WHERE account_id = ?1 AND posts = 1
			UNION SELECT host FROM post_delivery WHERE post_id = ?2 AND (state <> 2 OR told_at > 0)`, accountID, postID)
	}
	return db.toldInboxes(ctx, `SELECT host FROM post_delivery WHERE post_id = ?1 AND (state <> 2 OR told_at > 0)`, postID)
}

// KnownTo lists one inbox of each server that ever took something of an account.
func (db *DB) KnownTo(ctx context.Context, accountID int64) ([]Inbox, error) {
	return db.toldInboxes(ctx, `SELECT host FROM told WHERE account_id = ?1`, accountID)
}

func (db *DB) toldInboxes(ctx context.Context, hosts string, args ...any) ([]Inbox, error) {
	var list []Inbox
	err := db.rows(ctx, `SELECT h.host, COALESCE(NULLIF((SELECT i.inbox FROM instance i WHERE i.host = h.host), ''),
			(SELECT d.inbox FROM delivery d WHERE d.host = h.host ORDER BY d.id DESC LIMIT 1), '') AS inbox
		FROM (`+hosts+`) h WHERE inbox <> ''`, args, func(rows *sql.Rows) error {
		var in Inbox
		err := rows.Scan(&in.Host, &in.URL)
		list = append(list, in)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list servers that were told: %w", err)
	}
	return list, nil
}

// PruneDeliveries forgets what became of deliveries long ago, and jobs that
// failed long ago. It writes in small steps, so that nobody waits for it.
func (db *DB) PruneDeliveries(ctx context.Context) error {
	for {
		var n int64
		err := db.write(ctx, "prune deliveries", func(t *tx) (err error) {
			limit := t.now.Add(-keepDeliveries)
			n, err = t.exec(`DELETE FROM post_delivery WHERE (post_id, host) IN
				(SELECT post_id, host FROM post_delivery WHERE post_id < ? AND at < ? LIMIT ?)`, idAt(limit, 0), millis(limit), pruneBatch)
			return err
		})
		if err != nil {
			return err
		}
		if n < pruneBatch {
			break
		}
	}
	return db.write(ctx, "prune failed jobs", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM job WHERE failed_at > 0 AND failed_at < ?`, millis(t.now.Add(-keepDeliveries))); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM told WHERE account_id IN (SELECT id FROM account WHERE host = '' AND state = ?)
			AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.account_id = told.account_id)`, AccountDeleted)
		return err
	})
}
