package actor_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"seedling/federation/fedtest"
	"seedling/store"
)

// TestCollectionsThatLie has pages that lead to themselves, back to the first
// and ever onwards, sizes that can't be, and pages of another host: reading ends
// after few pages, and what is counted is sane.
func TestCollectionsThatLie(t *testing.T) {
	for name, next := range map[string]func(base string, n int64) string{
		"to itself":       func(base string, _ int64) string { return base + "?page=1" },
		"to the first":    func(base string, _ int64) string { return base },
		"ever onwards":    func(base string, n int64) string { return fmt.Sprintf("%s?page=%d", base, n+1) },
		"to another host": func(string, int64) string { return "https://third.example/outbox" },
	} {
		for _, total := range []string{"1000000000000000000", "-3", `"many"`, "1e400"} {
			t.Run(name+" "+total, func(t *testing.T) {
				w := newWorld(t)
				far, third := w.net.Server("far.example"), w.net.Server("third.example")
				bob := far.Actor("bob")
				a, err := w.r.ByURI(ctx, bob.ID)
				w.must(err)
				var asked atomic.Int64
				base := bob.ID + "/outbox"
				far.HandleFunc("/users/bob/outbox", func(rw http.ResponseWriter, r *http.Request) {
					n := asked.Add(1)
					rw.Header().Set("Content-Type", fedtest.ActivityType)
					id := base
					if r.URL.RawQuery != "" {
						id += "?" + r.URL.RawQuery
					}
					fmt.Fprintf(rw, `{"id":%q,"type":"OrderedCollectionPage","totalItems":%s,"first":%q,"next":%q,"orderedItems":[]}`, id, total, base+"?page=1", next(base, n))
				})
				w.must(w.r.ReadOutbox(ctx, a.ID))
				if n := asked.Load(); n > 10 {
					t.Errorf("%d pages were read", n)
				}
				if n := len(third.Requests(nil)); n != 0 {
					t.Errorf("another host was asked %d times for it", n)
				}
				if a, err = w.db.Account(ctx, a.ID); err != nil || a.RemotePosts < 0 {
					t.Errorf("counted %d, %v", a.RemotePosts, err)
				}
			})
		}
	}
}

// A list of pinned posts is no way to have many others asked.
func TestPinnedPostsOfOthersAreFewRequests(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	bob := far.Actor("bob", map[string]any{"featured": "https://far.example/featured"})
	a, err := w.r.ByURI(ctx, bob.ID)
	w.must(err)
	var uris []string
	for i := range 1000 {
		uris = append(uris, fmt.Sprintf("https://third.example/notes/%d", i))
	}
	far.Handle("/featured", map[string]any{"id": "https://far.example/featured", "type": "OrderedCollection", "orderedItems": uris})
	w.must(w.r.ReadPins(ctx, a.ID))
	asked := third.Requests(func(q *fedtest.Request) bool { return strings.HasPrefix(q.Path, "/notes/") })
	if n := len(asked); n > 30 {
		t.Errorf("%d posts of others were asked for, want few", n)
	}
	if page, err := w.db.ProfileTimeline(ctx, a.ID, store.ProfilePosts, store.Viewer{}, store.Cursor{}); err != nil || len(page.Posts) != 0 {
		t.Errorf("the profile shows %d posts, %v", len(page.Posts), err)
	}
}
