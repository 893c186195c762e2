package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// Relays pass public posts of others on. They are no authors and no boosters:
// what they name is read from its own server and stands in the federated
// timeline, and nowhere else. Those of Mastodon's kind forward activities with an
// LD signature, which we do not read, or announce; those of LitePub's kind announce.

// relayAnswer takes the Accept or Reject of our Follow of a relay; done is false
// for one that is about a member's follow.
func (in *Inbox) relayAnswer(ctx context.Context, act *vocab.Activity, by *store.Account, accepted bool) (done bool, err error) {
	uri := act.Object.ID
	if act.Object.Embedded != nil {
		inner, err := act.Object.Embedded.Activity()
		if err != nil || inner.Type != "Follow" {
			return false, nil
		}
		uri = inner.ID
	}
	err = in.db.ReceiveRelayAnswer(ctx, uri, by, accepted)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case errors.Is(err, store.ErrForbidden):
		return true, refuse(http.StatusForbidden, "%s is not the relay that was asked", by.URI)
	}
	return true, err
}

// followInstance lets a relay that we follow follow the instance actor back, as
// LitePub's relays do. Nobody else may.
func (in *Inbox) followInstance(ctx context.Context, act *vocab.Activity, by, target *store.Account) error {
	_, err := in.db.RelayByActor(ctx, by.URI)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return refuse(http.StatusForbidden, "%s is the server itself and can't be followed", target.URI)
	case err != nil:
		return err
	case act.ID == "":
		return refuse(http.StatusBadRequest, "a Follow needs an id, to be answered")
	}
	return in.db.AcceptRelayFollow(ctx, by.ID, act.ID)
}

// relayAnnounce takes the Announce of a relay; done is false for that of
// somebody else. Of an Application that nobody here follows it is ignored: so
// speak relays that were left, or that others have pointed at us.
func (in *Inbox) relayAnnounce(ctx context.Context, act *vocab.Activity, by *store.Account) (done bool, err error) {
	r, err := in.db.RelayByActor(ctx, by.URI)
	if err == nil {
		uri := act.Object.ID
		if inner := innerActivity(act); inner != nil && inner.Object.ID != "" {
			uri = inner.Object.ID
		}
		return true, in.relayed(ctx, r, uri)
	}
	if !errors.Is(err, store.ErrNotFound) || by.Kind != store.Application {
		return false, unlessNotFound(err)
	}
	followed, err := in.db.HasLocalFollowers(ctx, by.ID)
	if err == nil && !followed {
		return true, &ignored{"Announce by a relay that is not subscribed to"}
	}
	return false, err
}

func unlessNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// relayForwards has what a relay forwards read from its own server, where that
// is where its actor is; done is false if the signer is no relay.
func (in *Inbox) relayForwards(ctx context.Context, act *vocab.Activity, signer *store.Account) (done bool, err error) {
	r, err := in.db.RelayByActor(ctx, signer.URI)
	if err != nil {
		return false, unlessNotFound(err)
	}
	if act.Type == "Delete" && act.Object.ID != act.Actor.ID && fetch.SameOrigin(act.Object.ID, act.Actor.ID) {
		return true, in.relayedDelete(ctx, r, act.Object.ID)
	}
	if act.Type != "Create" && act.Type != "Update" {
		return true, &ignored{act.Type + " forwarded by a relay"}
	}
	if !fetch.SameOrigin(act.Object.ID, act.Actor.ID) {
		return true, refuse(http.StatusForbidden, "the object %s is not on the host of its actor", act.Object.ID)
	}
	if act.Type == "Update" {
		if _, err := in.db.PostByURI(ctx, act.Object.ID); err == nil && r.State == store.RelayAccepted {
			return true, in.db.AddJob(ctx, store.NewJob{Kind: store.JobFetch, Key: act.Object.ID, Payload: act.Object.ID})
		}
	}
	return true, in.relayed(ctx, r, act.Object.ID)
}

// relayed has a post read that a relay speaks of, unless it is known.
func (in *Inbox) relayed(ctx context.Context, r *store.Relay, uri string) error {
	if r.State != store.RelayAccepted {
		return &ignored{"post from a relay that has not accepted"}
	}
	if uri == "" {
		return refuse(http.StatusBadRequest, "a relay needs to name what it passes on")
	}
	if in.db.IsLocal(uri) {
		return &ignored{"our own post, from a relay"}
	}
	_, err := in.db.PostByLink(ctx, uri)
	if !errors.Is(err, store.ErrNotFound) {
		return err // known, or an error
	}
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobRelayed, Key: uri, Payload: uri})
}

// relayedDelete has it checked that a post is gone of which a relay says so.
func (in *Inbox) relayedDelete(ctx context.Context, r *store.Relay, uri string) error {
	p, err := in.db.PostByURI(ctx, uri)
	if errors.Is(err, store.ErrNotFound) || err == nil && (r.State != store.RelayAccepted || p.Visibility > store.Unlisted) {
		return &ignored{"Delete forwarded by a relay"}
	}
	if err != nil || in.db.IsLocal(uri) {
		return err
	}
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobGone, Key: uri, Payload: uri})
}

// RunGone deletes a public post if its own server answers that there is none.
func (in *Inbox) RunGone(ctx context.Context, uri string) error {
	err := in.resolver.FetchPost(ctx, uri)
	var answer *fetch.Error
	if !errors.As(err, &answer) || !answer.Gone() {
		return err
	}
	p, err := in.db.PostByURI(ctx, uri)
	if err != nil || p.Visibility > store.Unlisted {
		return unlessNotFound(err)
	}
	return in.db.ReceiveDelete(ctx, p.AccountID, uri)
}

// RunRelayed reads what a relay passed on: a post, or an activity about one,
// named by its id.
func (in *Inbox) RunRelayed(ctx context.Context, uri string) error {
	_, err := in.resolver.Post(ctx, uri)
	var shape *vocab.ShapeError
	if !errors.As(err, &shape) {
		return err
	}
	act, err := in.resolver.Activity(ctx, uri)
	if err != nil {
		return err
	}
	if act.Type != "Create" || !fetch.SameOrigin(act.Object.ID, act.ID) {
		return nil
	}
	_, err = in.resolver.Post(ctx, act.Object.ID)
	return err
}
