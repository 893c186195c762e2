package store

import "context"

// SetSuggestionAside keeps an account from being suggested to a member again.
// ErrNotFound for an account that is not there.
func (db *DB) SetSuggestionAside(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "set suggestion aside", func(t *tx) error {
		if _, err := txAccount(t, `a.id = ?`, targetID); err != nil {
			return err
		}
		_, err := t.exec(`INSERT OR IGNORE INTO suggestion_aside (account_id, target_id) VALUES (?, ?)`, accountID, targetID)
		return err
	})
}
