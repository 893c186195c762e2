package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"

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
	if db.secret, err = hex.DecodeString(text); err != nil {
		return fmt.Errorf("read the secret of media addresses: %w", err)
	}
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
)

// remoteURLs are the queries by which the address of a remote file is found.
var remoteURLs = map[RemoteUse]string{
	RemoteAttachment: `SELECT url FROM attachment WHERE id = ? AND media_id IS NULL`,
	RemotePreview:    `SELECT preview_url FROM attachment WHERE id = ? AND media_id IS NULL`,
	RemoteAvatar:     `SELECT avatar_url FROM account WHERE id = ? AND host <> '' AND state = 0`,
	RemoteHeader:     `SELECT header_url FROM account WHERE id = ? AND host <> '' AND state = 0`,
	RemoteEmoji:      `SELECT icon_url FROM emoji WHERE id = ? AND host <> '' AND disabled = 0`,
}

// RemotePath is where a file elsewhere is served from here: url is what the row
// id says of it now, so that a changed picture has a changed address. Nobody
// can guess it, so it shows nothing of a post to whom the post is not shown. It
// is "" for no file. Nothing is fetched before somebody looks.
func (db *DB) RemotePath(use RemoteUse, id int64, url string) string {
	if url == "" {
		return ""
	}
	text := strconv.FormatInt(id, 10)
	return "/remote/" + string(use) + "/" + text + "/" + db.remoteKey(use, text, url)
}

func (db *DB) remoteKey(use RemoteUse, id, url string) string {
	mac := hmac.New(sha256.New, db.secret)
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
