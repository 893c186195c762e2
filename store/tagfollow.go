package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"seedling/store/content"
)

// FollowedTag is a hashtag that a member follows.
type FollowedTag struct {
	Name string // folded
	Text string // as first written
}

// FollowTag brings the public posts with a hashtag into a member's home, from
// now on. It returns the tag's folded name; *InputError if it is none.
func (db *DB) FollowTag(ctx context.Context, accountID int64, tag string) (string, error) {
	name, err := tagName(tag)
	if err != nil {
		return "", err
	}
	return name, db.write(ctx, "follow tag", func(t *tx) error {
		t.standingChanged(accountID)
		var n int
		if err := t.row(`SELECT COUNT(*) FROM tag_follow WHERE account_id = ?`, []any{accountID}, &n); err != nil {
			return err
		}
		if n >= maxTagFollows {
			return &InputError{Field: "tag", Problem: InputMany, Limit: maxTagFollows}
		}
		id, err := keepTag(t, tag)
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT OR IGNORE INTO tag_follow (account_id, tag_id, id) VALUES (?, ?, ?)`, accountID, id, t.db.ids.next())
		return err
	})
}

// tagName checks that a text, without its #, is one hashtag.
func tagName(tag string) (string, error) {
	found := content.Find(content.Source{Text: "#" + tag, Format: content.Plain})
	if len(found.Tags) != 1 || found.Tags[0] != tag {
		return "", &InputError{Field: "tag", Problem: InputRefused}
	}
	return foldTag(tag), nil
}

// keepTag returns the id of a hashtag, which it stores if it is new.
func keepTag(t *tx, text string) (id int64, err error) {
	err = t.row(`INSERT INTO tag (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id`, []any{foldTag(text), text}, &id)
	return id, err
}

// UnfollowTag ends it, and takes what it alone brought out of home.
func (db *DB) UnfollowTag(ctx context.Context, accountID int64, tag string) error {
	return db.write(ctx, "unfollow tag", func(t *tx) error {
		t.standingChanged(accountID)
		var id int64
		err := t.row(`SELECT id FROM tag WHERE name = ?`, []any{foldTag(tag)}, &id)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM tag_follow WHERE account_id = ? AND tag_id = ?`, accountID, id); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM home WHERE account_id = ?1 AND id IN (
			SELECT h.id FROM home h JOIN post_tag pt ON pt.post_id = h.post_id AND pt.tag_id = ?2 JOIN post p ON p.id = h.post_id
			WHERE h.account_id = ?1 AND h.id = h.post_id AND p.account_id <> ?1
			AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = p.account_id AND f.accepted)
			AND NOT EXISTS (SELECT 1 FROM post_tag o JOIN tag_follow tf ON tf.tag_id = o.tag_id AND tf.account_id = ?1 WHERE o.post_id = p.id))`, accountID, id)
		return err
	})
}

// FollowsTag says whether a member follows a hashtag.
func (db *DB) FollowsTag(ctx context.Context, accountID int64, tag string) (follows bool, err error) {
	err = db.row(ctx, `SELECT EXISTS (SELECT 1 FROM tag_follow WHERE account_id = ? AND tag_id = (SELECT id FROM tag WHERE name = ?))`,
		[]any{accountID, foldTag(tag)}, &follows)
	return follows, err
}

// FollowedAmong says which of some hashtags a member follows, by their folded names.
func (db *DB) FollowedAmong(ctx context.Context, accountID int64, tags []string) (map[string]bool, error) {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = foldTag(tag)
	}
	found := map[string]bool{}
	if len(tags) == 0 {
		return found, nil
	}
	err := db.rows(ctx, `SELECT t.name FROM tag t JOIN tag_follow f ON f.tag_id = t.id WHERE f.account_id = ? AND t.name IN (SELECT value FROM json_each(?))`,
		[]any{accountID, encodeJSON(names)}, func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			found[name] = true
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("followed tags among some: %w", err)
	}
	return found, nil
}

// TagFollowPage is a part of the list of followed hashtags.
type TagFollowPage struct {
	Tags         []FollowedTag
	Older, Newer int64
}

// FollowedTags lists the hashtags that a member follows, newest followed first.
func (db *DB) FollowedTags(ctx context.Context, accountID int64, c Cursor) (*TagFollowPage, error) {
	type line struct {
		FollowedTag
		id int64
	}
	var lines []line
	err := db.rows(ctx, `SELECT t.name, t.text, f.id FROM tag_follow f JOIN tag t ON t.id = f.tag_id WHERE f.account_id = ?1 AND `+c.clause("f.id", 2),
		append([]any{accountID}, c.args()...), func(rows *sql.Rows) error {
			var l line
			err := rows.Scan(&l.Name, &l.Text, &l.id)
			lines = append(lines, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list followed tags: %w", err)
	}
	var page TagFollowPage
	lines, page.Older, page.Newer = trim(c, lines, func(l line) int64 { return l.id })
	for _, l := range lines {
		page.Tags = append(page.Tags, l.FollowedTag)
	}
	return &page, nil
}

// insertTagHome puts a post that stands in a public timeline into the homes of
// the members who follow one of its hashtags.
func insertTagHome(t *tx, p *Post, tags []string) error {
	if len(tags) == 0 || p.Visibility != Public {
		return nil
	}
	_, err := t.exec(`INSERT OR IGNORE INTO home (account_id, id, post_id) SELECT f.account_id, ?1, ?1
		FROM post_tag pt JOIN tag_follow f ON f.tag_id = pt.tag_id JOIN post p ON p.id = pt.post_id WHERE pt.post_id = ?1 AND p.timeline > 0`, p.ID)
	return err
}

// fillTags says of a page of home which posts a followed hashtag brought: those
// of authors whom the member does not follow.
func (db *DB) fillTags(ctx context.Context, accountID int64, posts []*PostView) error {
	byID := map[int64]*PostView{}
	var ids []int64
	for _, v := range posts {
		if len(v.Tags) > 0 && v.EntryID == v.ID && v.AccountID != accountID {
			byID[v.ID] = v
			ids = append(ids, v.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT pt.post_id, t.text FROM tag_follow tf JOIN post_tag pt ON pt.tag_id = tf.tag_id AND pt.post_id IN (SELECT value FROM json_each(?2))
		JOIN tag t ON t.id = tf.tag_id JOIN post p ON p.id = pt.post_id
		WHERE tf.account_id = ?1 AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = p.account_id AND f.accepted)
		ORDER BY tf.id DESC`, []any{accountID, idList(ids)}, func(rows *sql.Rows) error {
		var id int64
		var text string
		err := rows.Scan(&id, &text)
		if v := byID[id]; err == nil && v != nil {
			v.FromTag = text
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load followed tags of posts: %w", err)
	}
	return nil
}

func (db *DB) followedTags(ctx context.Context, where string, args ...any) ([]FollowedTag, error) {
	var list []FollowedTag
	err := db.rows(ctx, `SELECT t.name, t.text FROM tag_follow f JOIN tag t ON t.id = f.tag_id WHERE `+where, args, func(rows *sql.Rows) error {
		var tag FollowedTag
		err := rows.Scan(&tag.Name, &tag.Text)
		list = append(list, tag)
		return err
	})
	return list, err
}
