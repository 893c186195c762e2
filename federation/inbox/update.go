package inbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"seedling/federation/actor"
	"seedling/federation/vocab"
	"seedling/store"
)

// update stores a newer version of its actor's profile or of one of its posts.
func (in *Inbox) update(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.Object.ID == by.URI {
		return in.updateAccount(ctx, act, by)
	}
	if a, err := in.db.AccountByURI(ctx, act.Object.ID); err == nil {
		return in.updateOther(ctx, a, by)
	}
	o, author, err := in.ownObject(ctx, act, by)
	if err != nil {
		return err
	}
	if known, err := in.db.PostByURI(ctx, o.ID); err == nil && known.AccountID != author.ID {
		return refuse(http.StatusForbidden, "the post %s is not by %s", o.ID, by.URI)
	}
	return in.stored(in.resolver.ReceiveEdit(ctx, o, author), act)
}

// updateAccount takes over what an actor says of itself. A new key is not taken
// from here but read from the actor's own address.
func (in *Inbox) updateAccount(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	id := strconv.FormatInt(by.ID, 10)
	refresh := store.NewJob{Kind: store.JobRefresh, Key: id, Payload: id}
	if act.Object.Embedded == nil {
		return in.db.AddJob(ctx, refresh)
	}
	doc, err := act.Object.Embedded.Actor()
	if err != nil {
		return refuse(http.StatusBadRequest, "%v", err)
	}
	renamed := doc.Webfinger != "" && !strings.EqualFold(doc.Webfinger, by.Username+"@"+by.Host) // FEP-2c59: others have to agree
	if renamed || doc.PublicKeyPEM != by.PublicKey || doc.PublicKeyID != by.KeyURI || doc.Inbox != by.Inbox {
		return in.db.AddJob(ctx, refresh)
	}
	var untrusted *actor.Untrusted
	if _, err := in.resolver.SaveActor(ctx, act.Object.Embedded); errors.As(err, &untrusted) {
		return refuse(http.StatusForbidden, "%v", err)
	} else {
		return answers(err, "Update of an actor")
	}
}

// updateOther is an Update of an account by another one: a moderator, maybe of
// another host, changes a community (Lemmy). It is only a reason to read the
// community again.
func (in *Inbox) updateOther(ctx context.Context, a, by *store.Account) error {
	if a.Kind != store.Group || a.Local() {
		return refuse(http.StatusForbidden, "%s may not update %s", by.URI, a.URI)
	}
	id := strconv.FormatInt(a.ID, 10)
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobRefresh, Key: id, Payload: id})
}
