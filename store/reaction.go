package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"seedling/store/content"
)

// Emoji is what somebody reacts with: a Unicode emoji, or a custom one, which
// belongs to a host. The same shortcode of two hosts is two emoji.
type Emoji struct {
	Text    string // 🌱 fully qualified, or :shortcode:
	Host    string // of a custom one: the host that it came from, "" here
	IconURL string // its picture there; never loaded by a reader's browser
}

// Custom says whether the emoji is a picture of some server.
func (e Emoji) Custom() bool { return strings.HasPrefix(e.Text, ":") }

// name is the shortcode of a custom emoji without its colons.
func (e Emoji) name() string { return strings.Trim(e.Text, ":") }

// Key is the emoji in forms: 🌱, :shortcode: of our own, or :shortcode@host:.
func (e Emoji) Key() string {
	if e.Host == "" {
		return e.Text
	}
	return strings.TrimSuffix(e.Text, ":") + "@" + e.Host + ":"
}

// ErrNotEmoji is returned for a reaction that is no emoji: also for a custom one
// of another server that nobody reacted with before.
var ErrNotEmoji = errors.New("not an emoji")

// parseEmoji reads an Emoji.Key.
func parseEmoji(key string) (Emoji, error) {
	if text, ok := content.Emoji(key); ok {
		return Emoji{Text: text}, nil
	}
	name, host, ok := content.Shortcode(key)
	if !ok || !strings.HasPrefix(key, ":") || !strings.HasSuffix(key, ":") || len(key) < 3 {
		return Emoji{}, fmt.Errorf("%q: %w", cut(key, maxEmojiText), ErrNotEmoji)
	}
	return Emoji{Text: ":" + name + ":", Host: host}, nil
}

// Reaction is one emoji under a post, as one viewer sees it.
type Reaction struct {
	Emoji
	Count int  // how many reacted with it whom the viewer may know of
	Mine  bool // the viewer is among them
}

// React adds an emoji to a post for a member; again changes nothing. The key is
// a Unicode emoji, the Key of a custom one of ours, or that of another server's
// which is under the post already.
// ErrNotEmoji for anything else, ErrForbidden if the member has too many there.
func (db *DB) React(ctx context.Context, accountID, postID int64, key string) error {
	e, err := parseEmoji(key)
	if err != nil {
		return fmt.Errorf("react: %w", err)
	}
	return db.write(ctx, "react", func(t *tx) error {
		p, err := txVisible(t, postID, AsMember(accountID))
		if err != nil {
			return err
		}
		if e.Custom() {
			if e.IconURL, err = iconFor(t, p.ID, e); err != nil {
				return err
			}
		}
		if err := refuseReaction(t, p, accountID); err != nil {
			return err
		}
		id := t.db.ids.next()
		r := reactionRow{id: id, uri: t.db.base + "/ap/reactions/" + strconv.FormatInt(id, 10), accountID: accountID, emoji: e}
		fresh, err := insertReaction(t, r, p)
		if err != nil || !fresh || !p.Leaves() {
			return err
		}
		return tellRemote(t, p.AccountID, OutboxReact, accountID, reactionDetail(p, r.uri, e))
	})
}

// refuseReaction holds the rule for favourites against reactions too: who would
// have to ask for the one may not do the other, since nobody can be asked for
// it. A favourite that was agreed to is agreement enough.
func refuseReaction(t *tx, p *Post, accountID int64) error {
	verdict, err := verdictOn(t, DeedFavourite, p, accountID)
	if err != nil || verdict == Permitted {
		return err
	}
	agreed, err := t.exists(`SELECT 1 FROM favourite WHERE post_id = ? AND account_id = ?`, p.ID, accountID)
	if err == nil && !agreed {
		err = fmt.Errorf("reactions, like favourites, are %w: %w", ErrKept, ErrForbidden)
	}
	return err
}

func reactionDetail(p *Post, uri string, e Emoji) OutboxDetail {
	return OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: uri, TargetID: p.AccountID, Emoji: e.Text, IconURL: e.IconURL}
}

// iconFor is the picture elsewhere of a custom emoji that a member reacts to a
// post with; our own need none.
func iconFor(t *tx, postID int64, e Emoji) (icon string, err error) {
	if e.Host == "" {
		ours, err := t.exists(`SELECT 1 FROM emoji WHERE host = '' AND name = ? AND disabled = 0`, e.name())
		if err == nil && !ours {
			err = fmt.Errorf("%s: %w", e.Key(), ErrNotEmoji)
		}
		return "", err
	}
	err = t.row(`SELECT icon_url FROM reaction WHERE post_id = ? AND emoji = ? AND host = ? LIMIT 1`, []any{postID, e.Text, e.Host}, &icon)
	if errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("%s: %w", e.Key(), ErrNotEmoji)
	}
	return icon, err
}

type reactionRow struct {
	id        int64
	uri       string
	accountID int64
	emoji     Emoji
}

// insertReaction stores a reaction and tells the author; fresh is false if
// there was one. ErrForbidden if the account has too many under the post.
func insertReaction(t *tx, r reactionRow, p *Post) (fresh bool, err error) {
	known, err := t.exists(`SELECT 1 FROM reaction WHERE post_id = ? AND emoji = ? AND host = ? AND account_id = ?`,
		p.ID, r.emoji.Text, r.emoji.Host, r.accountID)
	if err != nil || known {
		return false, err
	}
	var n int
	if err := t.row(`SELECT COUNT(*) FROM reaction WHERE post_id = ? AND account_id = ?`, []any{p.ID, r.accountID}, &n); err != nil {
		return false, err
	}
	if n >= maxReactions {
		return false, fmt.Errorf("%d reactions: %w", n, ErrForbidden)
	}
	changed, err := t.exec(`INSERT OR IGNORE INTO reaction (id, uri, account_id, post_id, emoji, host, icon_url, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.id, r.uri, r.accountID, p.ID, r.emoji.Text, r.emoji.Host, r.emoji.IconURL, millis(t.now))
	if err != nil || changed == 0 {
		return false, err
	}
	return true, notify(t, p.AccountID, NotifyReaction, r.accountID, p.ID)
}

// removeReaction deletes the reaction that a condition finds, and returns its
// post, URI and emoji.
func removeReaction(t *tx, accountID int64, where string, args ...any) (p *Post, uri string, e Emoji, err error) {
	var postID int64
	err = t.row(`DELETE FROM reaction WHERE account_id = ?1 AND `+where+` RETURNING post_id, uri, emoji, host, icon_url`,
		append([]any{accountID}, args...), &postID, &uri, &e.Text, &e.Host, &e.IconURL)
	if err != nil {
		return nil, "", e, err
	}
	if p, err = txPost(t, `p.id = ?`, postID); err != nil {
		return nil, "", e, err
	}
	others, err := t.exists(`SELECT 1 FROM reaction WHERE account_id = ? AND post_id = ? LIMIT 1`, accountID, postID)
	if err != nil || others {
		return p, uri, e, err
	}
	return p, uri, e, unnotify(t, p.AccountID, NotifyReaction, accountID, postID)
}

// Unreact takes a member's reaction back; the key is its Emoji's.
func (db *DB) Unreact(ctx context.Context, accountID, postID int64, key string) error {
	e, err := parseEmoji(key)
	if err != nil {
		return fmt.Errorf("unreact: %w", err)
	}
	return db.write(ctx, "unreact", func(t *tx) error {
		p, uri, e, err := removeReaction(t, accountID, `post_id = ?2 AND emoji = ?3 AND host = ?4`, postID, e.Text, e.Host)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil || !p.Leaves() {
			return err
		}
		return tellRemote(t, p.AccountID, OutboxUnreact, accountID, reactionDetail(p, uri, e))
	})
}

// RemoteReaction is a reaction by an account elsewhere. A custom emoji has the
// host of the account: nobody can pass one off as another server's.
type RemoteReaction struct {
	URI               string
	AccountID, PostID int64
	Emoji             Emoji
	Tag               EmojiTag // what defines a custom emoji
}

// ReceiveReaction stores a reaction by an account elsewhere, who must be able to
// see the post (else ErrNotFound). ErrNotEmoji if it is none, ErrForbidden if
// the author keeps favourites for others.
func (db *DB) ReceiveReaction(ctx context.Context, r RemoteReaction) error {
	e, err := parseEmoji(r.Emoji.Key())
	if err != nil {
		return fmt.Errorf("receive reaction: %w", err)
	}
	if e.Custom() {
		e.IconURL = r.Emoji.IconURL
	}
	return db.write(ctx, "receive reaction", func(t *tx) error {
		e, err := txOwnEmoji(t, e)
		if err != nil {
			return err
		}
		p, err := txVisible(t, r.PostID, AsRemote(r.AccountID))
		if err != nil {
			return err
		}
		if t.db.IsLocal(p.URI) { // of others' posts their servers decide
			if err := refuseReaction(t, p, r.AccountID); err != nil {
				return err
			}
		}
		if err := receiveEmoji(t, e.Host, []EmojiTag{r.Tag}, 1); err != nil {
			return err
		}
		_, err = insertReaction(t, reactionRow{id: t.db.ids.next(), uri: r.URI, accountID: r.AccountID, emoji: e}, p)
		return err
	})
}

// ReceiveUnreaction takes back a reaction by an account elsewhere, named by its
// URI, or, with a post, by the emoji. ErrNotFound if there is none.
func (db *DB) ReceiveUnreaction(ctx context.Context, accountID int64, uri, postURI string, e Emoji) error {
	return db.write(ctx, "receive unreaction", func(t *tx) error {
		e, err := txOwnEmoji(t, e)
		if err != nil {
			return err
		}
		_, _, _, err = removeReaction(t, accountID, `id = (SELECT id FROM reaction WHERE account_id = ?1 AND uri = ?2 AND ?2 <> ''
			UNION ALL SELECT r.id FROM post p JOIN reaction r ON r.post_id = p.id AND r.account_id = ?1
			WHERE p.uri = ?3 AND r.emoji = ?4 AND r.host = ?5 LIMIT 1)`, uri, postURI, e.Text, e.Host)
		return err
	})
}

// txOwnEmoji turns an emoji that came with one of our own pictures back into
// ours: somebody elsewhere joined in a reaction of a member.
func txOwnEmoji(t *tx, e Emoji) (Emoji, error) {
	if e.Host == "" || e.IconURL == "" || !t.db.IsLocal(e.IconURL) {
		return e, nil
	}
	ours, err := t.exists(`SELECT 1 FROM emoji WHERE host = '' AND name = ?`, e.name())
	if err != nil || !ours {
		return Emoji{Text: e.Text, Host: e.Host}, err
	}
	return Emoji{Text: e.Text}, nil
}

// fillReactions adds to posts what stands under them, in the order in which it
// came: of accounts that are active and not blocked either way.
func (db *DB) fillReactions(ctx context.Context, views map[int64]*PostView, viewer Viewer) error {
	ids := idsWhere(views, func(v *PostView) bool { return v.kept.hasReactions })
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT r.post_id, r.emoji, r.host, MAX(r.icon_url), COUNT(*), MAX(r.account_id = ?1)
		FROM reaction r JOIN account a ON a.id = r.account_id
		WHERE r.post_id IN (SELECT value FROM json_each(?3)) AND `+shown+` AND `+notBlocked+`
		GROUP BY r.post_id, r.emoji, r.host ORDER BY MIN(r.id)`, viewer.args(idList(ids)), func(rows *sql.Rows) error {
		var post int64
		var r Reaction
		err := rows.Scan(&post, &r.Text, &r.Host, &r.IconURL, &r.Count, &r.Mine)
		if err == nil {
			views[post].Reactions = append(views[post].Reactions, r)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load reactions: %w", err)
	}
	return nil
}

// Reactor is somebody who reacted to a post.
type Reactor struct {
	Account *Account
	Emoji   Emoji
}

// ReactorPage is a part of who reacted.
type ReactorPage struct {
	Reactors     []Reactor
	Older, Newer int64
}

// ReactorsOf lists who reacted to a post with what, without those between whom
// and the viewer there is a block. Whether the viewer may see the post is the
// caller's to ask.
func (db *DB) ReactorsOf(ctx context.Context, postID int64, viewer Viewer, c Cursor) (*ReactorPage, error) {
	type line struct {
		Reactor
		id int64
	}
	var lines []line
	err := db.rows(ctx, `SELECT `+accountColumns+`, r.id, r.emoji, r.host, r.icon_url FROM reaction r JOIN account a ON a.id = r.account_id
		WHERE r.post_id = ?5 AND `+shown+` AND `+notBlocked+` AND `+c.clause("r.id", 3),
		append(viewer.args(c.args()...), postID), func(rows *sql.Rows) error {
			var l line
			var err error
			l.Account, err = scanAccount(rows, &l.id, &l.Emoji.Text, &l.Emoji.Host, &l.Emoji.IconURL)
			lines = append(lines, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list reactions: %w", err)
	}
	var page ReactorPage
	lines, page.Older, page.Newer = trim(c, lines, func(l line) int64 { return l.id })
	for _, l := range lines {
		page.Reactors = append(page.Reactors, l.Reactor)
	}
	return &page, nil
}

// RecentEmoji lists the Unicode emoji that a member reacted with last, newest first.
func (db *DB) RecentEmoji(ctx context.Context, accountID int64, limit int) ([]string, error) {
	var list []string
	err := db.rows(ctx, `SELECT emoji FROM (SELECT id, emoji FROM reaction WHERE account_id = ?1 AND host = '' ORDER BY id DESC LIMIT 200)
		GROUP BY emoji ORDER BY MAX(id) DESC LIMIT ?2`, []any{accountID, limit}, func(rows *sql.Rows) error {
		var e string
		err := rows.Scan(&e)
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("recent emoji: %w", err)
	}
	return list, nil
}

// reactionsBy finds with what some accounts reacted to some posts, oldest
// first, by post and account.
func (db *DB) reactionsBy(ctx context.Context, posts, accounts []int64) (map[[2]int64][]Emoji, error) {
	found := map[[2]int64][]Emoji{}
	if len(posts) == 0 {
		return found, nil
	}
	err := db.rows(ctx, `SELECT post_id, account_id, emoji, host, icon_url FROM reaction
		WHERE post_id IN (SELECT value FROM json_each(?)) AND account_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
		[]any{idList(posts), idList(accounts)}, func(rows *sql.Rows) error {
			var key [2]int64
			var e Emoji
			err := rows.Scan(&key[0], &key[1], &e.Text, &e.Host, &e.IconURL)
			found[key] = append(found[key], e)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("load reactions of notifications: %w", err)
	}
	return found, nil
}

// purgeReactions removes some of a deleted account's reactions.
func purgeReactions(t *tx, accountID int64, limit int) (n int, err error) {
	removed, err := t.exec(`DELETE FROM reaction WHERE id IN (SELECT id FROM reaction WHERE account_id = ? ORDER BY id LIMIT ?)`, accountID, limit)
	return int(removed), err
}
