package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"seedling/store/media"
)

// Takeout is an archive that a member asked for of what is theirs. Its file lies
// in a folder of its own beside the database, readable by this server alone.
type Takeout struct {
	ID        int64
	AccountID int64
	Bytes     int64 // 0: not ready
	Failed    bool
	CreatedAt time.Time
	ReadyAt   time.Time // zero: not ready
}

// Ready says whether the file can be had.
func (t *Takeout) Ready() bool { return !t.ReadyAt.IsZero() }

// Path is where its owner saves it.
func (t *Takeout) Path() string {
	return "/settings/data/" + strconv.FormatInt(t.ID, 10) + takeoutSuffix
}

// FileName is what the archive is called where it is saved.
func (t *Takeout) FileName(username string) string {
	return username + "-" + t.CreatedAt.UTC().Format(time.DateOnly) + ".zip"
}

// TakeoutSoonError says that a member has asked for an archive already.
type TakeoutSoonError struct{ Again time.Time }

func (e *TakeoutSoonError) Error() string {
	return "the next archive can be asked for at " + e.Again.UTC().Format(time.RFC3339)
}

const takeoutColumns = `id, account_id, bytes, failed, ready_at`

// AskForTakeout has an archive made in the background. One can be asked for a week,
// unless it failed: else a *TakeoutSoonError.
func (db *DB) AskForTakeout(ctx context.Context, accountID int64) error {
	return db.write(ctx, "ask for takeout", func(t *tx) error {
		var last int64
		err := t.row(`SELECT COALESCE(MAX(id), 0) FROM takeout WHERE account_id = ? AND NOT failed`, []any{accountID}, &last)
		if err != nil {
			return err
		}
		if again := IDTime(last).Add(takeoutEvery); last != 0 && t.now.Before(again) {
			return &TakeoutSoonError{Again: again}
		}
		id := t.db.ids.next()
		if _, err := t.exec(`INSERT INTO takeout (id, account_id) VALUES (?, ?)`, id, accountID); err != nil {
			return err
		}
		return addJob(t, NewJob{Kind: JobTakeout, Key: strconv.FormatInt(id, 10), Payload: strconv.FormatInt(id, 10)})
	})
}

// Takeouts lists a member's archives, newest first.
func (db *DB) Takeouts(ctx context.Context, accountID int64) ([]*Takeout, error) {
	return db.takeouts(ctx, `account_id = ? ORDER BY id DESC`, accountID)
}

// Takeout returns one archive.
func (db *DB) Takeout(ctx context.Context, id int64) (*Takeout, error) {
	return db.takeoutWhere(ctx, `id = ?`, id)
}

func (db *DB) takeoutWhere(ctx context.Context, where string, args ...any) (*Takeout, error) {
	list, err := db.takeouts(ctx, where, args...)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (db *DB) takeouts(ctx context.Context, where string, args ...any) ([]*Takeout, error) {
	var list []*Takeout
	err := db.rows(ctx, `SELECT `+takeoutColumns+` FROM takeout WHERE `+where, args, func(rows *sql.Rows) error {
		var v Takeout
		var ready int64
		err := rows.Scan(&v.ID, &v.AccountID, &v.Bytes, &v.Failed, &ready)
		v.CreatedAt, v.ReadyAt = IDTime(v.ID), fromMillis(ready)
		list = append(list, &v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list takeouts: %w", err)
	}
	return list, nil
}

// WriteTakeout does JobTakeout: it has write fill the file of an archive, which is
// there under its name whole or not at all. Earlier archives of the member go.
func (db *DB) WriteTakeout(ctx context.Context, id int64, write func(*Takeout, io.Writer) error) error {
	v, err := db.Takeout(ctx, id)
	if err != nil || v.Ready() {
		return err
	}
	size, err := db.takeoutFile(v, write)
	if err == nil {
		err = db.noteTakeout(ctx, v, size)
	}
	return errors.Join(err, db.sweepTakeouts(ctx))
}

// takeoutFile writes a file beside its place, and moves it there when it is whole.
func (db *DB) takeoutFile(v *Takeout, write func(*Takeout, io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(db.takeoutFolder(), 0o700); err != nil {
		return 0, fmt.Errorf("folder of takeouts: %w", err)
	}
	f, err := os.OpenFile(db.takeoutPath(v.ID)+unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("takeout: %w", err)
	}
	err = write(v, f)
	if err == nil {
		err = f.Sync()
	}
	if info, statErr := f.Stat(); err == nil && statErr == nil {
		size = info.Size()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, errors.Join(err, os.Remove(f.Name()))
	}
	return size, os.Rename(f.Name(), db.takeoutPath(v.ID))
}

func (db *DB) noteTakeout(ctx context.Context, v *Takeout, size int64) error {
	return db.write(ctx, "note takeout", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM takeout WHERE account_id = ? AND id < ?`, v.AccountID, v.ID); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE takeout SET bytes = ?, ready_at = ? WHERE id = ?`, size, millis(t.now), v.ID); err != nil {
			return err
		}
		id := strconv.FormatInt(v.ID, 10)
		return addJob(t, NewJob{Kind: JobTakeoutEnd, Key: id, Payload: id, Delay: takeoutKept})
	})
}

// FailTakeout notes that an archive could not be made. Another may be asked for.
func (db *DB) FailTakeout(ctx context.Context, id int64) error {
	return db.write(ctx, "fail takeout", func(t *tx) error {
		_, err := t.exec(`UPDATE takeout SET failed = 1 WHERE id = ? AND ready_at = 0`, id)
		return err
	})
}

// EndTakeout does JobTakeoutEnd: it removes an archive.
func (db *DB) EndTakeout(ctx context.Context, id int64) error {
	err := db.write(ctx, "end takeout", func(t *tx) error {
		_, err := t.exec(`DELETE FROM takeout WHERE id = ?`, id)
		return err
	})
	return errors.Join(err, db.sweepTakeouts(ctx))
}

// OpenTakeout opens an archive for its owner; ErrNotFound for all others.
func (db *DB) OpenTakeout(ctx context.Context, accountID, id int64) (*os.File, *Takeout, error) {
	v, err := db.takeoutWhere(ctx, `id = ? AND account_id = ? AND ready_at <> 0`, id, accountID)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(db.takeoutPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, ErrNotFound
	}
	return f, v, err
}

// HandedIn lists the files that a member handed in, each once: of posts, of the
// profile, and those that wait for a post.
func (db *DB) HandedIn(ctx context.Context, accountID int64) ([]media.File, error) {
	var list []media.File
	err := db.rows(ctx, `SELECT DISTINCT f.hash, f.media_type, f.size FROM media m JOIN file f ON f.hash = m.hash WHERE m.owner_id = ? ORDER BY f.hash`,
		[]any{accountID}, func(rows *sql.Rows) error {
			var f media.File
			err := rows.Scan(&f.Hash, &f.Type, &f.Size)
			list = append(list, f)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list files of account %d: %w", accountID, err)
	}
	return list, nil
}

// sweepTakeouts removes the files that no row names: of archives that have ended,
// of accounts that are gone, and what a crash left half-written.
func (db *DB) sweepTakeouts(ctx context.Context) error {
	files, err := os.ReadDir(db.takeoutFolder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("folder of takeouts: %w", err)
	}
	for _, f := range files {
		id, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSuffix(f.Name(), unfinished), takeoutSuffix), 10, 64)
		if _, err := db.Takeout(ctx, id); err == nil {
			continue
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := os.Remove(filepath.Join(db.takeoutFolder(), f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove takeout: %w", err)
		}
	}
	return nil
}

const (
	takeoutSuffix = ".zip"
	unfinished    = ".part"
)

func (db *DB) takeoutFolder() string { return filepath.Join(filepath.Dir(db.path), "takeouts") }

func (db *DB) takeoutPath(id int64) string {
	return filepath.Join(db.takeoutFolder(), strconv.FormatInt(id, 10)+takeoutSuffix)
}
