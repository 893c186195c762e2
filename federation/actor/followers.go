package actor

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// FollowersHere reads which members follow an account, as its own server says in
// the part of its followers collection for us (FEP-8fcf). A list that is too
// long or that names others is not believed at all: who stands on the rest of
// it must not be taken for gone.
func (r *Resolver) FollowersHere(ctx context.Context, a *store.Account, uri string) ([]string, error) {
	var uris []string
	foreign := false
	at := vocab.Ref{ID: uri}
	for pages := 0; !at.IsZero(); pages++ {
		if pages == maxFollowerPages {
			return nil, &Untrusted{uri, "its list of followers does not end"}
		}
		c, err := r.collection(ctx, at, a.URI)
		if err != nil {
			return nil, err
		}
		if len(c.Items) >= vocab.MaxItems { // more may have been left out
			return nil, &Untrusted{uri, "its list of followers is too long"}
		}
		for _, item := range c.Items {
			uris = append(uris, item.ID)
			foreign = foreign || !r.db.IsLocal(item.ID)
		}
		if at = c.Next; at.IsZero() && len(c.Items) == 0 {
			at = c.First
		}
	}
	if foreign {
		return nil, &Untrusted{uri, "its list of our followers names others"}
	}
	return uris, nil
}
