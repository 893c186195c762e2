package media

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Storage is where files are kept by their hash, each whole or not at all: a
// [Folder] or a [Bucket]. A file that is not there is [fs.ErrNotExist]; a
// storage that can't be reached is a [*StorageError].
type Storage interface {
	// keep gives a sealed file its name.
	keep(ctx context.Context, s *staged) error
	// Open opens a file whose size is known.
	Open(ctx context.Context, h Hash, size int64) (io.ReadSeekCloser, error)
	// Size says how many bytes a file has.
	Size(ctx context.Context, h Hash) (int64, error)
	// Remove removes a file; one that is not there is no error.
	Remove(ctx context.Context, h Hash) error
	// Walk calls each for every file, in no order.
	Walk(ctx context.Context, each func(Kept) error) error
	// String names the storage, without secrets.
	String() string
}

// Kept is a file as a storage lists it.
type Kept struct {
	Hash Hash
	Size int64
	At   time.Time // since when it is there
}

// StorageError says that a storage can't be reached, or refuses.
type StorageError struct {
	Where string // without secrets
	Err   error
}

func (e *StorageError) Error() string {
	return fmt.Sprintf("the storage of files %s: %v", e.Where, e.Err)
}

func (e *StorageError) Unwrap() error { return e.Err }

// Copy copies a file from one storage to another, unless it is there already.
// A copy that is not what its name says is an error, and is not kept.
func (f *Files) Copy(ctx context.Context, file File, from, to Storage) error {
	if size, err := to.Size(ctx, file.Hash); err == nil && size == file.Size {
		return nil
	}
	r, err := from.Open(ctx, file.Hash, file.Size)
	if err != nil {
		return err
	}
	defer r.Close()
	s, err := f.stage(ctx, r, max(file.Size, 1))
	if err != nil {
		return err
	}
	defer s.discard()
	copied, err := s.seal(file.Type)
	if err != nil {
		return err
	}
	if copied.Hash != file.Hash {
		return fmt.Errorf("media: %s in %s is damaged", file.Hash, from)
	}
	return to.keep(ctx, s)
}

// Check reads a whole file and says whether its content is what its name says.
func Check(ctx context.Context, in Storage, file File) (whole bool, err error) {
	r, err := in.Open(ctx, file.Hash, file.Size)
	if err != nil {
		return false, err
	}
	defer r.Close()
	h, n, err := hashOf(r)
	return h == file.Hash && n == file.Size, err
}

// Folder keeps files in a folder of this machine. Several processes may share it.
type Folder struct{ path string }

func (d *Folder) String() string { return d.path }

// file is where a file is. Two levels of folders keep each of them small.
func (d *Folder) file(h Hash) string {
	return d.path + string(os.PathSeparator) + keyOf(h, string(os.PathSeparator))
}

// keyOf is the name of a file with its two levels of folders.
func keyOf(h Hash, separator string) string {
	return string(h[:2]) + separator + string(h[2:4]) + separator + string(h)
}

// Open opens a file.
func (d *Folder) Open(_ context.Context, h Hash, _ int64) (io.ReadSeekCloser, error) {
	file, err := os.Open(d.file(h))
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return file, nil
}

// Size says how many bytes a file has.
func (d *Folder) Size(_ context.Context, h Hash) (int64, error) {
	info, err := os.Stat(d.file(h))
	if err != nil {
		return 0, fmt.Errorf("media: %w", err)
	}
	return info.Size(), nil
}

// Remove removes a file.
func (d *Folder) Remove(_ context.Context, h Hash) error {
	if err := os.Remove(d.file(h)); err != nil && !isMissing(err) {
		return fmt.Errorf("media: %w", err)
	}
	return nil
}

// Walk lists the files.
func (d *Folder) Walk(ctx context.Context, each func(Kept) error) error {
	return fs.WalkDir(os.DirFS(d.path), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return firstError(err, ctx.Err())
		}
		h, ok := ParseHash(e.Name())
		if !ok || e.IsDir() || path != keyOf(h, "/") {
			return nil
		}
		info, err := e.Info()
		if isMissing(err) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		return each(Kept{Hash: h, Size: info.Size(), At: info.ModTime()})
	})
}
