package inbox

import (
	"context"
	"errors"

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
	return answers(in.db.ReceiveFavourite(ctx, by.ID, p.ID, act.ID, act.Value.Authorization(store.DeedFavourite)), "Like of a hidden post")
}

// dislike is a vote against a post of a community (Lemmy, Mbin, PieFed). Votes
// against other posts, which Friendica and PeerTube know too, are not counted.
func (in *Inbox) dislike(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	p, err := in.liked(ctx, act)
	if err != nil {
		return err
	}
	err = in.db.ReceiveDownvote(ctx, by.ID, p.ID, act.ID)
	if errors.Is(err, store.ErrForbidden) {
		return &ignored{"Dislike of a post that stands in no community"}
	}
	return answers(err, "Dislike of a hidden post")
}

// rated is a Like, a reaction or a Dislike that a community passes on.
func (in *Inbox) rated(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.Type == "Dislike" {
		return in.dislike(ctx, act, by)
	}
	return in.like(ctx, act, by)
}
