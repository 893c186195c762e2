package store

import (
	"context"
	"errors"
	"fmt"
)

// admit applies the policy of a member's post to what somebody elsewhere does
// with it, and says whether it is done now. What must be asked for is held, what
// is not permitted is refused; a request is answered. Of posts from elsewhere
// their own servers decide: see admitElsewhere.
func admit(t *tx, i *Interaction, p *Post) (now bool, err error) {
	i.PostID, i.TargetID = p.ID, p.AccountID
	switch {
	case i.AccountID == p.AccountID:
		return true, nil
	case !t.db.IsLocal(p.URI):
		return admitElsewhere(t, i, p)
	}
	old, err := txInteraction(t, `i.uri = ?`, i.URI)
	if err == nil {
		return old.state == approvalGiven && old.AccountID == i.AccountID && old.PostID == p.ID, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return false, err
	}
	verdict, err := verdictOn(t, i.Deed, p, i.AccountID)
	if err != nil {
		return false, err
	}
	switch verdict {
	case Permitted:
		if i.AskedURI == "" {
			return true, nil
		}
		return true, grant(t, i, p)
	case MustAsk:
		i.state = ApprovalWaiting
		return false, nil
	}
	i.state = ApprovalRefused
	kind := OutboxRefuse
	if i.Deed == DeedQuote {
		kind = OutboxRejectQuote
	}
	d := i.detail(p)
	d.TargetID, d.PostID = i.AccountID, p.ID
	return false, addOutbox(t, kind, p.AccountID, d)
}

// keepHeld stores what admit held or refused, once what was made has an id.
func keepHeld(t *tx, i *Interaction) error {
	fresh, err := insertInteraction(t, i)
	if err != nil || !fresh || i.state != ApprovalWaiting {
		return err
	}
	return notify(t, i.TargetID, NotifyAsked, i.AccountID, i.told())
}

func keepHeldOr(t *tx, i *Interaction, err error) error {
	if err != nil || i.state == ApprovalNone { // it was held or refused before
		return err
	}
	return keepHeld(t, i)
}

// receiveUnask ends what somebody elsewhere did with a member's post and that
// still waits.
func receiveUnask(t *tx, d Deed, accountID int64, uri, postURI string) (done bool, err error) {
	i, err := txInteraction(t, `i.account_id = ? AND i.deed = ? AND i.state = ? AND (i.uri = ? OR i.post_id = (SELECT id FROM post WHERE uri = ?))`,
		accountID, d, ApprovalWaiting, uri, postURI)
	if err != nil {
		return false, ignoreMissing(err)
	}
	return true, unask(t, d, accountID, i.PostID)
}

// grant stamps what somebody elsewhere does with a member's post, and tells them.
func grant(t *tx, i *Interaction, p *Post) (err error) {
	if i.StampURI, err = giveStamp(t, i.Deed, p.ID, i.AccountID, i.URI); err != nil {
		return err
	}
	kind := OutboxGrant
	if i.Deed == DeedQuote {
		kind = OutboxAcceptQuote
	}
	d := i.detail(p)
	d.TargetID, d.PostID = i.AccountID, p.ID
	return tellRemote(t, i.AccountID, kind, p.AccountID, d)
}

// RemoteRequest is what somebody elsewhere asks to do with a member's post.
type RemoteRequest struct {
	URI       string // of the request
	Deed      Deed   // not DeedReply, which comes with its post, nor DeedQuote
	AccountID int64
	PostURI   string
	DoneURI   string // of the boost or favourite
}

// ReceiveRequest answers somebody elsewhere who asks to boost or favourite a
// member's post, or has the member asked. ErrNotFound if the asker can't see it.
func (db *DB) ReceiveRequest(ctx context.Context, r RemoteRequest) error {
	return db.write(ctx, "receive request", func(t *tx) error {
		p, err := quotedPost(t, r.PostURI)
		if err != nil {
			return err
		}
		if p, err = txVisible(t, p.ID, AsRemote(r.AccountID)); err != nil {
			return err
		}
		if r.Deed == DeedBoost && !MayBoost(p, r.AccountID) {
			return fmt.Errorf("a %s post: %w", p.Visibility, ErrForbidden)
		}
		i := &Interaction{Deed: r.Deed, AccountID: r.AccountID, URI: r.DoneURI, AskedURI: r.URI}
		now, err := admit(t, i, p)
		if err != nil {
			return err
		}
		if !now {
			return keepHeldOr(t, i, nil)
		}
		if r.Deed == DeedBoost {
			_, err = insertBoost(t, boostRow{id: t.db.ids.next(), uri: r.DoneURI, accountID: r.AccountID, visibility: p.Visibility, createdAt: t.now}, p)
			return err
		}
		_, err = insertFavourite(t, t.db.ids.next(), r.DoneURI, r.AccountID, p)
		return err
	})
}

// ReceiveGrant notes that the author of a post agreed to what a member asked for,
// named by the request or by what was done. Its stamp is read by a job first; a
// server that gives none is believed, since its author's signature came with it.
// ErrNotFound if they were not asked.
func (db *DB) ReceiveGrant(ctx context.Context, authorID int64, uri, stampURI string) error {
	return db.write(ctx, "receive grant", func(t *tx) error {
		i, err := txInteraction(t, `(i.asked_uri = ?1 OR i.uri = ?1) AND ?1 <> '' AND i.target_id = ?2 AND i.state = ?3`, uri, authorID, ApprovalWaiting)
		if err != nil {
			return err
		}
		if i.StampURI = stampURI; stampURI == "" {
			p, err := txPost(t, `p.id = ?`, i.PostID)
			if err != nil {
				return err
			}
			return carryOut(t, i, p)
		}
		if _, err := t.exec(`UPDATE interaction SET stamp_uri = ? WHERE id = ?`, stampURI, i.ID); err != nil {
			return err
		}
		return readStamp(t, i.ID)
	})
}

// ReceiveApproval is ReceiveGrant by an author whose word is the stamp itself.
func (db *DB) ReceiveApproval(ctx context.Context, authorID int64, uri, stampURI string) error {
	return db.write(ctx, "receive approval", func(t *tx) error {
		i, err := txInteraction(t, `i.uri = ? AND i.target_id = ? AND i.state = ?`, uri, authorID, ApprovalWaiting)
		if err != nil {
			return err
		}
		i.StampURI = stampURI
		p, err := txPost(t, `p.id = ?`, i.PostID)
		if err != nil {
			return err
		}
		return carryOut(t, i, p)
	})
}

// WaitingInteraction returns what waits for an answer from elsewhere, by its id.
func (db *DB) WaitingInteraction(ctx context.Context, id int64) (*Interaction, error) {
	s, err := db.stmt(ctx, `SELECT `+interactionColumns+` FROM interaction i WHERE i.id = ? AND i.state = 1`)
	if err != nil {
		return nil, err
	}
	return scanInteraction(s.QueryRowContext(ctx, id))
}

// ApproveInteraction carries out what waited, now that its stamp was found to be good.
func (db *DB) ApproveInteraction(ctx context.Context, id int64, stampURI string) error {
	return db.write(ctx, "approve interaction", func(t *tx) error {
		i, err := txInteraction(t, `i.id = ? AND i.stamp_uri = ? AND i.state = ?`, id, stampURI, ApprovalWaiting)
		if err != nil {
			return ignoreMissing(err)
		}
		p, err := txPost(t, `p.id = ?`, i.PostID)
		if err != nil {
			return err
		}
		return carryOut(t, i, p)
	})
}

// ReceiveRefusal notes that the author of a post does not want what a member
// asked for or did, named by the request or by what was done; by a stamp's URI,
// that they take it back. ErrNotFound if it is nothing of theirs.
func (db *DB) ReceiveRefusal(ctx context.Context, authorID int64, uri string) error {
	return db.write(ctx, "receive refusal", func(t *tx) error {
		i, err := txInteraction(t, `(i.asked_uri = ?1 OR i.uri = ?1 OR i.stamp_uri = ?1) AND ?1 <> '' AND i.target_id = ?2 AND i.state <> ?3`, uri, authorID, ApprovalRefused)
		if errors.Is(err, ErrNotFound) {
			i, err = unaskedFor(t, authorID, uri)
		}
		if err != nil {
			return err
		}
		p, err := txPost(t, `p.id = ?`, i.PostID)
		if err != nil {
			return err
		}
		return takeAway(t, i, p)
	})
}

// unaskedFor finds what a member did with a post of authorID, or below their
// video (PeerTube), without asking.
func unaskedFor(t *tx, authorID int64, uri string) (*Interaction, error) {
	i := &Interaction{TargetID: authorID, URI: uri, state: ApprovalRefused}
	err := t.row(`SELECT ?3, p.reply_to_id, p.account_id, p.id FROM post p WHERE p.uri = ?1 AND p.reply_to_id IS NOT NULL AND p.account_id <> ?2 AND p.approval = 0
			AND (p.reply_to_account_id = ?2 OR EXISTS (SELECT 1 FROM post v WHERE v.id = p.thread_id AND v.account_id = ?2 AND v.kind = 5))
		UNION ALL SELECT ?4, f.post_id, f.account_id, 0 FROM favourite f JOIN post p ON p.id = f.post_id WHERE f.uri = ?1 AND p.account_id = ?2
		UNION ALL SELECT ?5, b.post_id, b.account_id, 0 FROM boost b JOIN post p ON p.id = b.post_id WHERE b.uri = ?1 AND p.account_id = ?2`,
		[]any{uri, authorID, DeedReply, DeedFavourite, DeedBoost}, &i.Deed, &i.PostID, &i.AccountID, &i.MadeID)
	if err != nil {
		return nil, err
	}
	if !t.db.IsLocal(uri) {
		return nil, ErrNotFound
	}
	_, err = insertInteraction(t, i)
	return i, err
}

// keepPolicy takes over what another server says of who may do what with a post.
func keepPolicy(t *tx, postID int64, r *RemotePost) error {
	_, err := t.exec(`UPDATE post SET policy = ? WHERE id = ?`, r.Policy, postID)
	return err
}

// admitReply applies the policy of a member's post to a reply from elsewhere:
// one that is held is stored and waits, one that is refused is not stored.
func admitReply(t *tx, r *RemotePost) (held *Interaction, refused bool, err error) {
	if err := linkParent(t, &r.Post); err != nil || r.ReplyToID == 0 {
		return nil, false, err
	}
	parent, err := txPost(t, `p.id = ?`, r.ReplyToID)
	if err != nil {
		return nil, false, err
	}
	i := &Interaction{Deed: DeedReply, AccountID: r.AccountID, URI: r.URI, AskedURI: r.AskedURI, StampURI: r.ReplyStamp}
	if !t.db.IsLocal(parent.URI) {
		return holdElsewhere(t, i, r, parent)
	}
	now, err := admit(t, i, parent)
	if err != nil || now {
		return nil, false, err
	}
	if i.state == ApprovalWaiting {
		r.Approval = ApprovalWaiting
		return i, false, nil
	}
	return nil, true, keepHeldOr(t, i, nil)
}

// keepHeldReply stores that a reply waits, if it does.
func keepHeldReply(t *tx, held *Interaction, postID int64) error {
	if held == nil {
		return nil
	}
	held.MadeID = postID
	if held.state == ApprovalUnproven {
		return keepUnproven(t, held)
	}
	return keepHeld(t, held)
}
