package actor

import (
	"context"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// CheckGrant reads the approval of a reply, a boost or a favourite from the
// server of the post's author, and carries out what waited for it if it is good
// (GoToSocial's interaction controls).
func (r *Resolver) CheckGrant(ctx context.Context, interactionID int64) error {
	i, err := r.db.WaitingInteraction(ctx, interactionID)
	if err != nil {
		return missingIsDone(err)
	}
	p, err := r.db.Post(ctx, i.PostID)
	if err != nil {
		return missingIsDone(err)
	}
	if err := r.checkStamp(ctx, p, vocab.Stamp{ID: i.StampURI, Deed: i.Deed, Quoting: i.URI, Target: p.URI}); err != nil {
		return err
	}
	return r.db.ApproveInteraction(ctx, i.ID, i.StampURI)
}

// checkStamp reads an approval from its own server and checks that it is what is
// wanted, by the author of the post: one of somebody else, for another deed or for
// other things approves nothing (FEP-044f, GoToSocial).
func (r *Resolver) checkStamp(ctx context.Context, p *store.Post, want vocab.Stamp) error {
	author, err := r.db.Account(ctx, p.AccountID)
	if err != nil {
		return err
	}
	if author.Local() || !fetch.SameOrigin(want.ID, author.URI) {
		return &Untrusted{want.ID, "it is not on the host of the author"}
	}
	v, err := r.object(ctx, want.ID)
	if err != nil {
		return err
	}
	got, err := v.Stamp()
	if err != nil {
		return err
	}
	switch {
	case got.ID != want.ID:
		return &Untrusted{want.ID, "it has another id"}
	case got.Deed != want.Deed:
		return &Untrusted{want.ID, "it approves no " + want.Deed.String()}
	case got.Quoting != want.Quoting || got.Target != want.Target:
		return &Untrusted{want.ID, "it is for other things"}
	case got.AttributedTo != "" && got.AttributedTo != author.URI:
		return &Untrusted{want.ID, "it is by somebody else"}
	}
	return nil
}
