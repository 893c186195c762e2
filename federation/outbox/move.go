package outbox

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// move tells the followers of an account where it went. Their servers read the
// new account themselves and look for its alias.
func (b builder) move(ctx context.Context, d deed) (*message, error) {
	inboxes, err := b.inboxes(ctx, store.Followers, d.AccountID, nil)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	to := audienceOf(store.Followers, d.actor.FollowersURI, nil)
	body, err := vocab.Move(vocab.Envelope{ID: d.numbered("moves"), Actor: d.actor.URI, Published: store.IDTime(d.ID), To: to.to, CC: to.cc}, d.ObjectURI)
	return built(body, err, inboxes)
}

// featured puts a post into the collection of pinned ones, or takes it out.
func (b builder) featured(ctx context.Context, d deed, name string, change func(e vocab.Envelope, object, collection string) ([]byte, error)) (*message, error) {
	inboxes, err := b.inboxes(ctx, d.Visibility, d.AccountID, nil)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	to := audienceOf(d.Visibility, d.actor.FollowersURI, nil)
	body, err := change(vocab.Envelope{ID: d.numbered(name), Actor: d.actor.URI, To: to.to, CC: to.cc}, d.ObjectURI, d.actor.FeaturedURI)
	return built(body, err, inboxes)
}
