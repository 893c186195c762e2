package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// StorageFigures are what the kept files take, as they were counted: that reads
// every row of them, which is too much work for a page.
type StorageFigures struct {
	At    time.Time `json:"at"` // zero: not counted yet
	Kinds []FileSum `json:"kinds"`
	Hosts []FileSum `json:"hosts"` // of the cache of remote files, the largest first
	Plan  MediaPlan `json:"plan"`
}

// FileSum is how many files there are of a kind or a host.
type FileSum struct {
	Name  string `json:"name"` // a kind is one of the words in fileKinds
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
}

// Limits of the figures.
const (
	figureHosts = 20
	figuresAge  = 24 * time.Hour // after which they are counted again
)

// keyFigures is the setting that keeps the StorageFigures as JSON.
const keyFigures = "storage.figures"

// fileKinds are the kinds of files and the rows that tell them, with their bytes.
var fileKinds = []struct{ name, from string }{
	{"pictures", `media m JOIN file f ON f.hash = m.hash WHERE m.use = 0 AND m.kind = 1`},
	{"films", `media m JOIN file f ON f.hash = m.hash WHERE m.use = 0 AND m.kind = 2`},
	{"sound", `media m JOIN file f ON f.hash = m.hash WHERE m.use = 0 AND m.kind = 3`},
	{"profiles", `media m JOIN file f ON f.hash = m.hash WHERE m.use > 0`},
	{"small", `media m JOIN file f ON f.hash = m.small_hash`},
	{"captions", `media_caption c JOIN file f ON f.hash = c.hash`},
	{"emoji", `emoji e JOIN file f ON f.hash = e.hash`},
	{"remote", `remote_file f WHERE f.hash IS NOT NULL`},
}

// StorageFigures returns the figures as they were last counted.
func (db *DB) StorageFigures(ctx context.Context) (f StorageFigures, err error) {
	var text string
	err = db.row(ctx, `SELECT value FROM setting WHERE key = ?`, []any{keyFigures}, &text)
	if errors.Is(err, ErrNotFound) {
		return f, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &f)
	}
	if err != nil {
		return f, fmt.Errorf("figures of the storage: %w", err)
	}
	return f, nil
}

// RefreshFigures counts anew if the figures are a day old.
func (db *DB) RefreshFigures(ctx context.Context) error {
	f, err := db.StorageFigures(ctx)
	if err != nil || db.now().Sub(f.At) < figuresAge {
		return err
	}
	return db.CountStorage(ctx)
}

// AskForFigures has the files counted in the background.
func (db *DB) AskForFigures(ctx context.Context) error {
	return db.AddJob(ctx, NewJob{Kind: JobFigures, Key: "all"})
}

// CountStorage does JobFigures: it counts all files.
func (db *DB) CountStorage(ctx context.Context) error {
	f := StorageFigures{At: db.now().UTC()}
	for _, kind := range fileKinds {
		s := FileSum{Name: kind.name}
		if err := db.row(ctx, `SELECT COUNT(*), COALESCE(SUM(f.size), 0) FROM `+kind.from, nil, &s.Files, &s.Bytes); err != nil {
			return fmt.Errorf("count %s: %w", kind.name, err)
		}
		f.Kinds = append(f.Kinds, s)
	}
	// An address begins with https:// or, on a server for trying out, http://.
	err := db.rows(ctx, `SELECT CASE WHEN instr(rest, '/') > 0 THEN substr(rest, 1, instr(rest, '/') - 1) ELSE rest END AS host, COUNT(*), SUM(size) AS bytes
		FROM (SELECT substr(url, instr(url, '://') + 3) AS rest, size FROM remote_file WHERE hash IS NOT NULL)
		GROUP BY host ORDER BY bytes DESC, host LIMIT ?`, []any{figureHosts}, func(rows *sql.Rows) error {
		var s FileSum
		err := rows.Scan(&s.Name, &s.Files, &s.Bytes)
		f.Hosts = append(f.Hosts, s)
		return err
	})
	if err != nil {
		return fmt.Errorf("count files by host: %w", err)
	}
	if f.Plan, err = db.PlanPrune(ctx); err != nil {
		return err
	}
	return db.write(ctx, "note figures", func(t *tx) error { return putSetting(t, keyFigures, encodeJSON(f)) })
}

// DiskUse is what the database takes, and what is left.
type DiskUse struct {
	Database, Log int64 // bytes of the file and of its write-ahead log
	Free          int64 // bytes where they are
	FreeKnown     bool
}

// NearlyFull says that there is little room left: less than a gigabyte, or than
// the database would need for a copy of itself.
func (u DiskUse) NearlyFull() bool {
	const least = 1 << 30
	return u.FreeKnown && u.Free < max(least, u.Database)
}

// DiskUse looks at the files of the database.
func (db *DB) DiskUse() DiskUse {
	var u DiskUse
	if info, err := os.Stat(db.path); err == nil {
		u.Database = info.Size()
	}
	if info, err := os.Stat(db.path + "-wal"); err == nil {
		u.Log = info.Size()
	}
	u.Free, u.FreeKnown = freeSpace(filepath.Dir(db.path))
	return u
}
