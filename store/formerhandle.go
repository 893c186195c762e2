package store

import (
	"context"
	"strings"

	"seedling/store/content"
)

// keepFormerHandle remembers the handle that an account elsewhere had before, so
// that it still leads to the account.
func keepFormerHandle(t *tx, old, now *Account) error {
	if strings.EqualFold(old.Username, now.Username) && old.Host == now.Host {
		return nil
	}
	_, err := t.exec(`INSERT INTO former_handle (host, username, account_id) VALUES (?1, ?2, ?3)
		ON CONFLICT (host, username) DO UPDATE SET account_id = ?3`, old.Host, old.Username, old.ID)
	return err
}

// accountByFormerHandle finds the account that had a handle before.
func (db *DB) accountByFormerHandle(ctx context.Context, h content.Handle) (*Account, error) {
	return db.account(ctx, `a.id = (SELECT account_id FROM former_handle WHERE host = ? AND username = ?)`, h.Host, h.Username)
}
