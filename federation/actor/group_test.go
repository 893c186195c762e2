package actor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
)

// The outbox of a community holds Announces of Creates, without dates, and its
// pinned posts are whole ones of others (Lemmy).
func TestOutboxOfACommunity(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	featured := far.URL() + "/users/moss/featured"
	moss, bob, carol := far.Actor("moss", map[string]any{"type": "Group", "featured": featured}), far.Actor("bob"), third.Actor("carol")
	group, err := w.r.ByURI(ctx, moss.ID)
	w.must(err)
	page := func(id, author, title string) map[string]any {
		return map[string]any{"id": id, "type": "Page", "attributedTo": author, "name": title, "audience": moss.ID,
			"to": []string{moss.ID, "https://www.w3.org/ns/activitystreams#Public"}, "published": "2026-01-05T10:00:00Z"}
	}
	own, pinned := page("https://far.example/post/1", bob.ID, "By one of here"), page("https://far.example/post/2", bob.ID, "Rules")
	foreign := page("https://third.example/post/3", carol.ID, "From elsewhere")
	third.Handle("/post/3", foreign)
	forged := page("https://third.example/post/4", carol.ID, "Forged")
	items := []any{
		moss.Activity("Announce", bob.Activity("Create", own)), moss.Activity("Announce", carol.Activity("Create", foreign)),
		moss.Activity("Announce", carol.Activity("Create", forged)), moss.Activity("Announce", bob.Activity("Like", own["id"])),
		moss.Activity("Announce", bob.Activity("Create", pinned)),
	}
	for _, item := range items {
		delete(item.(map[string]any), "published")
	}
	path := strings.TrimPrefix(moss.ID, far.URL())
	far.Handle(path+"/outbox", map[string]any{"id": moss.ID + "/outbox", "type": "OrderedCollection", "totalItems": 5, "orderedItems": items})
	far.Handle(path+"/featured", map[string]any{"id": featured, "type": "OrderedCollection", "totalItems": 1, "orderedItems": []any{pinned}})
	w.must(w.r.ReadOutbox(ctx, group.ID))

	timeline, err := w.db.ProfileTimeline(ctx, group.ID, store.ProfilePosts, store.Viewer{}, store.Cursor{})
	w.must(err)
	var titles []string
	for _, v := range timeline.Posts {
		titles = append(titles, v.Title)
		if v.Group == nil || v.Group.ID != group.ID {
			t.Errorf("%q does not stand in the community", v.Title)
		}
		if store.IDTime(v.EntryID).Sub(v.CreatedAt) > time.Hour {
			t.Errorf("%q counts as shown just now", v.Title)
		}
	}
	slices.Sort(titles)
	if got := strings.Join(titles, "|"); got != "By one of here|From elsewhere|Rules" {
		t.Errorf("the community shows %q", got)
	}
	pins, err := w.db.PinnedPosts(ctx, group.ID, store.Viewer{})
	w.must(err)
	if len(pins) != 1 || pins[0].Title != "Rules" {
		t.Errorf("%d pinned posts, want the rules", len(pins))
	}
}
