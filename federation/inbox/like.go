package inbox

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// like is a favourite of a post that is stored; of others nothing is counted.
// With an emoji, as Misskey sends it, it is a reaction; with a heart, or with
// what is no emoji, a favourite again.
func (in *Inbox) like(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if e, ok := reactionOf(act); ok {
		return in.reacted(ctx, act, by, e)
	}
	p, err := in.liked(ctx, act)
	if err != nil {
		return err
	}
	return answers(in.db.ReceiveFavourite(ctx, by.ID, p.ID, act.ID), "Like of a hidden post")
}
