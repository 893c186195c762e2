package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
)

// ErrNewer is returned for a database that a newer version has written.
var ErrNewer = errors.New("the database was written by a newer version of Seedling; run that version")

// migrate brings the schema to the newest version of files, all in one
// transaction: when one statement fails, the file is as it was.
func migrate(ctx context.Context, conn *sql.Conn, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	newest, err := migrationNumber(names[len(names)-1])
	if err != nil {
		return err
	}
	if version > newest {
		return ErrNewer
	}
	if version == newest {
		return nil
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer tx.Rollback()
	for _, name := range names {
		if err := applyMigration(ctx, tx, files, name, version); err != nil {
			return fmt.Errorf("migration %s (nothing was changed): %w", name, err)
		}
	}
	return tx.Commit()
}

func applyMigration(ctx context.Context, tx *sql.Tx, files fs.FS, name string, version int) error {
	number, err := migrationNumber(name)
	if err != nil || number <= version {
		return err
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "PRAGMA user_version = "+strconv.Itoa(number))
	return err
}

// migrationNumber reads the 12 of 0012_subject.sql.
func migrationNumber(name string) (int, error) {
	digits, _, _ := strings.Cut(name, "_")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, fmt.Errorf("migration %s has no number", name)
	}
	return n, nil
}
