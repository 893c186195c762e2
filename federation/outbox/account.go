package outbox

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// updateAccount is Update of an actor, for everyone who follows it.
func (b builder) updateAccount(ctx context.Context, d deed) (*message, error) {
	inboxes, err := b.inboxes(ctx, store.Public, d.AccountID, nil)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	to := audienceOf(store.Public, d.actor.FollowersURI, nil)
	e := vocab.Envelope{ID: d.numbered("updates"), Actor: d.actor.URI, Published: store.IDTime(d.ID), To: to.to, CC: to.cc}
	doc := vocab.AccountDoc(d.actor, b.origin())
	known, err := b.db.EmojiOf(ctx, d.actor)
	if err != nil {
		return nil, err
	}
	doc.Emojis = vocab.EmojisOf(d.actor.Emoji(known), b.origin())
	keys, err := b.db.AssertionKeys(ctx, d.AccountID)
	if err != nil {
		return nil, err
	}
	body, err := vocab.Update(e, doc.WithKeys(keys))
	return built(body, err, inboxes)
}

// deleteAccount is Delete of an actor. Its follows are gone: the row says whose
// servers know of it, and the store which ever took something of it.
func (b builder) deleteAccount(ctx context.Context, d deed) (*message, error) {
	inboxes, err := b.inboxes(ctx, store.Public, d.AccountID, d.Told)
	if err != nil {
		return nil, err
	}
	known, err := b.db.KnownTo(ctx, d.AccountID)
	inboxes = b.withTold(inboxes, known)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	e := vocab.Envelope{ID: d.actor.URI + "#delete", Actor: d.actor.URI, To: []string{vocab.Public}}
	body, err := vocab.DeleteActor(e)
	return built(body, err, inboxes)
}
