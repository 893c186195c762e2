package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// An account has forty columns, a page shows the same few accounts over and
// over, and reading a column costs more than anything else of a query. So
// accounts that were read stay in memory with the version of their row, which a
// trigger raises with every change. A look-up asks for ids and versions alone,
// and reads the rows that are new or have changed. What it returns is thus
// never older than its snapshot, even after changes by another process.

// accountCache is empty as its zero value.
type accountCache struct {
	mu   sync.RWMutex
	kept map[int64]keptAccount
}

type keptAccount struct {
	version int64
	account Account // never changed; handed out as copies
}

// maxKeptAccounts bounds the memory, at some 2 KB each.
const maxKeptAccounts = 4_000

// get is a copy of the account if it is kept in that version.
func (c *accountCache) get(id, version int64) *Account {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.kept[id]
	if !ok || k.version != version {
		return nil
	}
	a := k.account
	return &a
}

// put keeps a copy. A full cache is emptied: those in use are back at once.
func (c *accountCache) put(a *Account, version int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= maxKeptAccounts {
		c.kept = make(map[int64]keptAccount)
	}
	c.kept[a.ID] = keptAccount{version, *a}
}

// accountsByID loads many accounts at once.
func (db *DB) accountsByID(ctx context.Context, ids map[int64]bool) (map[int64]*Account, error) {
	found := make(map[int64]*Account, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	changed := map[int64]bool{}
	err := db.rows(ctx, `SELECT a.id, a.version FROM account a WHERE a.id IN (SELECT value FROM json_each(?))`,
		[]any{idSet(ids)}, func(rows *sql.Rows) error {
			var id, version int64
			if err := rows.Scan(&id, &version); err != nil {
				return err
			}
			if a := db.accounts.get(id, version); a != nil {
				found[id] = a
			} else {
				changed[id] = true
			}
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("load accounts: %w", err)
	}
	return found, db.readAccounts(ctx, changed, found)
}

// readAccounts reads the rows of accounts into found, and keeps them.
func (db *DB) readAccounts(ctx context.Context, ids map[int64]bool, found map[int64]*Account) error {
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT `+accountColumns+`, a.version FROM account a WHERE a.id IN (SELECT value FROM json_each(?))`,
		[]any{idSet(ids)}, func(rows *sql.Rows) error {
			var version int64
			a, err := scanAccount(rows, &version)
			if err != nil {
				return err
			}
			db.accounts.put(a, version)
			found[a.ID] = a
			return nil
		})
	if err != nil {
		return fmt.Errorf("load accounts: %w", err)
	}
	return nil
}

// accountIn is one account whose version is known.
func (db *DB) accountIn(ctx context.Context, id, version int64) (*Account, error) {
	if a := db.accounts.get(id, version); a != nil {
		return a, nil
	}
	found := map[int64]*Account{}
	if err := db.readAccounts(ctx, map[int64]bool{id: true}, found); err != nil {
		return nil, err
	}
	if found[id] == nil {
		return nil, ErrNotFound
	}
	return found[id], nil
}
