package actor

import (
	"context"

	"seedling/federation/fetch"
	"seedling/store"
)

// CheckGrant reads the approval of what a member asked for from its own server,
// and carries it out if it is good (GoToSocial's interaction controls): by the
// author of the post, on their host, for this deed and for these two things.
func (r *Resolver) CheckGrant(ctx context.Context, interactionID int64) error {
	i, err := r.db.WaitingInteraction(ctx, interactionID)
	if err != nil {
		return missingIsDone(err)
	}
	p, err := r.db.Post(ctx, i.PostID)
	if err != nil {
		return missingIsDone(err)
	}
	author, err := r.db.Account(ctx, i.TargetID)
	if err != nil {
		return err
	}
	if err := r.checkGrant(ctx, i, p, author); err != nil {
		return err
	}
	return r.db.ApproveInteraction(ctx, i.ID, i.StampURI)
}

func (r *Resolver) checkGrant(ctx context.Context, i *store.Interaction, p *store.Post, author *store.Account) error {
	if author.Local() || !fetch.SameOrigin(i.StampURI, author.URI) {
		return &Untrusted{i.StampURI, "it is not on the host of the author"}
	}
	v, err := r.object(ctx, i.StampURI)
	if err != nil {
		return err
	}
	s, err := v.Stamp()
	if err != nil {
		return err
	}
	switch {
	case s.ID != i.StampURI:
		return &Untrusted{i.StampURI, "it has another id"}
	case s.Deed != i.Deed:
		return &Untrusted{i.StampURI, "it is for something else than was asked"}
	case s.Quoting != i.URI || s.Target != p.URI:
		return &Untrusted{i.StampURI, "it is for other things"}
	case s.AttributedTo != "" && s.AttributedTo != author.URI:
		return &Untrusted{i.StampURI, "it is by somebody else"}
	}
	return nil
}
