// Package store is the community's state and its rules, in one SQLite file:
// accounts, posts, follows and what follows from them, the queue of jobs and
// the deliveries to other servers. It knows nothing of HTTP or ActivityPub and
// imports only store/content and store/media. Read DB first, then post.go and visibility.go.
//
// Every write is a named operation of DB in the domain's words and is on the
// disk when it returns. Reads run on their own connections and never wait for
// writes. Who may see a post is decided in visibility.go alone.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"seedling/store/media"
	"seedling/store/migrations"
)

// DB is an open store. Its methods may be called from any goroutine.
type DB struct {
	writer  *writer
	writeDB *sql.DB
	readDB  *sql.DB
	stmts   sync.Map // query -> *sql.Stmt of readDB
	ids     idSource
	now     func() time.Time
	log     *slog.Logger

	path          string // of the file
	base          string // public URL without a trailing slash
	host          string // its host, with a port that is not the default one
	accountDomain string // the host of local handles
	mediaBase     string // see mediahost.go

	files  *media.Files // see fileStorage
	places places
	ffmpeg *media.FFmpeg // nil: none
	macs   sync.Pool     // of hash.Hash with the secret of remoteKey: to begin one takes longer than to use it

	settings settingsCache
	accounts kept[Account]
	posts    kept[keptPost]
	filters  filterCache
	trends   trends
	events   events
	outboxed signal
	queued   signal
	retried  signal
}

// Config says where the store is and which server it belongs to.
type Config struct {
	Path string // of the database file; its folder must exist, and gets a folder "media" for files

	// URL is the public URL and AccountDomain the host in local handles. A new
	// store is founded with them; an existing one must have been founded with
	// the same. Both may be empty for an existing one.
	URL           string
	AccountDomain string

	// MediaHost is a second host, with a port that is not the default one, at
	// which files are served. It may change at any start. Empty: that of the URL.
	MediaHost string

	// FFmpeg is the path of the program, for still pictures of films; empty: none.
	FFmpeg string

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: discard
}

// ErrNotFounded is returned by Open without a URL for a store that no server has started on.
var ErrNotFounded = errors.New("this data folder has no instance yet; start `seedling serve` once, or pass --url")

// FoundedError is returned by Open when the store belongs to another address.
// Other servers know its people by that address, so it can't be changed.
type FoundedError struct{ What, Founded, Given string }

func (e *FoundedError) Error() string {
	return fmt.Sprintf("this instance was founded with %s %s and can't be run as %s", e.What, e.Founded, e.Given)
}

// Open opens the store, makes or migrates its schema, and founds it if it is new.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{now: c.Now, log: c.Log, outboxed: newSignal(), queued: newSignal(), retried: newSignal()}
	if db.now == nil {
		db.now = time.Now
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	db.ids.now = db.now
	db.path = c.Path
	if err := db.open(ctx, c.Path); err != nil {
		return nil, err
	}
	if err := db.openMedia(ctx, filepath.Join(filepath.Dir(c.Path), "media")); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	var noProgram error
	db.ffmpeg, noProgram = media.NewFFmpeg(c.FFmpeg)
	if err := errors.Join(db.found(ctx, c), db.setMediaHost(c.MediaHost), noProgram); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, path string) error {
	var err error
	if db.writeDB, err = sql.Open("sqlite", dsn(path, false)); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	db.writeDB.SetMaxOpenConns(1)
	conn, err := db.writeDB.Conn(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", path, err), db.writeDB.Close())
	}
	if err := migrate(ctx, conn, migrations.Files); err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", path, err), conn.Close(), db.writeDB.Close())
	}
	if db.readDB, err = sql.Open("sqlite", dsn(path, true)); err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", path, err), conn.Close(), db.writeDB.Close())
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	db.readDB.SetMaxOpenConns(readers)
	db.readDB.SetMaxIdleConns(readers)
	db.writer = newWriter(conn)
	go db.writer.run(db)
	return nil
}

// dsn puts all options into the name, so that every connection gets them.
// auto_vacuum must come before the first page is written, that is before WAL.
func dsn(path string, readOnly bool) string {
	pragmas := []string{"busy_timeout(10000)", "auto_vacuum(INCREMENTAL)", "journal_mode(WAL)",
		"synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)", "journal_size_limit(67108864)"}
	if readOnly {
		pragmas = append(pragmas, "query_only(ON)", "cache_size(-4000)")
	} else {
		pragmas = append(pragmas, "cache_size(-16000)")
	}
	q := url.Values{"_pragma": pragmas}
	if !readOnly {
		q.Set("_txlock", "immediate")
	}
	return fileURL(path) + "?" + q.Encode()
}

// fileURL names a file of SQLite's.
func fileURL(path string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
}

// Close waits for the queued writes and closes the file.
func (db *DB) Close() error {
	if db.writer == nil {
		return nil
	}
	select {
	case <-db.writer.quit:
		return nil
	default:
		close(db.writer.quit)
	}
	<-db.writer.ended
	for _, s := range db.writer.stmts {
		s.Close()
	}
	return errors.Join(db.writer.conn.Close(), db.readDB.Close(), db.writeDB.Close())
}

// URL is the public address of this server, without a trailing slash.
func (db *DB) URL() string { return db.base }

// Host is the host of URL, with its port if that is not the default one.
func (db *DB) Host() string { return db.host }

// AccountDomain is the host in the handles of local accounts.
func (db *DB) AccountDomain() string { return db.accountDomain }

// IsLocal says whether uri is an address on this server.
func (db *DB) IsLocal(uri string) bool {
	return uri == db.base || strings.HasPrefix(uri, db.base+"/")
}

// row scans the one row of a query; no row is ErrNotFound.
func (db *DB) row(ctx context.Context, query string, args []any, dest ...any) error {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return err
	}
	return translate(s.QueryRowContext(ctx, args...).Scan(dest...))
}

// rows calls scan for each row of a query.
func (db *DB) rows(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return translate(err)
	}
	return eachRow(rows, scan)
}

// brief is a context for queries by keys, which take microseconds: to watch for
// the end of a request meanwhile takes two goroutines and longer than the query.
// A request that has ended already starts none.
func brief(ctx context.Context) (context.Context, error) {
	return context.WithoutCancel(ctx), ctx.Err()
}

// stmt returns the prepared statement of a query on the readers.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.readDB.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	if other, loaded := db.stmts.LoadOrStore(query, s); loaded {
		s.Close()
		return other.(*sql.Stmt), nil
	}
	return s, nil
}

// millis converts a time for the database; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fromMillis is the inverse of millis.
func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// signal wakes whoever waits for new rows; several wake-ups become one.
type signal chan struct{}

func newSignal() signal { return make(signal, 1) }

func (s signal) wake() {
	select {
	case s <- struct{}{}:
	default:
	}
}
