package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// undo takes back a Follow, Like, Dislike, EmojiReact, Announce or Block of its own actor. The object
// is that activity, embedded or by its id alone; then it is whatever is stored
// under the id.
func (in *Inbox) undo(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.Object.IsZero() {
		return refuse(http.StatusBadRequest, "an Undo needs an object")
	}
	if act.Object.Embedded == nil {
		return in.undoByID(ctx, act.Object.ID, by)
	}
	inner, err := act.Object.Embedded.Activity()
	if err != nil {
		return in.undoByID(ctx, act.Object.ID, by)
	}
	if inner.Actor.ID != by.URI {
		return refuse(http.StatusForbidden, "%s may not undo what %s did", by.URI, inner.Actor.ID)
	}
	err = in.undoThis(ctx, inner, by)
	var unknown *ignored
	if err != nil && !errors.As(err, &unknown) {
		return err
	}
	switch inner.Type {
	case "Like", "Dislike", "EmojiReact", "Announce": // also one that is not here yet: a copy may come after its end
		if fetch.SameOrigin(inner.ID, by.URI) {
			return errors.Join(in.remember(ctx, inner.ID), err)
		}
	}
	return err
}

// remember keeps copies of what was undone from being believed.
func (in *Inbox) remember(ctx context.Context, uri string) error {
	if uri == "" {
		return nil
	}
	return in.db.RememberUndone(ctx, uri)
}

func (in *Inbox) undoThis(ctx context.Context, inner *vocab.Activity, by *store.Account) error {
	what := "Undo of an unknown " + inner.Type
	switch inner.Type {
	case "Follow":
		target, err := in.localTarget(ctx, inner, inner.Object)
		if err != nil {
			return err
		}
		return answers(in.db.ReceiveUnfollow(ctx, store.FollowRef{URI: inner.ID, AccountID: by.ID, TargetID: target.ID}), what)
	case "Block":
		target, err := in.localTarget(ctx, inner, inner.Object)
		if err != nil {
			return err
		}
		return answers(in.db.ReceiveUnblock(ctx, by.ID, target.ID, inner.ID), what)
	case "Like", "EmojiReact":
		return answers(in.unlike(ctx, inner, by), what)
	case "Lock":
		return in.lock(ctx, inner, by, false)
	case "Dislike":
		return answers(in.db.ReceiveUndownvote(ctx, by.ID, inner.ID, inner.Object.ID), what)
	case "Delete": // Lemmy
		return answers(in.db.AuthorRestore(ctx, by.ID, inner.Object.ID), what)
	case "Announce":
		return answers(in.db.ReceiveUnboost(ctx, by.ID, inner.ID, inner.Object.ID), what)
	}
	return &ignored{"Undo of " + inner.Type}
}

func (in *Inbox) undoByID(ctx context.Context, id string, by *store.Account) error {
	if id == "" {
		return refuse(http.StatusBadRequest, "the undone activity has no id")
	}
	for _, undo := range []func() error{
		func() error { return in.db.ReceiveUnfavourite(ctx, by.ID, id, "") },
		func() error { return in.db.ReceiveUndownvote(ctx, by.ID, id, "") },
		func() error { return in.db.ReceiveUnreaction(ctx, by.ID, id, "", store.Emoji{}) },
		func() error { return in.db.ReceiveUnboost(ctx, by.ID, id, "") },
		func() error { return in.db.ReceiveUnfollow(ctx, store.FollowRef{URI: id, AccountID: by.ID}) },
	} {
		if err := undo(); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err, in.remember(ctx, id))
		}
	}
	return in.db.ReceiveUnblock(ctx, by.ID, 0, id)
}
