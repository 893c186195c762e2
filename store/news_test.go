package store_test

import (
	"slices"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// heardNow returns the kinds of news that a listener has.
func heardNow(l *store.Listener) (kinds []store.NewsKind) {
	for {
		select {
		case n := <-l.C:
			kinds = append(kinds, n.Kind)
		default:
			return kinds
		}
	}
}

func TestNewsComeAfterTheCommitAndOnlyOfWhatWasDone(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	token, err := db.CreateToken(ctx, alice.ID, "read")
	must(t, err)
	post := storetest.Post(t, db, alice, "hello", store.Public)
	l := db.Listen(100)
	defer l.Close()
	filter := store.Filter{Title: "f", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "x"}}}
	for _, step := range []struct {
		name string
		do   func() error
		want []store.NewsKind
	}{
		{"follow", func() error { return db.Follow(ctx, bob.ID, alice.ID) }, []store.NewsKind{store.NewsStanding, store.NewsStanding, store.NewsNotification}},
		{"follow again", func() error { return db.Follow(ctx, bob.ID, alice.ID) }, nil},
		{"boost", func() error { return db.Boost(ctx, bob.ID, post.ID) }, []store.NewsKind{store.NewsBoost, store.NewsNotification}},
		{"unboost", func() error { return db.Unboost(ctx, bob.ID, post.ID) }, []store.NewsKind{store.NewsUnboost}},
		{"mute", func() error { return db.Mute(ctx, bob.ID, alice.ID, store.MuteOptions{}) }, []store.NewsKind{store.NewsStanding}},
		{"filter", func() error { return db.CreateFilter(ctx, bob.ID, &filter) }, []store.NewsKind{store.NewsFilters}},
		{"filter with mistakes", func() error { db.CreateFilter(ctx, bob.ID, &store.Filter{}); return nil }, nil},
		{"refused", func() error { db.FilterThisPost(ctx, alice.ID, filter.ID, post.ID); return nil }, nil},
		{"revoke", func() error { return db.RevokeToken(ctx, 0, token) }, []store.NewsKind{store.NewsAccess}},
		{"disable", func() error { return db.DisableUser(ctx, store.Staff{}, alice.ID) }, []store.NewsKind{store.NewsAccess}},
		{"delete", func() error { return db.DeletePost(ctx, alice.ID, post.ID) }, []store.NewsKind{store.NewsDelete}},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := heardNow(l); !slices.Equal(got, step.want) {
			t.Errorf("%s: heard %v, want %v", step.name, got, step.want)
		}
	}
}

func TestDeletedPostIsHeardOfWithWhoCouldSeeIt(t *testing.T) {
	db := storetest.New(t)
	alice, bob, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carl")
	must(t, db.Follow(ctx, bob.ID, alice.ID))
	post := storetest.Post(t, db, alice, "for few #tag", store.Followers)
	l := db.Listen(100)
	defer l.Close()
	must(t, db.DeletePost(ctx, alice.ID, post.ID))
	n := <-l.C
	for id, want := range map[int64]bool{alice.ID: true, bob.ID: true, carl.ID: false} {
		s, err := db.Standing(ctx, id)
		must(t, err)
		if got := s.Sees(n.Scope); got != want {
			t.Errorf("account %d saw it: %t, want %t", id, got, want)
		}
	}
	if !slices.Equal(n.Scope.Tags, []string{"tag"}) {
		t.Errorf("tags %v, want tag", n.Scope.Tags)
	}
}

func TestSlowListenerMissesNewsAndIsTold(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	slow, quick := db.Listen(1), db.Listen(10)
	defer slow.Close()
	defer quick.Close()
	for range 3 {
		storetest.Post(t, db, alice, "hello", store.Public)
	}
	if n := len(heardNow(slow)); n != 1 || !slow.Missed() || slow.Missed() {
		t.Errorf("the slow one heard %d, want 1 and to be told once", n)
	}
	if n := len(heardNow(quick)); n != 3 || quick.Missed() {
		t.Errorf("the quick one heard %d, want 3", n)
	}
}

// looks loads a post for a reader both ways: through a broadcast and alone.
func looks(t *testing.T, db *store.DB, postID int64, reader int64) (broadcast, alone *store.PostView) {
	t.Helper()
	scope, err := db.Scope(ctx, postID)
	must(t, err)
	b, err := db.Broadcast(ctx, scope, []int64{reader}, false)
	must(t, err)
	s, err := db.Standing(ctx, reader)
	must(t, err)
	broadcast, _, err = b.For(ctx, s, nil)
	must(t, err)
	alone, err = db.PostVisibleTo(ctx, postID, store.AsMember(reader))
	must(t, err)
	return broadcast, alone
}

func TestBroadcastLooksAsThePostDoes(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	post := storetest.Post(t, db, alice, "hello word", store.Public)
	must(t, db.Favourite(ctx, alice.ID, post.ID))
	for what, do := range map[string]func() error{
		"1 nothing": func() error { return nil },
		"2 deeds":   func() error { return db.Bookmark(ctx, bob.ID, post.ID) },
		"3 filtered": func() error {
			return db.CreateFilter(ctx, bob.ID, &store.Filter{Title: "w", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "word"}}})
		},
		"4 reaction": func() error { return db.React(ctx, bob.ID, post.ID, "🌱") },
		"5 mute":     func() error { return db.Mute(ctx, bob.ID, alice.ID, store.MuteOptions{Lasts: time.Hour}) },
	} {
		must(t, do())
		for _, reader := range []int64{alice.ID, bob.ID} {
			b, a := looks(t, db, post.ID, reader)
			if b.Favourited != a.Favourited || b.Boosted != a.Boosted || b.Bookmarked != a.Bookmarked || b.Muted != a.Muted || b.Thread != a.Thread ||
				len(b.Filtered) != len(a.Filtered) || len(b.Reactions) != len(a.Reactions) || len(b.Reactions) > 0 && b.Reactions[0].Mine != a.Reactions[0].Mine {
				t.Errorf("%s, reader %d: broadcast %+v, alone %+v", what, reader, b, a)
			}
		}
	}
}
