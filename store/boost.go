package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Boost shows a post to a member's followers. Public posts can be boosted by
// all who see them, a followers-only post by its author alone, to the same people.
// Boosting again changes nothing.
func (db *DB) Boost(ctx context.Context, accountID, postID int64) error {
	return db.BoostTo(ctx, accountID, postID, Public)
}

// BoostTo is Boost for a smaller circle: [Public], [Unlisted] or [Followers], and
// never wider than the post. ErrAsksFirst if that is narrower than the post and
// its author wants to be asked before.
func (db *DB) BoostTo(ctx context.Context, accountID, postID int64, v Visibility) error {
	return db.write(ctx, "boost", func(t *tx) error {
		p, err := txVisible(t, postID, AsMember(accountID))
		if err != nil {
			return err
		}
		if !MayBoost(p, accountID) {
			return fmt.Errorf("a %s post: %w", p.Visibility, ErrForbidden)
		}
		id := t.db.ids.next()
		b := boostRow{id: id, uri: t.db.base + "/ap/boosts/" + strconv.FormatInt(id, 10), accountID: accountID, visibility: circleOfBoost(v, p), createdAt: t.now}
		held, err := askFirst(t, &Interaction{ID: id, Deed: DeedBoost, AccountID: accountID, URI: b.uri}, p)
		if held && b.visibility != p.Visibility {
			return ErrAsksFirst // what waits does not keep for whom it is
		}
		if err != nil || held {
			return err
		}
		fresh, err := insertBoost(t, b, p)
		if err != nil || !fresh || !p.Leaves() {
			return err
		}
		return addOutbox(t, OutboxBoost, accountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: b.uri, TargetID: p.AccountID, Visibility: b.visibility})
	})
}

// circleOfBoost is who sees a boost that was wanted for v.
func circleOfBoost(v Visibility, p *Post) Visibility {
	if p.Visibility == LocalOnly {
		return LocalOnly
	}
	return max(min(v, Followers), p.Visibility)
}

// MayBoost says whether an account that sees a post may boost it.
func MayBoost(p *Post, accountID int64) bool {
	switch p.Visibility {
	case Direct:
		return false
	case Followers:
		return p.AccountID == accountID
	}
	return true
}

type boostRow struct {
	id         int64
	uri        string
	accountID  int64
	visibility Visibility
	createdAt  time.Time
}

// insertBoost stores a boost with what follows from it; fresh is false if there was one.
func insertBoost(t *tx, b boostRow, p *Post) (fresh bool, err error) {
	n, err := t.exec(`INSERT OR IGNORE INTO boost (id, uri, account_id, post_id, visibility, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		b.id, b.uri, b.accountID, p.ID, b.visibility, millis(b.createdAt))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := t.exec(`UPDATE post SET boosts_count = boosts_count + 1 WHERE id = ?`, p.ID); err != nil {
		return false, err
	}
	if err := takeIn(t, b.accountID, p); err != nil {
		return false, err
	}
	if err := keepFindable(t, p.ID); err != nil {
		return false, err
	}
	// Not to those who have the post from its author, nor back to its author.
	// Groups show every answer in their threads around: home gets the threads.
	_, err = t.exec(`INSERT OR IGNORE INTO home (account_id, id, post_id)
		SELECT u.account_id, ?1, ?2 FROM follow f JOIN user u ON u.account_id = f.account_id
		WHERE f.target_id = ?3 AND f.accepted AND u.account_id <> ?4
		AND NOT (?5 AND EXISTS (SELECT 1 FROM account g WHERE g.id = ?3 AND g.kind = 3))
		AND NOT EXISTS (SELECT 1 FROM home h WHERE h.account_id = u.account_id AND h.id = ?2)`, b.id, p.ID, b.accountID, p.AccountID, p.IsReply())
	if err != nil {
		return false, err
	}
	t.publish(News{Kind: NewsBoost, PostID: p.ID, EntryID: b.id, AccountID: b.accountID})
	return true, notify(t, p.AccountID, NotifyBoost, b.accountID, p.ID)
}

// removeBoost deletes a boost with what followed from it.
func removeBoost(t *tx, id, accountID int64, p *Post) error {
	if err := publishGone(t, News{Kind: NewsUnboost, PostID: p.ID, EntryID: id, AccountID: accountID}); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM boost WHERE id = ?`, id); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE post SET boosts_count = MAX(boosts_count - 1, 0) WHERE id = ?`, p.ID); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM home WHERE id = ?1 AND account_id IN (SELECT account_id FROM follow WHERE target_id = ?2)`, id, accountID); err != nil {
		return err
	}
	return unnotify(t, p.AccountID, NotifyBoost, accountID, p.ID)
}

// Unboost takes a member's boost back.
func (db *DB) Unboost(ctx context.Context, accountID, postID int64) error {
	return db.write(ctx, "unboost", func(t *tx) error {
		if err := unask(t, DeedBoost, accountID, postID); err != nil {
			return err
		}
		var id int64
		var uri string
		var circle Visibility
		err := t.row(`SELECT id, uri, visibility FROM boost WHERE post_id = ? AND account_id = ?`, []any{postID, accountID}, &id, &uri, &circle)
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
		if err := removeBoost(t, id, accountID, p); err != nil || !p.Leaves() {
			return err
		}
		return addOutbox(t, OutboxUnboost, accountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: uri, TargetID: p.AccountID, Visibility: circle})
	})
}

// RemoteBoost is a boost by an account elsewhere.
type RemoteBoost struct {
	AccountID, PostID int64
	URI               string
	PublishedAt       time.Time
	StampURI          string // by which the post's author approves, as it says
}

// ReceiveBoost stores a boost by an account elsewhere. ErrForbidden if the post
// is not one that the account may show around.
func (db *DB) ReceiveBoost(ctx context.Context, r RemoteBoost) error {
	return db.write(ctx, "receive boost", func(t *tx) error {
		p, err := txPost(t, `p.id = ?`, r.PostID)
		if err != nil {
			return err
		}
		if p.Visibility > Unlisted && p.AccountID != r.AccountID || p.Visibility >= Direct {
			return fmt.Errorf("a %s post: %w", p.Visibility, ErrForbidden)
		}
		if err := refuseIfBlocked(t, r.AccountID, p.AccountID); err != nil {
			return err
		}
		i := &Interaction{Deed: DeedBoost, AccountID: r.AccountID, URI: r.URI, StampURI: r.StampURI}
		if now, err := admit(t, i, p); err != nil || !now {
			return keepHeldOr(t, i, err)
		}
		id, err := freeID(t, r.PublishedAt)
		if err != nil {
			return err
		}
		_, err = insertBoost(t, boostRow{id: id, uri: r.URI, accountID: r.AccountID, visibility: p.Visibility, createdAt: r.PublishedAt}, p)
		return err
	})
}

// ReceiveUnboost takes back a boost by an account elsewhere, named by its URI or by the post.
func (db *DB) ReceiveUnboost(ctx context.Context, accountID int64, uri, postURI string) error {
	return db.write(ctx, "receive unboost", func(t *tx) error {
		if done, err := receiveUnask(t, DeedBoost, accountID, uri, postURI); done || err != nil {
			return err
		}
		var id, postID int64
		err := t.row(`SELECT b.id, b.post_id FROM boost b JOIN post p ON p.id = b.post_id WHERE b.account_id = ?1 AND (b.uri = ?2 OR p.uri = ?3 AND ?3 <> '')`,
			[]any{accountID, uri, postURI}, &id, &postID)
		if err != nil {
			return err
		}
		p, err := txPost(t, `p.id = ?`, postID)
		if err != nil {
			return err
		}
		return removeBoost(t, id, accountID, p)
	})
}

// BoostersOf lists who boosted a post that the viewer may see.
func (db *DB) BoostersOf(ctx context.Context, postID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "boosters", c, "b.id", `FROM boost b JOIN post p ON p.id = b.post_id JOIN account a ON a.id = b.account_id
		WHERE b.post_id = ?1 AND (b.visibility <= 1 OR b.visibility = p.visibility) AND `+shown, postID)
}
