package actor

import (
	"context"
	"errors"
	"fmt"

	"seedling/federation/fetch"
	"seedling/store"
)

// CompleteQuote reads the post that a post quotes, and the approval of its
// author if the quote has one to show. What the quoted post quotes is not read.
func (r *Resolver) CompleteQuote(ctx context.Context, postID int64) error {
	p, err := r.db.Post(ctx, postID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	q, err := r.db.Quote(ctx, postID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if q.QuotedID == 0 {
		quoted, err := r.Post(ctx, q.URI)
		if err != nil {
			return fmt.Errorf("quoted post %s: %w", q.URI, err)
		}
		if err := r.db.LinkQuote(ctx, postID, quoted.ID); err != nil {
			return err
		}
		if q, err = r.db.Quote(ctx, postID); err != nil {
			return missingIsDone(err)
		}
	}
	if q.State != store.QuoteWaiting || q.StampURI == "" {
		return nil
	}
	if err := r.checkStamp(ctx, p, q); err != nil {
		return err
	}
	return r.db.ApproveQuote(ctx, postID, q.StampURI)
}

func missingIsDone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// checkStamp reads the approval of a quote from its own server and checks that
// it is by the quoted author and for these two posts (FEP-044f): a stamp of
// somebody else, or for another quote, approves nothing.
func (r *Resolver) checkStamp(ctx context.Context, p *store.Post, q *store.Quote) error {
	quoted, err := r.db.Post(ctx, q.QuotedID)
	if err != nil {
		return err
	}
	author, err := r.db.Account(ctx, quoted.AccountID)
	if err != nil {
		return err
	}
	if author.Local() || !fetch.SameOrigin(q.StampURI, author.URI) {
		return &Untrusted{q.StampURI, "it approves a quote of a post of another host"}
	}
	v, err := r.object(ctx, q.StampURI)
	if err != nil {
		return err
	}
	s, err := v.Stamp()
	if err != nil {
		return err
	}
	switch {
	case s.Deed != store.DeedQuote:
		return &Untrusted{q.StampURI, "it approves no quote"}
	case s.ID != q.StampURI:
		return &Untrusted{q.StampURI, "it has another id"}
	case s.Quoting != p.URI:
		return &Untrusted{q.StampURI, "it is for another quote"}
	case s.Target != quoted.URI:
		return &Untrusted{q.StampURI, "it is for a quote of another post"}
	case s.AttributedTo != "" && s.AttributedTo != author.URI:
		return &Untrusted{q.StampURI, "it is by somebody else"}
	}
	return nil
}
