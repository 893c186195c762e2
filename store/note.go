package store

import (
	"context"
	"fmt"
	"strings"

	"seedling/store/content"
)

// SetNote keeps what a member notes down about an account, for themselves
// alone; "" removes it. Relation has it.
func (db *DB) SetNote(ctx context.Context, accountID, targetID int64, text string) error {
	text = strings.TrimSpace(text)
	if content.Count(text) > maxNote {
		return &InputError{Field: "note", Problem: InputLong, Limit: maxNote}
	}
	return db.write(ctx, "set note", func(t *tx) error {
		if _, err := txAccount(t, `a.id = ?`, targetID); err != nil {
			return err
		}
		if text == "" {
			_, err := t.exec(`DELETE FROM note WHERE account_id = ? AND target_id = ?`, accountID, targetID)
			return err
		}
		_, err := t.exec(`INSERT INTO note (account_id, target_id, text) VALUES (?, ?, ?)
			ON CONFLICT (account_id, target_id) DO UPDATE SET text = excluded.text`, accountID, targetID, text)
		return err
	})
}

// Endorse features an account on a member's profile. ErrForbidden unless the
// member follows it, or when too many are featured.
func (db *DB) Endorse(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "endorse", func(t *tx) error {
		if f, err := txFollow(t, `account_id = ? AND target_id = ?`, accountID, targetID); err != nil || !f.accepted {
			return fmt.Errorf("endorse who is not followed: %w", ErrForbidden)
		}
		var n int
		if err := t.row(`SELECT COUNT(*) FROM endorsement WHERE account_id = ? AND target_id <> ?`, []any{accountID, targetID}, &n); err != nil {
			return err
		}
		if n >= maxEndorsements {
			return fmt.Errorf("features %d accounts already: %w", n, ErrForbidden)
		}
		_, err := t.exec(`INSERT OR IGNORE INTO endorsement (account_id, target_id, id) VALUES (?, ?, ?)`, accountID, targetID, t.db.ids.next())
		return err
	})
}

// Unendorse takes an account from a member's profile.
func (db *DB) Unendorse(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "unendorse", func(t *tx) error {
		_, err := t.exec(`DELETE FROM endorsement WHERE account_id = ? AND target_id = ?`, accountID, targetID)
		return err
	})
}

// EndorsementsOf lists whom an account features, without those whom the viewer
// and they have blocked.
func (db *DB) EndorsementsOf(ctx context.Context, accountID int64, viewer Viewer, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "endorsements", c, "e.id", `FROM endorsement e JOIN account a ON a.id = e.target_id
		WHERE e.account_id = ?3 AND `+shown+` AND `+notBlocked, viewer.args(accountID)...)
}
