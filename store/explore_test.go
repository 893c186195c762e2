package store_test

import (
	"fmt"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func quiet(t *testing.T, db *store.DB, a *store.Account) {
	t.Helper()
	if err := db.ChangePrivacy(t.Context(), a.ID, store.PrivacyChange{Discoverable: new(false), Indexable: new(false)}); err != nil {
		t.Fatal(err)
	}
}

func TestDirectoryListsThoseWhoWantToBeFound(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob, carol := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carol")
	storetest.Post(t, db, bob, "hello", store.Public)
	quiet(t, db, carol)
	names := func(list []*store.Account, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, a := range list {
			text += a.Username + " "
		}
		return text
	}
	if got := names(db.Directory(ctx, store.Viewer{}, store.Directory{Local: true, Limit: 10})); got != "bob alice " {
		t.Errorf("directory by activity: %q, want bob alice", got)
	}
	if got := names(db.Directory(ctx, store.Viewer{}, store.Directory{Limit: 1, Offset: 1, Newest: true})); got != "alice " {
		t.Errorf("second of the newest: %q, want alice", got)
	}
	if got := names(db.Suggestions(ctx, store.AsMember(alice.ID), 10)); got != "bob " {
		t.Errorf("suggestions for alice: %q, want bob", got)
	}
	if err := db.Block(ctx, bob.ID, alice.ID); err != nil {
		t.Fatal(err)
	}
	if got := names(db.Directory(ctx, store.AsMember(alice.ID), store.Directory{Local: true, Limit: 10})); got != "alice " {
		t.Errorf("directory for whom bob blocked: %q, want alice alone", got)
	}
}

func TestActiveTagsAndPopularPostsCountPublicOnesOfThoseWhoWantToBeFound(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob, carol := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carol")
	quiet(t, db, carol)
	for i := range 3 {
		storetest.Post(t, db, alice, fmt.Sprintf("%d #busy", i), store.Public)
	}
	first := storetest.Post(t, db, alice, "#Shared", store.Public)
	second := storetest.Post(t, db, bob, "#shared", store.Public)
	storetest.Post(t, db, bob, "#secret", store.Followers)
	storetest.Post(t, db, bob, "#quiet", store.Unlisted)
	hidden := storetest.Post(t, db, carol, "#hidden", store.Public)
	for _, p := range []*store.Post{first, second, hidden} {
		if err := db.Favourite(ctx, alice.ID, p.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Favourite(ctx, bob.ID, first.ID); err != nil {
		t.Fatal(err)
	}
	tags, err := db.ActiveTags(ctx, 10)
	if err != nil || len(tags) != 2 || tags[0].Name != "shared" || tags[0].People != 2 || tags[1].Name != "busy" || tags[1].Posts != 3 || tags[1].People != 1 {
		t.Errorf("ActiveTags: %+v, %v, want shared of two people, then busy of one", tags, err)
	}
	if len(tags) > 0 && (len(tags[0].Days) != 7 || tags[0].Days[0].Posts != 2 || tags[0].Days[0].Start.After(time.Now())) {
		t.Errorf("days: %+v, want 7 with two posts today", tags[0].Days)
	}
	posts, err := db.PopularPosts(ctx, store.Viewer{}, 10)
	if err != nil || len(posts) != 2 || posts[0].ID != second.ID || posts[1].ID != first.ID {
		t.Errorf("PopularPosts: %d, %v, want the second and the first, newest first", len(posts), err)
	}
}
