package inbox_test

import (
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestFlagBecomesAReport has the forms in which servers report: Mastodon's list
// by the server's own actor, Lemmy's single object with a summary, Misskey's
// account alone, Pleroma's embedded objects.
func TestFlagBecomesAReport(t *testing.T) {
	for name, c := range map[string]struct {
		object  func(account, post string) any
		field   string
		posts   int
		reports int
	}{
		"list":           {func(a, p string) any { return []string{a, p} }, "content", 1, 1},
		"posts alone":    {func(_, p string) any { return p }, "summary", 1, 1},
		"account alone":  {func(a, _ string) any { return a }, "content", 0, 1},
		"embedded":       {func(a, p string) any { return []any{a, map[string]any{"type": "Note", "id": p, "content": "x"}} }, "content", 1, 1},
		"another server": {func(_, _ string) any { return "https://third.example/notes/1" }, "content", 0, 0},
		"with strangers": {func(a, _ string) any { return []string{"https://third.example/users/x", a} }, "content", 0, 1},
		"a missing post": {func(a, _ string) any { return []string{a, storetest.URL + "/ap/posts/7"} }, "content", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := storetest.Post(t, w.db, w.alice, "hello", store.Public)
			flag := w.bob.Activity("Flag", c.object(w.alice.URI, p.URI))
			flag[c.field] = "this is rude"
			w.send(w.bob, flag, 202)
			w.send(w.bob, flag, 202)
			page, err := w.db.Reports(ctx, true, 0, store.Cursor{})
			w.must(err)
			if len(page.Reports) != c.reports {
				t.Fatalf("%d reports, want %d", len(page.Reports), c.reports)
			}
			for _, r := range page.Reports {
				r, err := w.db.Report(ctx, r.ID)
				w.must(err)
				if r.Host != "far.example" || r.Reporter != nil || r.Comment != "this is rude" || r.Account.ID != w.alice.ID || len(r.Posts) != c.posts {
					t.Errorf("got %+v, want %d posts, by far.example, about alice", r, c.posts)
				}
			}
		})
	}
}

// Attack 43: a flood of reports, and one with a comment of many pages.
func TestFlagFloodIsBounded(t *testing.T) {
	w := newWorld(t)
	long := w.bob.Activity("Flag", w.alice.URI)
	long["content"] = strings.Repeat("x", 500_000)
	w.send(w.bob, long, 202)
	for range 39 {
		flag := w.bob.Activity("Flag", w.alice.URI)
		flag["content"] = flag["id"]
		w.send(w.bob, flag, 202)
	}
	flag := w.eve.Activity("Flag", w.alice.URI)
	w.send(w.eve, flag, 403)
	page, err := w.db.Reports(ctx, true, 0, store.Cursor{Limit: 80})
	w.must(err)
	if len(page.Reports) != 40 {
		t.Errorf("%d reports, want the 40 that a host may send", len(page.Reports))
	}
	if n := len(page.Reports[39].Comment); n > 10_000 {
		t.Errorf("a comment of %d bytes is kept", n)
	}
}
