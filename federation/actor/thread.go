package actor

import (
	"context"
	"errors"
	"fmt"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// CompleteParents reads what a post answers, and what that answers, upwards
// until all is stored, a parent can't be had, or after maxParents.
func (r *Resolver) CompleteParents(ctx context.Context, postID int64) error {
	p, err := r.db.Post(ctx, postID)
	for range maxParents {
		if errors.Is(err, store.ErrNotFound) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		switch {
		case p.ReplyToURI != "":
			p, err = r.Post(ctx, p.ReplyToURI)
		case p.ReplyToID != 0:
			p, err = r.db.Post(ctx, p.ReplyToID)
		default:
			return nil
		}
	}
	return err
}

// eachItem calls do for the items of a collection and its pages, until do is
// content, the pages end, come round again, or are too many. All pages must be
// on the host of owner.
func (r *Resolver) eachItem(ctx context.Context, start vocab.Ref, owner string, maxPages int, do func(vocab.Ref) bool) error {
	seen := map[string]bool{}
	at := start
	for range maxPages + 1 {
		c, err := r.collection(ctx, at, owner)
		if err != nil || c == nil {
			return err
		}
		for _, item := range c.Items {
			if !do(item) {
				return nil
			}
		}
		at = c.Next
		if at.IsZero() && len(c.Items) == 0 {
			at = c.First
		}
		if at.IsZero() || at.ID != "" && seen[at.ID] {
			return nil
		}
		seen[at.ID] = true
	}
	return nil
}

// collection reads a collection or page, embedded or by its id. Embedded ones
// are believed because the document around them was fetched from owner's host.
func (r *Resolver) collection(ctx context.Context, at vocab.Ref, owner string) (*vocab.Collection, error) {
	if at.IsZero() {
		return nil, nil
	}
	v, err := r.collectionDocument(ctx, at, owner)
	if err != nil {
		return nil, err
	}
	return v.Collection()
}

func (r *Resolver) collectionDocument(ctx context.Context, at vocab.Ref, owner string) (*vocab.Value, error) {
	if at.Embedded != nil {
		return at.Embedded, nil
	}
	if !fetch.SameOrigin(at.ID, owner) {
		return nil, &Untrusted{at.ID, "the collection is on another host than its owner"}
	}
	doc, err := r.client.Object(ctx, at.ID)
	if err != nil {
		return nil, err
	}
	if !fetch.SameOrigin(doc.URL, owner) {
		return nil, &Untrusted{at.ID, "it was found on another host"}
	}
	v, err := vocab.Parse(doc.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", at.ID, err)
	}
	return v, nil
}
