package store_test

import (
	"fmt"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestUnreadGroupsAreAllCounted, also where they are more than a page holds, or
// one of them is.
func TestUnreadGroupsAreAllCounted(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	user, err := db.User(ctx, alice.ID)
	must(t, err)
	storetest.Post(t, db, bob, "@alice hello", store.Public)
	liked := storetest.Post(t, db, alice, "liked by many", store.Public)
	for i := range 90 {
		must(t, db.Favourite(ctx, storetest.Remote(t, db, fmt.Sprintf("fan%d@far.example", i)).ID, liked.ID))
	}
	grouped := []store.NotificationKind{store.NotifyFavourite, store.NotifyMention}
	count := func(q store.NotificationQuery, grouped []store.NotificationKind, limit, want int) {
		t.Helper()
		n, err := db.CountUnreadGroups(ctx, user, q, grouped, limit)
		if err != nil || n != want {
			t.Errorf("%v, grouped %v, up to %d: got %d, %v, want %d", q.Kinds, grouped, limit, n, err, want)
		}
	}
	count(store.NotificationQuery{}, grouped, 1000, 2)
	count(store.NotificationQuery{}, nil, 1000, 91)
	count(store.NotificationQuery{}, nil, 50, 50)
	count(store.NotificationQuery{Kinds: []store.NotificationKind{store.NotifyMention}}, grouped, 1000, 1)
	count(store.NotificationQuery{FromID: bob.ID}, grouped, 1000, 1)
}
