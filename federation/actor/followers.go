package actor

import (
	"context"
	"maps"
	"slices"

	"seedling/federation/vocab"
	"seedling/store"
)

// FollowersHere reads which members follow an account, as its own server says in
// the part of its followers collection for us (FEP-8fcf). A list that is too
// long or that names others is not believed at all: who stands on the rest of
// it must not be taken for gone.
func (r *Resolver) FollowersHere(ctx context.Context, a *store.Account, uri string) ([]string, error) {
	here := map[string]bool{}
	seen := map[string]bool{}
	at := vocab.Ref{ID: uri}
	for total := 0; !at.IsZero(); {
		if len(seen) == maxFollowerPages || at.ID != "" && seen[at.ID] {
			return nil, &Untrusted{uri, "its list of followers does not end"}
		}
		seen[at.ID] = true
		page, err := r.collectionDocument(ctx, at, a.URI)
		if err != nil {
			return nil, err
		}
		n, err := r.followersOn(page, here)
		if err != nil {
			return nil, err
		}
		if total += n; total > maxFollowersHere {
			return nil, &Untrusted{uri, "its list of followers is too long"}
		}
		if at = page.Ref("next"); at.IsZero() && n == 0 {
			at = page.Ref("first")
		}
	}
	return slices.Collect(maps.Keys(here)), nil
}

// followersOn adds the members on one page to here, and says how many ids it has.
func (r *Resolver) followersOn(page *vocab.Value, here map[string]bool) (n int, err error) {
	for _, key := range []string{"orderedItems", "items"} {
		uris := page.URIs(key, maxFollowersPage)
		if len(uris) == maxFollowersPage { // more may have been left out
			return n, &Untrusted{page.ID(), "its list of followers is too long"}
		}
		for _, uri := range uris {
			if !r.db.IsLocal(uri) {
				return n, &Untrusted{page.ID(), "its list of our followers names others"}
			}
			here[uri] = true
		}
		n += len(uris)
	}
	return n, nil
}
