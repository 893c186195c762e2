package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"seedling/store/content"
)

// addressed is what a new or changed post names.
type addressed struct {
	mentions    []int64 // accounts
	tags        []string
	attachments []*Attachment
}

// insertPost stores a post, local or remote, with everything that follows from
// it: mentions, tags, attachments, home timelines, notifications, counters, and
// the replies to it that came first. p.ID must be set for a local post; a
// remote one gets an id by its date.
func insertPost(t *tx, p *Post, author *Account, to addressed) error {
	if p.ID == 0 {
		id, err := freeID(t, p.CreatedAt)
		if err != nil {
			return err
		}
		p.ID = id
	}
	if err := linkParent(t, p); err != nil {
		return err
	}
	if err := joinContext(t, p, author); err != nil {
		return err
	}
	if err := standIn(t, p, author, to.mentions); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO post (id, uri, account_id, kind, visibility, timeline, sensitive, url, title, content_warning, html,
			source, format, language, reply_to_id, reply_to_account_id, reply_to_uri, facts, context, conversation, group_uri, approval, created_at, edited_at, thread_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?, ?,
			COALESCE((SELECT NULLIF(r.thread_id, 0) FROM post r WHERE r.id = ?), ?))`,
		p.ID, p.URI, p.AccountID, p.Kind, p.Visibility, timelineOf(p, author), p.Sensitive, p.URL, p.Title, p.ContentWarning, p.HTML,
		p.Source.Text, p.Source.Format, p.Language, p.ReplyToID, p.ReplyToAccountID, p.ReplyToURI, p.Facts, p.Context, p.Conversation, p.GroupURI, p.Approval, millis(p.CreatedAt), millis(p.EditedAt), p.ReplyToID, p.ID)
	if err != nil {
		return err
	}
	if err := insertAddressed(t, p, to); err != nil {
		return err
	}
	if err := countPost(t, p, +1); err != nil {
		return err
	}
	if err := insertHome(t, p); err != nil {
		return err
	}
	if err := insertTagHome(t, p, to.tags); err != nil {
		return err
	}
	if err := notifyAddressed(t, p, to.mentions); err != nil {
		return err
	}
	if p.Visibility == Direct && author.Local() {
		if err := keepConversation(t, p.ID, p.AccountID, false); err != nil {
			return err
		}
	}
	if err := notifyWaiting(t, p); err != nil {
		return err
	}
	t.publish(News{Kind: NewsPost, PostID: p.ID, EntryID: p.ID, AccountID: p.AccountID})
	return adoptReplies(t, p)
}

// freeID makes an id for a post or a boost that was made elsewhere at a time:
// both stand in the same timelines. Those of one moment are rarely so many that
// an id is taken; before 2020 ids are seconds, and the next free one is used.
func freeID(t *tx, at time.Time) (int64, error) {
	for i := range int64(200) {
		id := t.db.ids.at(at)
		if id < idsFrom2020 {
			id += i
		}
		taken, err := t.exists(`SELECT 1 FROM post WHERE id = ?1 UNION ALL SELECT 1 FROM boost WHERE id = ?1`, id)
		if err != nil || !taken {
			return id, err
		}
	}
	return t.db.ids.next(), nil
}

// timelineOf says in which public timelines a post stands: replies to others
// are in none.
func timelineOf(p *Post, author *Account) int {
	reply := p.IsReply() && p.ReplyToAccountID != p.AccountID
	switch {
	case reply || p.Visibility != Public && p.Visibility != LocalOnly:
		return 0
	case author.Local():
		return 2
	}
	return 1
}

// linkParent finds the stored parent of a reply that knows only its URI.
func linkParent(t *tx, p *Post) error {
	if p.ReplyToURI == "" {
		return nil
	}
	var err error
	if id, ok := t.db.localPostID(p.ReplyToURI); ok {
		err = t.row(`SELECT id, account_id FROM post WHERE id = ?`, []any{id}, &p.ReplyToID, &p.ReplyToAccountID)
	} else {
		err = t.row(`SELECT id, account_id FROM post WHERE uri = ?`, []any{p.ReplyToURI}, &p.ReplyToID, &p.ReplyToAccountID)
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	p.ReplyToURI = ""
	return err
}

func insertAddressed(t *tx, p *Post, to addressed) error {
	for _, id := range to.mentions {
		if _, err := t.exec(`INSERT OR IGNORE INTO mention (post_id, account_id) VALUES (?, ?)`, p.ID, id); err != nil {
			return err
		}
	}
	for _, text := range to.tags {
		id, err := keepTag(t, text)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT OR IGNORE INTO post_tag (tag_id, post_id) VALUES (?, ?)`, id, p.ID); err != nil {
			return err
		}
	}
	for _, a := range to.attachments {
		a.ID = t.db.ids.next()
		_, err := t.exec(`INSERT INTO attachment (id, post_id, kind, url, preview_url, media_type, description, width, height, blurhash, duration, focal_x, focal_y, media_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0))`, a.ID, p.ID, a.Kind, a.URL, a.PreviewURL, a.MediaType, a.Description, a.Width, a.Height, a.Blurhash,
			a.Duration.Milliseconds(), a.FocalX, a.FocalY, a.MediaID)
		if err != nil {
			return err
		}
		if err := insertCaptions(t, a); err != nil {
			return err
		}
	}
	return nil
}

// countPost adds a post to the counters that people see, or takes it away.
// Posts that not everyone may know of count nowhere.
func countPost(t *tx, p *Post, by int) error {
	if p.Visibility > Unlisted || p.Approval != ApprovalNone {
		return nil
	}
	var wrote int64
	if by > 0 {
		wrote = millis(p.CreatedAt)
	}
	_, err := t.exec(`UPDATE account SET posts_count = MAX(posts_count + ?, 0), last_post_at = MAX(last_post_at, ?) WHERE id = ?`, by, wrote, p.AccountID)
	if err != nil {
		return err
	}
	if p.ReplyToID == 0 {
		return nil
	}
	_, err = t.exec(`UPDATE post SET replies_count = MAX(replies_count + ?, 0) WHERE id = ?`, by, p.ReplyToID)
	return err
}

// insertHome puts a post into the home timelines of its author and of the
// members who follow them; a reply only where its parent's author is followed too.
func insertHome(t *tx, p *Post) error {
	if p.Visibility == Direct {
		return nil
	}
	_, err := t.exec(`INSERT OR IGNORE INTO home (account_id, id, post_id)
		SELECT u.account_id, ?1, ?1 FROM follow f JOIN user u ON u.account_id = f.account_id
		WHERE f.target_id = ?2 AND f.accepted AND (?3 = 0 OR ?3 = ?2 OR ?3 = f.account_id
			OR EXISTS (SELECT 1 FROM follow g WHERE g.account_id = f.account_id AND g.target_id = ?3 AND g.accepted))`,
		p.ID, p.AccountID, p.ReplyToAccountID)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR IGNORE INTO home (account_id, id, post_id) SELECT account_id, ?1, ?1 FROM user WHERE account_id = ?2`,
		p.ID, p.AccountID)
	return err
}

// notifyAddressed tells the members whom a post names.
func notifyAddressed(t *tx, p *Post, mentions []int64) error {
	for _, id := range mentions {
		kind := NotifyMention
		if id == p.ReplyToAccountID {
			kind = NotifyReply
		}
		verdict, err := notifyJudged(t, id, kind, p.AccountID, p.ID)
		if err != nil {
			return err
		}
		if p.Visibility == Direct && verdict == AcceptNotification {
			if err := keepConversation(t, p.ID, id, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// adoptReplies links the replies that arrived before p. A reply that is also
// above p would close a circle, and stays on its own.
func adoptReplies(t *tx, p *Post) error {
	waiting, err := t.exists(`SELECT 1 FROM post WHERE reply_to_uri = ?`, p.URI)
	if err != nil || !waiting {
		return err
	}
	if _, err := t.exec(`UPDATE post SET reply_to_uri = NULL WHERE reply_to_uri = ?1 AND id IN (`+ancestorIDs+`)`, p.URI, p.ReplyToID); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE post SET reply_to_id = ?2, reply_to_account_id = ?3, reply_to_uri = NULL WHERE reply_to_uri = ?1 AND id <> ?2`,
		p.URI, p.ID, p.AccountID); err != nil {
		return err
	}
	if err := passContext(t, p); err != nil {
		return err
	}
	if err := joinThreads(t, p); err != nil {
		return err
	}
	return recountReplies(t, p.ID)
}

func recountReplies(t *tx, postID int64) error {
	_, err := t.exec(`UPDATE post SET replies_count = (SELECT COUNT(*) FROM post r WHERE r.reply_to_id = ?1 AND r.visibility <= 1 AND r.approval = 0) WHERE id = ?1`, postID)
	return err
}

// ancestorIDs selects the ids of the post ?2 and of those above it.
const ancestorIDs = `WITH RECURSIVE up (id, parent, depth) AS (
		SELECT x.id, x.reply_to_id, 0 FROM post x WHERE x.id = ?2
		UNION SELECT y.id, y.reply_to_id, up.depth + 1 FROM up JOIN post y ON y.id = up.parent WHERE up.depth < 10000)
	SELECT id FROM up`

// replacePost stores a new version of a post and keeps the old one in its history.
func replacePost(t *tx, old, p *Post, to addressed) error {
	if err := keepVersion(t, old); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE post SET sensitive = ?, url = ?, title = ?, content_warning = ?, html = ?, source = ?, format = ?, language = ?, facts = ?, edited_at = ?
		WHERE id = ?`, p.Sensitive, p.URL, p.Title, p.ContentWarning, p.HTML, p.Source.Text, p.Source.Format, p.Language, p.Facts, millis(p.EditedAt), old.ID)
	if err != nil {
		return err
	}
	before, err := mentioned(t, old.ID)
	if err != nil {
		return err
	}
	for _, query := range []string{`DELETE FROM mention WHERE post_id = ?`, `DELETE FROM post_tag WHERE post_id = ?`, `DELETE FROM attachment WHERE post_id = ?`} {
		if _, err := t.exec(query, old.ID); err != nil {
			return err
		}
	}
	p.ID, p.AccountID, p.ReplyToAccountID = old.ID, old.AccountID, old.ReplyToAccountID
	// Whom a private post was shown to may still see it: an edit takes nobody out of the conversation.
	for id := range before {
		to.mentions = append(to.mentions, id)
	}
	if err := insertAddressed(t, p, to); err != nil {
		return err
	}
	var fresh []int64
	for _, id := range to.mentions {
		if !before[id] {
			fresh = append(fresh, id)
		}
	}
	if err := notifyAddressed(t, p, fresh); err != nil {
		return err
	}
	t.publish(News{Kind: NewsEdit, PostID: p.ID, EntryID: p.ID, AccountID: p.AccountID})
	if err := indexPost(t, p.ID); err != nil {
		return err
	}
	return notifyBoosters(t, p)
}

// keepVersion writes the present text of a post to its history.
func keepVersion(t *tx, old *Post) error {
	written := old.EditedAt
	if written.IsZero() {
		written = old.CreatedAt
	}
	_, err := t.exec(`INSERT INTO post_edit (id, post_id, title, content_warning, html, source, sensitive, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		t.db.ids.next(), old.ID, old.Title, old.ContentWarning, old.HTML, old.Source.Text, old.Sensitive, millis(written))
	if err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM post_edit WHERE post_id = ?1 AND id NOT IN (SELECT id FROM post_edit WHERE post_id = ?1 ORDER BY id DESC LIMIT ?2)`,
		old.ID, maxEdits)
	return err
}

// mentioned returns the accounts that a post names.
func mentioned(t *tx, postID int64) (map[int64]bool, error) {
	ids := map[int64]bool{}
	err := t.rows(`SELECT account_id FROM mention WHERE post_id = ?`, []any{postID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids[id] = true
		return err
	})
	return ids, err
}

// removePost deletes a post with all that hangs on it and leaves a tombstone.
// Replies to it stay and show a gap.
func removePost(t *tx, p *Post) error {
	if err := publishGone(t, News{Kind: NewsDelete, PostID: p.ID, EntryID: p.ID, AccountID: p.AccountID}); err != nil {
		return err
	}
	if err := countPost(t, p, -1); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE post SET reply_to_id = NULL, reply_to_uri = ? WHERE reply_to_id = ?`, p.URI, p.ID); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM home WHERE id = ?1 AND account_id IN (SELECT account_id FROM follow WHERE target_id = ?2 UNION ALL SELECT ?2
		UNION ALL SELECT tf.account_id FROM post_tag pt JOIN tag_follow tf ON tf.tag_id = pt.tag_id WHERE pt.post_id = ?1)`, p.ID, p.AccountID)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR IGNORE INTO tombstone (uri, id, account_id, public, deleted_at, parent_id) VALUES (?, ?, ?, ?, ?,
		COALESCE(NULLIF(?, 0), (SELECT id FROM tombstone WHERE uri = ? AND id <> 0)))`,
		p.URI, p.ID, p.AccountID, p.Visibility <= Unlisted, millis(t.now), p.ReplyToID, p.ReplyToURI)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE quote SET state = ? WHERE quoted_id = ?`, QuoteRemoved, p.ID); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM media WHERE post_id = ?`, p.ID); err != nil {
		return err
	}
	if err := shortenConversations(t, p); err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM post WHERE id = ?`, p.ID)
	return err
}

// txPost loads a post inside a write.
func txPost(t *tx, where string, args ...any) (*Post, error) {
	s, err := t.w.stmt(background, `SELECT `+postColumns+` FROM post p WHERE `+where)
	if err != nil {
		return nil, err
	}
	return scanPost(s.QueryRow(args...))
}

// txAccount loads an account inside a write.
func txAccount(t *tx, where string, args ...any) (*Account, error) {
	s, err := t.w.stmt(background, `SELECT `+accountColumns+` FROM account a WHERE `+where)
	if err != nil {
		return nil, err
	}
	return scanAccount(s.QueryRow(args...))
}

// txVisible loads a post that a viewer may see, inside a write.
func txVisible(t *tx, id int64, viewer Viewer) (*Post, error) {
	s, err := t.w.stmt(background, `SELECT `+postColumns+` FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = ?3 AND `+visible)
	if err != nil {
		return nil, err
	}
	p, err := scanPost(s.QueryRow(viewer.args(id)...))
	if err != nil {
		return nil, fmt.Errorf("post %d: %w", id, err)
	}
	return p, nil
}

// foldTag is the form in which hashtags are compared.
func foldTag(text string) string { return content.FoldTag(text) }

// background is the context of statements inside a write: see tx.
var background = context.Background()
