package outbox

import (
	"bytes"
	"context"
	"net/url"
	"sync"

	"seedling/federation/followersync"
	"seedling/federation/vocab"
	"seedling/store"
)

// followerSums keeps, of the activities that are being sent, the digests of
// their sender's followers on each server: one that goes to a thousand servers
// has them counted once.
type followerSums struct {
	db   *store.DB
	mu   sync.Mutex
	sums map[int64]*activitySums
}

// activitySums are the digests by origin; no collection where the activity is
// not for followers alone.
type activitySums struct {
	once       sync.Once
	collection string
	byOrigin   map[string]*followersync.Sum
	err        error
}

func newFollowerSums(db *store.DB) *followerSums {
	return &followerSums{db: db, sums: map[int64]*activitySums{}}
}

// header is what goes with a delivery that only followers get (FEP-8fcf): what
// everybody may read tells nobody about followers. It is "" for others.
func (f *followerSums) header(ctx context.Context, d *store.Delivery) (string, error) {
	a := f.of(d.ActivityID)
	a.once.Do(func() { a.err = a.count(ctx, f.db, d) })
	if a.err != nil {
		f.forget(d.ActivityID)
	}
	if a.err != nil || a.collection == "" {
		return "", a.err
	}
	sum := a.byOrigin[originOf(d.Inbox)]
	if sum == nil {
		sum = new(followersync.Sum) // nobody of that server follows
	}
	return followersync.Header{CollectionID: a.collection, URL: a.collection + "_synchronization", Digest: sum.String()}.String(), nil
}

func (f *followerSums) of(activityID int64) *activitySums {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.sums[activityID]
	if a == nil {
		makeRoom(f.sums, maxDigests)
		a = new(activitySums)
		f.sums[activityID] = a
	}
	return a
}

func (f *followerSums) forget(activityID int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sums, activityID)
}

func (a *activitySums) count(ctx context.Context, db *store.DB, d *store.Delivery) error {
	account, err := db.Account(ctx, d.AccountID)
	if err != nil {
		return err
	}
	if !bytes.Contains(d.Body, []byte(`"`+account.FollowersURI+`"`)) || bytes.Contains(d.Body, []byte(vocab.Public)) {
		return nil
	}
	uris, err := db.RemoteFollowers(ctx, d.AccountID)
	if err != nil {
		return err
	}
	a.collection, a.byOrigin = account.FollowersURI, map[string]*followersync.Sum{}
	for _, uri := range uris {
		origin := originOf(uri)
		if a.byOrigin[origin] == nil {
			a.byOrigin[origin] = new(followersync.Sum)
		}
		a.byOrigin[origin].Add(uri)
	}
	return nil
}

func originOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
