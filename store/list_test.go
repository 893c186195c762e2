package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestListTimelineAndExclusiveLists(t *testing.T) {
	db := storetest.New(t)
	alice, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "carl")
	rob, ann := storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "ann@far.example")
	followed(t, db, alice, rob)
	at := func(age time.Duration) func(*store.RemotePost) {
		return func(r *store.RemotePost) { r.CreatedAt = r.CreatedAt.Add(-age) }
	}
	theirs := storetest.Receive(t, db, ann, "https://far.example/p/0", "ann's", at(4*time.Hour))
	first := storetest.Receive(t, db, rob, "https://far.example/p/1", "one", at(3*time.Hour))
	reply := storetest.Receive(t, db, rob, "https://far.example/p/2", "two", at(2*time.Hour), func(r *store.RemotePost) { r.ReplyToURI = theirs.URI })
	must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: rob.ID, PostID: theirs.ID, URI: "https://far.example/b/1", PublishedAt: time.Now().Add(-time.Hour)}))
	l := store.List{Title: "Friends"}
	must(t, db.CreateList(ctx, alice.ID, &l))
	must(t, db.AddToList(ctx, alice.ID, l.ID, rob.ID))
	must(t, db.AddToList(ctx, alice.ID, l.ID, rob.ID))
	page, err := db.ListTimeline(ctx, alice.ID, l.ID, store.Cursor{})
	wantURIs(t, "replies to the list alone", page, err, theirs.URI, first.URI)
	page, err = db.ListTimeline(ctx, alice.ID, l.ID, store.Cursor{Limit: 1})
	wantURIs(t, "first page", page, err, theirs.URI)
	page, err = db.ListTimeline(ctx, alice.ID, l.ID, store.Cursor{Limit: 1, Before: page.Older})
	wantURIs(t, "second page", page, err, first.URI)
	l.Replies, l.Exclusive = store.RepliesToFollowed, true
	must(t, db.UpdateList(ctx, alice.ID, l))
	followed(t, db, alice, ann)
	page, err = db.ListTimeline(ctx, alice.ID, l.ID, store.Cursor{})
	wantURIs(t, "replies to the followed too", page, err, theirs.URI, reply.URI, first.URI)
	home, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	wantURIs(t, "home without an exclusive list", home, err, theirs.URI)
	for what, err := range map[string]error{
		"another's list":       db.AddToList(ctx, carl.ID, l.ID, rob.ID),
		"change of another's":  db.UpdateList(ctx, carl.ID, l),
		"removal of another's": db.DeleteList(ctx, carl.ID, l.ID),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
	if _, err := db.ListTimeline(ctx, carl.ID, l.ID, store.Cursor{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another's timeline: %v, want ErrNotFound", err)
	}
	if err := db.AddToList(ctx, alice.ID, l.ID, carl.ID); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("listing who is not followed: %v, want ErrForbidden", err)
	}
	must(t, db.Unfollow(ctx, alice.ID, rob.ID))
	if got, err := db.List(ctx, alice.ID, l.ID); err != nil || got.Accounts != 0 {
		t.Errorf("after unfollowing %+v, %v, want nobody", got, err)
	}
}

func TestFollowedTagsComeHome(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	if _, err := db.FollowTag(ctx, alice.ID, "Moss"); err != nil {
		t.Fatal(err)
	}
	p := storetest.Post(t, db, bob, "look #moss", store.Public)
	storetest.Post(t, db, bob, "quiet #moss", store.Unlisted)
	storetest.Post(t, db, bob, "mine #moss", store.Followers)
	home, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	wantURIs(t, "home", home, err, p.URI)
	if got := home.Posts[0].FromTag; got != "Moss" {
		t.Errorf("brought by %q, want Moss", got)
	}
	must(t, db.UnfollowTag(ctx, alice.ID, "moss"))
	home, err = db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	wantURIs(t, "home without the tag", home, err)
	var bad *store.InputError
	for _, tag := range []string{"", "a b", "#x", "12"} {
		if _, err := db.FollowTag(ctx, alice.ID, tag); !errors.As(err, &bad) {
			t.Errorf("follow %q: %v, want an InputError", tag, err)
		}
	}
}

func TestFilterFinds(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, bob, "The Politics of cats, #news", store.Public)
	for _, c := range []struct {
		phrase store.FilterPhrase
		want   bool
	}{
		{store.FilterPhrase{Text: "politics"}, true},
		{store.FilterPhrase{Text: "cat"}, true},
		{store.FilterPhrase{Text: "cat", WholeWord: true}, false},
		{store.FilterPhrase{Text: "of CATS", WholeWord: true}, true},
		{store.FilterPhrase{Text: "#news", WholeWord: true}, true},
		{store.FilterPhrase{Text: "#new", WholeWord: true}, false},
		{store.FilterPhrase{Text: `c[a-z]ts\b`, Pattern: true}, true},
		{store.FilterPhrase{Text: `^cats`, Pattern: true}, false},
	} {
		f := store.Filter{Title: "x", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{c.phrase}}
		must(t, db.CreateFilter(ctx, alice.ID, &f))
		v, err := db.PostVisibleTo(ctx, p.ID, store.AsMember(alice.ID))
		must(t, err)
		if found, _ := v.FilteredIn(store.FilterHome); (len(found) == 1) != c.want {
			t.Errorf("%+v: found %v, want %v", c.phrase, found, c.want)
		}
		if found, _ := v.FilteredIn(store.FilterThread); len(found) != 0 {
			t.Errorf("%+v acts in another place", c.phrase)
		}
		must(t, db.DeleteFilter(ctx, alice.ID, f.ID))
	}
}

func TestFilterRefuses(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	pattern := func(s string) store.Filter {
		return store.Filter{Title: "x", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: s, Pattern: true}}}
	}
	var bad *store.InputError
	for what, f := range map[string]store.Filter{
		"no title":        {Contexts: store.FilterHome},
		"no place":        {Title: "x"},
		"unknown place":   {Title: "x", Contexts: 1 << 20},
		"unknown action":  {Title: "x", Contexts: store.FilterHome, Action: 9},
		"a long phrase":   {Title: "x", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: strings.Repeat("a", 201)}}},
		"a broken one":    pattern("("),
		"a huge one":      pattern("((a{100}){100}){100}"),
		"one for nothing": pattern("a*"),
	} {
		if err := db.CreateFilter(ctx, alice.ID, &f); !errors.As(err, &bad) {
			t.Errorf("%s: %v, want an InputError", what, err)
		}
	}
	f := store.Filter{Title: "x", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "y"}}}
	must(t, db.CreateFilter(ctx, alice.ID, &f))
	if err := db.UpdateFilter(ctx, bob.ID, &f); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("change of another's filter: %v, want ErrNotFound", err)
	}
	private := storetest.Post(t, db, bob, "for followers", store.Followers)
	if _, err := db.FilterThisPost(ctx, alice.ID, f.ID, private.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("filter of a post that can't be seen: %v, want ErrNotFound", err)
	}
}
