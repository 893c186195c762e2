package inbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// add pins a post of its actor to the top of its profile. Other collections are
// not kept here.
func (in *Inbox) add(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if ownTag(act, by) {
		return in.readAgain(ctx, by)
	}
	if done, err := in.moderatorPins(ctx, act, by); done || err != nil {
		return err
	}
	if err := in.ownFeatured(act, by); err != nil {
		return err
	}
	err := in.db.ReceivePin(ctx, by.ID, act.Object.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return answers(err, "Add of a post of another account")
	}
	if in.db.IsLocal(act.Object.ID) || !fetch.SameOrigin(act.Object.ID, by.URI) {
		return refuse(http.StatusForbidden, "the post %s is not by %s", act.Object.ID, by.URI)
	}
	id := strconv.FormatInt(by.ID, 10)
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobPins, Key: id, Payload: id})
}

// remove takes a post from there.
func (in *Inbox) remove(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if ownTag(act, by) {
		return in.readAgain(ctx, by)
	}
	if done, err := in.moderatorPins(ctx, act, by); done || err != nil {
		return err
	}
	if err := in.ownFeatured(act, by); err != nil {
		return err
	}
	return answers(in.db.ReceiveUnpin(ctx, by.ID, act.Object.ID), "Remove of what was not pinned")
}

// ownTag says whether an Add or Remove is about a hashtag on the profile of its
// actor. Mastodon names the pinned posts as its target.
func ownTag(act *vocab.Activity, by *store.Account) bool {
	target := act.Target.ID
	return act.Object.Embedded != nil && act.Object.Embedded.Type() == "Hashtag" && target != "" && (target == by.FeaturedURI || target == by.FeaturedTagsURI)
}

// readAgain has the collections of an account read.
func (in *Inbox) readAgain(ctx context.Context, by *store.Account) error {
	id := strconv.FormatInt(by.ID, 10)
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobOutbox, Key: id, Payload: id})
}

// ownFeatured checks that an Add or Remove is about the pinned posts of its
// actor (toot:featured): nobody changes the collections of somebody else, and
// followers are not added this way.
func (in *Inbox) ownFeatured(act *vocab.Activity, by *store.Account) error {
	target := act.Target.ID
	switch {
	case act.Object.ID == "" || target == "":
		return refuse(http.StatusBadRequest, "%s needs an object and a target with ids", act.Type)
	case target == by.FeaturedURI:
		return nil
	case !fetch.SameOrigin(target, by.URI):
		return refuse(http.StatusForbidden, "the collection %s is not on the host of %s", target, by.URI)
	case target == by.FollowersURI || target == by.FollowingURI || target == by.OutboxURI:
		return refuse(http.StatusForbidden, "%s is not changed by %s", target, act.Type)
	}
	return &ignored{act.Type + " of another collection"}
}
