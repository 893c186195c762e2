package actor

import (
	"context"
	"errors"
	"fmt"

	"seedling/federation/vocab"
	"seedling/store"
)

// CompleteQuote reads the post that a post quotes, and the approval of its
// author if the quote has one to show. What the quoted post quotes is not read.
func (r *Resolver) CompleteQuote(ctx context.Context, postID int64) error {
	p, err := r.db.Post(ctx, postID)
	if err != nil {
		return missingIsDone(err)
	}
	q, err := r.db.Quote(ctx, postID)
	if err != nil {
		return missingIsDone(err)
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
	quoted, err := r.db.Post(ctx, q.QuotedID)
	if err != nil {
		return err
	}
	if err := r.checkStamp(ctx, quoted, vocab.Stamp{ID: q.StampURI, Deed: store.DeedQuote, Quoting: p.URI, Target: quoted.URI}); err != nil {
		return err
	}
	return r.db.ApproveQuote(ctx, postID, q.StampURI)
}

// missingIsDone is for jobs about what was deleted meanwhile.
func missingIsDone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
