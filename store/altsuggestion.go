package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of suggested descriptions.
const (
	maxSuggestedOfMember = 50 // within suggestedWithin
	suggestedWithin      = 24 * time.Hour
	maxSuggestedOfFile   = 10 // that wait for their author
)

// AltSuggestion is a description that a member suggests for a file on somebody
// else's post. There is no standard for telling other servers of one, so both
// are members of this one.
type AltSuggestion struct {
	ID        int64
	MediaID   int64
	PostID    int64
	From      *Account
	Text      string
	CreatedAt time.Time
}

// SuggestAlt suggests a description for a file on a post of another member, who
// is told, once a post. A second one for the same file takes the place of the
// first. *InputError says what is wrong with the text, or that there are too
// many; ErrNotFound also stands for a post that may not be seen or is not from
// here, ErrForbidden for one's own.
func (db *DB) SuggestAlt(ctx context.Context, fromID, postID, mediaID int64, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return &InputError{Field: "text", Problem: InputEmpty}
	}
	if err := (MediaText{Description: text}).check(); err != nil {
		return &InputError{Field: "text", Problem: InputLong, Limit: MaxAlt}
	}
	return db.write(ctx, "suggest a description", func(t *tx) error {
		p, err := txVisible(t, postID, AsMember(fromID))
		if err != nil {
			return err
		}
		if p.AccountID == fromID {
			return fmt.Errorf("suggest to oneself: %w", ErrForbidden)
		}
		ids, err := mediaOn(t, p.ID)
		if err == nil && !slices.Contains(ids, mediaID) {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := refuseSuggestions(t, fromID, mediaID); err != nil {
			return err
		}
		_, err = t.exec(`INSERT OR REPLACE INTO alt_suggestion (id, media_id, post_id, from_id, text, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			t.db.ids.next(), mediaID, p.ID, fromID, text, millis(t.now))
		if err != nil {
			return err
		}
		return notify(t, p.AccountID, NotifyAlt, fromID, p.ID)
	})
}

// refuseSuggestions holds the limits.
func refuseSuggestions(t *tx, fromID, mediaID int64) error {
	var n, waiting int
	err := t.row(`SELECT (SELECT COUNT(*) FROM alt_suggestion WHERE from_id = ?1 AND created_at > ?2),
		(SELECT COUNT(*) FROM alt_suggestion WHERE media_id = ?3 AND from_id <> ?1)`,
		[]any{fromID, millis(t.now.Add(-suggestedWithin)), mediaID}, &n, &waiting)
	if err != nil {
		return err
	}
	if n >= maxSuggestedOfMember {
		return &InputError{Field: "text", Problem: InputMany, Limit: maxSuggestedOfMember}
	}
	if waiting >= maxSuggestedOfFile {
		return &InputError{Field: "file", Problem: InputMany, Limit: maxSuggestedOfFile}
	}
	return nil
}

// AltSuggestions lists what is suggested for the files of a post, oldest first:
// to its author all but of those whom they muted or blocked, to everybody else
// their own.
func (db *DB) AltSuggestions(ctx context.Context, viewerID, postID int64) ([]*AltSuggestion, error) {
	var list []*AltSuggestion
	var from []int64
	people := map[int64]bool{}
	err := db.rows(ctx, `SELECT x.id, x.media_id, x.post_id, x.from_id, x.text, x.created_at
		FROM alt_suggestion x JOIN post p ON p.id = x.post_id JOIN media m ON m.id = x.media_id AND m.post_id = p.id JOIN account a ON a.id = x.from_id
		WHERE x.post_id = ?2 AND (x.from_id = ?1 OR p.account_id = ?1) AND `+shown+` AND `+notBlocked+`
		AND NOT EXISTS (SELECT 1 FROM mute mu WHERE mu.account_id = ?1 AND mu.target_id = x.from_id)
		ORDER BY x.id`, []any{viewerID, postID}, func(rows *sql.Rows) error {
		var s AltSuggestion
		var who, created int64
		err := rows.Scan(&s.ID, &s.MediaID, &s.PostID, &who, &s.Text, &created)
		s.CreatedAt = fromMillis(created)
		list, from, people[who] = append(list, &s), append(from, who), true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list suggested descriptions: %w", err)
	}
	accounts, err := db.accountsByID(ctx, people)
	for i, s := range list {
		s.From = accounts[from[i]]
	}
	return list, err
}

// AcceptAlt makes what is suggested for a file of the author's own post its
// description, or text in its place where that is not empty. This is an edit of
// the post as any other. All that is suggested for the file is done with then.
// Errors are those of UpdatePost.
func (db *DB) AcceptAlt(ctx context.Context, authorID, id int64, text string) (*Post, error) {
	var postID, mediaID int64
	var suggested string
	said := MediaText{}
	err := db.row(ctx, `SELECT x.post_id, x.media_id, x.text, m.focal_x, m.focal_y FROM alt_suggestion x
		JOIN post p ON p.id = x.post_id JOIN media m ON m.id = x.media_id AND m.post_id = p.id WHERE x.id = ? AND p.account_id = ?`,
		[]any{id, authorID}, &postID, &mediaID, &suggested, &said.FocalX, &said.FocalY)
	if err != nil {
		return nil, err
	}
	if said.Description = strings.TrimSpace(text); said.Description == "" {
		said.Description = suggested
	}
	p, err := db.Post(ctx, postID)
	if err != nil {
		return nil, err
	}
	return db.UpdatePost(ctx, authorID, postID, Edit{
		Source: p.Source, ContentWarning: p.ContentWarning, Sensitive: p.Sensitive, Language: p.Language, SeenAt: p.Version(),
		MediaTexts: map[int64]MediaText{mediaID: said}, answersAlt: mediaID,
	})
}

// DeclineAlt removes a suggested description: the author of the post may, and
// who suggested it. Nobody is told.
func (db *DB) DeclineAlt(ctx context.Context, accountID, id int64) (postID int64, err error) {
	err = db.write(ctx, "decline a description", func(t *tx) error {
		var author, from int64
		err := t.row(`SELECT x.post_id, p.account_id, x.from_id FROM alt_suggestion x JOIN post p ON p.id = x.post_id WHERE x.id = ?1 AND (p.account_id = ?2 OR x.from_id = ?2)`,
			[]any{id, accountID}, &postID, &author, &from)
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM alt_suggestion WHERE id = ?`, id); err != nil || accountID != from {
			return err
		}
		left, err := t.exists(`SELECT 1 FROM alt_suggestion WHERE post_id = ? AND from_id = ?`, postID, from)
		if err != nil || left {
			return err
		}
		return unnotify(t, author, NotifyAlt, from, postID)
	})
	return postID, err
}

// answerAlt lets go of what was suggested for a file that is described now.
func answerAlt(t *tx, mediaID int64) error {
	_, err := t.exec(`DELETE FROM alt_suggestion WHERE media_id = ?`, mediaID)
	return err
}
