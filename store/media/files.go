package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/semaphore"
)

// Hash names a file: the SHA-256 of its content as 64 lower-case hex digits.
type Hash string

// ParseHash reads a hash; ok is false for anything else.
func ParseHash(s string) (h Hash, ok bool) {
	if len(s) != 2*sha256.Size {
		return "", false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", false
		}
	}
	return Hash(s), true
}

// Files is a folder of files by their hash. A file is there whole or not at
// all: it is written under a temporary name, synced and renamed. Its methods
// may be called from any goroutine, and several processes may share a folder.
type Files struct {
	folder string
	memory *semaphore.Weighted // bytes of pixels that are worked on
}

// OpenFolder opens a folder of files and makes it if it is missing. What a
// crash left unfinished there is removed.
func OpenFolder(folder string) (*Files, error) {
	f := &Files{folder: folder, memory: semaphore.NewWeighted(memoryBudget)}
	if err := os.MkdirAll(f.temp(), 0o700); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return f, f.removeLeftovers(time.Now().Add(-tempAge))
}

func (f *Files) temp() string { return filepath.Join(f.folder, "tmp") }

// path is where a file is. Two levels of folders keep each of them small.
func (f *Files) path(h Hash) string {
	return filepath.Join(f.folder, string(h[:2]), string(h[2:4]), string(h))
}

func (f *Files) removeLeftovers(before time.Time) error {
	entries, err := os.ReadDir(f.temp())
	if err != nil {
		return fmt.Errorf("media: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.ModTime().After(before) {
			continue // it may be being written by another process
		}
		if err := os.Remove(filepath.Join(f.temp(), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("media: %w", err)
		}
	}
	return nil
}

// Open opens a file; one that is not there is [fs.ErrNotExist].
func (f *Files) Open(h Hash) (*os.File, error) {
	file, err := os.Open(f.path(h))
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return file, nil
}

// Remove removes a file; one that is not there is no error.
func (f *Files) Remove(h Hash) error {
	if err := os.Remove(f.path(h)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("media: %w", err)
	}
	return nil
}

// staged is a file under its temporary name.
type staged struct {
	files *Files
	*os.File
	size int64
	hash Hash // once it is sealed
}

// newStaged makes an empty file under a temporary name.
func (f *Files) newStaged() (*staged, error) {
	file, err := os.CreateTemp(f.temp(), "new-")
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return &staged{files: f, File: file}, nil
}

// stage writes what r gives under a temporary name.
func (f *Files) stage(ctx context.Context, r io.Reader, limit int64) (*staged, error) {
	s, err := f.newStaged()
	if err != nil {
		return nil, err
	}
	body := &countedReader{ctx: ctx, r: r}
	s.size, err = io.CopyBuffer(struct{ io.Writer }{s.File}, io.LimitReader(body, limit+1), make([]byte, copyBytes))
	switch {
	case body.err != nil:
		err = fmt.Errorf("media: read: %w", body.err)
	case err != nil:
		err = fmt.Errorf("media: write: %w", err)
	case s.size > limit:
		err = &RefusedError{Problem: TooLarge, Limit: limit}
	case s.size == 0:
		err = &RefusedError{Problem: Empty}
	default:
		return s, nil
	}
	s.discard()
	return nil, err
}

// countedReader ends with its context and remembers whether it was the reader
// that failed, not the disk.
type countedReader struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (c *countedReader) Read(p []byte) (int, error) {
	if c.err = c.ctx.Err(); c.err != nil {
		return 0, c.err
	}
	n, err := c.r.Read(p)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// seal syncs the file and finds out its name, which it does not have yet.
func (s *staged) seal(mediaType string) (File, error) {
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return File{}, fmt.Errorf("media: %w", err)
	}
	sum := sha256.New()
	size, err := io.CopyBuffer(sum, struct{ io.Reader }{s.File}, make([]byte, copyBytes))
	if err != nil {
		return File{}, fmt.Errorf("media: %w", err)
	}
	if err := s.Sync(); err != nil {
		return File{}, fmt.Errorf("media: %w", err)
	}
	s.hash = Hash(hex.EncodeToString(sum.Sum(nil)))
	return File{Hash: s.hash, Type: mediaType, Size: size}, nil
}

// keep gives a sealed file its name. A file of that name that is there already
// has the same content, unless the disk has damaged it: then it is whole again.
func (s *staged) keep() error {
	path := s.files.path(s.hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	if err := os.Rename(s.Name(), path); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// discard closes the file and removes it if it was not kept.
func (s *staged) discard() {
	s.Close()
	os.Remove(s.Name())
}

// syncFolder makes a rename last through a power cut. Systems that can't sync
// a folder need no such thing.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("media: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return fmt.Errorf("media: sync %s: %w", path, err)
	}
	return nil
}
