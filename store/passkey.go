package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Passkey is a key of a member's device, with which they log in without their
// password. What is in Credential is the concern of who verifies it.
type Passkey struct {
	ID           int64
	AccountID    int64
	CredentialID []byte
	Credential   string // JSON
	Name         string
	CreatedAt    time.Time
	UsedAt       time.Time // zero: never
}

// AddPasskey keeps a key of a member's device. *InputError for a name that can't
// be or too many keys, ErrConflict if the key is kept already.
func (db *DB) AddPasskey(ctx context.Context, p Passkey) (err error) {
	if p.Name, err = line("name", p.Name, maxPasskeyName); err != nil {
		return err
	}
	return db.write(ctx, "add passkey", func(t *tx) error {
		var n int
		if err := t.row(`SELECT COUNT(*) FROM passkey WHERE account_id = ?`, []any{p.AccountID}, &n); err != nil {
			return err
		}
		if n >= maxPasskeys {
			return &InputError{Field: "name", Problem: InputMany, Limit: maxPasskeys}
		}
		_, err := t.exec(`INSERT INTO passkey (id, account_id, credential_id, credential, name, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			t.db.ids.next(), p.AccountID, p.CredentialID, p.Credential, p.Name, millis(t.now))
		return err
	})
}

const passkeyColumns = `id, account_id, credential_id, credential, name, created_at, used_at`

func scanPasskey(s scanner) (*Passkey, error) {
	var p Passkey
	var created, used int64
	if err := s.Scan(&p.ID, &p.AccountID, &p.CredentialID, &p.Credential, &p.Name, &created, &used); err != nil {
		return nil, translate(err)
	}
	p.CreatedAt, p.UsedAt = fromMillis(created), fromMillis(used)
	return &p, nil
}

// Passkeys lists a member's keys, oldest first.
func (db *DB) Passkeys(ctx context.Context, accountID int64) ([]*Passkey, error) {
	var list []*Passkey
	err := db.rows(ctx, `SELECT `+passkeyColumns+` FROM passkey WHERE account_id = ? ORDER BY id`, []any{accountID}, func(rows *sql.Rows) error {
		p, err := scanPasskey(rows)
		list = append(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	return list, nil
}

// Passkey finds a key by what its device calls it, or ErrNotFound.
func (db *DB) Passkey(ctx context.Context, credentialID []byte) (*Passkey, error) {
	s, err := db.stmt(ctx, `SELECT `+passkeyColumns+` FROM passkey WHERE credential_id = ?`)
	if err != nil {
		return nil, err
	}
	return scanPasskey(s.QueryRowContext(ctx, credentialID))
}

// UsePasskey notes that a key was used, and what it counts now.
func (db *DB) UsePasskey(ctx context.Context, id int64, credential string) error {
	return db.write(ctx, "use passkey", func(t *tx) error {
		n, err := t.exec(`UPDATE passkey SET credential = ?, used_at = ? WHERE id = ?`, credential, millis(t.now), id)
		return errors.Join(err, missingIf(n == 0))
	})
}

// RemovePasskey ends a member's key.
func (db *DB) RemovePasskey(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "remove passkey", func(t *tx) error {
		n, err := t.exec(`DELETE FROM passkey WHERE id = ? AND account_id = ?`, id, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}
