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
	"sync/atomic"
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

// Files takes files in and keeps them by their hash: in a folder, or where
// [Files.Use] says. A file is there whole or not at all: it is written under a
// temporary name in the folder, synced, and then kept. Its methods may be called
// from any goroutine, and several processes may share a folder.
type Files struct {
	folder *Folder
	memory *semaphore.Weighted // bytes of pixels that are worked on
	places atomic.Pointer[places]
}

// places are where files are: new ones are kept in first; second, unless it is
// nil, is where older ones may be still.
type places struct{ first, second Storage }

// Use says where files are kept from now on, and where else they may be; nil:
// nowhere else.
func (f *Files) Use(first, second Storage) { f.places.Store(&places{first, second}) }

// Folder is the folder of this machine, whether files are kept there or not.
func (f *Files) Folder() *Folder { return f.folder }

// OpenFolder opens a folder of files and makes it if it is missing. What a
// crash left unfinished there is removed.
func OpenFolder(folder string) (*Files, error) {
	f := &Files{folder: &Folder{folder}, memory: semaphore.NewWeighted(memoryBudget)}
	f.Use(f.folder, nil)
	if err := os.MkdirAll(f.temp(), 0o700); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return f, f.removeLeftovers(time.Now().Add(-tempAge))
}

func (f *Files) temp() string { return filepath.Join(f.folder.path, "tmp") }

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
		if err := os.RemoveAll(filepath.Join(f.temp(), e.Name())); err != nil {
			return fmt.Errorf("media: %w", err)
		}
	}
	return nil
}

// Open opens a file, wherever it is; one that is nowhere is [fs.ErrNotExist].
func (f *Files) Open(ctx context.Context, file File) (io.ReadSeekCloser, error) {
	p := f.places.Load()
	r, err := p.first.Open(ctx, file.Hash, file.Size)
	if isMissing(err) && p.second != nil {
		return p.second.Open(ctx, file.Hash, file.Size)
	}
	return r, err
}

// Remove removes a file wherever it is; one that is nowhere is no error.
func (f *Files) Remove(ctx context.Context, h Hash) error {
	p := f.places.Load()
	err := p.first.Remove(ctx, h)
	if p.second != nil {
		err = errors.Join(err, p.second.Remove(ctx, h))
	}
	return err
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// staged is a file under its temporary name.
type staged struct {
	*os.File
	size int64

	hash      Hash // once it is sealed
	mediaType string
}

// newStaged makes an empty file under a temporary name.
func (f *Files) newStaged() (*staged, error) {
	file, err := os.CreateTemp(f.temp(), "new-")
	if err != nil {
		return nil, writing(err)
	}
	return &staged{File: file}, nil
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
		err = writing(err)
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
	hash, size, err := hashOf(s.File)
	if err != nil {
		return File{}, err
	}
	if err := s.Sync(); err != nil {
		return File{}, writing(err)
	}
	s.hash, s.size, s.mediaType = hash, size, mediaType
	return File{Hash: hash, Type: mediaType, Size: size}, nil
}

func hashOf(r io.Reader) (Hash, int64, error) {
	sum := sha256.New()
	size, err := io.CopyBuffer(sum, struct{ io.Reader }{r}, make([]byte, copyBytes))
	if err != nil {
		return "", 0, fmt.Errorf("media: %w", err)
	}
	return Hash(hex.EncodeToString(sum.Sum(nil))), size, nil
}

// keep gives a sealed file its name. A file of that name that is there already
// has the same content, unless the disk has damaged it: then it is whole again.
func (d *Folder) keep(_ context.Context, s *staged) error {
	path := d.file(s.hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return writing(err)
	}
	if err := os.Rename(s.Name(), path); err != nil {
		return writing(err)
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
