package store

import (
	"errors"
	"strings"

	"seedling/store/media"
)

// Files may be served from a host of their own, so that nothing in them can ever
// act as a page of this server. Rows keep their addresses with the host of the
// pages, which serves them too; what is handed out names the host of today.

// errOneHost says that files and pages are to be served from one host.
var errOneHost = errors.New("the host of media must be another than that of the public URL")

func (db *DB) setMediaHost(host string) error {
	if host == "" || db.base == "" {
		return nil
	}
	if host == db.host {
		return errOneHost
	}
	scheme, _, _ := strings.Cut(db.base, "://")
	db.mediaBase = scheme + "://" + host
	return nil
}

// MediaURL is where files are served if that is not where the pages are: scheme
// and host; "" otherwise.
func (db *DB) MediaURL() string { return db.mediaBase }

// MediaOrigin is where files are served: scheme and host.
func (db *DB) MediaOrigin() string {
	if db.mediaBase != "" {
		return db.mediaBase
	}
	return db.base
}

// FileSource is the address of a kept file for pages of this server: a path, or
// a URL at the host of media.
func (db *DB) FileSource(f media.File) string {
	if f.IsZero() {
		return ""
	}
	return db.mediaBase + FilePath(f)
}

// FileURL is the address of a kept file as other servers and apps are told it.
func (db *DB) FileURL(f media.File) string {
	if f.IsZero() {
		return ""
	}
	return db.MediaOrigin() + FilePath(f)
}

// storedURL is the address of a kept file as rows name it.
func (db *DB) storedURL(f media.File) string {
	if f.IsZero() {
		return ""
	}
	return db.base + FilePath(f)
}

// ServedURL is where a file is served that a row of this server names.
func (db *DB) ServedURL(stored string) string {
	if path, ok := strings.CutPrefix(stored, db.base+"/media/"); ok && db.mediaBase != "" {
		return db.mediaBase + "/media/" + path
	}
	return stored
}
