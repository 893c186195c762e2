package actor_test

import (
	"fmt"
	"net/http"
	"testing"

	"seedling/federation/fedtest"
)

func TestRemoteReachIsRead(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	bob := far.Actor("bob", map[string]any{"featuredTags": "https://far.example/users/bob/tags",
		"attributionDomains": []any{"Blog.example", "https://no.example/", 7, "x y"}})
	tag := func(name string) any {
		return map[string]any{"type": "Hashtag", "name": name, "href": "https://far.example/t"}
	}
	items := []any{tag("#Ferns"), tag("moss"), tag("not a tag"), tag(""), "https://far.example/t/x", map[string]any{"type": "Note"}}
	for i := range 30 {
		items = append(items, tag(fmt.Sprintf("#more%d", i)))
	}
	far.Handle("/users/bob/tags", map[string]any{"id": bob.ID + "/tags", "type": "Collection", "items": items})
	far.Handle("/users/bob/followers", map[string]any{"id": bob.ID + "/followers", "type": "OrderedCollection"})
	far.HandleFunc("/users/bob/following", func(rw http.ResponseWriter, r *http.Request) { rw.WriteHeader(http.StatusForbidden) })
	a, err := w.r.ByURI(ctx, bob.ID)
	w.must(err)
	if fmt.Sprint(a.AttributionDomains) != "[blog.example]" {
		t.Errorf("attribution domains %q", a.AttributionDomains)
	}
	w.must(w.r.ReadOutbox(ctx, a.ID))
	tags, err := w.db.FeaturedTags(ctx, a.ID)
	w.must(err)
	if len(tags) < 2 || len(tags) > 10 || tags[0].Name != "Ferns" || tags[1].Name != "moss" {
		t.Errorf("featured tags %d: %+v", len(tags), tags)
	}
	a, err = w.db.Account(ctx, a.ID)
	w.must(err)
	if a.RemoteFollowers != -1 || a.RemoteFollowing != -1 {
		t.Errorf("hidden numbers read as %d and %d, want -1", a.RemoteFollowers, a.RemoteFollowing)
	}
	// A server that is down hides nothing.
	far.SetMode(fedtest.Refuse(http.StatusBadGateway))
	w.must(w.r.ReadOutbox(ctx, a.ID))
	if a, err = w.db.Account(ctx, a.ID); err != nil || a.RemoteFollowers != 0 {
		t.Errorf("of a server that is down: %d, %v", a.RemoteFollowers, err)
	}
}

func TestRenamedAccountKeepsItsID(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	bob := far.Actor("bob")
	before, err := w.r.ByURI(ctx, bob.ID)
	w.must(err)
	bob.Change(map[string]any{"preferredUsername": "robert"})
	far.Handle("/.well-known/webfinger?resource=acct%3Arobert%40far.example", jrd("acct:robert@far.example", bob.ID), "application/jrd+json")
	after, err := w.r.Refresh(ctx, before)
	w.must(err)
	if after.ID != before.ID || after.Acct() != "robert@far.example" {
		t.Errorf("renamed: %d %s, want %d robert@far.example", after.ID, after.Acct(), before.ID)
	}
	// The name that became free is given to somebody new: another account.
	other := far.Actor("bob2", map[string]any{"preferredUsername": "bob"})
	a, err := w.r.ByURI(ctx, other.ID)
	w.must(err)
	if a.ID == before.ID {
		t.Error("who has the name now is taken for who had it")
	}
	// A new name at another domain needs that domain's word.
	w.net.Server("third.example")
	bob.Change(map[string]any{"preferredUsername": "bobby", "webfinger": "bobby@third.example"})
	if a, err = w.r.Refresh(ctx, after); err != nil || a.Acct() != "bobby@far.example" {
		t.Errorf("renamed into another domain: %v, %v", a, err)
	}
}
