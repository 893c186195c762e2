package store

import (
	"database/sql"
	"errors"
	"strconv"
)

// Between two other servers this one is told of a reply, a boost or a favourite
// by who makes it, and of the author's agreement by nobody. So where a post's
// policy wants agreement, what is done with it is kept apart until an approval is
// seen: a stamp on the author's server, or the author's own word (GoToSocial's
// interaction controls).

// mustProve says whether what an account does with a post elsewhere counts only
// with an approval. Who follows whom over there is known to its server alone.
func mustProve(t *tx, d Deed, p *Post, accountID int64) (bool, error) {
	var policy InteractionPolicy
	var rel relation
	err := t.row(`SELECT p.policy, CASE WHEN `+openSQL+` THEN 0 ELSE `+relationSQL+` END FROM post p WHERE p.id = ?2`, []any{accountID, p.ID}, &policy, &rel)
	return policy.Proven() && policy.judge(d, rel, true) != Permitted, err
}

// admitElsewhere is admit for a post of another server: what lacks its approval is
// kept aside.
func admitElsewhere(t *tx, i *Interaction, p *Post) (now bool, err error) {
	held, err := mustProve(t, i.Deed, p, i.AccountID)
	if err != nil || !held {
		return true, err
	}
	old, err := txInteraction(t, `i.uri = ?`, i.URI)
	switch {
	case errors.Is(err, ErrNotFound):
		return false, keepUnproven(t, i)
	case err != nil:
		return false, err
	case old.state == approvalGiven:
		return old.AccountID == i.AccountID && old.PostID == p.ID, nil
	}
	return false, claimStamp(t, old, i.StampURI)
}

// holdElsewhere is admitReply for an answer to a post of another server.
func holdElsewhere(t *tx, i *Interaction, r *RemotePost, parent *Post) (held *Interaction, refused bool, err error) {
	if r.AccountID == parent.AccountID {
		return nil, false, nil
	}
	i.PostID, i.TargetID = parent.ID, parent.AccountID
	unproven, err := mustProve(t, DeedReply, parent, r.AccountID)
	if err != nil || !unproven {
		return nil, false, err
	}
	i.state, r.Approval = ApprovalUnproven, ApprovalUnproven
	return i, false, nil
}

// keepUnproven stores what waits for an approval that may never come, and has the
// one that it shows read.
func keepUnproven(t *tx, i *Interaction) error {
	i.state = ApprovalWaiting
	fresh, err := insertInteraction(t, i)
	i.state = ApprovalNone // nobody here is asked
	if err != nil || !fresh || i.StampURI == "" {
		return err
	}
	return readStamp(t, i.ID)
}

func readStamp(t *tx, interactionID int64) error {
	id := strconv.FormatInt(interactionID, 10)
	return addJob(t, NewJob{Kind: JobGrant, Key: id, Payload: id})
}

// claimStamp has an approval read that something shows by now.
func claimStamp(t *tx, i *Interaction, stampURI string) error {
	if stampURI == "" || stampURI == i.StampURI {
		return nil
	}
	if _, err := t.exec(`UPDATE interaction SET stamp_uri = ?, state = ? WHERE id = ?`, stampURI, ApprovalWaiting, i.ID); err != nil {
		return err
	}
	return readStamp(t, i.ID)
}

// claimApproval is claimStamp for a reply that a newer version of it, or a second
// look, shows to be approved.
func claimApproval(t *tx, p *Post, stampURI string) error {
	if p.Approval != ApprovalUnproven || stampURI == "" || p.ReplyToID == 0 {
		return nil
	}
	i, err := txInteraction(t, `i.uri = ?`, p.URI)
	if !errors.Is(err, ErrNotFound) {
		if err != nil {
			return err
		}
		return claimStamp(t, i, stampURI)
	}
	return keepUnproven(t, &Interaction{Deed: DeedReply, PostID: p.ReplyToID, TargetID: p.ReplyToAccountID, AccountID: p.AccountID,
		URI: p.URI, StampURI: stampURI, MadeID: p.ID})
}

// holdAdopted takes the replies that arrived before their parent out of its
// thread if it wants approvals. They are read once more, for what they show.
func holdAdopted(t *tx, parent *Post) error {
	var policy InteractionPolicy
	if err := t.row(`SELECT policy FROM post WHERE id = ?`, []any{parent.ID}, &policy); err != nil {
		return err
	}
	// Whom the parent names may answer; of other circles this server can't tell.
	if !policy.Proven() || policy.judge(DeedReply, 0, true) == Permitted {
		return nil
	}
	var held []string
	err := t.rows(`UPDATE post SET approval = ?1 WHERE reply_to_id = ?2 AND approval = 0 AND account_id <> ?3 AND account_id <> ?4
			AND account_id IN (SELECT id FROM account WHERE host <> '')
			AND NOT EXISTS (SELECT 1 FROM mention m WHERE m.post_id = ?2 AND m.account_id = post.account_id)
		RETURNING uri`, []any{ApprovalUnproven, parent.ID, parent.AccountID, parent.ReplyToAccountID}, func(rows *sql.Rows) error {
		var uri string
		err := rows.Scan(&uri)
		held = append(held, uri)
		return err
	})
	if err != nil || len(held) == 0 {
		return err
	}
	for _, uri := range held[:min(len(held), maxAdopted)] {
		if err := addJob(t, NewJob{Kind: JobFetch, Key: uri, Payload: uri}); err != nil {
			return err
		}
	}
	return recountReplies(t, parent.ID)
}
