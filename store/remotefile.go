package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"time"

	"seedling/store/media"
)

// keySecret is the setting that holds the secret of remotePath; a migration
// makes it.
const keySecret = "media.secret"

// openMedia opens the folder of files and reads the secret.
func (db *DB) openMedia(ctx context.Context, folder string) (err error) {
	if db.files, err = media.OpenFolder(folder); err != nil {
		return err
	}
	var text string
	if err := db.row(ctx, `SELECT value FROM setting WHERE key = ?`, []any{keySecret}, &text); err != nil {
		return fmt.Errorf("read the secret of media addresses: %w", err)
	}
	secret, err := hex.DecodeString(text)
	if err != nil {
		return fmt.Errorf("read the secret of media addresses: %w", err)
	}
	db.macs.New = func() any { return hmac.New(sha256.New, secret) }
	return nil
}

// RemoteUse says which row names a file elsewhere. Only such files are fetched:
// whoever has a table with addresses of files adds its use and its query here.
type RemoteUse string

// The rows that name files elsewhere.
const (
	RemoteAttachment RemoteUse = "attachment"
	RemotePreview    RemoteUse = "preview" // of an attachment
	RemoteAvatar     RemoteUse = "avatar"
	RemoteHeader     RemoteUse = "header"
	RemoteEmoji      RemoteUse = "emoji"
	RemoteCaption    RemoteUse = "caption"
)

// remoteURLs are the queries by which the address of a remote file is found.
var remoteURLs = map[RemoteUse]string{
	RemoteAttachment: `SELECT url FROM attachment WHERE id = ? AND media_id IS NULL`,
	RemotePreview:    `SELECT preview_url FROM attachment WHERE id = ? AND media_id IS NULL`,
	RemoteAvatar:     `SELECT avatar_url FROM account WHERE id = ? AND host <> '' AND state = 0`,
	RemoteHeader:     `SELECT header_url FROM account WHERE id = ? AND host <> '' AND state = 0`,
	RemoteCard:       `SELECT image_url FROM card WHERE id = ? AND kind > 0`,
	RemoteCaption:    `SELECT url FROM attachment_caption WHERE id = ?`,
	RemoteEmoji:      `SELECT icon_url FROM emoji WHERE id = ? AND host <> '' AND disabled = 0`,
}

// RemotePath is where a file elsewhere is served from here: url is what the row
// id says of it now, so that a changed picture has a changed address. Nobody
// can guess it, so it shows nothing of a post to whom the post is not shown. It
// is "" for no file. Nothing is fetched before somebody looks. If there is a
// host of media, it stands before the path.
func (db *DB) RemotePath(use RemoteUse, id int64, url string) string {
	if url == "" {
		return ""
	}
	return db.mediaBase + db.remotePath(use, id, url)
}

func (db *DB) remotePath(use RemoteUse, id int64, url string) string {
	text := strconv.FormatInt(id, 10)
	return "/remote/" + string(use) + "/" + text + "/" + db.remoteKey(use, text, url)
}

func (db *DB) remoteKey(use RemoteUse, id, url string) string {
	mac := db.macs.Get().(hash.Hash)
	defer db.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(string(use) + " " + id + " " + url))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// RemoteURL is the address elsewhere that a path of RemotePath stands for.
// ErrNotFound if no row names it, or not any more, or the key is wrong.
func (db *DB) RemoteURL(ctx context.Context, use RemoteUse, id int64, key string) (string, error) {
	query, ok := remoteURLs[use]
	if !ok {
		return "", ErrNotFound
	}
	var url string
	if err := db.row(ctx, query, []any{id}, &url); err != nil {
		return "", err
	}
	if url == "" || !hmac.Equal([]byte(key), []byte(db.remoteKey(use, strconv.FormatInt(id, 10), url))) {
		return "", ErrNotFound
	}
	return url, nil
}

// Limits of the cache of remote files.
const (
	// MaxCached is how large a file may be that is kept here; larger ones are
	// passed through.
	MaxCached = 16 << 20

	usedEvery    = time.Hour // how exactly it is known when a file was last looked at
	firstRetry   = 5 * time.Minute
	goneRetry    = 24 * time.Hour // of what its server says is not there, or is no picture
	lastRetry    = 7 * 24 * time.Hour
	evictStep    = 200                 // files that one write lets go
	forgetBroken = 30 * 24 * time.Hour // since a broken one was last tried
)

// RemoteFile is what is known of a file elsewhere.
type RemoteFile struct {
	File    media.File // the copy here, none if there is none
	Small   media.File // of a picture: for lists
	Large   bool       // too large to be kept: it is passed through
	RetryAt time.Time  // it is broken, and not to be asked for before that
	UsedAt  time.Time
}

// RemoteFile says what is known of a file elsewhere; nothing is no error.
func (db *DB) RemoteFile(ctx context.Context, url string) (RemoteFile, error) {
	var r RemoteFile
	var used, retry int64
	err := db.row(ctx, `SELECT COALESCE(f.hash, ''), COALESCE(f.media_type, ''), COALESCE(f.size, 0), COALESCE(s.hash, ''), COALESCE(s.media_type, ''), COALESCE(s.size, 0),
			r.large, r.retry_at, r.used_at
		FROM remote_file r LEFT JOIN file f ON f.hash = r.hash LEFT JOIN file s ON s.hash = r.small_hash WHERE r.url = ?`, []any{url},
		&r.File.Hash, &r.File.Type, &r.File.Size, &r.Small.Hash, &r.Small.Type, &r.Small.Size, &r.Large, &retry, &used)
	if errors.Is(err, ErrNotFound) {
		return r, nil
	}
	r.RetryAt, r.UsedAt = fromMillis(retry), fromMillis(used)
	return r, err
}

// UseRemoteFile notes that somebody looked at a copy, once in a while.
func (db *DB) UseRemoteFile(ctx context.Context, url string, r RemoteFile) error {
	if db.now().Sub(r.UsedAt) < usedEvery {
		return nil
	}
	return db.write(ctx, "use remote file", func(t *tx) error {
		_, err := t.exec(`UPDATE remote_file SET used_at = ? WHERE url = ?`, millis(t.now), url)
		return err
	})
}

// KeepRemoteFile keeps a copy of a file elsewhere. A *media.RefusedError says
// why it can't be kept.
func (db *DB) KeepRemoteFile(ctx context.Context, url string, body io.Reader) (RemoteFile, error) {
	taken, err := db.takeFile(ctx, body, media.Limits{Picture: MaxCached, Sound: MaxCached, Video: MaxCached, AsIs: true})
	if err != nil {
		return RemoteFile{}, err
	}
	return db.keepRemote(ctx, url, taken)
}

// KeepRemoteCaptions keeps a copy of captions elsewhere, checked and cleaned as
// those of members are.
func (db *DB) KeepRemoteCaptions(ctx context.Context, url string, body io.Reader) (RemoteFile, error) {
	taken, err := db.takeCaptions(ctx, body)
	if err != nil {
		return RemoteFile{}, err
	}
	return db.keepRemote(ctx, url, taken)
}

func (db *DB) keepRemote(ctx context.Context, url string, taken *media.Taken) (RemoteFile, error) {
	r := RemoteFile{File: taken.File, Small: taken.Small, UsedAt: db.now()}
	return r, db.write(ctx, "keep remote file", func(t *tx) error {
		_, err := t.exec(`INSERT INTO remote_file (url, hash, small_hash, size, fetched_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
			ON CONFLICT (url) DO UPDATE SET hash = ?2, small_hash = ?3, size = ?4, fetched_at = ?5, used_at = ?5, large = 0, failures = 0, retry_at = 0, last_error = ''`,
			url, string(r.File.Hash), nullHash(r.Small.Hash), r.File.Size+r.Small.Size, millis(t.now))
		return err
	})
}

// LargeRemoteFile notes that a file is too large to be kept.
func (db *DB) LargeRemoteFile(ctx context.Context, url string) error {
	return db.write(ctx, "note large remote file", func(t *tx) error {
		_, err := t.exec(`INSERT INTO remote_file (url, large) VALUES (?, 1) ON CONFLICT (url) DO UPDATE SET large = 1, failures = 0, retry_at = 0, last_error = ''`, url)
		return err
	})
}

// BrokenRemoteFile notes that a file could not be fetched, and when it may be
// tried again: later with every failure in a row. gone says that trying soon
// would end the same.
func (db *DB) BrokenRemoteFile(ctx context.Context, url, reason string, gone bool) error {
	return db.write(ctx, "note broken remote file", func(t *tx) error {
		var failures int
		err := t.row(`SELECT failures FROM remote_file WHERE url = ?`, []any{url}, &failures)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		wait := firstRetry
		if gone {
			wait = goneRetry
		}
		wait = min(wait<<min(failures, 12), lastRetry)
		_, err = t.exec(`INSERT INTO remote_file (url, failures, retry_at, last_error) VALUES (?1, 1, ?2, ?3)
			ON CONFLICT (url) DO UPDATE SET failures = failures + 1, retry_at = ?2, last_error = ?3`, url, millis(t.now.Add(wait)), cut(reason, maxDeliveryText))
		return err
	})
}

// EvictRemoteFiles lets go of copies until they take no more than the budget:
// first the large ones that nobody looked at for long, since each of them makes
// the most room for the least loss.
func (db *DB) EvictRemoteFiles(ctx context.Context) error {
	settings, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	if err := db.evictTo(ctx, int64(settings.MediaCache)<<30); err != nil {
		return err
	}
	return db.write(ctx, "forget broken files", func(t *tx) error {
		_, err := t.exec(`DELETE FROM remote_file WHERE hash IS NULL AND retry_at < ?`, millis(t.now.Add(-forgetBroken)))
		return err
	})
}

func (db *DB) evictTo(ctx context.Context, budget int64) error {
	for {
		var total int64
		if err := db.row(ctx, `SELECT COALESCE(SUM(size), 0) FROM remote_file WHERE hash IS NOT NULL`, nil, &total); err != nil || total <= budget {
			return err
		}
		if err := db.evictSome(ctx, total-budget); err != nil {
			return err
		}
	}
}

// evictSome lets go of copies of at least so many bytes, or of a step of them.
func (db *DB) evictSome(ctx context.Context, bytes int64) error {
	return db.write(ctx, "evict remote files", func(t *tx) error {
		var urls []string
		err := t.rows(`SELECT url, size FROM remote_file WHERE hash IS NOT NULL ORDER BY (?1 - used_at) * CAST(size AS REAL) DESC LIMIT ?2`,
			[]any{millis(t.now), evictStep}, func(rows *sql.Rows) error {
				var url string
				var size int64
				if err := rows.Scan(&url, &size); err != nil {
					return err
				}
				if bytes > 0 {
					urls, bytes = append(urls, url), bytes-size
				}
				return nil
			})
		if err != nil {
			return err
		}
		for _, url := range urls {
			if _, err := t.exec(`DELETE FROM remote_file WHERE url = ?`, url); err != nil {
				return err
			}
		}
		return nil
	})
}
