package store

import (
	"context"
	"errors"
	"strconv"
)

// quotable finds what a member's new post quotes, nil if nothing, and narrows the
// post to those who see that too.
func quotable(t *tx, p *Post, quotedID int64) (*PostView, error) {
	if quotedID == 0 {
		return nil, nil
	}
	quoted, err := txVisible(t, quotedID, AsMember(p.AccountID))
	if errors.Is(err, ErrNotFound) {
		return nil, &PostError{Problem: PostQuoteGone}
	}
	if err != nil {
		return nil, err
	}
	v := &PostView{Post: quoted}
	err = t.row(`SELECT p.policy, `+relationSQL+` FROM post p WHERE p.id = ?2`, []any{p.AccountID, quoted.ID}, &v.Policy, &v.relation)
	if err != nil {
		return nil, err
	}
	if !v.MayQuote(p.AccountID) {
		return nil, &PostError{Problem: PostQuoteRefused}
	}
	p.Visibility = p.Visibility.Within(quoted.Visibility)
	return v, nil
}

// quotePost stores what a member's new post quotes, and asks its author where
// their server knows consent (FEP-044f).
func quotePost(t *tx, p *Post, quoted *PostView) error {
	if quoted == nil {
		return nil
	}
	q := Quote{URI: quoted.URI, State: QuoteOpen}
	asked := ""
	switch {
	case t.db.IsLocal(quoted.URI):
		switch {
		case quoted.AccountID == p.AccountID:
		case quoted.Verdict(DeedQuote) == MustAsk:
			q.State = QuoteWaiting
			if err := holdOwn(t, &Interaction{Deed: DeedQuote, AccountID: p.AccountID, URI: p.URI, MadeID: p.ID}, quoted.Post); err != nil {
				return err
			}
		default:
			stamp, err := giveStamp(t, DeedQuote, quoted.ID, p.AccountID, p.URI)
			if err != nil {
				return err
			}
			q.StampURI = stamp
		}
	case quoted.Policy.Rule(DeedQuote).Said && p.Leaves():
		q.State, asked = QuoteWaiting, p.URI+"#quote"
	}
	_, err := t.exec(`INSERT INTO quote (post_id, uri, state, stamp_uri, asked_uri) VALUES (?, ?, ?, ?, ?)`, p.ID, q.URI, q.State, q.StampURI, asked)
	if err != nil {
		return err
	}
	if _, err := linkQuote(t, p, quoted.Post, q); err != nil || asked == "" {
		return err
	}
	return addOutbox(t, OutboxAskQuote, p.AccountID, OutboxDetail{PostID: p.ID, ObjectURI: quoted.URI, ActivityURI: asked, TargetID: quoted.AccountID})
}

// giveStamp approves what an account does with a member's post, and returns
// where the approval is served.
func giveStamp(t *tx, d Deed, postID, accountID int64, quotingURI string) (uri string, err error) {
	var id int64
	err = t.row(`INSERT INTO stamp (id, post_id, quoting_uri, deed, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (post_id, quoting_uri) DO UPDATE SET post_id = post_id RETURNING id`,
		[]any{t.db.ids.next(), postID, quotingURI, d, accountID, millis(t.now)}, &id)
	return t.db.base + "/ap/stamps/" + strconv.FormatInt(id, 10), err
}

// Stamp is the approval that a member gave to what somebody does with a post.
type Stamp struct {
	ID         int64
	Deed       Deed
	PostID     int64
	AccountID  int64  // to whom, 0: not kept
	QuotingURI string // of the quoting post, the reply, the boost or the favourite
}

// Stamp returns an approval by its id.
func (db *DB) Stamp(ctx context.Context, id int64) (*Stamp, error) {
	var s Stamp
	err := db.row(ctx, `SELECT id, deed, post_id, account_id, quoting_uri FROM stamp WHERE id = ?`, []any{id}, &s.ID, &s.Deed, &s.PostID, &s.AccountID, &s.QuotingURI)
	return &s, err
}

// QuoteRequest is what somebody elsewhere asks before quoting a post.
type QuoteRequest struct {
	URI        string // of the request
	AccountID  int64  // who asks
	PostURI    string // of the member's post
	QuotingURI string // of the post that quotes it
}

// ReceiveQuoteRequest answers somebody elsewhere who asks to quote a member's
// post, or has the member asked, as the post's policy says: only posts that
// everybody can see may be quoted, by who is not blocked. The
// quote itself is read by a job. ErrNotFound if the asker can't see the post:
// then nothing is answered, since they are not to know of it.
func (db *DB) ReceiveQuoteRequest(ctx context.Context, r QuoteRequest) error {
	return db.write(ctx, "receive quote request", func(t *tx) error {
		quoted, err := quotedPost(t, r.PostURI)
		if err != nil {
			return err
		}
		if !t.db.IsLocal(quoted.URI) {
			return ErrNotFound
		}
		d := OutboxDetail{PostID: quoted.ID, ObjectURI: quoted.URI, ActivityURI: r.URI, TargetID: r.AccountID, Quoting: r.QuotingURI}
		_, err = txVisible(t, quoted.ID, AsRemote(r.AccountID))
		blocked := errors.Is(err, ErrNotFound) && quoted.Visibility <= Unlisted
		if err != nil && !blocked {
			return err
		}
		if blocked || quoted.Visibility > Unlisted {
			return addOutbox(t, OutboxRejectQuote, quoted.AccountID, d)
		}
		i := &Interaction{Deed: DeedQuote, AccountID: r.AccountID, URI: r.QuotingURI, AskedURI: r.URI}
		if now, err := admit(t, i, quoted); err != nil || !now {
			return keepHeldOr(t, i, err)
		}
		if i.StampURI == "" { // its own author's, or approved before
			if err := grant(t, i, quoted); err != nil {
				return err
			}
		}
		p, err := txPost(t, `p.uri = ? AND p.account_id = ?`, r.QuotingURI, r.AccountID)
		if errors.Is(err, ErrNotFound) {
			return addJob(t, NewJob{Kind: JobFetch, Key: r.QuotingURI, Payload: r.QuotingURI})
		}
		if err != nil {
			return err
		}
		q, err := txQuote(t, p.ID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err == nil && q.QuotedID == quoted.ID && q.State == QuoteWaiting {
			_, err = linkQuote(t, p, quoted, *q)
		}
		return err
	})
}

// ReceiveQuoteAnswer notes what the author of a quoted post answered to a
// member's request, and has the quote told again with their approval.
// ErrNotFound if they were not asked.
func (db *DB) ReceiveQuoteAnswer(ctx context.Context, accountID int64, askedURI, stampURI string, accepted bool) error {
	return db.write(ctx, "receive quote answer", func(t *tx) error {
		state := QuoteRemoved
		if accepted {
			state = QuoteApproved
		}
		var postID, authorID int64
		err := t.row(`UPDATE quote SET state = ?1, stamp_uri = ?2 WHERE asked_uri = ?3 AND asked_uri <> '' AND state IN (1, 2)
			AND quoted_id IN (SELECT id FROM post WHERE account_id = ?4)
			RETURNING post_id, (SELECT account_id FROM post WHERE id = post_id)`, []any{state, stampURI, askedURI, accountID}, &postID, &authorID)
		if err != nil {
			return err
		}
		return addOutbox(t, OutboxUpdateQuote, authorID, OutboxDetail{PostID: postID, Stamp: stampURI})
	})
}
