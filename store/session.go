package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Session is a browser that is logged in.
type Session struct {
	ID        int64
	AccountID int64
	UserAgent string
	Address   string // of the last visit
	CreatedAt time.Time
	SeenAt    time.Time
}

// SessionAge is how long a session lives without a visit.
const SessionAge = 60 * 24 * time.Hour

// seenEvery is how exact SeenAt is kept: a visit is rarely a write.
const seenEvery = time.Hour

// CreateSession logs a user in and returns the cookie's secret. Only its hash
// is stored. ErrForbidden if the user is not active.
func (db *DB) CreateSession(ctx context.Context, accountID int64, userAgent, address string) (secret string, err error) {
	secret, hash := newSecret()
	userAgent = cut(userAgent, maxUserAgent)
	return secret, db.write(ctx, "create session", func(t *tx) error {
		active, err := t.exists(`SELECT 1 FROM user u JOIN account a ON a.id = u.account_id
			WHERE u.account_id = ? AND u.state = 0 AND a.state = 0`, accountID)
		if err != nil {
			return err
		}
		if !active {
			return ErrForbidden
		}
		_, err = t.exec(`INSERT INTO session (id, hash, account_id, user_agent, address, created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			db.ids.next(), hash, accountID, userAgent, address, millis(t.now), millis(t.now))
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM session WHERE account_id = ?1 AND id NOT IN
			(SELECT id FROM session WHERE account_id = ?1 ORDER BY seen_at DESC, id DESC LIMIT ?2)`, accountID, maxSessions)
		return err
	})
}

// SessionUser returns the session and the user that a cookie's secret belongs
// to, or ErrNotFound.
func (db *DB) SessionUser(ctx context.Context, secret string) (*Session, *User, error) {
	var s Session
	var created, seen int64
	u, err := db.userFrom(ctx, `, s.id, s.account_id, s.user_agent, s.address, s.created_at, s.seen_at`,
		[]any{&s.ID, &s.AccountID, &s.UserAgent, &s.Address, &created, &seen},
		`session s JOIN user u ON u.account_id = s.account_id JOIN account a ON a.id = s.account_id
		WHERE s.hash = ? AND s.seen_at > ? AND u.state = 0 AND a.state = 0`, hashSecret(secret), millis(db.now().Add(-SessionAge)))
	if err != nil {
		return nil, nil, err
	}
	s.CreatedAt, s.SeenAt = fromMillis(created), fromMillis(seen)
	return &s, u, nil
}

// TouchSession notes a visit, if the last one was noted a while ago.
func (db *DB) TouchSession(ctx context.Context, s *Session, address string) error {
	if db.now().Sub(s.SeenAt) < seenEvery && s.Address == address {
		return nil
	}
	return db.write(ctx, "touch session", func(t *tx) error {
		_, err := t.exec(`UPDATE session SET seen_at = ?, address = ? WHERE id = ?`, millis(t.now), address, s.ID)
		return err
	})
}

// Sessions lists where an account is logged in, last seen first.
func (db *DB) Sessions(ctx context.Context, accountID int64) ([]*Session, error) {
	var list []*Session
	err := db.rows(ctx, `SELECT id, account_id, user_agent, address, created_at, seen_at FROM session
		WHERE account_id = ? AND seen_at > ? ORDER BY seen_at DESC, id DESC`,
		[]any{accountID, millis(db.now().Add(-SessionAge))}, func(rows *sql.Rows) error {
			var s Session
			var created, seen int64
			err := rows.Scan(&s.ID, &s.AccountID, &s.UserAgent, &s.Address, &created, &seen)
			s.CreatedAt, s.SeenAt = fromMillis(created), fromMillis(seen)
			list = append(list, &s)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}

// EndSession logs one browser of an account out.
func (db *DB) EndSession(ctx context.Context, accountID, sessionID int64) error {
	return db.write(ctx, "end session", func(t *tx) error {
		t.publish(News{Kind: NewsAccess, AccountID: accountID})
		n, err := t.exec(`DELETE FROM session WHERE id = ? AND account_id = ?`, sessionID, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// EndOtherSessions logs an account out everywhere but in one session.
func (db *DB) EndOtherSessions(ctx context.Context, accountID, keep int64) error {
	return db.write(ctx, "end other sessions", func(t *tx) error {
		t.publish(News{Kind: NewsAccess, AccountID: accountID})
		_, err := t.exec(`DELETE FROM session WHERE account_id = ? AND id <> ?`, accountID, keep)
		return err
	})
}

// cut shortens text to at most n bytes, at a rune's start.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
