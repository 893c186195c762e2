package inbox

import (
	"context"
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// block is a block of a member by its actor. A block with a target is the ban
// of somebody from a community (Lemmy), which is not ours to apply.
func (in *Inbox) block(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if !act.Target.IsZero() {
		return &ignored{"Block from a community"}
	}
	target, err := in.localTarget(ctx, act, act.Object)
	if err != nil {
		return err
	}
	if act.ID == "" {
		return refuse(http.StatusBadRequest, "a Block needs an id, to be undone")
	}
	return answers(in.db.ReceiveBlock(ctx, by.ID, target.ID, act.ID), "Block")
}
