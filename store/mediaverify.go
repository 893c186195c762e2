package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"time"

	"seedling/store/media"
)

// MediaFinding is something that is wrong with the kept files.
type MediaFinding struct {
	Problem FileProblem
	Hash    media.Hash
	Size    int64
	Where   string // the storage, without secrets; "" of a file that is nowhere
}

// FileProblem is what is wrong with a kept file.
type FileProblem string

// The ways in which rows and files disagree.
const (
	FileMissing FileProblem = "missing" // a row without its file
	FileDamaged FileProblem = "damaged" // its content is not what its name says
	FileStray   FileProblem = "stray"   // a file without a row, not new
	FileTwice   FileProblem = "twice"   // in both places: `media move` was broken off
)

// MediaCheck is what VerifyMedia looked at.
type MediaCheck struct {
	Files int
	Bytes int64
	Wrong int // findings but FileTwice, which harms nobody
}

// verifyBatch is how many rows are compared with files at a time.
const verifyBatch = 500

// VerifyMedia compares the rows of files with the files: each has the other, and
// with content every byte is read and compared with the name.
func (db *DB) VerifyMedia(ctx context.Context, content bool, found func(MediaFinding)) (MediaCheck, error) {
	var check MediaCheck
	note := func(f MediaFinding) {
		if f.Problem != FileTwice {
			check.Wrong++
		}
		found(f)
	}
	first, second, err := db.storages(ctx)
	if err != nil {
		return check, err
	}
	for after := ""; ; {
		files, err := db.filesAfter(ctx, after)
		if err != nil {
			return check, err
		}
		if len(files) == 0 {
			return check, db.strays(ctx, note)
		}
		after = string(files[len(files)-1].Hash)
		for _, f := range files {
			check.Files, check.Bytes = check.Files+1, check.Bytes+f.Size
			if err := verifyFile(ctx, f, content, first, second, note); err != nil {
				return check, err
			}
		}
	}
}

func (db *DB) filesAfter(ctx context.Context, after string) ([]media.File, error) {
	var list []media.File
	err := db.rows(ctx, `SELECT hash, media_type, size FROM file WHERE hash > ? ORDER BY hash LIMIT ?`, []any{after, verifyBatch}, func(rows *sql.Rows) error {
		var f media.File
		err := rows.Scan(&f.Hash, &f.Type, &f.Size)
		list = append(list, f)
		return err
	})
	return list, err
}

// verifyFile looks for one file in both places.
func verifyFile(ctx context.Context, f media.File, content bool, first, second media.Storage, note func(MediaFinding)) error {
	places := 0
	for _, in := range []media.Storage{first, second} {
		if in == nil {
			continue
		}
		size, err := in.Size(ctx, f.Hash)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		places++
		whole := size == f.Size
		if whole && content {
			if whole, err = media.Check(ctx, in, f); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if !whole {
			note(MediaFinding{FileDamaged, f.Hash, size, in.String()})
		}
	}
	switch places {
	case 0:
		note(MediaFinding{FileMissing, f.Hash, f.Size, ""})
	case 2:
		note(MediaFinding{FileTwice, f.Hash, f.Size, second.String()})
	}
	return nil
}

// strays calls found for the files without a row that were not handed in just now.
func (db *DB) strays(ctx context.Context, found func(MediaFinding)) error {
	first, second, err := db.storages(ctx)
	if err != nil {
		return err
	}
	before := time.Now().Add(-fileAge) // the storage's clock, not ours
	for _, in := range []media.Storage{first, second} {
		if in == nil {
			continue
		}
		err := in.Walk(ctx, func(k media.Kept) error {
			known := true
			err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM file WHERE hash = ?1)`, []any{string(k.Hash)}, &known)
			if err == nil && !known && k.At.Before(before) {
				found(MediaFinding{FileStray, k.Hash, k.Size, in.String()})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// MediaPlan is what PruneMedia, EvictRemoteFiles and RemoveStrays would do.
type MediaPlan struct {
	Loose                  int // uploads that came onto no post
	Unnamed                int // files that no row names
	UnnamedBytes           int64
	Evicted, EvictedBytes  int64 // of the cache of remote files, over its budget
	Strays                 int   // files without a row
	StrayBytes             int64
	CacheBytes, CacheLimit int64
}

// PlanPrune says what would be removed now, and removes nothing.
func (db *DB) PlanPrune(ctx context.Context) (MediaPlan, error) {
	var p MediaPlan
	settings, err := db.Settings(ctx)
	if err != nil {
		return p, err
	}
	p.CacheLimit = int64(settings.MediaCache) << 30
	now := db.now()
	err = errors.Join(
		db.row(ctx, `SELECT COUNT(*) FROM media WHERE use = 0 AND post_id IS NULL AND created_at < ?`, []any{millis(now.Add(-looseAge))}, &p.Loose),
		db.row(ctx, `SELECT COUNT(*), COALESCE(SUM(size), 0) FROM file f WHERE f.kept_at < ? AND `+unnamed(), []any{millis(now.Add(-fileAge))}, &p.Unnamed, &p.UnnamedBytes),
		db.row(ctx, `SELECT COALESCE(SUM(size), 0) FROM remote_file WHERE hash IS NOT NULL`, nil, &p.CacheBytes),
		db.strays(ctx, func(f MediaFinding) { p.Strays++; p.StrayBytes += f.Size }),
	)
	if err != nil {
		return p, err
	}
	return p, db.planEviction(ctx, &p)
}

// planEviction counts in the order in which evictSome lets go.
func (db *DB) planEviction(ctx context.Context, p *MediaPlan) error {
	over := p.CacheBytes - p.CacheLimit
	if over <= 0 {
		return nil
	}
	return db.rows(ctx, `SELECT size FROM remote_file WHERE hash IS NOT NULL ORDER BY (?1 - used_at) * CAST(size AS REAL) DESC`, []any{millis(db.now())}, func(rows *sql.Rows) error {
		var size int64
		err := rows.Scan(&size)
		if p.EvictedBytes < over {
			p.Evicted, p.EvictedBytes = p.Evicted+1, p.EvictedBytes+size
		}
		return err
	})
}

// RemoveStrays removes files that have no row, and says how many.
func (db *DB) RemoveStrays(ctx context.Context) (n int, err error) {
	var hashes []media.Hash
	if err := db.strays(ctx, func(f MediaFinding) { hashes = append(hashes, f.Hash) }); err != nil {
		return 0, err
	}
	for len(hashes) > 0 {
		step := hashes[:min(len(hashes), pruneFiles)]
		hashes = hashes[len(step):]
		err := db.write(ctx, "let go of strays", func(t *tx) error {
			for _, h := range step { // not one that was handed in meanwhile
				if _, err := t.exec(`INSERT OR IGNORE INTO file_removal (hash) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM file WHERE hash = ?1)`, string(h)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		removed, err := db.finishRemoval(ctx)
		if n += removed; err != nil {
			return n, err
		}
	}
	return n, nil
}
