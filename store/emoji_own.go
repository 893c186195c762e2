package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"seedling/store/content"
	"seedling/store/media"
)

// EmojiError says what is wrong with a custom emoji; nothing was stored.
type EmojiError struct {
	Problem EmojiProblem
	Limit   int
}

func (e *EmojiError) Error() string { return "emoji: " + string(e.Problem) }

// EmojiProblem is what is wrong with an emoji.
type EmojiProblem string

// The ways in which an emoji is refused.
const (
	EmojiBadName EmojiProblem = "the shortcode must have 2 to 64 of the letters a to z and A to Z, digits, _, - and +"
	EmojiTaken   EmojiProblem = "there is one with this shortcode already"
	EmojiTooBig  EmojiProblem = "the picture has too many pixels"
	EmojiTooMany EmojiProblem = "there are too many"
	EmojiLong    EmojiProblem = "the category, an alias, the licence or the credits are too long"
	EmojiAway    EmojiProblem = "its picture could not be had from its server"
)

// EmojiInfo is what an admin says of an emoji.
type EmojiInfo struct {
	Name, Category, Licence, Credits string
	Aliases                          []string
}

// clean makes what was typed fit to be stored; *EmojiError if it can't be.
func (i EmojiInfo) clean() (EmojiInfo, error) {
	i.Name = strings.Trim(strings.TrimSpace(i.Name), ":")
	if !validShortcode(i.Name) {
		return i, &EmojiError{Problem: EmojiBadName}
	}
	for _, s := range append([]string{i.Category, i.Licence, i.Credits}, i.Aliases...) {
		if len(s) > maxLicence {
			return i, &EmojiError{Problem: EmojiLong, Limit: maxLicence}
		}
	}
	if len(i.Aliases) > maxEmojiAliases {
		return i, &EmojiError{Problem: EmojiLong, Limit: maxEmojiAliases}
	}
	i.Category, i.Licence, i.Credits = content.CleanLine(i.Category, maxLicence), content.CleanLine(i.Licence, maxLicence), content.CleanLine(i.Credits, maxLicence)
	var aliases []string
	for _, a := range i.Aliases {
		if a = content.CleanLine(strings.Trim(strings.TrimSpace(a), ":"), maxLicence); a != "" && a != i.Name {
			aliases = append(aliases, a)
		}
	}
	i.Aliases = aliases
	return i, nil
}

// validShortcode says whether an emoji of ours may have a name: the letters that
// every software knows, so that none of them shows ours as text.
func validShortcode(name string) bool {
	if len(name) < 2 || len(name) > maxShortcode {
		return false
	}
	for _, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '+':
		default:
			return false
		}
	}
	return true
}

// File is the picture of an emoji of ours.
func (e *CustomEmoji) File() media.File {
	return media.File{Hash: media.Hash(e.Hash), Type: e.MediaType, Size: e.Size}
}

// Still is the picture of an emoji of ours for those who want nothing to move.
func (e *CustomEmoji) Still() media.File {
	if e.StillHash == "" {
		return e.File()
	}
	return media.File{Hash: media.Hash(e.StillHash), Type: e.StillType}
}

// AddEmoji makes an emoji of ours from a picture. *EmojiError or
// *media.RefusedError if it can't be one.
func (db *DB) AddEmoji(ctx context.Context, info EmojiInfo, picture io.Reader) (*CustomEmoji, error) {
	info, err := info.clean()
	if err != nil {
		return nil, err
	}
	taken, err := db.takeEmoji(ctx, picture)
	if err != nil {
		return nil, err
	}
	err = db.write(ctx, "add emoji", func(t *tx) error { return insertEmoji(t, info, taken) })
	if err != nil {
		return nil, err
	}
	return db.OwnEmoji(ctx, info.Name)
}

// takeEmoji keeps a picture for an emoji.
func (db *DB) takeEmoji(ctx context.Context, picture io.Reader) (*media.Taken, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	taken, err := db.StorePicture(ctx, picture, int64(settings.EmojiKB)<<10)
	if err != nil {
		return nil, err
	}
	if taken.Width > MaxEmojiSide || taken.Height > MaxEmojiSide {
		return nil, &EmojiError{Problem: EmojiTooBig, Limit: MaxEmojiSide}
	}
	return taken, nil
}

func insertEmoji(t *tx, info EmojiInfo, p *media.Taken) error {
	taken, err := t.exists(`SELECT 1 FROM emoji WHERE host = '' AND name = ?`, info.Name)
	if err != nil {
		return err
	}
	if taken {
		return &EmojiError{Problem: EmojiTaken}
	}
	var n int
	if err := t.row(`SELECT COUNT(*) FROM emoji WHERE host = ''`, nil, &n); err != nil {
		return err
	}
	if n >= maxOwnEmoji {
		return &EmojiError{Problem: EmojiTooMany, Limit: maxOwnEmoji}
	}
	still := stillOf(p)
	_, err = t.exec(`INSERT INTO emoji (id, host, name, media_type, hash, still_hash, still_type, size, width, height, category, aliases, licence, credits, updated_at, created_at)
		VALUES (?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, t.db.ids.next(), info.Name, p.Type, string(p.Hash), nullHash(still.Hash), still.Type,
		p.Size, p.Width, p.Height, info.Category, encodeJSON(info.Aliases), info.Licence, info.Credits, millis(t.now), millis(t.now))
	return err
}

// stillOf is the first frame of a picture that moves.
func stillOf(p *media.Taken) media.File {
	if !p.Animated {
		return media.File{}
	}
	return p.Small
}

// UpdateEmoji changes what is said of an emoji of ours, and its name: texts with
// the old one show it as text then.
func (db *DB) UpdateEmoji(ctx context.Context, id int64, info EmojiInfo) error {
	info, err := info.clean()
	if err != nil {
		return err
	}
	return db.write(ctx, "update emoji", func(t *tx) error {
		n, err := t.exec(`UPDATE emoji SET name = ?, category = ?, aliases = ?, licence = ?, credits = ?, updated_at = ? WHERE id = ? AND host = ''`,
			info.Name, info.Category, encodeJSON(info.Aliases), info.Licence, info.Credits, millis(t.now), id)
		if errors.Is(err, ErrConflict) {
			return &EmojiError{Problem: EmojiTaken}
		}
		return errors.Join(err, missingIf(err == nil && n == 0))
	})
}

// EnableEmoji lets an emoji be used and shown, ours or another server's, or ends that.
func (db *DB) EnableEmoji(ctx context.Context, id int64, on bool) error {
	return db.write(ctx, "enable emoji", func(t *tx) error {
		n, err := t.exec(`UPDATE emoji SET disabled = ? WHERE id = ?`, !on, id)
		return errors.Join(err, missingIf(err == nil && n == 0))
	})
}

// DeleteEmoji removes an emoji of ours. Where it was used its name stands as text.
func (db *DB) DeleteEmoji(ctx context.Context, id int64) error {
	return db.write(ctx, "delete emoji", func(t *tx) error {
		n, err := t.exec(`DELETE FROM emoji WHERE id = ? AND host = ''`, id)
		return errors.Join(err, missingIf(err == nil && n == 0))
	})
}

// CopyEmoji makes an emoji of another server one of ours, under the same name,
// with its licence. picture is what its server gives for it.
func (db *DB) CopyEmoji(ctx context.Context, id int64, name string, picture io.Reader) (*CustomEmoji, error) {
	from, err := db.EmojiByID(ctx, id)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = from.Name
	}
	credits := from.Credits
	if credits == "" {
		credits = from.Host
	}
	return db.AddEmoji(ctx, EmojiInfo{Name: name, Category: from.Host, Licence: from.Licence, Credits: credits}, picture)
}

func (db *DB) emoji(ctx context.Context, where string, args ...any) (*CustomEmoji, error) {
	s, err := db.stmt(ctx, `SELECT `+emojiColumns+` FROM emoji e WHERE `+where)
	if err != nil {
		return nil, err
	}
	return scanEmoji(s.QueryRowContext(ctx, args...))
}

// OwnEmoji returns an emoji of ours by its shortcode, also a disabled one.
func (db *DB) OwnEmoji(ctx context.Context, name string) (*CustomEmoji, error) {
	return db.emoji(ctx, `e.host = '' AND e.name = ?`, name)
}

// EmojiByID returns an emoji, ours or another server's.
func (db *DB) EmojiByID(ctx context.Context, id int64) (*CustomEmoji, error) {
	return db.emoji(ctx, `e.id = ?`, id)
}

func (db *DB) listEmoji(ctx context.Context, what, query string, args ...any) ([]*CustomEmoji, error) {
	var list []*CustomEmoji
	err := db.rows(ctx, `SELECT `+emojiColumns+` FROM emoji e WHERE `+query, args, func(rows *sql.Rows) error {
		e, err := scanEmoji(rows)
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", what, err)
	}
	return list, nil
}

// OwnEmojis lists the emoji of this server by category and name: all of them,
// or those that may be used.
func (db *DB) OwnEmojis(ctx context.Context, disabledToo bool) ([]*CustomEmoji, error) {
	return db.listEmoji(ctx, "emoji", `e.host = '' AND (?1 OR e.disabled = 0) ORDER BY e.category = '', e.category COLLATE NOCASE, e.category, e.name COLLATE NOCASE, e.name`, disabledToo)
}

// RemoteEmojis lists emoji of another server by name, from after one, those whose
// name holds a text.
func (db *DB) RemoteEmojis(ctx context.Context, host, holds, after string, limit int) ([]*CustomEmoji, error) {
	return db.listEmoji(ctx, "remote emoji", `e.host = ?1 AND e.host <> '' AND instr(lower(e.name), lower(?2)) AND e.name > ?3 ORDER BY e.name LIMIT ?4`,
		host, holds, after, min(limit, maxEmojiSet))
}

// EmojiSource is a server whose emoji were seen here.
type EmojiSource struct {
	Host  string
	Count int
}

// EmojiSources lists the servers whose emoji were seen here, those with the most first.
func (db *DB) EmojiSources(ctx context.Context) ([]EmojiSource, error) {
	var list []EmojiSource
	err := db.rows(ctx, `SELECT host, COUNT(*) AS n FROM emoji WHERE host <> '' GROUP BY host ORDER BY n DESC, host LIMIT ?`, []any{maxEmojiSources}, func(rows *sql.Rows) error {
		var s EmojiSource
		err := rows.Scan(&s.Host, &s.Count)
		list = append(list, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the servers of emoji: %w", err)
	}
	return list, nil
}
