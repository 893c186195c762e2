package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"modernc.org/sqlite"

	"seedling/store/media"
)

// serverbackup.go makes copies of the whole database while it is used. A copy is
// a folder with the database, the list of the files that members handed in, and
// a note on both. It is made under a name that begins with a dot and renamed at
// the end: a folder with the right name is whole, whatever was killed when.

// ServerBackup is a copy of the database.
type ServerBackup struct {
	Name      string    `json:"-"` // of its folder
	MadeAt    time.Time `json:"made"`
	Bytes     int64     `json:"bytes"` // of the database
	Files     int       `json:"files"` // handed in by members: listed, and copied if With
	FileBytes int64     `json:"file_bytes"`
	With      bool      `json:"with_files"` // the files are copied too, to the folder media beside
	Missing   int       `json:"missing"`    // files that were to be copied and are not there
	Damaged   bool      `json:"-"`          // the database has not the size that it had when it was checked
}

// Names in the folder of a copy.
const (
	backupDatabase = "seedling.db"
	backupFiles    = "files.tsv"
	backupNote     = "backup.json"
)

// Limits of copies.
const (
	backupPages    = 1000          // of the database that are copied at once, between looks at the context
	backupSpare    = 16 << 20      // bytes that must be left on the disk
	backupLeftover = 6 * time.Hour // then an unfinished copy is taken for one that was killed
)

// ErrBackupDamaged says that a copy was made and is not what it should be: the
// database itself may be damaged.
var ErrBackupDamaged = errors.New("the copy of the database did not pass its check")

// BackupFolder is where the server keeps its own copies.
func (db *DB) BackupFolder() string { return filepath.Join(filepath.Dir(db.path), "backups") }

// BackUp copies the database into a new folder in a folder, checks the copy, and
// lists in it the files that members handed in; with files it copies these too,
// those that are not there yet. Writers do not wait for it. The outcome is noted
// for the admins. A full disk is a NoRoom error and leaves nothing.
func (db *DB) BackUp(ctx context.Context, folder string, files bool) (*ServerBackup, error) {
	b, err := db.backUp(ctx, folder, files)
	if err != nil {
		err = fmt.Errorf("back up to %s: %w", folder, err)
	}
	if ctx.Err() != nil {
		return nil, err
	}
	return b, errors.Join(err, db.noteBackup(ctx, folder, b, err))
}

func (db *DB) backUp(ctx context.Context, folder string, files bool) (*ServerBackup, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := removeHalfBackups(folder, time.Now().Add(-backupLeftover)); err != nil { // the clock of the disk
		return nil, err
	}
	if err := db.roomForBackup(ctx, folder); err != nil {
		return nil, err
	}
	half, err := os.MkdirTemp(folder, ".half-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(half) // nothing is there any more once it has its name
	b := &ServerBackup{MadeAt: db.now().UTC(), With: files}
	if err := db.copyDatabase(ctx, filepath.Join(half, backupDatabase)); err != nil {
		return nil, err
	}
	list, err := b.check(ctx, half)
	if err != nil {
		return nil, err
	}
	if files {
		if b.Missing, err = db.copyFiles(ctx, filepath.Join(folder, "media"), list); err != nil {
			return nil, err
		}
	}
	return b, b.finish(folder, half, list)
}

// removeHalfBackups removes what was killed before it was whole.
func removeHalfBackups(folder string, before time.Time) error {
	halves, err := filepath.Glob(filepath.Join(folder, ".half-*"))
	for _, half := range halves {
		if info, err := os.Stat(half); err == nil && info.ModTime().Before(before) {
			if err := os.RemoveAll(half); err != nil {
				return err
			}
		}
	}
	return err
}

// roomForBackup refuses to begin what can't fit: a disk that is filled stops all
// writers.
func (db *DB) roomForBackup(ctx context.Context, folder string) error {
	var size int64
	if err := db.row(ctx, `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`, nil, &size); err != nil {
		return err
	}
	if free, ok := freeSpace(folder); ok && free < size+backupSpare {
		return fmt.Errorf("%d bytes are free and %d are needed: %w", free, size+backupSpare, media.ErrNoRoom)
	}
	return nil
}

// copyDatabase writes the database as it is now to a new file. A transaction of
// a reader holds that state, so that the copy need not begin anew at each write.
func (db *DB) copyDatabase(ctx context.Context, path string) error {
	conn, err := db.readDB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
	var tables int
	if err := conn.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	return conn.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return fmt.Errorf("%T makes no copies", driver)
		}
		b, err := source.NewBackup(fileURL(path))
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if err = ctx.Err(); err == nil {
				more, err = b.Step(backupPages)
			}
		}
		return errors.Join(err, b.Finish())
	})
}

// check opens the copy in a folder, has SQLite check all of it, and reads from
// it which files members handed in.
func (b *ServerBackup) check(ctx context.Context, folder string) (list []media.File, err error) {
	path := filepath.Join(folder, backupDatabase)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	b.Bytes = info.Size()
	reader, err := sql.Open("sqlite", fileURL(path)+"?mode=ro&immutable=1")
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var found string
	if err := reader.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return nil, err
	}
	if found != "ok" {
		return nil, fmt.Errorf("%w: %s", ErrBackupDamaged, found)
	}
	rows, err := reader.QueryContext(ctx, `SELECT hash, media_type, size FROM file f WHERE `+ownFiles()+` ORDER BY hash`)
	if err != nil {
		return nil, err
	}
	return list, eachRow(rows, func(rows *sql.Rows) error {
		var f media.File
		err := rows.Scan(&f.Hash, &f.Type, &f.Size)
		list = append(list, f)
		b.Files, b.FileBytes = b.Files+1, b.FileBytes+f.Size
		return err
	})
}

// ownFiles is the condition that the file f is not in the cache of remote files
// alone, which is fetched again when somebody looks.
func ownFiles() string {
	var uses []string
	for _, u := range fileUses {
		if u.table != "remote_file" {
			uses = append(uses, "EXISTS (SELECT 1 FROM "+u.table+" x WHERE x."+u.column+" = f.hash)")
		}
	}
	return "(" + strings.Join(uses, " OR ") + ")"
}

// copyFiles copies files to a folder, those that it does not have, and counts
// those that are nowhere any more.
func (db *DB) copyFiles(ctx context.Context, folder string, list []media.File) (missing int, err error) {
	to, err := media.OpenFolder(folder)
	if err != nil {
		return 0, err
	}
	first, second, err := db.storages(ctx)
	if err != nil {
		return 0, err
	}
	for _, f := range list {
		err := to.Copy(ctx, f, first, to.Folder())
		if errors.Is(err, fs.ErrNotExist) && second != nil {
			err = to.Copy(ctx, f, second, to.Folder())
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing++
		case err != nil:
			return missing, err
		}
	}
	return missing, nil
}

// finish writes the list and the note, makes sure that all is on the disk, and
// gives the copy its name.
func (b *ServerBackup) finish(folder, half string, list []media.File) error {
	var lines strings.Builder
	for _, f := range list {
		fmt.Fprintf(&lines, "%s\t%s\t%d\n", f.Hash, f.Type, f.Size)
	}
	note, err := json.Marshal(b)
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{backupFiles: []byte(lines.String()), backupNote: append(note, '\n')} {
		if err := os.WriteFile(filepath.Join(half, name), text, 0o600); err != nil {
			return err
		}
		if err := syncFile(filepath.Join(half, name)); err != nil {
			return err
		}
	}
	for _, path := range []string{filepath.Join(half, backupDatabase), half} {
		if err := syncFile(path); err != nil {
			return err
		}
	}
	for n := 0; ; n++ {
		b.Name = b.MadeAt.Format("seedling-20060102T150405.000Z")
		if n > 0 {
			b.Name += fmt.Sprintf("-%d", n)
		}
		err := os.Rename(half, filepath.Join(folder, b.Name))
		if err == nil {
			return syncFile(folder)
		}
		if !errors.Is(err, fs.ErrExist) || n > 100 {
			return err
		}
	}
}

// syncFile has the system write a file or folder to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

var backupName = regexp.MustCompile(`^seedling-[0-9]{8}T[0-9.]{6,10}Z(-[0-9]+)?$`)

// ServerBackups lists the copies in a folder, newest first.
func ServerBackups(folder string) ([]*ServerBackup, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list backups: %w", err)
	}
	var list []*ServerBackup
	for _, e := range entries {
		if !backupName.MatchString(e.Name()) {
			continue
		}
		b := ServerBackup{Name: e.Name()}
		note, err := os.ReadFile(filepath.Join(folder, b.Name, backupNote))
		if err == nil {
			err = json.Unmarshal(note, &b)
		}
		info, missing := os.Stat(filepath.Join(folder, b.Name, backupDatabase))
		b.Damaged = err != nil || missing != nil || info.Size() != b.Bytes
		list = append(list, &b)
	}
	slices.SortFunc(list, func(a, b *ServerBackup) int { return -strings.Compare(a.Name, b.Name) })
	return list, nil
}

// OpenServerBackup opens the database of a copy in the server's own folder, to be
// read. ErrNotFound if there is none of this name.
func (db *DB) OpenServerBackup(name string) (*os.File, error) {
	if !backupName.MatchString(name) {
		return nil, ErrNotFound
	}
	f, err := os.Open(filepath.Join(db.BackupFolder(), name, backupDatabase))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return f, err
}

// RemoveServerBackup removes a copy from the server's own folder. ErrNotFound if
// there is none of this name.
func (db *DB) RemoveServerBackup(name string) error {
	if !backupName.MatchString(name) {
		return ErrNotFound
	}
	return removeBackup(db.BackupFolder(), name)
}

// removeBackup takes a copy's name away before it takes it apart.
func removeBackup(folder, name string) error {
	half := filepath.Join(folder, ".half-"+name)
	err := os.Rename(filepath.Join(folder, name), half)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	if err == nil {
		err = os.RemoveAll(half)
	}
	return err
}
