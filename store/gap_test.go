package store_test

import (
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestDeletedPostLeavesAGap in the thread, seen from the root as from below.
func TestDeletedPostLeavesAGap(t *testing.T) {
	for name, order := range map[string][2]int{"from below": {1, 0}, "from above": {0, 1}} {
		t.Run(name, func(t *testing.T) { gapsAfter(t, order) })
	}
}

func gapsAfter(t *testing.T, order [2]int) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	root := storetest.Post(t, db, alice, "root", store.Public)
	middle := storetest.Reply(t, db, bob, root, "middle", store.Public)
	lower := storetest.Reply(t, db, bob, middle, "lower", store.Public)
	leaf := storetest.Reply(t, db, alice, lower, "leaf", store.Public)
	for _, i := range order {
		must(t, db.DeletePost(t.Context(), bob.ID, [2]int64{middle.ID, lower.ID}[i]))
	}
	alone := storetest.Reply(t, db, bob, root, "alone", store.Public)
	must(t, db.DeletePost(t.Context(), bob.ID, alone.ID)) // nothing answers it: it leaves none
	thread, err := db.Thread(t.Context(), root.ID, store.Viewer{})
	must(t, err)
	depth, replies := 0, thread.Replies
	for len(replies) == 1 && replies[0].Post == nil {
		depth, replies = depth+1, replies[0].Children
	}
	if depth != 2 || len(replies) != 1 || replies[0].Post == nil || replies[0].Post.ID != leaf.ID {
		t.Errorf("below the root: %d gaps, then %d posts, want 2 and the leaf", depth, len(replies))
	}
}
