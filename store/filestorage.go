package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"seedling/store/media"
)

// MediaStorage is where files are kept.
type MediaStorage string

// The two places. A file that is not in the one is looked for in the other, so
// that all are served while MoveMedia is at work.
const (
	OnDisk   MediaStorage = "disk"
	InBucket MediaStorage = "s3"
)

// setStorage reads a setting about where files are kept.
func (s *Settings) setStorage(key, value string) error {
	if key == "media_bucket" {
		if value != "" {
			if _, err := media.OpenBucket(value); err != nil {
				return &SettingError{Key: key, Problem: err.Error()}
			}
		}
		s.Bucket = value
		return nil
	}
	switch m := MediaStorage(value); m {
	case OnDisk, InBucket:
		s.MediaStorage = m
		return nil
	}
	return &SettingError{Key: key, Problem: "must be disk or s3; `seedling media move` changes it and takes the files along"}
}

// redacted is the address of a bucket without its secret.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	return u.Redacted()
}

// places are the storages that the settings name, for as long as they do.
type places struct {
	mu      sync.Mutex
	address string
	bucket  *media.Bucket
	first   MediaStorage
}

// errNoBucket says that files are to be in a bucket of which nobody knows.
var errNoBucket = errors.New("no bucket is set: see `seedling settings set media_bucket`")

// fileStorage is where files are kept now: the settings may be changed by
// another process.
func (db *DB) fileStorage(ctx context.Context) (*media.Files, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	p := &db.places
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first == settings.MediaStorage && p.address == settings.Bucket {
		return db.files, nil
	}
	var bucket *media.Bucket
	if settings.Bucket != "" {
		if bucket, err = media.OpenBucket(settings.Bucket); err != nil {
			return nil, err
		}
	}
	switch {
	case settings.MediaStorage == InBucket && bucket == nil:
		return nil, errNoBucket
	case settings.MediaStorage == InBucket:
		db.files.Use(bucket, db.files.Folder())
	case bucket != nil:
		db.files.Use(db.files.Folder(), bucket)
	default:
		db.files.Use(db.files.Folder(), nil)
	}
	p.first, p.address, p.bucket = settings.MediaStorage, settings.Bucket, bucket
	return db.files, nil
}

// storages are the place where new files go, and the other one; nil for a
// bucket that is not set.
func (db *DB) storages(ctx context.Context) (first, second media.Storage, err error) {
	if _, err := db.fileStorage(ctx); err != nil {
		return nil, nil, err
	}
	db.places.mu.Lock()
	defer db.places.mu.Unlock()
	folder := media.Storage(db.files.Folder())
	switch {
	case db.places.bucket == nil:
		return folder, nil, nil
	case db.places.first == InBucket:
		return db.places.bucket, folder, nil
	}
	return folder, db.places.bucket, nil
}

// MoveMedia lets new files be kept in a place from now on, and moves there those
// that are in the other. It may be broken off and called again at any time, also
// while the server runs: files are looked for in both places. report is called
// after each file. The first of the files that could not be moved is the error;
// the others are moved all the same.
func (db *DB) MoveMedia(ctx context.Context, to MediaStorage, report func(moved, left int)) error {
	settings, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	if settings.Bucket == "" {
		return errNoBucket
	}
	if err := db.SetSetting(ctx, "media_storage", string(to)); err != nil {
		return err
	}
	into, from, err := db.storages(ctx)
	if err != nil {
		return err
	}
	var kept []media.Kept
	err = from.Walk(ctx, func(k media.Kept) error { kept = append(kept, k); return nil })
	if err != nil {
		return fmt.Errorf("list %s: %w", from, err)
	}
	var failed error
	for i, k := range kept {
		if err := db.moveFile(ctx, k, from, into); err != nil {
			if ctx.Err() != nil || errors.As(err, new(*media.StorageError)) {
				return err // the others would end the same
			}
			failed = errors.Join(failed, err)
			continue
		}
		report(i+1, len(kept)-i-1)
	}
	return failed
}

// moveFile copies a file, and removes it where it was once it is whole in the
// other place. What no row names is left for PruneMedia.
func (db *DB) moveFile(ctx context.Context, k media.Kept, from, into media.Storage) error {
	f := media.File{Hash: k.Hash, Size: k.Size}
	err := db.row(ctx, `SELECT media_type FROM file WHERE hash = ?`, []any{string(k.Hash)}, &f.Type)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil {
		err = db.files.Copy(ctx, f, from, into)
	}
	if err != nil {
		return fmt.Errorf("move %s: %w", k.Hash, err)
	}
	return from.Remove(ctx, k.Hash)
}
