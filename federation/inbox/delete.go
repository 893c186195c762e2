package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// delete removes posts of its actor, or the actor itself.
func (in *Inbox) delete(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if len(act.Objects) == 0 {
		return refuse(http.StatusBadRequest, "a Delete needs an object")
	}
	for i, ref := range act.Objects {
		if i == maxObjectsDel {
			return refuse(http.StatusBadRequest, "a Delete may name at most %d objects", maxObjectsDel)
		}
		if err := in.deleteOne(ctx, ref.ID, by); err != nil {
			return err
		}
	}
	return nil
}

func (in *Inbox) deleteOne(ctx context.Context, id string, by *store.Account) error {
	if done, err := in.moderatorRemoves(ctx, id, by); done || err != nil {
		return err
	}
	switch {
	case id == by.URI:
		return answers(in.db.DeleteRemoteAccount(ctx, by.ID), "Delete of an actor")
	case id == "":
		return refuse(http.StatusBadRequest, "the deleted object has no id")
	case !fetch.SameOrigin(id, by.URI):
		return refuse(http.StatusForbidden, "%s may not delete %s, which is on another host", by.URI, id)
	}
	if _, err := in.db.AccountByURI(ctx, id); err == nil {
		return refuse(http.StatusForbidden, "%s may not delete the account %s", by.URI, id)
	}
	if err := in.db.ReceiveRefusal(ctx, by.ID, id); !errors.Is(err, store.ErrNotFound) { // of its approval of something else
		return err
	}
	if err := in.db.ReceiveRevocation(ctx, by.ID, id); !errors.Is(err, store.ErrNotFound) { // FEP-044f: of its approval of a quote
		return err
	}
	return answers(in.db.ReceiveDelete(ctx, by.ID, id), by.URI+" deleting "+id)
}
