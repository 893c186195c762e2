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
	ctx, err := brief(ctx)
	if err != nil {
		return nil, err
	}
	changed := map[int64]bool{}
	err = db.rows(ctx, `SELECT a.id, a.version FROM account a WHERE a.id IN (SELECT value FROM json_each(?))`,
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
			db.keepPaths(a)
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

// keptPath is where a picture elsewhere is shown from: two hashes for each
// account of a page add up.
type keptPath struct{ of, path string }

// keepPaths prepares an account for being shown often.
func (db *DB) keepPaths(a *Account) {
	if !a.Local() {
		a.avatarPath, a.headerPath = keptPath{a.AvatarURL, db.AvatarPath(a)}, keptPath{a.HeaderURL, db.HeaderPath(a)}
	}
}

// AvatarPath is where the picture of an account elsewhere is shown from: see
// RemotePath.
func (db *DB) AvatarPath(a *Account) string {
	return db.picturePath(RemoteAvatar, a.ID, a.AvatarURL, a.avatarPath)
}

// HeaderPath is AvatarPath of the wide picture.
func (db *DB) HeaderPath(a *Account) string {
	return db.picturePath(RemoteHeader, a.ID, a.HeaderURL, a.headerPath)
}

func (db *DB) picturePath(use RemoteUse, id int64, url string, kept keptPath) string {
	if kept.of == url && kept.path != "" {
		return kept.path
	}
	return db.RemotePath(use, id, url)
}
