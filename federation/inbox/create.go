package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// create stores a new post of its actor, or counts their vote.
func (in *Inbox) create(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	o, author, err := in.ownObject(ctx, act, by)
	if err != nil {
		return err
	}
	if o.IsVote() {
		return in.vote(ctx, o, author)
	}
	_, err = in.resolver.Receive(ctx, o, author)
	return in.stored(err, act)
}

// stored maps the outcome of storing an object.
func (in *Inbox) stored(err error, act *vocab.Activity) error {
	var shape *vocab.ShapeError
	if errors.As(err, &shape) {
		return &ignored{act.Type + " of " + act.Object.Type}
	}
	return answers(err, act.Type+" of a deleted post")
}

// ownObject reads the object of a Create or Update and checks that its actor
// may speak for it: it is on the actor's host and by the actor, or by a group
// of the same host (Mobilizon's organisers). What is not embedded, or is of
// another host, is never believed; it is read from its own server by a job.
func (in *Inbox) ownObject(ctx context.Context, act *vocab.Activity, by *store.Account) (*vocab.Object, *store.Account, error) {
	if act.Object.IsZero() {
		return nil, nil, refuse(http.StatusBadRequest, "a %s needs an object", act.Type)
	}
	if act.Object.Embedded == nil {
		return nil, nil, in.fetchLater(ctx, act)
	}
	o, err := act.Object.Embedded.Object()
	if err != nil {
		return nil, nil, refuse(http.StatusBadRequest, "%v", err)
	}
	if !fetch.IsNormal(o.ID) {
		return nil, nil, refuse(http.StatusBadRequest, "the id %s of the object is not in normal form", o.ID)
	}
	if in.db.IsLocal(o.ID) {
		return nil, nil, refuse(http.StatusForbidden, "the object %s is of this server", o.ID)
	}
	if !fetch.SameOrigin(o.ID, by.URI) {
		return nil, nil, refuse(http.StatusForbidden, "the object %s is not on the host of its actor %s", o.ID, by.URI)
	}
	o.InheritAudience(act)
	author, err := in.author(ctx, o, by)
	return o, author, err
}

// author finds the account that an object counts as written by.
func (in *Inbox) author(ctx context.Context, o *vocab.Object, by *store.Account) (*store.Account, error) {
	if len(o.AttributedTo) == 0 {
		return by, nil
	}
	for _, ref := range o.AttributedTo {
		if ref.ID == by.URI {
			return by, nil
		}
	}
	ref := o.Author()
	if ref.ID != "" && fetch.SameOrigin(ref.ID, by.URI) {
		if group, err := in.resolver.ByURI(ctx, ref.ID); err == nil && group.Kind == store.Group {
			return group, nil
		}
	}
	return nil, refuse(http.StatusForbidden, "the object %s is by %s, not by %s", o.ID, ref.ID, by.URI)
}

// fetchLater reads an object that was only named from its own server.
func (in *Inbox) fetchLater(ctx context.Context, act *vocab.Activity) error {
	id := act.Object.ID
	if in.db.IsLocal(id) {
		return refuse(http.StatusForbidden, "the object %s is of this server", id)
	}
	if !fetch.SameOrigin(id, act.Actor.ID) {
		return refuse(http.StatusForbidden, "the object %s is not on the host of its actor", id)
	}
	if err := in.db.AddJob(ctx, store.NewJob{Kind: store.JobFetch, Key: id, Payload: id}); err != nil {
		return err
	}
	return &ignored{act.Type + " by id, to be fetched"}
}
