package store_test

import (
	"strconv"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// cardsWaiting counts the pages that are to be read for cards.
func cardsWaiting(t *testing.T, db *store.DB) int {
	t.Helper()
	counts, err := db.CountJobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if c.Kind == store.JobCard {
			return c.Due + c.Later
		}
	}
	return 0
}

func TestWhichPostsGetCards(t *testing.T) {
	for _, c := range []struct {
		rule, text string
		visibility store.Visibility
		want       int
	}{
		{"a link", "look https://a.example/x", store.Public, 1},
		{"for followers too", "look https://a.example/x", store.Followers, 1},
		{"the first of two", "look https://a.example/x and https://b.example/", store.Public, 1},
		{"not in private messages, whose links may be for one person", "look https://a.example/x", store.Direct, 0},
		{"no link", "look #tag @nobody", store.Public, 0},
		{"not to ourselves", "look " + storetest.URL + "/about", store.Public, 0},
	} {
		db := storetest.New(t)
		storetest.Post(t, db, storetest.Member(t, db, "noor"), c.text, c.visibility)
		if got := cardsWaiting(t, db); got != c.want {
			t.Errorf("%s: %q waits for %d pages, want %d", c.rule, c.text, got, c.want)
		}
	}
}

func TestRemotePostsThatQuoteOrShowFilesGetNoCard(t *testing.T) {
	db := storetest.New(t)
	author := storetest.Remote(t, db, "jo@far.example")
	const html = `<p><a href="https://a.example/x">x</a></p>`
	storetest.Receive(t, db, author, "https://far.example/1", html, func(r *store.RemotePost) { r.Quote.URI = "https://far.example/0" })
	storetest.Receive(t, db, author, "https://far.example/2", html, func(r *store.RemotePost) {
		r.Attachments = []*store.Attachment{{Kind: store.AttachedImage, URL: "https://far.example/a.png"}}
	})
	if n := cardsWaiting(t, db); n != 0 {
		t.Errorf("%d pages wait, want none", n)
	}
	storetest.Receive(t, db, author, "https://far.example/3", html)
	if n := cardsWaiting(t, db); n != 1 {
		t.Errorf("%d pages wait, want 1", n)
	}
}

func TestCardsCanBeTurnedOff(t *testing.T) {
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	noor := storetest.Member(t, db, "noor")
	p := storetest.Post(t, db, noor, "https://a.example/x", store.Public)
	now = now.Add(time.Minute)
	jobs, err := db.ClaimJobs(t.Context(), 10, 0)
	if err != nil || len(jobs) != 1 || jobs[0].Kind != store.JobCard {
		t.Fatalf("jobs %v, %v", jobs, err)
	}
	id, err := strconv.ParseInt(jobs[0].Payload, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	v, err := db.PostVisibleTo(t.Context(), p.ID, store.Viewer{})
	if err != nil || v.Card != nil {
		t.Fatalf("before it was read: %+v, %v", v.Card, err)
	}
	if err := db.KeepCard(t.Context(), store.Card{ID: id, Kind: store.CardPage, Title: "X", AuthorURL: "javascript:alert(1)", ImageURL: "data:x", Host: "a.example"}); err != nil {
		t.Fatal(err)
	}
	if v, err = db.PostVisibleTo(t.Context(), p.ID, store.Viewer{}); err != nil || v.Card == nil || v.Card.AuthorURL != "" || v.Card.ImageURL != "" {
		t.Fatalf("card: %+v, %v", v.Card, err)
	}
	if err := db.SetSetting(t.Context(), "link_cards", "false"); err != nil {
		t.Fatal(err)
	}
	if v, err = db.PostVisibleTo(t.Context(), p.ID, store.Viewer{}); err != nil || v.Card != nil {
		t.Errorf("after they were turned off: %+v, %v", v.Card, err)
	}
	storetest.Post(t, db, noor, "https://b.example/x", store.Public)
	if n := cardsWaiting(t, db); n != 1 {
		t.Errorf("%d pages wait, want but the one from before", n)
	}
}
