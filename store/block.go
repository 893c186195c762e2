package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// Block hides a member and an account from each other and ends their follows.
// The account's server is told, so that it can do the same.
func (db *DB) Block(ctx context.Context, accountID, targetID int64) error {
	if accountID == targetID {
		return fmt.Errorf("block oneself: %w", ErrForbidden)
	}
	return db.write(ctx, "block", func(t *tx) error {
		if _, err := txAccount(t, `a.id = ?`, targetID); err != nil {
			return err
		}
		if err := unfollow(t, accountID, targetID); err != nil {
			return err
		}
		if err := rejectFollow(t, accountID, targetID); err != nil {
			return err
		}
		id := t.db.ids.next()
		uri := t.db.base + "/ap/blocks/" + strconv.FormatInt(id, 10)
		fresh, err := insertBlock(t, id, uri, accountID, targetID)
		if err != nil || !fresh {
			return err
		}
		return tellRemote(t, targetID, OutboxBlock, accountID, OutboxDetail{TargetID: targetID, ActivityURI: uri})
	})
}

// insertBlock stores a block and takes both out of each other's sight. The
// follows between them must have ended before.
func insertBlock(t *tx, id int64, uri string, accountID, targetID int64) (fresh bool, err error) {
	n, err := t.exec(`INSERT OR IGNORE INTO block (id, uri, account_id, target_id, created_at) VALUES (?, ?, ?, ?, ?)`,
		id, uri, accountID, targetID, millis(t.now))
	if err != nil || n == 0 {
		return false, err
	}
	t.standingChanged(accountID, targetID)
	if err := clearHome(t, accountID, targetID); err != nil {
		return false, err
	}
	if err := clearHome(t, targetID, accountID); err != nil {
		return false, err
	}
	_, err = t.exec(`DELETE FROM notification WHERE account_id = ?1 AND from_id = ?2 OR account_id = ?2 AND from_id = ?1`, accountID, targetID)
	return true, err
}

// Unblock ends a member's block. Follows do not come back.
func (db *DB) Unblock(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "unblock", func(t *tx) error {
		t.standingChanged(accountID, targetID)
		var uri string
		err := t.row(`DELETE FROM block WHERE account_id = ? AND target_id = ? RETURNING uri`, []any{accountID, targetID}, &uri)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tellRemote(t, targetID, OutboxUnblock, accountID, OutboxDetail{TargetID: targetID, ActivityURI: uri})
	})
}

// ReceiveBlock is a block of a member by an account elsewhere. The member is not told.
func (db *DB) ReceiveBlock(ctx context.Context, blockerID, targetID int64, uri string) error {
	return db.write(ctx, "receive block", func(t *tx) error {
		if _, err := txAccount(t, `a.id = ? AND a.host = ''`, targetID); err != nil {
			return err
		}
		for _, pair := range [][2]int64{{blockerID, targetID}, {targetID, blockerID}} {
			f, err := txFollow(t, `account_id = ? AND target_id = ?`, pair[0], pair[1])
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if err := removeFollow(t, f); err != nil {
				return err
			}
		}
		_, err := insertBlock(t, t.db.ids.next(), uri, blockerID, targetID)
		return err
	})
}

// ReceiveUnblock ends a block by an account elsewhere: by its URI, or that of a member.
func (db *DB) ReceiveUnblock(ctx context.Context, blockerID, targetID int64, uri string) error {
	return db.write(ctx, "receive unblock", func(t *tx) error {
		t.standingChanged(blockerID, targetID)
		_, err := t.exec(`DELETE FROM block WHERE account_id = ? AND (target_id = ? OR uri = ?)`, blockerID, targetID, uri)
		return err
	})
}

// BlocksOf lists whom a member blocks.
func (db *DB) BlocksOf(ctx context.Context, accountID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "blocks", c, "b.id", `FROM block b JOIN account a ON a.id = b.target_id WHERE b.account_id = ?1`, accountID)
}

// HasBlocks says whether there is any block by or of an account.
func (db *DB) HasBlocks(ctx context.Context, accountID int64) (bool, error) {
	var has bool
	err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM block WHERE account_id = ?1) OR EXISTS (SELECT 1 FROM block WHERE target_id = ?1)`, []any{accountID}, &has)
	return has, err
}

// IsBlocked says whether either of two accounts blocked the other.
func (db *DB) IsBlocked(ctx context.Context, a, b int64) (bool, error) {
	r, err := db.Relation(ctx, a, b)
	return r.Blocking || r.BlockedBy, err
}
