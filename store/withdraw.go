package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// DeletePost deletes an author's own post with its uploads.
func (db *DB) DeletePost(ctx context.Context, authorID, postID int64) error {
	return db.write(ctx, "delete post", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
		if err != nil {
			return err
		}
		return withdraw(t, p)
	})
}

// Redraft makes a draft of an author's own post, with its files, its poll and
// all else that can be written again, and deletes the post, both or nothing.
func (db *DB) Redraft(ctx context.Context, authorID, postID int64) (*SavedDraft, error) {
	var id int64
	err := db.write(ctx, "redraft post", func(t *tx) error {
		d, p, err := takeBack(t, authorID, postID)
		if err != nil {
			return err
		}
		if id, err = keepDraft(t, *d, time.Time{}); err != nil {
			return err
		}
		return withdraw(t, p)
	})
	if err != nil {
		return nil, err
	}
	return db.SavedDraft(ctx, authorID, id)
}

// TakeBackPost is DeletePost for an app that may post the text again: the
// uploads stay for a day.
func (db *DB) TakeBackPost(ctx context.Context, authorID, postID int64) error {
	return db.write(ctx, "take back post", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
		if err != nil {
			return err
		}
		if err := attach(t, postID, nil); err != nil {
			return err
		}
		return withdraw(t, p)
	})
}

// takeBack returns a post as a draft and lets go of its uploads.
func takeBack(t *tx, authorID, postID int64) (*Draft, *Post, error) {
	p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
	if err != nil {
		return nil, nil, err
	}
	poll, err := txPoll(t, postID, 0)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, nil, err
	}
	media, err := mediaOn(t, postID)
	if err != nil {
		return nil, nil, err
	}
	d := &Draft{AuthorID: authorID, Source: p.Source, ContentWarning: p.ContentWarning, Sensitive: p.Sensitive, MediaIDs: media,
		Language: p.Language, Visibility: p.Visibility, ReplyToID: p.ReplyToID, Poll: poll.again(p.CreatedAt)}
	if !p.ExpiresAt.IsZero() {
		d.ExpiresIn = p.ExpiresAt.Sub(p.CreatedAt)
	}
	err = t.row(`SELECT p.policy, COALESCE((SELECT q.quoted_id FROM quote q WHERE q.post_id = p.id), 0) FROM post p WHERE p.id = ?`, []any{postID}, &d.Policy, &d.QuoteID)
	return d, p, errors.Join(err, attach(t, postID, nil))
}

// withdraw deletes a post of a member, with the uploads that are on it, and has
// other servers told.
func withdraw(t *tx, p *Post) error {
	if p.Leaves() {
		told, err := toldOf(t, p)
		if err != nil {
			return err
		}
		if err := addOutbox(t, OutboxDeletePost, p.AccountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, Visibility: p.Visibility, Told: told}); err != nil {
			return err
		}
	}
	return removePost(t, p)
}

// toldOf lists the remote accounts whose servers may hold a post beside the
// author's followers': whom it names, who answered, boosted,
// favourited or reacted to it.
func toldOf(t *tx, p *Post) ([]int64, error) {
	var ids []int64
	err := t.rows(`SELECT id FROM account WHERE host <> '' AND id IN (
			SELECT account_id FROM mention WHERE post_id = ?1
			UNION SELECT account_id FROM post WHERE reply_to_id = ?1
			UNION SELECT account_id FROM boost WHERE post_id = ?1
			UNION SELECT account_id FROM favourite WHERE post_id = ?1
			UNION SELECT account_id FROM poll_vote WHERE post_id = ?1
			UNION SELECT account_id FROM reaction WHERE post_id = ?1
			UNION SELECT id FROM account WHERE uri = ?3
			UNION SELECT ?2)`, []any{p.ID, p.ReplyToAccountID, p.GroupURI}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
