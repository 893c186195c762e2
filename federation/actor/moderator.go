package actor

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// readModerators reads who moderates a community, as its own server lists them
// (FEP-1b12). Who can't be read is left out.
func (r *Resolver) readModerators(ctx context.Context, group *store.Account) error {
	if group.Kind != store.Group || group.ModeratorsURI == "" {
		return nil
	}
	var ids []int64
	tried := 0
	err := r.eachItem(ctx, vocab.Ref{ID: group.ModeratorsURI}, group.URI, 1, func(item vocab.Ref) bool {
		a, err := r.ByURI(ctx, item.ID)
		if err == nil {
			ids = append(ids, a.ID)
		} else {
			r.log.Debug("moderator not read", "group", group.URI, "account", item.ID, "error", err)
		}
		tried++ // also what fails: each may be a request to somebody else
		return tried < store.MaxModerators
	})
	if err != nil {
		return err
	}
	return r.db.SetModerators(ctx, group.ID, ids)
}
