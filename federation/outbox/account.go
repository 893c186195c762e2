package outbox

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// ActorDoc is a local account, or the server itself, as other servers see it.
// For a deleted account callers answer 410 instead.
func ActorDoc(db *store.DB, a *store.Account) vocab.ActorDoc {
	h := db.Handle(a)
	d := vocab.ActorDoc{
		ID: a.URI, Type: actorType(a.Kind), Username: a.Username, Name: a.DisplayName,
		SummaryHTML: a.Bio.String(), URL: a.URL,
		Inbox: a.Inbox, Outbox: a.OutboxURI, SharedInbox: a.SharedInbox,
		Followers: a.FollowersURI, Following: a.FollowingURI, Featured: a.FeaturedURI,
		PublicKeyID: a.KeyURI, PublicKeyPEM: a.PublicKey,
		AlsoKnownAs: a.AlsoKnownAs, MovedTo: a.MovedToURI,
		Locked: a.Locked, Discoverable: a.Discoverable, Indexable: a.Indexable, Memorial: a.Memorial,
		Suspended: a.State == store.AccountSuspended,
		Published: a.CreatedAt,
		Webfinger: h.Username + "@" + h.Host,
	}
	if a.AvatarURL != "" {
		d.Icon = &vocab.Picture{URL: a.AvatarURL}
	}
	if a.HeaderURL != "" {
		d.Image = &vocab.Picture{URL: a.HeaderURL}
	}
	for _, f := range a.Fields {
		d.Fields = append(d.Fields, vocab.Field{Name: f.Name, Value: f.Value.String()})
	}
	return d
}

func actorType(k store.AccountKind) string {
	switch k {
	case store.Service:
		return "Service"
	case store.Application:
		return "Application"
	case store.Group:
		return "Group"
	}
	return "Person"
}

// updateAccount is Update of an actor, for everyone who follows it.
func (b builder) updateAccount(ctx context.Context, d deed) (*message, error) {
	inboxes, err := b.inboxes(ctx, store.Public, d.AccountID, nil)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	to := audienceOf(store.Public, d.actor.FollowersURI, nil)
	e := vocab.Envelope{ID: d.numbered("updates"), Actor: d.actor.URI, Published: store.IDTime(d.ID), To: to.to, CC: to.cc}
	body, err := vocab.Update(e, ActorDoc(b.db, d.actor))
	return built(body, err, inboxes)
}

// deleteAccount is Delete of an actor. Its follows are gone: the row says whose
// servers know of it.
func (b builder) deleteAccount(ctx context.Context, d deed) (*message, error) {
	inboxes, err := b.inboxes(ctx, store.Public, d.AccountID, d.Told)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	e := vocab.Envelope{ID: d.actor.URI + "#delete", Actor: d.actor.URI, To: []string{vocab.Public}}
	body, err := vocab.DeleteActor(e)
	return built(body, err, inboxes)
}
