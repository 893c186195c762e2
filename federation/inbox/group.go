package inbox

import (
	"context"
	"errors"
	"strconv"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// group.go reads what communities tell (FEP-1b12): a group wraps the activities
// of others about what stands in it into Announces. Its signature proves only
// that the group says so. An inner activity is believed where the group's own
// host has the say (its people, its posts), where the group has (its threads,
// removals, locks, pins), or when it was read from its own server.

// innerActivity is the activity that an Announce holds, or nil.
func innerActivity(act *vocab.Activity) *vocab.Activity {
	if act.Object.Embedded == nil || !act.Object.Embedded.Has("object") {
		return nil
	}
	inner, err := act.Object.Embedded.Activity()
	if err != nil {
		return nil
	}
	return inner
}

// groupTells applies what a group announces. j holds the Announce; sure says
// that inner was read from its own server.
func (in *Inbox) groupTells(ctx context.Context, j BoostJob, inner *vocab.Activity, group *store.Account, sure bool) error {
	sure = sure || fetch.SameOrigin(inner.Actor.ID, group.URI)
	switch inner.Type {
	case "Create":
		return in.groupCreate(ctx, j, inner, group)
	case "Update":
		return in.groupUpdate(ctx, inner, group)
	case "Delete":
		return in.groupDelete(ctx, inner, group)
	case "Undo":
		return in.groupUndo(ctx, inner, group, sure)
	case "Like", "Dislike", "EmojiReact":
		return in.groupVote(ctx, j, inner, sure)
	case "Lock":
		return in.inGroup(in.db.GroupLock(ctx, group.ID, inner.Object.ID, true), inner)
	case "Add", "Remove":
		return in.groupPin(ctx, inner, group)
	}
	return &ignored{"Announce of " + inner.Type}
}

// inGroup maps what came of a group's decision.
func (in *Inbox) inGroup(err error, inner *vocab.Activity) error {
	return answers(err, "Announce of "+inner.Type+" of a post that is unknown, or not in this community,")
}

// groupCreate shows a new post. The group's own server may bring it along; of
// others it is fetched.
func (in *Inbox) groupCreate(ctx context.Context, j BoostJob, inner *vocab.Activity, group *store.Account) error {
	o, author, err := in.groupsOwn(ctx, inner, group)
	if err != nil {
		return err
	}
	if o != nil {
		if _, err := in.resolver.Receive(ctx, o, author); err != nil {
			return in.stored(err, inner)
		}
	}
	j.PostURI = inner.Object.ID
	return in.boost(ctx, j)
}

// groupsOwn is the post inside of a Create or Update whose author is known here
// and lives on the group's own host, as the post does; nil for all others.
func (in *Inbox) groupsOwn(ctx context.Context, inner *vocab.Activity, group *store.Account) (*vocab.Object, *store.Account, error) {
	if inner.Object.Embedded == nil || !fetch.SameOrigin(inner.Actor.ID, group.URI) {
		return nil, nil, nil
	}
	o, err := inner.Object.Embedded.Object()
	if err != nil || o.IsVote() || !fetch.SameOrigin(o.ID, group.URI) || !fetch.SameOrigin(o.Author().ID, group.URI) {
		return nil, nil, nil
	}
	author, err := in.db.AccountByURI(ctx, o.Author().ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (author.Local() || author.State != store.AccountActive) {
		return nil, nil, nil
	}
	o.InheritAudience(inner)
	return o, author, err
}

// groupUpdate stores an edit, or a new description of the group by its
// moderators. What is not known here is not worth a look.
func (in *Inbox) groupUpdate(ctx context.Context, inner *vocab.Activity, group *store.Account) error {
	if inner.Object.ID == group.URI {
		id := strconv.FormatInt(group.ID, 10)
		return in.db.AddJob(ctx, store.NewJob{Kind: store.JobRefresh, Key: id, Payload: id})
	}
	p, err := in.db.PostByURI(ctx, inner.Object.ID)
	if err != nil {
		return answers(err, "Announce of an edit of an unknown post")
	}
	o, author, err := in.groupsOwn(ctx, inner, group)
	if err != nil {
		return err
	}
	if o == nil || author.ID != p.AccountID {
		return in.announceEdit(ctx, inner.Object.ID)
	}
	return in.stored(in.resolver.ReceiveEdit(ctx, o, author), inner)
}

// groupDelete removes posts: those that their authors deleted, and those that
// moderators took out of the group.
func (in *Inbox) groupDelete(ctx context.Context, inner *vocab.Activity, group *store.Account) error {
	for i, ref := range inner.Objects {
		if i == maxObjectsDel {
			break
		}
		err := in.db.GroupRemove(ctx, group.ID, ref.ID)
		if fetch.SameOrigin(ref.ID, group.URI) && fetch.SameOrigin(ref.ID, inner.Actor.ID) {
			err = in.deleteOfAuthor(ctx, inner.Actor.ID, ref.ID, err)
		}
		if err := in.inGroup(err, inner); err != nil {
			return err
		}
	}
	return nil
}

// deleteOfAuthor is for a post that could not be removed as one of the group.
func (in *Inbox) deleteOfAuthor(ctx context.Context, author, uri string, err error) error {
	if !errors.Is(err, store.ErrForbidden) {
		return err
	}
	a, err := in.db.AccountByURI(ctx, author)
	if err != nil {
		return err
	}
	return in.db.ReceiveDelete(ctx, a.ID, uri)
}

// groupUndo takes back what was announced before: removed posts are read again
// from their own server (Lemmy restores that way).
func (in *Inbox) groupUndo(ctx context.Context, inner *vocab.Activity, group *store.Account, sure bool) error {
	undone := innerActivity(inner)
	if undone == nil {
		return &ignored{"Announce of Undo by id"}
	}
	switch undone.Type {
	case "Delete":
		return answers(in.db.GroupRestore(ctx, group.ID, undone.Object.ID), "Announce of Undo of an unknown Delete")
	case "Lock":
		return in.inGroup(in.db.GroupLock(ctx, group.ID, undone.Object.ID, false), inner)
	case "Like", "Dislike", "EmojiReact":
		by, err := in.db.AccountByURI(ctx, inner.Actor.ID)
		if err != nil || !sure || by.Local() || undone.Actor.ID != by.URI {
			return &ignored{"Announce of Undo of an unknown Like"}
		}
		return in.undo(ctx, inner, by)
	}
	return &ignored{"Announce of Undo of " + undone.Type}
}

// groupVote counts a Like that is believed. One that has to be asked for is
// worth it only for a post of a member: communities announce thousands.
func (in *Inbox) groupVote(ctx context.Context, j BoostJob, inner *vocab.Activity, sure bool) error {
	uri := inner.Object.ID
	if uri == "" || inner.ID == "" || !fetch.SameOrigin(inner.ID, inner.Actor.ID) || in.db.IsLocal(inner.ID) {
		return &ignored{"Announce of a Like that can't be checked"}
	}
	if _, err := in.db.PostByLink(ctx, uri); err != nil {
		return answers(err, "Announce of a Like of an unknown post")
	}
	if !sure && !in.db.IsLocal(uri) {
		return &ignored{"Announce of a Like that can't be checked"}
	}
	if sure {
		by, err := in.db.AccountByURI(ctx, inner.Actor.ID)
		if err == nil && by.State == store.AccountActive {
			return in.rated(ctx, inner, by)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return answers(err, "Announce of a Like by nobody")
		}
		j.Inner = string(inner.Raw)
	}
	j.PostURI = inner.ID
	return in.boostLater(ctx, j, inner.ID)
}

// groupPin keeps the posts at the top of a community, and who moderates it.
func (in *Inbox) groupPin(ctx context.Context, inner *vocab.Activity, group *store.Account) error {
	if inner.Target.ID != "" && inner.Target.ID == group.ModeratorsURI {
		return in.groupModerator(ctx, inner, group)
	}
	if inner.Target.ID == "" || inner.Target.ID != group.FeaturedURI {
		return &ignored{"Announce of " + inner.Type + " for another collection"}
	}
	if inner.Type == "Remove" {
		return in.inGroup(in.db.GroupUnpin(ctx, group.ID, inner.Object.ID), inner)
	}
	return in.inGroup(in.db.GroupPin(ctx, group.ID, inner.Object.ID), inner)
}

// runActivity is the rest of a job whose URI is no post but an activity, or
// which holds one that is believed already.
func (in *Inbox) runActivity(ctx context.Context, j BoostJob) error {
	group, err := in.db.Account(ctx, j.AccountID)
	if err != nil {
		return err
	}
	inner, err := in.activityOf(ctx, j)
	if err != nil {
		return err
	}
	if group.Kind != store.Group {
		return nil
	}
	switch inner.Type { // what would be fetched later is fetched now
	case "Like", "Dislike", "EmojiReact":
		_, err = in.resolver.ByURI(ctx, inner.Actor.ID)
	case "Create":
		_, err = in.resolver.Post(ctx, inner.Object.ID)
	}
	if err != nil {
		return err
	}
	j.Inner = ""
	err = in.groupTells(ctx, j, inner, group, true)
	var meh *ignored
	var no *refusal
	if errors.As(err, &meh) {
		in.count(meh.what)
		return nil
	}
	if errors.As(err, &no) {
		in.log.Info("announced activity refused", "group", group.URI, "reason", no.reason)
		return nil
	}
	return err
}

func (in *Inbox) activityOf(ctx context.Context, j BoostJob) (*vocab.Activity, error) {
	if j.Inner == "" {
		return in.resolver.Activity(ctx, j.PostURI)
	}
	v, err := vocab.Parse([]byte(j.Inner))
	if err != nil {
		return nil, err
	}
	return v.Activity()
}
