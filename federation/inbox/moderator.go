package inbox

import (
	"context"
	"errors"

	"seedling/federation/vocab"
	"seedling/store"
)

// moderator.go takes what the moderators of a community tell without it: some
// servers send their decisions to everyone concerned. A moderator is who stands
// on the list of the community's own server (FEP-1b12).

// groupModerator changes that list, on the community's word or a moderator's.
// Who is not known yet comes with the whole list, which is then read.
func (in *Inbox) groupModerator(ctx context.Context, act *vocab.Activity, group *store.Account) error {
	if act.Type == "Remove" {
		return in.db.RemoveModerator(ctx, group.ID, act.Object.ID)
	}
	err := in.db.AddModerator(ctx, group.ID, act.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return in.readAgain(ctx, group)
	}
	return err
}

// moderatorPins is an Add or Remove by a moderator, to the pinned posts or the
// moderators of their community. Otherwise done is false.
func (in *Inbox) moderatorPins(ctx context.Context, act *vocab.Activity, by *store.Account) (done bool, err error) {
	group, err := in.db.GroupOfCollection(ctx, by.ID, act.Target.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	return true, in.groupPin(ctx, act, group)
}

// moderatorRemoves is a Delete by a moderator of the community that a post
// stands in. Otherwise done is false.
func (in *Inbox) moderatorRemoves(ctx context.Context, postURI string, by *store.Account) (done bool, err error) {
	group, err := in.db.GroupModeratedBy(ctx, by.ID, postURI)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	if p, err := in.db.PostByURI(ctx, postURI); err == nil && p.AccountID == by.ID {
		return false, nil // its author deletes it
	}
	return true, answers(in.db.GroupRemove(ctx, group.ID, postURI), "Delete by a moderator")
}

// lock closes a thread, or opens it again, for a moderator of its community.
func (in *Inbox) lock(ctx context.Context, act *vocab.Activity, by *store.Account, locked bool) error {
	group, err := in.db.GroupModeratedBy(ctx, by.ID, act.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return &ignored{act.Type + " by nobody who moderates the community"}
	}
	if err != nil {
		return err
	}
	return in.inGroup(in.db.GroupLock(ctx, group.ID, act.Object.ID, locked), act)
}
