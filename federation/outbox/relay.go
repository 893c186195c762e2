package outbox

import (
	"context"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// relayFollow subscribes to a relay: Follow of its actor, or of Public where
// that is what relays of Mastodon's kind take for a subscription.
func (b builder) relayFollow(_ context.Context, d deed) (*message, error) {
	body, err := d.followsRelay()
	return built(body, err, d.relayInbox(b))
}

// relayUnfollow is Undo of that Follow, made from the row alone.
func (b builder) relayUnfollow(_ context.Context, d deed) (*message, error) {
	follow, err := d.followsRelay()
	if err != nil {
		return nil, &unbuildable{err}
	}
	body, err := vocab.Undo(undo(d.envelope()), follow)
	return built(body, err, d.relayInbox(b))
}

func (d deed) followsRelay() ([]byte, error) {
	object := d.ObjectURI
	if object == "" {
		object = vocab.Public
	}
	return vocab.Follow(d.envelope(), object)
}

func (d deed) relayInbox(b builder) []store.Inbox {
	return b.usable([]store.Inbox{{URL: d.Inbox, Host: fetch.HostOf(d.Inbox)}})
}

// relayPost announces a member's public post to the relays of LitePub's kind, as
// the instance actor: they follow it, and fetch the post.
func (b builder) relayPost(ctx context.Context, d deed) (*message, error) {
	p, err := b.db.Post(ctx, d.PostID)
	if err != nil || p.Visibility != store.Public {
		return nil, err
	}
	relays, err := b.db.AcceptedRelays(ctx, store.RelayLitePub)
	if err != nil || len(relays) == 0 {
		return nil, err
	}
	e := d.envelope()
	e.Published, e.To = madeAt(d.ActivityURI), []string{d.actor.FollowersURI}
	for _, r := range relays {
		e.To = append(e.To, r.ActorURI)
	}
	body, err := vocab.Announce(e, d.ObjectURI)
	return built(body, err, b.usable(inboxesOf(relays)))
}

// relayInboxes lists the relays of Mastodon's kind, which take a public post as
// the followers of its author do.
func (b builder) relayInboxes(ctx context.Context, v store.Visibility) ([]store.Inbox, error) {
	if v != store.Public {
		return nil, nil
	}
	relays, err := b.db.AcceptedRelays(ctx, store.RelayMastodon)
	return inboxesOf(relays), err
}

func inboxesOf(relays []*store.Relay) []store.Inbox {
	var list []store.Inbox
	for _, r := range relays {
		list = append(list, store.Inbox{URL: r.Inbox, Host: fetch.HostOf(r.Inbox)})
	}
	return list
}
