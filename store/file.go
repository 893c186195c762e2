package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"time"

	"seedling/store/media"
)

// fileAge is how long a file that no row names stays: whoever handed it in is
// about to write the row.
const fileAge = time.Hour

// fileUses are the columns that name files. Whoever adds one adds it here, with
// REFERENCES file in its migration.
var fileUses = []struct{ table, column string }{
	{"media", "hash"}, {"media", "small_hash"},
	{"remote_file", "hash"}, {"remote_file", "small_hash"},
	{"emoji", "hash"}, {"emoji", "still_hash"},
	{"media_caption", "hash"},
}

// StorePicture keeps a small picture that is neither a post's nor an account's,
// of at most limit bytes: an emoji, the picture of a link. It is cleaned and
// checked as all uploads are; a *media.RefusedError says what is wrong with it.
// The caller then writes a row that names Hash, and Small.Hash if it wants it,
// in a column of fileUses, within the hour; FilePath is where it is served.
func (db *DB) StorePicture(ctx context.Context, r io.Reader, limit int64) (*media.Taken, error) {
	return db.takeFile(ctx, r, media.Limits{Picture: limit})
}

// takeFile keeps a file and its small variant, each with its row first.
func (db *DB) takeFile(ctx context.Context, r io.Reader, limits media.Limits) (*media.Taken, error) {
	return db.take(ctx, func(files *media.Files, record func(media.File) error) (*media.Taken, error) {
		return files.Take(ctx, r, limits, record)
	})
}

// takeCaptions keeps captions, with their row first.
func (db *DB) takeCaptions(ctx context.Context, r io.Reader) (*media.Taken, error) {
	return db.take(ctx, func(files *media.Files, record func(media.File) error) (*media.Taken, error) {
		return files.TakeCaptions(ctx, r, record)
	})
}

// take keeps what keep takes in; of what fails halfway nothing stays.
func (db *DB) take(ctx context.Context, keep func(*media.Files, func(media.File) error) (*media.Taken, error)) (*media.Taken, error) {
	files, err := db.fileStorage(ctx)
	if err != nil {
		return nil, err
	}
	var fresh []media.File
	taken, err := keep(files, func(f media.File) error {
		isNew, err := db.keepFile(ctx, f)
		if isNew {
			fresh = append(fresh, f)
		}
		return err
	})
	if err != nil && len(fresh) > 0 {
		db.takeBack(context.WithoutCancel(ctx), fresh)
	}
	return taken, err
}

// takeBack lets go of files that could not be kept, a bucket having refused them
// say. What cannot be removed now stays for PruneMedia.
func (db *DB) takeBack(ctx context.Context, list []media.File) {
	ctx, cancel := context.WithTimeout(ctx, takeBackPatience)
	defer cancel()
	files, err := db.fileStorage(ctx)
	for _, f := range list {
		if err == nil {
			err = db.takeBackOne(ctx, files, f)
		}
	}
	if err != nil {
		db.log.Error("what is left of a refused file stays for a while", "error", err)
	}
}

// takeBackOne removes a file as removeSomeFiles does: while it is marked, nobody
// can keep it anew. Where that fails its row comes back, so that whoever tries
// again need not wait.
func (db *DB) takeBackOne(ctx context.Context, files *media.Files, f media.File) error {
	marked := false
	err := db.write(ctx, "let go of a refused file", func(t *tx) error {
		n, err := t.exec(`INSERT OR IGNORE INTO file_removal (hash) SELECT f.hash FROM file f WHERE f.hash = ? AND `+unnamed(), string(f.Hash))
		if err != nil || n == 0 {
			return err
		}
		marked = true
		_, err = t.exec(`DELETE FROM file WHERE hash = ?`, string(f.Hash))
		return err
	})
	if err != nil || !marked {
		return err
	}
	failed := files.Remove(ctx, f.Hash)
	return errors.Join(failed, db.write(context.WithoutCancel(ctx), "remove a refused file", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM file_removal WHERE hash = ?`, string(f.Hash)); err != nil || failed == nil {
			return err
		}
		_, err := keepFile(t, f)
		return err
	}))
}

// takeBackPatience is how long is waited for what refused a file to remove it.
const takeBackPatience = 5 * time.Second

// keepFile writes the row of a file. One that is being removed at this moment is
// waited for. isNew says that there was none.
func (db *DB) keepFile(ctx context.Context, f media.File) (isNew bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, removalPatience)
	defer cancel()
	for {
		err := db.write(ctx, "keep file", func(t *tx) (err error) {
			isNew, err = keepFile(t, f)
			return err
		})
		if !errors.Is(err, errRemoving) {
			return isNew, err
		}
		select {
		case <-time.After(removalPatience / 100):
		case <-ctx.Done():
			return false, err
		}
	}
}

// removalPatience is how long a file is waited for that is being removed.
const removalPatience = 20 * time.Second

// errRemoving says that a file is just being removed from where it is kept.
var errRemoving = errors.New("the file is being removed")

func keepFile(t *tx, f media.File) (isNew bool, err error) {
	removing, err := t.exists(`SELECT 1 FROM file_removal WHERE hash = ?`, string(f.Hash))
	if err != nil || removing {
		return false, errors.Join(err, errRemoving)
	}
	known, err := t.exists(`SELECT 1 FROM file WHERE hash = ?`, string(f.Hash))
	if err != nil {
		return false, err
	}
	_, err = t.exec(`INSERT INTO file (hash, media_type, size, kept_at) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (hash) DO UPDATE SET kept_at = excluded.kept_at`, string(f.Hash), f.Type, f.Size, millis(t.now))
	return !known, err
}

// nullHash is a hash for a column that may be NULL.
func nullHash(h media.Hash) sql.NullString {
	return sql.NullString{String: string(h), Valid: h != ""}
}

// OpenFile opens a kept file. ErrNotFound if there is none.
func (db *DB) OpenFile(ctx context.Context, hash media.Hash) (io.ReadSeekCloser, media.File, error) {
	f := media.File{Hash: hash}
	if err := db.row(ctx, `SELECT media_type, size FROM file WHERE hash = ?`, []any{string(hash)}, &f.Type, &f.Size); err != nil {
		return nil, f, err
	}
	files, err := db.fileStorage(ctx)
	if err != nil {
		return nil, f, err
	}
	file, err := files.Open(ctx, f)
	if errors.Is(err, fs.ErrNotExist) {
		db.log.Error("a file is missing", "hash", string(hash))
		return nil, f, ErrNotFound
	}
	return file, f, err
}

// FilePath is where a kept file is served, without the host: the same for as
// long as its content. It is "" for no file.
func FilePath(f media.File) string {
	if f.IsZero() {
		return ""
	}
	return "/media/" + string(f.Hash) + media.Ext(f.Type)
}

// unnamed is the condition that no row names the file f.
func unnamed() string {
	where := "1"
	for _, u := range fileUses {
		where += " AND NOT EXISTS (SELECT 1 FROM " + u.table + " x WHERE x." + u.column + " = f.hash)"
	}
	return where
}

// removeFiles removes files that no row names, in steps, so that no other write
// waits long.
func (db *DB) removeFiles(ctx context.Context) error {
	for {
		n, err := db.removeSomeFiles(ctx)
		if err != nil || n < pruneFiles {
			return err
		}
	}
}

// pruneFiles is how many files are removed by one write.
const pruneFiles = 200

// removeSomeFiles removes files that no row names: first the rows, then, since
// that may take a while, the files, while nobody can keep them anew.
func (db *DB) removeSomeFiles(ctx context.Context) (n int, err error) {
	err = db.write(ctx, "let go of files", func(t *tx) error {
		_, err := t.exec(`INSERT OR IGNORE INTO file_removal (hash) SELECT f.hash FROM file f WHERE f.kept_at < ? AND `+unnamed()+` LIMIT ?`,
			millis(t.now.Add(-fileAge)), pruneFiles)
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM file WHERE hash IN (SELECT hash FROM file_removal)`)
		return err
	})
	if err != nil {
		return 0, err
	}
	return db.finishRemoval(ctx)
}

// finishRemoval removes the files whose rows are gone: also those that a crash
// left behind, or a bucket that did not answer.
func (db *DB) finishRemoval(ctx context.Context) (n int, err error) {
	files, err := db.fileStorage(ctx)
	if err != nil {
		return 0, err
	}
	var hashes []string
	err = db.rows(ctx, `SELECT hash FROM file_removal`, nil, func(rows *sql.Rows) error {
		var h string
		err := rows.Scan(&h)
		hashes = append(hashes, h)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed error
	done := hashes[:0]
	for _, h := range hashes {
		if failed = files.Remove(ctx, media.Hash(h)); failed != nil {
			break
		}
		done = append(done, h)
	}
	if len(done) == 0 {
		return 0, failed
	}
	err = db.write(context.WithoutCancel(ctx), "remove files", func(t *tx) error {
		for _, h := range done {
			if _, err := t.exec(`DELETE FROM file_removal WHERE hash = ?`, h); err != nil {
				return err
			}
		}
		return nil
	})
	return len(done), errors.Join(failed, err)
}
