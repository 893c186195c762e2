package inbox

import (
	"context"

	"seedling/federation/vocab"
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
	case "Create", "Update", "Delete", "Announce", "Like", "EmojiReact", "Undo":
	default:
		return false, nil
	}
	by, err := in.resolver.Proves(ctx, act)
	if err != nil {
		in.log.Debug("no proof that is believed", "actor", act.Actor.ID, "error", err)
		return false, nil
	}
	return true, in.apply(ctx, act, by)
}
