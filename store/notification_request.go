package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// NotificationRequest is a stranger whose deeds wait for a member's answer.
type NotificationRequest struct {
	ID        int64
	From      *Account
	Count     int       // of notifications that are held
	Last      *PostView // the newest post among them, or nil
	CreatedAt time.Time
	UpdatedAt time.Time // of the newest notification
}

// keepRequest notes that something of somebody is held back.
func keepRequest(t *tx, accountID, fromID int64) error {
	_, err := t.exec(`INSERT OR IGNORE INTO notification_request (id, account_id, from_id, created_at) VALUES (?, ?, ?, ?)`,
		t.db.ids.next(), accountID, fromID, millis(t.now))
	return err
}

// heldOf joins requests r of the member ?1 with what is held and who did it, a.
const heldOf = ` FROM notification_request r JOIN account a ON a.id = r.from_id
	JOIN notification n ON n.account_id = r.account_id AND n.from_id = r.from_id AND n.held
	WHERE r.account_id = ?1 AND ?2 AND ` + shown + ` AND ` + notBlocked + ` AND ` + told

// NotificationRequestPage is a part of the list of requests.
type NotificationRequestPage struct {
	Requests           []*NotificationRequest
	Older, Newer, Top  int64
	People, TotalCount int // who waits in all, and with how many notifications; up to 1,000 of each
}

// NotificationRequests lists whom a member's policy holds back, newest first.
func (db *DB) NotificationRequests(ctx context.Context, accountID int64, c Cursor) (*NotificationRequestPage, error) {
	var page NotificationRequestPage
	var err error
	if page.People, page.TotalCount, err = db.CountHeld(ctx, accountID); err != nil {
		return nil, err
	}
	list, err := db.notificationRequests(ctx, accountID, `r.id IN (SELECT r.id `+heldOf+` GROUP BY r.id)`, c)
	if err != nil {
		return nil, err
	}
	page.Requests, page.Older, page.Newer = trim(c, list, func(r *NotificationRequest) int64 { return r.ID })
	if len(page.Requests) > 0 {
		page.Top = page.Requests[0].ID
	}
	return &page, db.fillRequests(ctx, accountID, page.Requests)
}

// NotificationRequest returns one of a member's requests, or ErrNotFound.
func (db *DB) NotificationRequest(ctx context.Context, accountID, id int64) (*NotificationRequest, error) {
	list, err := db.notificationRequests(ctx, accountID, `TRUE`, Cursor{After: id - 1, Before: id + 1, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0].ID != id {
		return nil, ErrNotFound
	}
	return list[0], db.fillRequests(ctx, accountID, list[:1])
}

func (db *DB) notificationRequests(ctx context.Context, accountID int64, condition string, c Cursor) ([]*NotificationRequest, error) {
	var list []*NotificationRequest
	err := db.rows(ctx, `SELECT r.id, r.created_at, r.from_id FROM notification_request r WHERE r.account_id = ?1 AND ?2 AND `+condition+` AND `+c.clause("r.id", 3),
		AsMember(accountID).args(c.args()...), func(rows *sql.Rows) error {
			r := NotificationRequest{From: &Account{}}
			var created int64
			err := rows.Scan(&r.ID, &created, &r.From.ID)
			r.CreatedAt = fromMillis(created)
			list = append(list, &r)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list notification requests: %w", err)
	}
	return list, nil
}

// fillRequests loads who waits, with how much, and what they wrote last.
func (db *DB) fillRequests(ctx context.Context, accountID int64, list []*NotificationRequest) error {
	ids := make([]int64, len(list))
	people := map[int64]bool{}
	byID := map[int64]*NotificationRequest{}
	for i, r := range list {
		ids[i], people[r.From.ID], byID[r.ID] = r.ID, true, r
	}
	accounts, err := db.accountsByID(ctx, people)
	if err != nil {
		return err
	}
	last := map[int64]int64{}
	var posts []int64
	err = db.rows(ctx, `SELECT r.id, COUNT(*), MAX(n.created_at), COALESCE(MAX(n.post_id), 0) FROM notification_request r
		JOIN notification n ON n.account_id = r.account_id AND n.from_id = r.from_id AND n.held
		WHERE r.id IN (SELECT value FROM json_each(?)) GROUP BY r.id`, []any{idList(ids)}, func(rows *sql.Rows) error {
		var id, updated, post int64
		var count int
		if err := rows.Scan(&id, &count, &updated, &post); err != nil {
			return err
		}
		byID[id].Count, byID[id].UpdatedAt, last[id] = count, fromMillis(updated), post
		posts = append(posts, post)
		return nil
	})
	if err != nil {
		return fmt.Errorf("count what is held: %w", err)
	}
	views, err := db.viewPosts(ctx, posts, AsMember(accountID))
	if err != nil {
		return err
	}
	for _, r := range list {
		r.From = accounts[r.From.ID]
		for _, v := range views {
			if v.ID == last[r.ID] && v.AccountID == r.From.ID {
				r.Last = v
			}
		}
	}
	return nil
}

// maxHeldCounted bounds what CountHeld counts.
const maxHeldCounted = 1_000

// CountHeld counts the people whom a member's policy holds back, and their
// notifications.
func (db *DB) CountHeld(ctx context.Context, accountID int64) (people, notifications int, err error) {
	err = db.row(ctx, `SELECT COUNT(DISTINCT from_id), COUNT(*) FROM (SELECT r.from_id `+heldOf+` LIMIT ?3)`,
		[]any{accountID, true, maxHeldCounted}, &people, &notifications)
	return people, notifications, err
}

// AcceptNotificationRequests lets a member hear of strangers from now on, and
// puts what was held into the list, at its place by time. Their private posts
// become conversations. Unknown ids are passed over.
func (db *DB) AcceptNotificationRequests(ctx context.Context, accountID int64, ids []int64) error {
	return db.write(ctx, "accept notification requests", func(t *tx) error {
		t.publish(News{Kind: NewsMerged, AccountID: accountID})
		chosen := `(SELECT from_id FROM notification_request WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2)))`
		if _, err := t.exec(`INSERT OR IGNORE INTO notification_permission (account_id, from_id)
			SELECT account_id, from_id FROM notification_request WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2))`, accountID, idList(ids)); err != nil {
			return err
		}
		private, err := t.ids(`SELECT p.id FROM notification n JOIN post p ON p.id = n.post_id AND p.visibility = 3
			WHERE n.account_id = ?1 AND n.held AND n.from_id IN `+chosen, accountID, idList(ids))
		if err != nil {
			return err
		}
		for _, postID := range private {
			if err := keepConversation(t, postID, accountID, true); err != nil {
				return err
			}
		}
		if _, err := t.exec(`UPDATE notification SET held = 0 WHERE account_id = ?1 AND held AND from_id IN `+chosen, accountID, idList(ids)); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM notification_request WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2))`, accountID, idList(ids))
		return err
	})
}

// DismissNotificationRequests removes requests of a member with all that was
// held. What these people do later is held again.
func (db *DB) DismissNotificationRequests(ctx context.Context, accountID int64, ids []int64) error {
	return db.write(ctx, "dismiss notification requests", func(t *tx) error {
		_, err := t.exec(`DELETE FROM notification WHERE account_id = ?1 AND held AND from_id IN
			(SELECT from_id FROM notification_request WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2)))`, accountID, idList(ids))
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM notification_request WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2))`, accountID, idList(ids))
		return err
	})
}
