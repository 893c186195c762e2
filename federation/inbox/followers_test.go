package inbox_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fedtest"
	"seedling/federation/followersync"
	"seedling/federation/httpsig"
	"seedling/store"
	"seedling/store/storetest"
)

// says makes an actor send a header with all that it delivers.
func says(by *fedtest.Actor, h followersync.Header) {
	by.Sign = func(r *http.Request, body []byte, k httpsig.Key, now time.Time) error {
		r.Header.Set(followersync.Name, h.String())
		return httpsig.SignCavage(r, body, k, now)
	}
}

// compared returns the job that compares followers, or nil.
func (w *world) compared() *store.Job {
	w.Helper()
	counts, err := w.db.CountJobs(ctx)
	w.must(err)
	for _, c := range counts {
		if c.Kind == store.JobFollowers {
			return &store.Job{Kind: c.Kind}
		}
	}
	return nil
}

func TestHeaderOfOthersComparesNothing(t *testing.T) {
	w := newWorld(t)
	right := followersync.Header{CollectionID: w.bob.ID + "/followers", URL: w.bob.ID + "/followers_synchronization", Digest: followersync.Digest([]string{"x"})}
	for name, change := range map[string]func(*followersync.Header){
		"the collection of another account": func(h *followersync.Header) { h.CollectionID = w.eve.ID + "/followers" },
		"a list on another host":            func(h *followersync.Header) { h.URL = "https://third.example/list" },
		"a list here":                       func(h *followersync.Header) { h.URL = "https://here.example/list" },
		"no address":                        func(h *followersync.Header) { h.URL = "followers" },
		"what is known":                     func(h *followersync.Header) { h.Digest = followersync.Digest(nil) },
		"no digest":                         func(h *followersync.Header) { h.Digest = "zz" },
	} {
		h := right
		change(&h)
		says(w.bob, h)
		w.send(w.bob, w.bob.Activity("Create", note(w.bob, w.bob.ID+"/"+strings.ReplaceAll(name, " ", "-"), "x")), 202)
		if w.compared() != nil {
			t.Errorf("%s: followers are to be compared", name)
		}
	}
	says(w.bob, right)
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, w.bob.ID+"/1", "x")), 202)
	if w.compared() == nil {
		t.Error("a digest that differs: nothing is to be compared")
	}
}

func TestFollowersAreReconciled(t *testing.T) {
	w := newWorld(t)
	ben, cleo, dan := storetest.Member(t, w.db, "ben"), storetest.Member(t, w.db, "cleo"), storetest.Member(t, w.db, "dan")
	bob, err := w.resolver.ByURI(ctx, w.bob.ID)
	w.must(err)
	for _, a := range []*store.Account{w.alice, ben, cleo} {
		w.must(w.db.Follow(ctx, a.ID, bob.ID))
	}
	for _, a := range []*store.Account{w.alice, ben} {
		w.must(w.db.ReceiveAccept(ctx, store.FollowRef{AccountID: a.ID, TargetID: bob.ID}))
	}
	// Alice follows both ways, ben only here; cleo's request was accepted there,
	// and dan follows only there.
	list := bob.FollowersURI + "_synchronization"
	path := strings.TrimPrefix(list, w.far.URL())
	payload := func(uri string) string {
		return `{"account":` + strconv.FormatInt(bob.ID, 10) + `,"url":"` + uri + `"}`
	}
	serve := func(items ...any) {
		w.far.Handle(path, map[string]any{"id": list, "type": "OrderedCollection", "orderedItems": items})
	}
	follows := func() (got string) {
		for _, a := range []*store.Account{w.alice, ben, cleo, dan} {
			r, err := w.db.Relation(ctx, a.ID, bob.ID)
			w.must(err)
			if r.Following {
				got += a.Username + " "
			}
		}
		return got
	}
	// Lists that are not believed change nothing.
	var untrusted *actor.Untrusted
	serve("https://third.example/users/x")
	if err := w.inbox.RunFollowers(ctx, payload(list)); !errors.As(err, &untrusted) {
		t.Errorf("a list with others: %v", err)
	}
	w.far.Handle(path, map[string]any{"id": list, "type": "OrderedCollectionPage", "next": list, "orderedItems": []any{w.alice.URI}})
	if err := w.inbox.RunFollowers(ctx, payload(list)); !errors.As(err, &untrusted) {
		t.Errorf("an endless list: %v", err)
	}
	if err := w.inbox.RunFollowers(ctx, payload("https://third.example/list")); !errors.As(err, &untrusted) {
		t.Errorf("a list on another host: %v", err)
	}
	if err := w.inbox.RunFollowers(ctx, payload(list+"/none")); err == nil {
		t.Error("a list that is not there: no error")
	}
	if got := follows(); got != "alice ben " {
		t.Fatalf("lists that are not believed left %q", got)
	}
	serve(w.alice.URI, cleo.URI, dan.URI, w.alice.URI+"/nobody")
	w.must(w.inbox.RunFollowers(ctx, payload(list)))
	if got := follows(); got != "alice cleo " {
		t.Errorf("members who follow: %q, want alice and cleo", got)
	}
	items, err := w.db.Outbox(ctx, 20)
	w.must(err)
	told := map[int64]bool{}
	for _, o := range items {
		if o.Kind == store.OutboxUnfollow && o.TargetID == bob.ID {
			told[o.AccountID] = true
		}
	}
	if len(told) != 2 || !told[ben.ID] || !told[dan.ID] {
		t.Errorf("Undo is sent for %v, want ben %d and dan %d", told, ben.ID, dan.ID)
	}
}

// A long list is read to its end, on one page or on many.
func TestLongListsOfFollowers(t *testing.T) {
	w := newWorld(t)
	bob, err := w.resolver.ByURI(ctx, w.bob.ID)
	w.must(err)
	list := bob.FollowersURI + "_synchronization"
	path := strings.TrimPrefix(list, w.far.URL())
	follows := func() bool {
		r, err := w.db.Relation(ctx, w.alice.ID, bob.ID)
		w.must(err)
		return r.Following
	}
	const pages, perPage = 30, 100
	for name, onePage := range map[string]bool{"one page": true, "many pages": false} {
		w.must(w.db.Follow(ctx, w.alice.ID, bob.ID))
		w.must(w.db.ReceiveAccept(ctx, store.FollowRef{AccountID: w.alice.ID, TargetID: bob.ID}))
		var all []any
		for i := range pages * perPage {
			all = append(all, "https://here.example/ap/users/former"+strconv.Itoa(i))
		}
		serve := func(all []any) {
			if onePage {
				w.far.Handle(path, map[string]any{"id": list, "type": "OrderedCollection", "orderedItems": all})
				return
			}
			w.far.Handle(path, map[string]any{"id": list, "type": "OrderedCollection", "first": list + "/0"})
			for i := range pages {
				page := map[string]any{"id": list + "/" + strconv.Itoa(i), "type": "OrderedCollectionPage", "orderedItems": all[i*perPage : (i+1)*perPage]}
				if i < pages-1 {
					page["next"] = list + "/" + strconv.Itoa(i+1)
				}
				w.far.Handle(path+"/"+strconv.Itoa(i), page)
			}
		}
		payload := `{"account":` + strconv.FormatInt(bob.ID, 10) + `,"url":"` + list + `"}`
		last := all[len(all)-1]
		all[len(all)-1] = w.alice.URI
		serve(all)
		w.must(w.inbox.RunFollowers(ctx, payload))
		if !follows() {
			t.Errorf("%s: alice, who stands last, is taken for gone", name)
		}
		all[len(all)-1] = last
		serve(all)
		w.must(w.inbox.RunFollowers(ctx, payload))
		if follows() {
			t.Errorf("%s: alice, who does not stand there, still follows", name)
		}
	}
}
