package store

import (
	"context"
	"database/sql"
	"fmt"
)

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
			db.accounts.put(a.ID, version, a)
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
