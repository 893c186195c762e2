package store

import (
	"database/sql"
	"errors"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"seedling/store/media"
)

// Errors that a caller may have to tell apart. All others mean that the
// operation failed for a reason of the machine, and that nothing was changed.
var (
	ErrNotFound  = errors.New("not found")       // or not for this viewer: never told apart
	ErrConflict  = errors.New("already taken")   // a name, an address, a URI
	ErrForbidden = errors.New("not allowed")     // the viewer may know of the thing, but not do this to it
	ErrKept      = errors.New("kept for others") // by the author's rules; it is an ErrForbidden too
	ErrGone      = errors.New("deleted")         // it was public and was deleted
	ErrStale     = errors.New("changed meanwhile")
	ErrBlocked   = errors.New("blocked")
	ErrAsksFirst = errors.New("the author wants to be asked first")
	ErrMoved     = errors.New("has moved to another account")
	ErrClosed    = errors.New("store is closed")
)

// translate maps the driver's errors to ours, in this one place.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var se *sqlite.Error
	if errors.As(err, &se) {
		switch se.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
			return ErrConflict
		}
	}
	return err
}

// NoRoom says that a failure comes from a disk that is full, or a quota that is
// used up: nothing was changed, and the same may succeed later.
func NoRoom(err error) bool {
	var se *sqlite.Error
	if errors.As(err, &se) && se.Code() == sqlite3.SQLITE_FULL {
		return true
	}
	return errors.Is(err, media.ErrNoRoom) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
