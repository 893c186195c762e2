package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// Favourite tells an author that a member likes a post, or asks them first if
// the post's policy says so; ErrForbidden if it is not for the member. Again
// changes nothing.
func (db *DB) Favourite(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "favourite", func(t *tx) error {
		p, err := txVisible(t, postID, AsMember(accountID))
		if err != nil {
			return err
		}
		id := t.db.ids.next()
		uri := t.db.base + "/ap/likes/" + strconv.FormatInt(id, 10)
		if held, err := askFirst(t, &Interaction{ID: id, Deed: DeedFavourite, AccountID: accountID, URI: uri}, p); err != nil || held {
			return err
		}
		fresh, err := insertFavourite(t, id, uri, accountID, p)
		if err != nil || !fresh || !p.Leaves() {
			return err
		}
		if err := undownvote(t, accountID, p.ID); err != nil {
			return err
		}
		return tellRemote(t, p.AccountID, OutboxFavourite, accountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: uri, TargetID: p.AccountID})
	})
}

func insertFavourite(t *tx, id int64, uri string, accountID int64, p *Post) (fresh bool, err error) {
	n, err := t.exec(`INSERT OR IGNORE INTO favourite (id, uri, account_id, post_id, created_at) VALUES (?, ?, ?, ?, ?)`,
		id, uri, accountID, p.ID, millis(t.now))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := t.exec(`UPDATE post SET favourites_count = favourites_count + 1 WHERE id = ?`, p.ID); err != nil {
		return false, err
	}
	if err := keepFindable(t, p.ID); err != nil {
		return false, err
	}
	return true, notify(t, p.AccountID, NotifyFavourite, accountID, p.ID)
}

// removeFavourite deletes the favourite that a query finds, and returns its post and URI.
func removeFavourite(t *tx, accountID int64, where string, args ...any) (p *Post, uri string, err error) {
	var postID int64
	if err := t.row(`DELETE FROM favourite WHERE account_id = ?1 AND (`+where+`) RETURNING post_id, uri`, append([]any{accountID}, args...), &postID, &uri); err != nil {
		return nil, "", err
	}
	if _, err := t.exec(`UPDATE post SET favourites_count = MAX(favourites_count - 1, 0) WHERE id = ?`, postID); err != nil {
		return nil, "", err
	}
	if p, err = txPost(t, `p.id = ?`, postID); err != nil {
		return nil, "", err
	}
	return p, uri, unnotify(t, p.AccountID, NotifyFavourite, accountID, postID)
}

// Unfavourite takes a member's favourite back.
func (db *DB) Unfavourite(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "unfavourite", func(t *tx) error { return unfavourite(t, accountID, postID) })
}

func unfavourite(t *tx, accountID, postID int64) error {
	if err := unask(t, DeedFavourite, accountID, postID); err != nil {
		return err
	}
	p, uri, err := removeFavourite(t, accountID, `post_id = ?2`, postID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || !p.Leaves() {
		return err
	}
	return tellRemote(t, p.AccountID, OutboxUnfavourite, accountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: uri, TargetID: p.AccountID})
}

// ReceiveFavourite stores a favourite by an account elsewhere, who must be able
// to see the post (else ErrNotFound). stampURI is by which the post's author
// approves, if it says so.
func (db *DB) ReceiveFavourite(ctx context.Context, accountID, postID int64, uri, stampURI string) error {
	return db.write(ctx, "receive favourite", func(t *tx) error {
		p, err := txVisible(t, postID, AsRemote(accountID))
		if err != nil {
			return err
		}
		i := &Interaction{Deed: DeedFavourite, AccountID: accountID, URI: uri, StampURI: stampURI}
		if now, err := admit(t, i, p); err != nil || !now {
			return keepHeldOr(t, i, err)
		}
		if _, err := removeDownvote(t, accountID, `post_id = ?2`, p.ID); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		_, err = insertFavourite(t, t.db.ids.next(), uri, accountID, p)
		return err
	})
}

// ReceiveUnfavourite takes back a favourite by an account elsewhere, named by its URI or by the post.
func (db *DB) ReceiveUnfavourite(ctx context.Context, accountID int64, uri, postURI string) error {
	return db.write(ctx, "receive unfavourite", func(t *tx) error {
		if done, err := receiveUnask(t, DeedFavourite, accountID, uri, postURI); done || err != nil {
			return err
		}
		_, _, err := removeFavourite(t, accountID, `uri = ?2 OR post_id = (SELECT id FROM post WHERE uri = ?3)`, uri, postURI)
		return err
	})
}

// FavouritersOf lists who favourited a post.
func (db *DB) FavouritersOf(ctx context.Context, postID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "favouriters", c, "f.id", `FROM favourite f JOIN account a ON a.id = f.account_id WHERE f.post_id = ?1 AND `+shown, postID)
}

// Bookmark keeps a post for a member; nobody else knows. One that was ended a
// moment ago is in its folder again.
func (db *DB) Bookmark(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "bookmark", func(t *tx) error {
		if _, err := txVisible(t, postID, AsMember(accountID)); err != nil {
			return err
		}
		_, err := t.exec(`INSERT OR IGNORE INTO bookmark (id, account_id, post_id, folder_id) VALUES (?1, ?2, ?3,
			(SELECT u.folder_id FROM unbookmark u WHERE u.account_id = ?2 AND u.post_id = ?3 AND u.at > ?4))`,
			t.db.ids.next(), accountID, postID, millis(t.now.Add(-undoWithin)))
		if err != nil {
			return err
		}
		return keepFindable(t, postID)
	})
}

// Unbookmark ends a bookmark.
func (db *DB) Unbookmark(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "unbookmark", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM unbookmark WHERE account_id = ?1 AND (at < ?2 OR post_id = ?3
			AND EXISTS (SELECT 1 FROM bookmark b WHERE b.account_id = ?1 AND b.post_id = ?3))`, accountID, millis(t.now.Add(-undoWithin)), postID); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO unbookmark (account_id, post_id, folder_id, at) SELECT account_id, post_id, folder_id, ?3 FROM bookmark
			WHERE account_id = ?1 AND post_id = ?2 AND folder_id IS NOT NULL`, accountID, postID, millis(t.now))
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM bookmark WHERE account_id = ? AND post_id = ?`, accountID, postID)
		return err
	})
}

// Pin puts an author's own post at the top of their profile. ErrForbidden for
// direct posts and when too many are pinned.
func (db *DB) Pin(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "pin", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, accountID)
		if err != nil {
			return err
		}
		var n int
		if err := t.row(`SELECT COUNT(*) FROM pin WHERE account_id = ?`, []any{accountID}, &n); err != nil {
			return err
		}
		if p.Visibility == Direct || n >= maxPins {
			return fmt.Errorf("pinned %d, visibility %s: %w", n, p.Visibility, ErrForbidden)
		}
		fresh, err := t.exec(`INSERT OR IGNORE INTO pin (id, account_id, post_id) VALUES (?, ?, ?)`, t.db.ids.next(), accountID, postID)
		if err != nil || fresh == 0 {
			return err
		}
		return tellPin(t, OutboxPin, p)
	})
}

// tellPin tells other servers of a post that everyone may see: no other is in
// the collection of pinned posts that they read.
func tellPin(t *tx, kind OutboxKind, p *Post) error {
	if p.Visibility > Unlisted {
		return nil
	}
	return addOutbox(t, kind, p.AccountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, Visibility: p.Visibility})
}

// Unpin takes a post from the top of a profile.
func (db *DB) Unpin(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "unpin", func(t *tx) error {
		n, err := t.exec(`DELETE FROM pin WHERE account_id = ? AND post_id = ?`, accountID, postID)
		if err != nil || n == 0 {
			return err
		}
		p, err := txPost(t, `p.id = ?`, postID)
		if err != nil {
			return err
		}
		return tellPin(t, OutboxUnpin, p)
	})
}

// ReceivePin pins a post, known here, of an account elsewhere, on its word.
// ErrNotFound if the post is not stored, ErrForbidden if it is not theirs to pin.
func (db *DB) ReceivePin(ctx context.Context, accountID int64, postURI string) error {
	return db.write(ctx, "receive pin", func(t *tx) error {
		p, err := txPost(t, `p.uri = ?`, postURI)
		if err != nil {
			return err
		}
		if p.AccountID != accountID || p.Visibility == Direct {
			return fmt.Errorf("pin %s: %w", postURI, ErrForbidden)
		}
		if _, err := t.exec(`INSERT OR IGNORE INTO pin (id, account_id, post_id) VALUES (?, ?, ?)`, t.db.ids.next(), accountID, p.ID); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM pin WHERE account_id = ?1 AND id NOT IN (SELECT id FROM pin WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2)`, accountID, maxPins)
		return err
	})
}

// ReceiveUnpin takes a post of an account elsewhere from the top of its profile.
func (db *DB) ReceiveUnpin(ctx context.Context, accountID int64, postURI string) error {
	return db.write(ctx, "receive unpin", func(t *tx) error {
		n, err := t.exec(`DELETE FROM pin WHERE account_id = ? AND post_id = (SELECT id FROM post WHERE uri = ?)`, accountID, postURI)
		return errors.Join(err, missingIf(n == 0))
	})
}
