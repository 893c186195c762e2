package store_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// TestAccountsByHandleAreThoseOfEach: several are found as each would be alone.
func TestAccountsByHandleAreThoseOfEach(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "bob@b.example")
	home := db.Handle(alice).Host
	want := map[content.Handle]int64{{Username: "Alice"}: alice.ID, {Username: "alice", Host: home}: alice.ID, {Username: "BOB", Host: "b.example"}: bob.ID,
		{Username: "bob"}: 0, {Username: "alice", Host: "b.example"}: 0}
	found, err := db.AccountsByHandle(ctx, slices.Collect(maps.Keys(want)))
	if err != nil {
		t.Fatal(err)
	}
	for h, id := range want {
		one, err := db.AccountByHandle(ctx, h)
		if id == 0 {
			if !errors.Is(err, store.ErrNotFound) || found[h] != nil {
				t.Errorf("%v: got %v, %v; alone %v, want none", h, found[h], err, one)
			}
		} else if err != nil || found[h] == nil || one.ID != id || found[h].ID != id {
			t.Errorf("%v: got %v, %v; alone %v, want account %d", h, found[h], err, one, id)
		}
	}
}
