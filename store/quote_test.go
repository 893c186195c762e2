package store_test

import (
	"errors"
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// quoteSeen tells what a viewer sees quoted in a post.
func quoteSeen(t *testing.T, db *store.DB, postID int64, viewer store.Viewer) string {
	t.Helper()
	v, err := db.PostVisibleTo(t.Context(), postID, viewer)
	must(t, err)
	switch q := v.Quote; {
	case q == nil:
		return "nothing"
	case q.Hidden:
		return "hidden"
	case q.Post != nil:
		return q.Post.Source.Text + q.Post.HTML.String()
	default:
		return [...]string{"away", "waiting", "approved, away", "removed"}[q.State]
	}
}

func quoting(t *testing.T, db *store.DB, by *store.Account, quoted *store.Post) *store.Post {
	t.Helper()
	p, err := db.CreatePost(t.Context(), store.Draft{AuthorID: by.ID, Source: content.Source{Text: "look", Format: content.Plain}, QuoteID: quoted.ID})
	must(t, err)
	return p
}

func TestQuotesAreShownToWhoMaySeeBoth(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob, eve := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "eve")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	q := quoting(t, db, bob, p)
	if got, want := quoteSeen(t, db, q.ID, store.Viewer{}), "hello<p>hello</p>"; got != want {
		t.Errorf("a visitor sees %s, want %s", got, want)
	}
	page, err := db.Notifications(ctx, alice.ID, nil, store.Cursor{})
	must(t, err)
	if len(page.Notifications) != 1 || page.Notifications[0].Kind != store.NotifyQuote || page.Notifications[0].Post.ID != q.ID {
		t.Errorf("alice is told %+v, want of the quote", page.Notifications)
	}
	must(t, db.Block(ctx, eve.ID, alice.ID))
	if got := quoteSeen(t, db, q.ID, store.AsMember(eve.ID)); got != "hidden" {
		t.Errorf("who blocked the quoted author sees %s, want hidden", got)
	}
	must(t, db.Block(ctx, alice.ID, bob.ID))
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "hidden" {
		t.Errorf("when the quoted author blocks who quotes them, a visitor sees %s, want hidden", got)
	}
	must(t, db.DeletePost(ctx, alice.ID, p.ID))
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "removed" {
		t.Errorf("of a deleted post a visitor sees %s, want removed", got)
	}
}

// quotableBy is the policy of a post that some may quote when its author agrees.
func quotableBy(ask store.Circle) store.InteractionPolicy {
	return store.InteractionPolicy(0).With(store.DeedQuote, store.Rule{Said: true, Ask: ask})
}

func TestWhatMayBeQuoted(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	far := storetest.Remote(t, db, "zoe@far.example")
	closed := storetest.Receive(t, db, far, "https://far.example/notes/1", "<p>x</p>", func(r *store.RemotePost) { r.Policy = quotableBy(0) })
	blocked := storetest.Post(t, db, alice, "blocked", store.Public)
	must(t, db.Block(t.Context(), alice.ID, bob.ID))
	carol := storetest.Member(t, db, "carol")
	must(t, db.Follow(t.Context(), bob.ID, carol.ID))
	for name, c := range map[string]struct {
		quoted  *store.Post
		problem store.PostProblem
	}{
		"to few, one's own":            {storetest.Post(t, db, bob, "x", store.Direct), store.PostQuoteRefused},
		"of another for followers":     {storetest.Post(t, db, carol, "x", store.Followers), store.PostQuoteRefused},
		"that nobody may quote":        {closed, store.PostQuoteRefused},
		"of somebody who blocked them": {blocked, store.PostQuoteGone},
		"hidden":                       {storetest.Post(t, db, carol, "x", store.Direct), store.PostQuoteGone},
	} {
		_, err := db.CreatePost(t.Context(), store.Draft{AuthorID: bob.ID, Source: content.Source{Text: "look", Format: content.Plain}, QuoteID: c.quoted.ID})
		var problem *store.PostError
		if errors.As(err, &problem); problem == nil || problem.Problem != c.problem {
			t.Errorf("quoting a post %s: %v, want %q", name, err, c.problem)
		}
	}
}

// TestWhoSeesAQuote: nobody who could not see what it quotes.
func TestWhoSeesAQuote(t *testing.T) {
	db := storetest.New(t)
	alice, bob, eve := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "eve")
	must(t, db.Follow(t.Context(), bob.ID, alice.ID))
	for _, c := range []struct {
		by                    *store.Account
		quoted, wanted, given store.Visibility
	}{
		{bob, store.Public, store.Public, store.Public},
		{bob, store.Unlisted, store.Public, store.Unlisted},
		{bob, store.Public, store.Followers, store.Followers},
		{alice, store.Followers, store.Public, store.Followers},
		{alice, store.Followers, store.LocalOnly, store.Direct},
		{alice, store.Followers, store.Direct, store.Direct},
		{bob, store.LocalOnly, store.Public, store.LocalOnly},
		{bob, store.LocalOnly, store.Followers, store.Direct},
	} {
		quoted := storetest.Post(t, db, alice, "hello", c.quoted)
		q, err := db.CreatePost(t.Context(), store.Draft{AuthorID: c.by.ID, Visibility: c.wanted, QuoteID: quoted.ID,
			Source: content.Source{Text: "look", Format: content.Plain}})
		must(t, err)
		if q.Visibility != c.given {
			t.Errorf("a %s quote of a %s post is %s, want %s", c.wanted, c.quoted, q.Visibility, c.given)
		}
		if got, want := quoteSeen(t, db, q.ID, store.AsMember(c.by.ID)), "hello<p>hello</p>"; got != want {
			t.Errorf("in their %s quote of a %s post its author sees %s, want %s", c.wanted, c.quoted, got, want)
		}
	}
	quoted := storetest.Post(t, db, alice, "hello", store.Followers)
	q, err := db.CreatePost(t.Context(), store.Draft{AuthorID: alice.ID, QuoteID: quoted.ID, Source: content.Source{Text: "@eve look", Format: content.Plain}})
	must(t, err)
	if got, want := quoteSeen(t, db, q.ID, store.AsMember(bob.ID)), "hello<p>hello</p>"; got != want {
		t.Errorf("a follower sees %s, want %s", got, want)
	}
	if got := quoteSeen(t, db, q.ID, store.AsMember(eve.ID)); got != "hidden" {
		t.Errorf("who is mentioned and does not follow sees %s, want hidden", got)
	}
}

func TestAnswersToQuotesThatWereNotAsked(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	bob := storetest.Member(t, db, "bob")
	zoe, mallory := storetest.Remote(t, db, "zoe@far.example"), storetest.Remote(t, db, "mallory@bad.example")
	theirs := storetest.Receive(t, db, zoe, "https://far.example/notes/1", "<p>theirs</p>", func(r *store.RemotePost) { r.Policy = quotableBy(store.CircleEveryone) })
	q := quoting(t, db, bob, theirs)
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "waiting" {
		t.Fatalf("before the answer: %s, want waiting", got)
	}
	if err := db.ReceiveQuoteAnswer(ctx, mallory.ID, q.URI+"#quote", "https://bad.example/stamps/1", true); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an answer by somebody else: %v, want ErrNotFound", err)
	}
	if err := db.ReceiveQuoteAnswer(ctx, zoe.ID, "", "https://far.example/stamps/1", true); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an answer to nothing: %v, want ErrNotFound", err)
	}
	must(t, db.ReceiveQuoteAnswer(ctx, zoe.ID, q.URI+"#quote", "https://far.example/stamps/1", true))
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "<p>theirs</p>" {
		t.Errorf("after the answer: %s", got)
	}
	if err := db.ReceiveRevocation(ctx, mallory.ID, "https://far.example/stamps/1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a revocation by somebody else: %v, want ErrNotFound", err)
	}
	must(t, db.ReceiveQuoteAnswer(ctx, zoe.ID, q.URI+"#quote", "", false))
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "removed" {
		t.Errorf("after a later Reject: %s, want removed", got)
	}
}
