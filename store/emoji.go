package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"seedling/store/content"
)

// CustomEmoji is a picture with a shortcode: our own, or one that another
// server defined in a tag (FEP-9098). The same shortcode of two hosts is two
// emoji; what a text shows is always that of its author's host.
type CustomEmoji struct {
	ID   int64
	Name string // the shortcode, without colons
	Host string // "" here
	URI  string // ActivityPub id; "" for remote ones without

	IconURL   string // of a remote one: its picture there; never loaded by a reader's browser
	MediaType string
	Hash      string // of our own: the file
	StillHash string // and its first frame, "" if it does not move
	StillType string
	Size      int64 // bytes

	Width, Height int // 0 unknown

	Category, Licence, Credits string
	Aliases                    []string // other words to find it by

	Disabled  bool      // by an admin: not offered, and shown as its name
	UpdatedAt time.Time // as its own server says, zero if it does not
}

// Code is the emoji as it is written in a text: :name:.
func (e *CustomEmoji) Code() string { return ":" + e.Name + ":" }

// Emoji is what a reaction with it is.
func (e *CustomEmoji) Emoji() Emoji { return Emoji{Text: e.Code(), Host: e.Host, IconURL: e.IconURL} }

// EmojiTag is a custom emoji as a document of another server defines it.
type EmojiTag struct {
	Name, URI, IconURL, MediaType string
	Licence                       string
	Updated                       time.Time
}

// EmojiName names a custom emoji.
type EmojiName struct{ Host, Name string }

// EmojiSet is the custom emoji of a page. A name that was looked for and is
// none is there too, with nil.
type EmojiSet map[EmojiName]*CustomEmoji

// Find is the emoji of a shortcode in a text from a host, or nil.
func (s EmojiSet) Find(host, name string) *CustomEmoji { return s[EmojiName{host, name}] }

// In lists the emoji of some texts from one host, each once, in the order in
// which they stand there.
func (s EmojiSet) In(host string, texts ...string) []*CustomEmoji {
	var list []*CustomEmoji
	seen := map[string]bool{}
	for _, text := range texts {
		for name := range content.Shortcodes(text) {
			if e := s.Find(host, name); e != nil && !seen[name] {
				seen[name] = true
				list = append(list, e)
			}
		}
	}
	return list
}

// want adds what may be emoji in a text.
func (s EmojiSet) want(host, text string) {
	for name := range content.Shortcodes(text) {
		if key := (EmojiName{host, name}); len(s) < maxEmojiSet {
			if _, known := s[key]; !known {
				s[key] = nil
			}
		}
	}
}

// EmojiHost is the host whose shortcodes stand in what an account says: "" here.
// It is that of its URI, since a handle may be of another domain.
func (a *Account) EmojiHost() string {
	if a.Local() {
		return ""
	}
	_, rest, _ := strings.Cut(a.URI, "://") // it is in its normal form
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// texts are what an account says of itself.
func (a *Account) texts() []string {
	list := []string{a.DisplayName, a.Bio.String()}
	for _, f := range a.Fields {
		list = append(list, f.Name, f.Value.String())
	}
	return list
}

// texts are those in which a post may have custom emoji.
func (v *PostView) texts() []string {
	list := []string{v.HTML.String(), v.ContentWarning, v.Title}
	if v.Poll != nil {
		for _, o := range v.Poll.Options {
			list = append(list, o.Name)
		}
	}
	return list
}

// Emoji lists the custom emoji of the post, for those who are told of it.
func (v *PostView) Emoji() []*CustomEmoji { return v.Emojis.In(v.Author.EmojiHost(), v.texts()...) }

// Emoji lists the custom emoji in what the account says of itself.
func (a *Account) Emoji(known EmojiSet) []*CustomEmoji { return known.In(a.EmojiHost(), a.texts()...) }

// EmojiOf finds the custom emoji in what accounts say of themselves.
func (db *DB) EmojiOf(ctx context.Context, accounts ...*Account) (EmojiSet, error) {
	set := EmojiSet{}
	for _, a := range accounts {
		for _, text := range a.texts() {
			set.want(a.EmojiHost(), text)
		}
	}
	return set, db.findEmoji(ctx, set)
}

// EmojiIn finds the custom emoji in texts from one host.
func (db *DB) EmojiIn(ctx context.Context, host string, texts ...string) (EmojiSet, error) {
	set := EmojiSet{}
	for _, text := range texts {
		set.want(host, text)
	}
	return set, db.findEmoji(ctx, set)
}

// fillEmoji gives posts the custom emoji in them, in the names of their people,
// and among the reactions: one query, and none where no text has the shape of a
// shortcode.
func (db *DB) fillEmoji(ctx context.Context, views map[int64]*PostView, _ Viewer) error {
	set := EmojiSet{}
	for _, v := range views {
		host := v.Author.EmojiHost()
		for _, text := range v.texts() {
			set.want(host, text)
		}
		for _, a := range []*Account{v.Author, v.ReplyTo, v.Group} {
			if a != nil {
				set.want(a.EmojiHost(), a.DisplayName)
			}
		}
		for _, r := range v.Reactions {
			set.want(r.Host, r.Text)
		}
		v.Emojis = set
	}
	return db.findEmoji(ctx, set)
}

const emojiColumns = `e.id, e.host, e.name, e.uri, e.icon_url, e.media_type, COALESCE(e.hash, ''), COALESCE(e.still_hash, ''), e.still_type,
	e.size, e.width, e.height, e.category, e.aliases, e.licence, e.credits, e.disabled, e.updated_at`

func scanEmoji(s scanner) (*CustomEmoji, error) {
	var e CustomEmoji
	var aliases string
	var updated int64
	if err := s.Scan(&e.ID, &e.Host, &e.Name, &e.URI, &e.IconURL, &e.MediaType, &e.Hash, &e.StillHash, &e.StillType,
		&e.Size, &e.Width, &e.Height, &e.Category, &aliases, &e.Licence, &e.Credits, &e.Disabled, &updated); err != nil {
		return nil, translate(err)
	}
	e.UpdatedAt = fromMillis(updated)
	if aliases != "" {
		if err := json.Unmarshal([]byte(aliases), &e.Aliases); err != nil {
			return nil, fmt.Errorf("aliases of emoji %d: %w", e.ID, err)
		}
	}
	return &e, nil
}

// findEmoji fills in those of a set that are emoji and not disabled.
func (db *DB) findEmoji(ctx context.Context, set EmojiSet) error {
	if len(set) == 0 {
		return nil
	}
	names := make([][2]string, 0, len(set))
	for key := range set {
		names = append(names, [2]string{key.Host, key.Name})
	}
	err := db.rows(ctx, `SELECT `+emojiColumns+` FROM json_each(?) j CROSS JOIN emoji e ON e.host = j.value ->> 0 AND e.name = j.value ->> 1
		WHERE e.disabled = 0`, []any{encodeJSON(names)}, func(rows *sql.Rows) error {
		e, err := scanEmoji(rows)
		if err == nil {
			set[EmojiName{e.Host, e.Name}] = e
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load emoji: %w", err)
	}
	return nil
}

// receiveEmoji stores what a document of a host defines in its tags. A picture
// is only ever replaced by the host's own word, and never by an older one.
func receiveEmoji(t *tx, host string, tags []EmojiTag, limit int) error {
	if host == "" {
		return nil
	}
	room := -1 // how many more there may be: counted at the first new one, since most are known
	for _, e := range tags[:min(len(tags), limit)] {
		name, _, ok := content.Shortcode(e.Name)
		if !ok || e.IconURL == "" || len(e.IconURL) > maxIconURL {
			continue
		}
		known, err := t.exists(`SELECT 1 FROM emoji WHERE host = ? AND name = ?`, host, name)
		if err != nil {
			return err
		}
		if !known && room < 0 {
			if err := t.row(`SELECT MAX(?2 - COUNT(*), 0) FROM emoji WHERE host = ?1`, []any{host, maxHostEmoji}, &room); err != nil {
				return err
			}
		}
		if !known && room == 0 {
			continue
		}
		if !known {
			room--
		}
		_, err = t.exec(`INSERT INTO emoji (id, host, name, uri, icon_url, media_type, licence, updated_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (host, name) DO UPDATE SET uri = excluded.uri, icon_url = excluded.icon_url, media_type = excluded.media_type,
				licence = excluded.licence, updated_at = excluded.updated_at
			WHERE excluded.updated_at > emoji.updated_at OR excluded.updated_at = emoji.updated_at AND excluded.icon_url <> emoji.icon_url`,
			t.db.ids.next(), host, name, cut(e.URI, maxIconURL), e.IconURL, cut(e.MediaType, maxLicence), cut(e.Licence, maxLicence), millis(e.Updated), millis(t.now))
		if err != nil {
			return err
		}
	}
	return nil
}
