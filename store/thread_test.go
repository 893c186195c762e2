package store_test

import (
	"errors"
	"fmt"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestReplyIsNotWiderThanItsParent(t *testing.T) {
	for _, c := range []struct{ reply, parent, want store.Visibility }{
		{store.Public, store.Public, store.Public}, {store.Public, store.Unlisted, store.Unlisted}, {store.Public, store.Followers, store.Followers},
		{store.Unlisted, store.Followers, store.Followers}, {store.Public, store.Direct, store.Direct}, {store.Public, store.LocalOnly, store.LocalOnly},
		{store.Direct, store.Public, store.Direct}, {store.LocalOnly, store.Public, store.LocalOnly}, {store.LocalOnly, store.Direct, store.Direct},
		{store.LocalOnly, store.Followers, store.Direct}, {store.Followers, store.LocalOnly, store.Direct}, {store.LocalOnly, store.LocalOnly, store.LocalOnly},
	} {
		if got := c.reply.Within(c.parent); got != c.want {
			t.Errorf("%s within %s: %s, want %s", c.reply, c.parent, got, c.want)
		}
	}
}

func TestThreadKeepsGapsAndOrder(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	root := storetest.Post(t, db, alice, "root", store.Public)
	fromBob := storetest.Reply(t, db, bob, root, "bob", store.Public)
	own := storetest.Reply(t, db, alice, root, "own", store.Public)
	secret := storetest.Reply(t, db, bob, own, "secret", store.Followers)
	must(t, db.Follow(ctx, alice.ID, bob.ID))
	below := storetest.Reply(t, db, bob, secret, "below", store.Followers)
	th, err := db.Thread(ctx, root.ID, store.AsMember(alice.ID))
	must(t, err)
	if len(th.Replies) != 2 || th.Replies[0].Post.ID != own.ID || th.Replies[1].Post.ID != fromBob.ID {
		t.Fatalf("replies: %d, want the author's own first, then the oldest", len(th.Replies))
	}
	th, err = db.Thread(ctx, root.ID, store.Viewer{})
	must(t, err)
	if len(th.Replies[0].Children) != 0 {
		t.Error("a visitor sees a branch of followers-only posts")
	}
	must(t, db.DeletePost(ctx, alice.ID, own.ID))
	th, err = db.Thread(ctx, below.ID, store.AsMember(bob.ID))
	must(t, err)
	if len(th.Ancestors) != 1 || th.Ancestors[0].ID != secret.ID || !th.ParentMissing {
		t.Errorf("ancestors %d, missing %v; want the one below the deleted post, and missing", len(th.Ancestors), th.ParentMissing)
	}
	if _, err := db.PostVisibleTo(ctx, own.ID, store.Viewer{}); !errors.Is(err, store.ErrGone) {
		t.Errorf("deleted public post: %v, want ErrGone", err)
	}
}

func TestDeepThreadIsBounded(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	p := storetest.Post(t, db, alice, "0", store.Public)
	first := p
	for i := range 1200 {
		p = storetest.Reply(t, db, alice, p, fmt.Sprint(i+1), store.Public)
	}
	th, err := db.Thread(ctx, p.ID, store.Viewer{})
	must(t, err)
	if len(th.Ancestors) != 200 {
		t.Errorf("ancestors: %d, want 200", len(th.Ancestors))
	}
	th, err = db.Thread(ctx, first.ID, store.Viewer{})
	must(t, err)
	depth := 0
	for r := th.Replies; len(r) > 0; r = r[0].Children {
		depth++
	}
	if depth != 1000 || !th.Cut {
		t.Errorf("replies below: %d, cut %v; want 1000 and cut", depth, th.Cut)
	}
}

func TestReplyCircleEnds(t *testing.T) {
	db := storetest.New(t)
	bob := storetest.Remote(t, db, "bob@far.example")
	a := storetest.Receive(t, db, bob, "https://far.example/a", "a", func(r *store.RemotePost) { r.ReplyToURI = "https://far.example/b" })
	b := storetest.Receive(t, db, bob, "https://far.example/b", "b", func(r *store.RemotePost) { r.ReplyToURI = "https://far.example/a" })
	for _, p := range []*store.Post{a, b} {
		th, err := db.Thread(ctx, p.ID, store.Viewer{})
		must(t, err)
		if len(th.Ancestors)+len(th.Replies) != 1 {
			t.Errorf("around %s: %d above, %d below; want one in all", p.URI, len(th.Ancestors), len(th.Replies))
		}
	}
}

func TestLateParentAdoptsReplies(t *testing.T) {
	db := storetest.New(t)
	bob := storetest.Remote(t, db, "bob@far.example")
	reply := storetest.Receive(t, db, bob, "https://far.example/2", "reply", func(r *store.RemotePost) { r.ReplyToURI = "https://far.example/1" })
	parent := storetest.Receive(t, db, bob, "https://far.example/1", "parent")
	th, err := db.Thread(ctx, parent.ID, store.Viewer{})
	must(t, err)
	if len(th.Replies) != 1 || th.Replies[0].Post.ID != reply.ID || th.Post.RepliesCount != 1 {
		t.Errorf("replies %d, counted %d; want 1 and 1", len(th.Replies), th.Post.RepliesCount)
	}
}
