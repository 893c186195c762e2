package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// like is a favourite of a post that is stored; of others nothing is counted.
// A Like with an emoji, as Misskey sends it, counts as one too.
func (in *Inbox) like(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.Object.ID == "" || act.ID == "" {
		return refuse(http.StatusBadRequest, "a Like needs an id and an object with one")
	}
	p, err := in.db.PostByLink(ctx, act.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return &ignored{"Like of an unknown post"}
	}
	if err != nil {
		return err
	}
	return answers(in.db.ReceiveFavourite(ctx, by.ID, p.ID, act.ID), "Like of a hidden post")
}
