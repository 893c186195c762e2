package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// RemoteFollowers lists the ids of who follows a member from elsewhere.
func (db *DB) RemoteFollowers(ctx context.Context, accountID int64) ([]string, error) {
	return db.followerURIs(ctx, accountID, `a.host <> ''`)
}

// LocalFollowers lists the ids of the members who follow an account.
func (db *DB) LocalFollowers(ctx context.Context, accountID int64) ([]string, error) {
	return db.followerURIs(ctx, accountID, `a.host = ''`)
}

func (db *DB) followerURIs(ctx context.Context, accountID int64, where string) ([]string, error) {
	var uris []string
	err := db.rows(ctx, `SELECT a.uri FROM follow f JOIN account a ON a.id = f.account_id
		WHERE f.target_id = ? AND f.accepted AND `+where, []any{accountID}, func(rows *sql.Rows) error {
		var uri string
		err := rows.Scan(&uri)
		uris = append(uris, uri)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ids of the followers of %d: %w", accountID, err)
	}
	return uris, nil
}

// CompareFollowers adds a job that compares the followers of an account
// elsewhere that live here with what its server says (FEP-8fcf), unless that was
// done less than a pause ago.
func (db *DB) CompareFollowers(ctx context.Context, accountID int64, payload string, pause, delay time.Duration) error {
	return db.write(ctx, "compare followers", func(t *tx) error {
		var at int64
		err := t.row(`SELECT at FROM followers_sync WHERE account_id = ?`, []any{accountID}, &at)
		if err == nil && t.now.Sub(fromMillis(at)) < pause {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if _, err := t.exec(`INSERT OR REPLACE INTO followers_sync (account_id, at) VALUES (?, ?)`, accountID, millis(t.now)); err != nil {
			return err
		}
		return addJob(t, NewJob{Kind: JobFollowers, Key: strconv.FormatInt(accountID, 10), Payload: payload, Delay: delay})
	})
}

// ReconcileFollowers makes the follows of an account elsewhere by members what
// its own server says they are: who does not follow it there does not here, and
// who does there but not here takes it back. The server is told of both, since
// what it says may be old. A request that it has accepted meanwhile is accepted.
func (db *DB) ReconcileFollowers(ctx context.Context, accountID int64, uris []string) error {
	return db.write(ctx, "reconcile followers", func(t *tx) error {
		follows, err := followsOf(t, accountID)
		if err != nil {
			return err
		}
		left := maxReconciled
		follow := make(map[string]bool, len(uris))
		for _, uri := range uris {
			follow[uri] = true
		}
		for uri, f := range follows {
			if left == 0 {
				return nil
			}
			there := follow[uri]
			switch {
			case f.accepted && !there:
				left--
				err = unfollow(t, f.accountID, accountID)
			case !f.accepted && there:
				err = acceptFollow(t, f)
			}
			if err != nil {
				return err
			}
		}
		return undoUnknown(t, accountID, uris, follows, left)
	})
}

// followsOf returns the follows of an account by members, by the member's id.
func followsOf(t *tx, accountID int64) (map[string]followRow, error) {
	follows := map[string]followRow{}
	err := t.rows(`SELECT a.uri, f.id, f.uri, f.account_id, f.target_id, f.accepted FROM follow f JOIN account a ON a.id = f.account_id
		WHERE f.target_id = ? AND a.host = ''`, []any{accountID}, func(rows *sql.Rows) error {
		var uri string
		var f followRow
		err := rows.Scan(&uri, &f.id, &f.uri, &f.accountID, &f.targetID, &f.accepted)
		follows[uri] = f
		return err
	})
	return follows, err
}

// undoUnknown sends Undo for follows that only the other server knows of. Their
// ids are not known here, so it has to find them by who follows whom.
func undoUnknown(t *tx, accountID int64, uris []string, known map[string]followRow, left int) error {
	for _, uri := range uris {
		if _, ok := known[uri]; ok || left == 0 {
			continue
		}
		member, err := txAccount(t, `a.uri = ? AND a.host = '' AND a.state = 0`, uri)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		left--
		made := t.db.base + "/ap/follows/" + strconv.FormatInt(t.db.ids.next(), 10)
		if err := addOutbox(t, OutboxUnfollow, member.ID, OutboxDetail{TargetID: accountID, ActivityURI: made}); err != nil {
			return err
		}
	}
	return nil
}
