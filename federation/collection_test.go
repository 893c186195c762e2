package federation

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/storetest"
)

// walk reads a collection from its front to the end of its pages, and back
// again, and returns its items as their readers see them.
func (w *world) walk(collection string, headers ...string) (total int64, items []vocab.Ref) {
	w.t.Helper()
	read := func(address string) *vocab.Collection {
		w.t.Helper()
		r := w.get(address, append(headers, "Accept", ap)...)
		w.wants(r, 200, ap)
		v, err := vocab.Parse([]byte(r.body))
		w.must(err)
		c, err := v.Collection()
		w.must(err)
		if c.ID != address {
			w.t.Errorf("%s calls itself %s", address, c.ID)
		}
		return c
	}
	front := read(collection)
	if front.Total < 0 || front.First.ID == "" || len(front.Items) > 0 {
		w.t.Fatalf("%s: got %+v, want a total, a first page and no items", collection, front)
	}
	var last *vocab.Collection
	for next := front.First.ID; next != ""; next = last.Next.ID {
		last = read(next)
		if last.PartOf.ID != collection {
			w.t.Errorf("%s is part of %q", next, last.PartOf.ID)
		}
		items = append(items, last.Items...)
	}
	var back []vocab.Ref
	back = append(back, last.Items...)
	for prev := last.Prev.ID; prev != ""; {
		page := read(prev)
		back = append(slices.Clone(page.Items), back...)
		prev = page.Prev.ID
	}
	if strings.HasSuffix(collection, "/replies") { // goes forward only
		return front.Total, items
	}
	if len(back) != len(items) || len(items) > 0 && (back[0].ID != items[0].ID || back[len(back)-1].ID != items[len(items)-1].ID) {
		w.t.Errorf("%s: %d items forwards, %d backwards", collection, len(items), len(back))
	}
	return front.Total, items
}

// TestOutboxHoldsEveryPublicPostOnce also is CVE-2026-25808: nothing private.
func TestOutboxHoldsEveryPublicPostOnce(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 45 {
		v := []store.Visibility{store.Public, store.Unlisted, store.Followers, store.Direct, store.LocalOnly}[i%5]
		if i > 10 {
			v = store.Public
		}
		post := storetest.Post(t, w.db, w.alice, fmt.Sprintf("post %d for @bob@there.example", i), v)
		if v <= store.Unlisted {
			want = append(want, post.URI)
		}
	}
	slices.Reverse(want)
	for _, who := range []string{"", "bob", "bad"} {
		_, items := w.walk(w.alice.OutboxURI, "Signature", who)
		var got []string
		for _, item := range items {
			a, err := item.Embedded.Activity()
			w.must(err)
			if a.Type != "Create" || a.Actor.ID != w.alice.URI || a.ID != a.Objects[0].ID+"#create" {
				t.Fatalf("got %s of %s with id %s", a.Type, a.Actor.ID, a.ID)
			}
			got = append(got, a.Objects[0].ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("as %q: got %d posts %v, want %d %v", who, len(got), got, len(want), want)
		}
	}
	blocked := w.remote("blocked")
	w.must(w.db.Block(t.Context(), w.alice.ID, blocked.ID))
	w.wants(w.get(w.alice.OutboxURI, "Accept", ap, "Signature", "blocked"), 404, "application/json")
}

func TestFollowersAndFollowing(t *testing.T) {
	w := newWorld(t)
	want := []string{w.bob.URI}
	for i := range 85 {
		a := w.remote(fmt.Sprintf("fan%d", i))
		w.must(w.db.ReceiveFollow(t.Context(), a.ID, w.alice.ID, fmt.Sprintf("https://there.example/follows/fan%d", i)))
		want = append(want, a.URI)
	}
	slices.Reverse(want)
	total, items := w.walk(w.alice.FollowersURI)
	var got []string
	for _, item := range items {
		got = append(got, item.ID)
	}
	if total != 86 || !slices.Equal(got, want) {
		t.Errorf("followers: total %d, got %d %v, want %d", total, len(got), got, len(want))
	}
	total, items = w.walk(w.alice.FollowingURI)
	if total != 1 || len(items) != 1 || items[0].ID != w.bob.URI {
		t.Errorf("following: total %d, got %v", total, items)
	}
}

func TestFeaturedHoldsPublicPinsOnly(t *testing.T) {
	w := newWorld(t)
	public := storetest.Post(t, w.db, w.alice, "look", store.Public)
	for _, p := range []*store.Post{public, storetest.Post(t, w.db, w.alice, "hush", store.Followers), storetest.Post(t, w.db, w.alice, "here", store.LocalOnly)} {
		w.must(w.db.Pin(t.Context(), w.alice.ID, p.ID))
	}
	w.signers["alice"] = w.alice
	for _, who := range []string{"", "bob", "alice"} {
		r := w.get(w.alice.FeaturedURI, "Accept", ap, "Signature", who)
		w.wants(r, 200, ap)
		v, err := vocab.Parse([]byte(r.body))
		w.must(err)
		c, err := v.Collection()
		w.must(err)
		if c.Total != 1 || len(c.Items) != 1 || c.Items[0].ID != public.URI {
			t.Errorf("as %q: got %s, want the public post alone", who, r.body)
		}
	}
}

func TestRepliesArePublicOnes(t *testing.T) {
	w := newWorld(t)
	post := storetest.Post(t, w.db, w.alice, "what do you think?", store.Public)
	var want []string
	for i := range 85 {
		r := storetest.Receive(t, w.db, w.bob, fmt.Sprintf("https://there.example/notes/%d", i), "<p>this</p>", func(p *store.RemotePost) {
			p.ReplyToURI = post.URI
			p.Visibility = []store.Visibility{store.Public, store.Public, store.Unlisted, store.Followers, store.Direct}[i%5]
		})
		if r.Visibility <= store.Unlisted {
			want = append(want, r.URI)
		}
	}
	storetest.Reply(t, w.db, w.alice, post, "here only", store.LocalOnly)
	mine := storetest.Reply(t, w.db, w.alice, post, "thank you", store.Public)
	want = append(want, mine.URI)
	total, items := w.walk(post.URI + "/replies")
	var got []string
	for _, item := range items {
		got = append(got, item.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if int(total) != len(want) || !slices.Equal(got, want) {
		t.Errorf("total %d, got %d %v, want %d %v", total, len(got), got, len(want), want)
	}
}

func TestBadPageIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, query := range []string{"before=x", "before=-1", "after=0", "after=99999999999999999999"} {
		w.wants(w.get(w.alice.OutboxURI+"?page=true&"+query, "Accept", ap), 400, "application/json")
	}
	if r := w.get(w.alice.OutboxURI+"?page=true&before=1", "Accept", ap); r.StatusCode != 200 || !strings.Contains(r.body, `"orderedItems":[]`) {
		t.Errorf("past the end: got %d %s, want an empty page", r.StatusCode, r.body)
	}
}
