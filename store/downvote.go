package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// downvote.go is about votes against what stands in a community, as Lemmy, Mbin
// and PieFed count them. Everywhere else there is no such thing. Somebody has
// one vote: a favourite ends a vote against the same post, and the other way
// round.

// mayDownvote refuses posts that stand in no community that is known: ErrForbidden.
func mayDownvote(t *tx, p *Post) error {
	if p.GroupURI != "" && p.Visibility <= Unlisted {
		stands, err := t.exists(`SELECT 1 FROM account WHERE uri = ? AND kind = ?`, p.GroupURI, Group)
		if err != nil || stands {
			return err
		}
	}
	return fmt.Errorf("%s stands in no community: %w", p.URI, ErrForbidden)
}

// Downvote votes against a post of a community for a member, and takes back
// their favourite of it. Again changes nothing; ErrForbidden if the post stands
// in no community.
func (db *DB) Downvote(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "downvote", func(t *tx) error {
		p, err := txVisible(t, postID, AsMember(accountID))
		if err != nil {
			return err
		}
		if err := mayDownvote(t, p); err != nil {
			return err
		}
		if err := unfavourite(t, accountID, p.ID); err != nil {
			return err
		}
		id := t.db.ids.next()
		uri := t.db.base + "/ap/dislikes/" + strconv.FormatInt(id, 10)
		fresh, err := insertDownvote(t, id, uri, accountID, p)
		if err != nil || !fresh {
			return err
		}
		return tellGroup(t, p, OutboxDownvote, accountID, uri)
	})
}

// tellGroup tells the author of a post, if they live elsewhere, and its
// community of a vote.
func tellGroup(t *tx, p *Post, kind OutboxKind, accountID int64, uri string) error {
	d := OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: uri, TargetID: p.AccountID}
	if t.db.IsLocal(p.URI) {
		if err := t.row(`SELECT id FROM account WHERE uri = ?`, []any{p.GroupURI}, &d.TargetID); err != nil {
			return err
		}
	}
	return tellRemote(t, d.TargetID, kind, accountID, d)
}

// Undownvote takes a member's vote against a post back.
func (db *DB) Undownvote(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "take a downvote back", func(t *tx) error { return undownvote(t, accountID, postID) })
}

func undownvote(t *tx, accountID, postID int64) error {
	uri, err := removeDownvote(t, accountID, `post_id = ?2`, postID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := txPost(t, `p.id = ?`, postID)
	if err != nil {
		return err
	}
	return tellGroup(t, p, OutboxUndownvote, accountID, uri)
}

func insertDownvote(t *tx, id int64, uri string, accountID int64, p *Post) (fresh bool, err error) {
	n, err := t.exec(`INSERT OR IGNORE INTO downvote (id, uri, account_id, post_id, created_at) VALUES (?, ?, ?, ?, ?)`,
		id, uri, accountID, p.ID, millis(t.now))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = t.exec(`UPDATE post SET downvotes_count = downvotes_count + 1 WHERE id = ?`, p.ID)
	return true, err
}

// removeDownvote deletes the downvote that a query finds, and returns its URI.
func removeDownvote(t *tx, accountID int64, where string, args ...any) (uri string, err error) {
	var postID int64
	if err := t.row(`DELETE FROM downvote WHERE account_id = ?1 AND (`+where+`) RETURNING post_id, uri`, append([]any{accountID}, args...), &postID, &uri); err != nil {
		return "", err
	}
	_, err = t.exec(`UPDATE post SET downvotes_count = MAX(downvotes_count - 1, 0) WHERE id = ?`, postID)
	return uri, err
}

// ReceiveDownvote stores a vote against a post of a community by an account
// elsewhere, which ends their favourite of it. ErrNotFound if they may not see
// the post, ErrForbidden if it stands in no community.
func (db *DB) ReceiveDownvote(ctx context.Context, accountID, postID int64, uri string) error {
	return db.write(ctx, "receive downvote", func(t *tx) error {
		p, err := txVisible(t, postID, AsRemote(accountID))
		if err != nil {
			return err
		}
		if err := mayDownvote(t, p); err != nil {
			return err
		}
		if _, _, err := removeFavourite(t, accountID, `post_id = ?2`, p.ID); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		_, err = insertDownvote(t, t.db.ids.next(), uri, accountID, p)
		return err
	})
}

// ReceiveUndownvote takes back a vote against a post by an account elsewhere,
// named by its URI or by the post. ErrNotFound if there is none.
func (db *DB) ReceiveUndownvote(ctx context.Context, accountID int64, uri, postURI string) error {
	return db.write(ctx, "receive the end of a downvote", func(t *tx) error {
		_, err := removeDownvote(t, accountID, `uri = ?2 OR post_id = (SELECT id FROM post WHERE uri = ?3)`, uri, postURI)
		return err
	})
}
