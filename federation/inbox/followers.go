package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"seedling/federation/fetch"
	"seedling/federation/followersync"
	"seedling/store"
)

// How often the followers of one account are compared, and by how much that is
// put off, so that a post to followers does not bring all its readers' servers
// at once (FEP-8fcf).
const (
	comparePause = time.Hour
	compareDelay = 2 * time.Minute
)

// comparison is the payload of store.JobFollowers.
type comparison struct {
	AccountID int64  `json:"account"`
	URL       string `json:"url"`
}

// compareFollowers looks at what the sender of a delivery says about who follows
// it from here. If that is not what is known here, a job will ask; the header
// alone changes nothing. An error is ours, and no reason to refuse the delivery.
func (in *Inbox) compareFollowers(ctx context.Context, r *http.Request, signer *store.Account) error {
	h, ok := followersync.Parse(r.Header.Get(followersync.Name))
	if !ok || h.CollectionID != signer.FollowersURI || !fetch.SameOrigin(h.URL, signer.URI) || !fetch.SameOrigin(h.CollectionID, signer.URI) {
		return nil
	}
	known, err := in.db.LocalFollowers(ctx, signer.ID)
	if err != nil || followersync.Digest(known) == h.Digest {
		return err
	}
	payload, err := json.Marshal(comparison{signer.ID, h.URL})
	if err != nil {
		return err
	}
	return in.db.CompareFollowers(ctx, signer.ID, string(payload), comparePause, rand.N(compareDelay))
}

// RunFollowers reads who of this server follows an account according to its own
// server, and makes that true here.
func (in *Inbox) RunFollowers(ctx context.Context, payload string) error {
	var c comparison
	if err := json.Unmarshal([]byte(payload), &c); err != nil {
		return fmt.Errorf("payload %q: %w", payload, store.ErrForbidden)
	}
	a, err := in.db.Account(ctx, c.AccountID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Local() || a.State != store.AccountActive) {
		return nil
	}
	if err != nil {
		return err
	}
	uris, err := in.resolver.FollowersHere(ctx, a, c.URL)
	if err != nil {
		return err
	}
	return in.db.ReconcileFollowers(ctx, a.ID, uris)
}
