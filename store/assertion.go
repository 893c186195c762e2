package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"fmt"
)

// AssertionKey is an Ed25519 key of an account, beside the RSA key that every
// server knows: with it objects are signed (FEP-8b32), and by some software
// requests too.
type AssertionKey struct {
	URI    string
	Public ed25519.PublicKey
}

// maxAssertionKeys are kept of one account elsewhere.
const maxAssertionKeys = 8

// assertionName is what the address of a local account's key ends with.
const assertionName = "#ed25519-key"

// AssertionKeys returns the Ed25519 keys of an account.
func (db *DB) AssertionKeys(ctx context.Context, accountID int64) ([]AssertionKey, error) {
	var keys []AssertionKey
	err := db.rows(ctx, `SELECT uri, public FROM assertion_key WHERE account_id = ? ORDER BY uri`, []any{accountID}, func(rows *sql.Rows) error {
		var k AssertionKey
		err := rows.Scan(&k.URI, (*[]byte)(&k.Public))
		keys = append(keys, k)
		return err
	})
	return keys, err
}

// AssertionSigner returns the Ed25519 key that a local account signs objects
// with, and its URI.
func (db *DB) AssertionSigner(ctx context.Context, accountID int64) (keyURI string, key ed25519.PrivateKey, err error) {
	var seed []byte
	err = db.row(ctx, `SELECT a.uri || '`+assertionName+`', k.seed FROM private_key k JOIN account a ON a.id = k.account_id
		WHERE k.account_id = ? AND length(k.seed) = 32`, []any{accountID}, &keyURI, &seed)
	if err != nil {
		return "", nil, fmt.Errorf("assertion key of account %d: %w", accountID, err)
	}
	return keyURI, ed25519.NewKeyFromSeed(seed), nil
}

// saveAssertionKeys replaces the keys of an account elsewhere. A URI that is
// another account's stays where it is.
func saveAssertionKeys(t *tx, accountID int64, keys []AssertionKey) error {
	if _, err := t.exec(`DELETE FROM assertion_key WHERE account_id = ?`, accountID); err != nil {
		return err
	}
	for _, k := range keys[:min(len(keys), maxAssertionKeys)] {
		if len(k.Public) != ed25519.PublicKeySize {
			continue
		}
		if _, err := t.exec(`INSERT OR IGNORE INTO assertion_key (uri, account_id, public) VALUES (?, ?, ?)`, k.URI, accountID, []byte(k.Public)); err != nil {
			return err
		}
	}
	return nil
}

// offersEd25519 notes that the server of an account has such keys.
func offersEd25519(t *tx, a *Account) error {
	host := hostOf(a.DeliverTo())
	if host == "" || len(a.NewAssertionKeys) == 0 {
		return nil
	}
	_, err := t.exec(`UPDATE instance SET ed25519 = ? WHERE host = ? AND ed25519 = ?`, Ed25519Offered, host, Ed25519Unknown)
	return err
}

// insertAssertionKey gives a local account its key.
func insertAssertionKey(t *tx, accountID int64, accountURI string, seed []byte) error {
	if _, err := t.exec(`UPDATE private_key SET seed = ? WHERE account_id = ?`, seed, accountID); err != nil {
		return err
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	_, err := t.exec(`INSERT OR REPLACE INTO assertion_key (uri, account_id, public) VALUES (?, ?, ?)`, accountURI+assertionName, accountID, []byte(public))
	return err
}

// giveAssertionKeys makes keys for the local accounts that are older than they.
func (db *DB) giveAssertionKeys(ctx context.Context) error {
	type owner struct {
		id  int64
		uri string
	}
	var owners []owner
	err := db.rows(ctx, `SELECT a.id, a.uri FROM private_key k JOIN account a ON a.id = k.account_id WHERE k.seed = x''`, nil, func(rows *sql.Rows) error {
		var o owner
		err := rows.Scan(&o.id, &o.uri)
		owners = append(owners, o)
		return err
	})
	if err != nil || len(owners) == 0 {
		return err
	}
	return db.write(ctx, "give assertion keys", func(t *tx) error {
		for _, o := range owners {
			if err := insertAssertionKey(t, o.id, o.uri, newSeed()); err != nil {
				return err
			}
		}
		return nil
	})
}

// newSeed makes a private Ed25519 key, which is any 32 bytes.
func newSeed() []byte {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed) // never fails
	return seed
}
