package inbox

import (
	"context"
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// follow makes its actor a follower of a member, or a request to be one.
func (in *Inbox) follow(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.Object.ID == by.URI {
		return refuse(http.StatusBadRequest, "%s can't follow itself", by.URI)
	}
	target, err := in.localTarget(ctx, act, act.Object)
	if err != nil {
		return err
	}
	if target.Kind == store.Application {
		return in.followInstance(ctx, act, by, target)
	}
	if act.ID == "" {
		return refuse(http.StatusBadRequest, "a Follow needs an id, to be answered")
	}
	return answers(in.db.ReceiveFollow(ctx, by.ID, target.ID, act.ID), "Follow")
}

// accept is the answer to a member's follow. The object is the follow, embedded
// or by its id; where neither is known, by whom it is from.
func (in *Inbox) accept(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if handled, err := in.quoteAnswered(ctx, act, by); handled {
		return err
	}
	if handled, err := in.requestAnswered(ctx, act, by); handled {
		return err
	}
	if done, err := in.relayAnswer(ctx, act, by, true); done || err != nil {
		return err
	}
	r, err := in.answered(ctx, act, by)
	if err != nil {
		return err
	}
	return answers(in.db.ReceiveAccept(ctx, r), "Accept of a follow that was not asked")
}

// reject ends or refuses a member's follow.
func (in *Inbox) reject(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if handled, err := in.quoteAnswered(ctx, act, by); handled {
		return err
	}
	if handled, err := in.requestAnswered(ctx, act, by); handled {
		return err
	}
	if done, err := in.relayAnswer(ctx, act, by, false); done || err != nil {
		return err
	}
	r, err := in.answered(ctx, act, by)
	if err != nil {
		return err
	}
	return answers(in.db.ReceiveReject(ctx, r), "Reject of a follow that was not asked")
}

// answered reads which follow of its actor an Accept or Reject is about.
func (in *Inbox) answered(ctx context.Context, act *vocab.Activity, by *store.Account) (store.FollowRef, error) {
	r := store.FollowRef{URI: act.Object.ID, TargetID: by.ID}
	if act.Object.Embedded == nil {
		return r, nil
	}
	inner, err := act.Object.Embedded.Activity()
	if err != nil || inner.Type != "Follow" {
		return r, &ignored{act.Type + " of " + act.Object.Type}
	}
	if follower, err := in.db.AccountByURI(ctx, inner.Actor.ID); err == nil && follower.Local() {
		r.AccountID = follower.ID
	}
	return r, nil
}
