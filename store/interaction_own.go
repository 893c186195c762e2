package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// holdOwn notes that a member's deed waits for the author of a post, and asks
// them: here by a notification, elsewhere by a request. Asking twice is harmless.
func holdOwn(t *tx, i *Interaction, p *Post) error {
	i.PostID, i.TargetID, i.state = p.ID, p.AccountID, ApprovalWaiting
	if i.Deed == DeedBoost || i.Deed == DeedFavourite {
		old, err := txInteraction(t, `i.post_id = ? AND i.account_id = ? AND i.deed = ?`, p.ID, i.AccountID, i.Deed)
		switch {
		case err == nil && old.state == ApprovalRefused:
			return fmt.Errorf("%s was refused: %w", i.Deed, ErrForbidden)
		case err == nil:
			return nil
		case !errors.Is(err, ErrNotFound):
			return err
		}
	}
	local := t.db.IsLocal(p.URI)
	if !local {
		i.AskedURI = i.URI + "#request"
	}
	if _, err := insertInteraction(t, i); err != nil {
		return err
	}
	if local {
		return notify(t, i.TargetID, NotifyAsked, i.AccountID, i.told())
	}
	if i.Deed == DeedReply {
		return nil // asked when whom it names is known: see publishPost
	}
	d := i.detail(p)
	d.TargetID = i.TargetID
	return addOutbox(t, OutboxAsk, i.AccountID, d)
}

// publishPost has a new post told to other servers, or, where it needs the
// agreement of whom it answers, has them asked. An approved reply is published then.
func publishPost(t *tx, p *Post) error {
	if p.Approval == ApprovalNone {
		return addOutbox(t, OutboxCreatePost, p.AccountID, OutboxDetail{PostID: p.ID})
	}
	i, err := txInteraction(t, `i.made_id = ? AND i.deed = ? AND i.state = ?`, p.ID, DeedReply, ApprovalWaiting)
	if err != nil || i.AskedURI == "" {
		return ignoreMissing(err)
	}
	parent, err := txPost(t, `p.id = ?`, i.PostID)
	if err != nil {
		return err
	}
	d := i.detail(parent)
	d.TargetID = i.TargetID
	return addOutbox(t, OutboxAsk, p.AccountID, d)
}

func ignoreMissing(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// unask ends a member's favourite or boost that waits.
func unask(t *tx, d Deed, accountID, postID int64) error {
	i, err := txInteraction(t, `i.post_id = ? AND i.account_id = ? AND i.deed = ? AND i.state = ?`, postID, accountID, d, ApprovalWaiting)
	if err != nil {
		return ignoreMissing(err)
	}
	if _, err := t.exec(`DELETE FROM interaction WHERE id = ?`, i.ID); err != nil {
		return err
	}
	if err := unnotify(t, i.TargetID, NotifyAsked, accountID, postID); err != nil || i.AskedURI == "" || !t.db.IsLocal(i.URI) {
		return err
	}
	p, err := txPost(t, `p.id = ?`, postID)
	if err != nil {
		return err
	}
	told := i.detail(p)
	told.TargetID = i.TargetID
	return tellRemote(t, i.TargetID, OutboxWithdraw, accountID, told)
}

// askFirst applies a post's policy to a member's boost or favourite, and holds
// it if the author must be asked. ErrForbidden if it is not for the member.
func askFirst(t *tx, i *Interaction, p *Post) (held bool, err error) {
	verdict, err := verdictOn(t, i.Deed, p, i.AccountID)
	if err != nil || verdict == Permitted {
		return false, err
	}
	done := `SELECT 1 FROM favourite WHERE post_id = ? AND account_id = ?`
	if i.Deed == DeedBoost {
		done = `SELECT 1 FROM boost WHERE post_id = ? AND account_id = ?`
	}
	if held, err = t.exists(done, p.ID, i.AccountID); err != nil || held {
		return held, err // done before, and nothing to ask
	}
	if verdict == Refused {
		return false, fmt.Errorf("%s: %w", i.Deed, ErrForbidden)
	}
	return true, holdOwn(t, i, p)
}

// SetPolicy changes who may do what with an author's own post.
func (db *DB) SetPolicy(ctx context.Context, authorID, postID int64, policy InteractionPolicy) error {
	return db.write(ctx, "set policy", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE post SET policy = ? WHERE id = ?`, policy, p.ID); err != nil || !p.Leaves() || p.Approval != ApprovalNone {
			return err
		}
		return addOutbox(t, OutboxUpdateQuote, authorID, OutboxDetail{PostID: p.ID})
	})
}

// Verdict says whether the viewer may do something with the post.
func (v *PostView) Verdict(d Deed) Verdict {
	if v.Policy == 0 {
		return Permitted
	}
	remote := v.Author != nil && !v.Author.Local()
	return v.Policy.judge(d, v.relation, remote)
}

// Waits says whether something that the viewer did waits for the author's agreement.
func (v *PostView) Waits(d Deed) bool { return v.waiting&(1<<d) != 0 }

// Stamps lists what a member approved of with their own post, oldest first.
func (db *DB) Stamps(ctx context.Context, accountID, postID int64) ([]*Stamp, error) {
	var list []*Stamp
	err := db.rows(ctx, `SELECT s.id, s.deed, s.post_id, s.account_id, s.quoting_uri FROM stamp s JOIN post p ON p.id = s.post_id
		WHERE s.post_id = ? AND p.account_id = ? ORDER BY s.id LIMIT ?`, []any{postID, accountID, maxStamps}, func(rows *sql.Rows) error {
		var s Stamp
		err := rows.Scan(&s.ID, &s.Deed, &s.PostID, &s.AccountID, &s.QuotingURI)
		list = append(list, &s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("stamps of post %d: %w", postID, err)
	}
	return list, nil
}

// RevokeStamp takes back what a member approved of, and tells whom it was given
// to (FEP-044f). ErrNotFound if it is not of a post of theirs.
func (db *DB) RevokeStamp(ctx context.Context, accountID, stampID int64) error {
	return db.write(ctx, "revoke stamp", func(t *tx) error {
		s := Stamp{ID: stampID}
		err := t.row(`DELETE FROM stamp WHERE id = ? AND post_id IN (SELECT id FROM post WHERE account_id = ?) RETURNING deed, post_id, account_id, quoting_uri`,
			[]any{stampID, accountID}, &s.Deed, &s.PostID, &s.AccountID, &s.QuotingURI)
		if err != nil {
			return err
		}
		p, err := txPost(t, `p.id = ?`, s.PostID)
		if err != nil {
			return err
		}
		i, err := txInteraction(t, `i.uri = ?`, s.QuotingURI)
		if errors.Is(err, ErrNotFound) {
			i = &Interaction{Deed: s.Deed, PostID: p.ID, TargetID: accountID, AccountID: s.AccountID, URI: s.QuotingURI, state: ApprovalRefused}
			if s.AccountID != 0 {
				_, err = insertInteraction(t, i)
			} else {
				err = nil
			}
		}
		if err != nil {
			return err
		}
		uri := t.db.base + "/ap/stamps/" + strconv.FormatInt(s.ID, 10)
		if err := tellRemote(t, s.AccountID, OutboxRevoke, accountID, OutboxDetail{PostID: p.ID, ObjectURI: uri, TargetID: s.AccountID}); err != nil {
			return err
		}
		return takeAway(t, i, p)
	})
}

// keepOwnPolicy stores who may do what with a member's new post, and asks the
// author of what it answers if they want that.
func keepOwnPolicy(t *tx, p *Post, policy InteractionPolicy) error {
	if policy != 0 {
		if _, err := t.exec(`UPDATE post SET policy = ? WHERE id = ?`, policy, p.ID); err != nil {
			return err
		}
	}
	if p.Approval != ApprovalWaiting {
		return nil
	}
	parent, err := txPost(t, `p.id = ?`, p.ReplyToID)
	if err != nil {
		return err
	}
	return holdOwn(t, &Interaction{Deed: DeedReply, AccountID: p.AccountID, URI: p.URI, MadeID: p.ID}, parent)
}
