package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// FeedKey opens a member's private feeds to a feed reader, which can't log in:
// home, lists and notifications, for reading alone.
type FeedKey struct {
	ID                int64
	Name              string // as its owner calls it
	CreatedAt, UsedAt time.Time
}

// CreateFeedKey makes a key and returns its secret, of which only the hash is
// stored.
func (db *DB) CreateFeedKey(ctx context.Context, accountID int64, name string) (secret string, err error) {
	if name, err = line("name", name, maxFeedKeyName); err != nil {
		return "", err
	}
	secret, hash := newSecret()
	return secret, db.write(ctx, "create feed key", func(t *tx) error {
		var n int
		if err := t.row(`SELECT COUNT(*) FROM feed_key WHERE account_id = ?`, []any{accountID}, &n); err != nil {
			return err
		}
		if n >= maxFeedKeys {
			return &InputError{Field: "name", Problem: InputMany, Limit: maxFeedKeys}
		}
		_, err := t.exec(`INSERT INTO feed_key (id, hash, account_id, name, created_at) VALUES (?, ?, ?, ?, ?)`, t.db.ids.next(), hash, accountID, name, millis(t.now))
		return err
	})
}

// FeedKeys lists a member's keys, newest first.
func (db *DB) FeedKeys(ctx context.Context, accountID int64) ([]*FeedKey, error) {
	var list []*FeedKey
	err := db.rows(ctx, `SELECT id, name, created_at, used_at FROM feed_key WHERE account_id = ? ORDER BY id DESC`, []any{accountID}, func(rows *sql.Rows) error {
		var k FeedKey
		var created, used int64
		err := rows.Scan(&k.ID, &k.Name, &created, &used)
		k.CreatedAt, k.UsedAt = fromMillis(created), fromMillis(used)
		list = append(list, &k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list feed keys: %w", err)
	}
	return list, nil
}

// RevokeFeedKey ends a key of a member; ErrNotFound if it is none of theirs.
func (db *DB) RevokeFeedKey(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "revoke feed key", func(t *tx) error {
		n, err := t.exec(`DELETE FROM feed_key WHERE id = ? AND account_id = ?`, id, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// FeedKeyUser returns whose feeds a secret opens, or ErrNotFound. That it was
// used is noted once in a while.
func (db *DB) FeedKeyUser(ctx context.Context, secret string) (*User, error) {
	var id, accountID, used int64
	err := db.row(ctx, `SELECT k.id, k.account_id, k.used_at FROM feed_key k JOIN user u ON u.account_id = k.account_id JOIN account a ON a.id = k.account_id
		WHERE k.hash = ? AND u.state = 0 AND a.state = 0`, []any{hashSecret(secret)}, &id, &accountID, &used)
	if err != nil {
		return nil, err
	}
	if db.now().Sub(fromMillis(used)) > tokenUsedEvery {
		err := db.write(ctx, "note use of feed key", func(t *tx) error {
			_, err := t.exec(`UPDATE feed_key SET used_at = ? WHERE id = ?`, millis(t.now), id)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return db.User(ctx, accountID)
}
