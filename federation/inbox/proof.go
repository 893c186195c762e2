package inbox

import (
	"context"
	"errors"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// proved applies an activity that somebody else delivers but that carries a
// proof by its actor (FEP-8b32): it is as good as one that the actor sent.
// Without a good one, done is false, and nothing is lost: what it says is read
// from the actor's own server instead.
//
// Only what is made to be passed on is taken. A Follow or its answer concerns
// two servers that speak to each other, and a copy of an old one would open
// again what was closed since.
func (in *Inbox) proved(ctx context.Context, act *vocab.Activity) (done bool, err error) {
	switch act.Type {
	case "Create", "Update", "Delete", "Announce", "Like", "Dislike", "EmojiReact", "Undo":
	default:
		return false, nil
	}
	by, err := in.resolver.Proves(ctx, act)
	if err != nil {
		in.log.Debug("no proof that is believed", "actor", act.Actor.ID, "error", err)
		return false, nil
	}
	undone, err := in.db.Undone(ctx, act.ID)
	if err != nil {
		return true, err
	}
	if undone {
		return true, &ignored{act.Type + " that was undone, passed on again"}
	}
	return true, in.apply(ctx, act, by)
}

// ldSigned handles a Delete or Update that somebody forwards because it has an
// LD signature, as Mastodon does for the answers to its members' posts. The
// signature is not read, since JSON-LD can be bent into saying other things
// (CVE-2022-24307); its presence only says that the post's own server is worth
// asking, if the post is public and known here. Done is false if there is none.
func (in *Inbox) ldSigned(ctx context.Context, act *vocab.Activity) (done bool, err error) {
	kind := map[string]store.JobKind{"Delete": store.JobGone, "Update": store.JobFetch}[act.Type]
	if kind == "" || !act.Value.Has("signature") || act.Object.ID == act.Actor.ID || !fetch.SameOrigin(act.Object.ID, act.Actor.ID) {
		return false, nil
	}
	p, err := in.db.PostByURI(ctx, act.Object.ID)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrGone) {
		return true, &ignored{act.Type + " of an unknown post, forwarded"}
	}
	if err != nil || p.Visibility > store.Unlisted || in.db.IsLocal(p.URI) {
		return false, err
	}
	return true, in.db.AddJob(ctx, store.NewJob{Kind: kind, Key: p.URI, Payload: p.URI})
}
