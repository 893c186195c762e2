package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/federation/inbox"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

var ctx = context.Background()

// world is one inbox under test at https://here.example, with a member, and a
// remote server with two people.
type world struct {
	*testing.T
	db       *store.DB
	resolver *actor.Resolver
	inbox    *inbox.Inbox
	net      *fedtest.Network
	far      *fedtest.Server
	bob, eve *fedtest.Actor
	alice    *store.Account
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, db: storetest.New(t), net: fedtest.NewNetwork(t)}
	w.alice = storetest.Member(t, w.db, "alice")
	client, err := fetch.New(fetch.Config{UserAgent: "test", Dial: w.net.Dial, RootCAs: w.net.RootCAs(), Timeout: time.Minute})
	w.must(err)
	w.resolver, err = actor.New(actor.Config{DB: w.db, Client: client})
	w.must(err)
	w.inbox, err = inbox.New(inbox.Config{DB: w.db, Resolver: w.resolver})
	w.must(err)
	server := &http.Server{Handler: w.inbox}
	l := w.net.Listen("here.example")
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	w.far = w.net.Server("far.example")
	w.bob, w.eve = w.far.Actor("bob"), w.far.Actor("eve")
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// send delivers an activity, or bytes, and checks the answer's status.
func (w *world) send(by *fedtest.Actor, activity any, want int) string {
	w.Helper()
	resp := by.Post(w, "https://here.example/ap/inbox", activity)
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != want {
		w.Errorf("answer %d %q, want %d", resp.StatusCode, body, want)
	}
	if (resp.StatusCode == 401) != (resp.Header.Get("Accept-Signature") != "") {
		w.Errorf("answer %d with Accept-Signature %q", resp.StatusCode, resp.Header.Get("Accept-Signature"))
	}
	if resp.StatusCode >= 400 && len(bytes.TrimSpace(body)) == 0 {
		w.Error("a refusal without a reason")
	}
	return string(body)
}

func (w *world) post(uri string) *store.Post {
	w.Helper()
	p, err := w.db.PostByURI(ctx, uri)
	w.must(err)
	return p
}

func (w *world) missing(uri string) {
	w.Helper()
	if _, err := w.db.PostByURI(ctx, uri); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("%s is stored (%v), want not", uri, err)
	}
}

func note(by *fedtest.Actor, id, html string, more ...map[string]any) map[string]any {
	n := map[string]any{"id": id, "type": "Note", "attributedTo": by.ID, "content": html,
		"to": []string{"https://www.w3.org/ns/activitystreams#Public"}, "published": time.Now().UTC().Format(time.RFC3339)}
	for _, m := range more {
		for k, v := range m {
			n[k] = v
		}
	}
	return n
}

func TestCreateUpdateDelete(t *testing.T) {
	w := newWorld(t)
	id := "https://far.example/notes/1"
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>one</p>")), 202)
	if got := w.post(id).HTML.String(); got != "<p>one</p>" {
		t.Errorf("stored %q", got)
	}
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>again</p>")), 202)
	if got := w.post(id).HTML.String(); got != "<p>one</p>" {
		t.Errorf("a second Create changed the post to %q", got)
	}
	later := map[string]any{"updated": time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}
	w.send(w.eve, w.eve.Activity("Update", note(w.bob, id, "<p>forged</p>", later)), 403)
	w.send(w.eve, w.eve.Activity("Update", note(w.eve, id, "<p>forged</p>", later)), 403)
	w.send(w.bob, w.bob.Activity("Update", note(w.bob, id, "<p>two</p>", later)), 202)
	if got := w.post(id).HTML.String(); got != "<p>two</p>" {
		t.Errorf("after the update %q", got)
	}
	w.send(w.eve, w.eve.Activity("Delete", id), 403)
	w.post(id)
	w.send(w.bob, w.bob.Activity("Delete", map[string]any{"id": id, "type": "Tombstone"}), 202)
	w.missing(id)
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>late copy</p>")), 202)
	w.missing(id)
}

func TestFollowIsAnsweredAndUndone(t *testing.T) {
	w := newWorld(t)
	follow := w.bob.Activity("Follow", w.alice.URI)
	w.send(w.bob, follow, 202)
	bob, err := w.db.AccountByURI(ctx, w.bob.ID)
	w.must(err)
	if r, _ := w.db.Relation(ctx, w.alice.ID, bob.ID); !r.FollowedBy {
		t.Error("the follow was not stored")
	}
	items, err := w.db.Outbox(ctx, 10)
	w.must(err)
	if len(items) != 1 || items[0].Kind != store.OutboxAccept || items[0].ActivityURI != follow["id"] {
		t.Errorf("outbox %+v, want the Accept of %s", items, follow["id"])
	}
	w.send(w.eve, w.eve.Activity("Undo", follow), 403)
	w.send(w.bob, w.bob.Activity("Undo", follow), 202)
	if r, _ := w.db.Relation(ctx, w.alice.ID, bob.ID); r.FollowedBy {
		t.Error("the follow was not undone")
	}
}

func TestFollowsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	w.send(w.bob, w.bob.Activity("Follow", w.bob.ID), 400)
	w.send(w.bob, w.bob.Activity("Follow", "https://here.example/ap/actors/42"), 404)
	instance, err := w.db.InstanceActor(ctx)
	w.must(err)
	w.send(w.bob, w.bob.Activity("Follow", instance.URI), 403)
	w.send(w.bob, w.bob.Activity("Follow", "https://third.example/users/x"), 202)
	w.send(w.bob, w.bob.Activity("Accept", map[string]any{"type": "Follow", "id": "https://here.example/ap/follows/1", "actor": w.alice.URI, "object": w.bob.ID}), 202)
	bob, err := w.db.AccountByURI(ctx, w.bob.ID)
	w.must(err)
	if r, _ := w.db.Relation(ctx, w.alice.ID, bob.ID); r.Following {
		t.Error("an Accept of a follow that nobody asked for made one")
	}
}

func TestAcceptMatchesByIDOrPair(t *testing.T) {
	for name, object := range map[string]func(w *world, uri string) any{
		"id": func(w *world, uri string) any { return uri },
		"embedded": func(w *world, uri string) any {
			return map[string]any{"id": uri, "type": "Follow", "actor": w.alice.URI, "object": w.bob.ID}
		},
		"pair alone": func(w *world, uri string) any {
			return map[string]any{"type": "Follow", "actor": w.alice.URI, "object": w.bob.ID}
		},
		"id of another": nil,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			bob, err := w.resolver.ByURI(ctx, w.bob.ID)
			w.must(err)
			w.must(w.db.Follow(ctx, w.alice.ID, bob.ID))
			items, err := w.db.Outbox(ctx, 1)
			w.must(err)
			if object == nil {
				w.send(w.eve, w.eve.Activity("Accept", items[0].ActivityURI), 202)
			} else {
				w.send(w.bob, w.bob.Activity("Accept", object(w, items[0].ActivityURI)), 202)
			}
			if r, _ := w.db.Relation(ctx, w.alice.ID, bob.ID); r.Following != (object != nil) {
				t.Errorf("following: %v", r.Following)
			}
		})
	}
}

func TestLikeAnnounceAndUndo(t *testing.T) {
	w := newWorld(t)
	p := storetest.Post(t, w.db, w.alice, "mine", store.Public)
	secret := storetest.Post(t, w.db, w.alice, "secret", store.Followers)
	like, boost := w.bob.Activity("Like", p.URI), w.bob.Activity("Announce", p.URI)
	for range 2 {
		w.send(w.bob, like, 202)
		w.send(w.bob, boost, 202)
	}
	w.send(w.bob, w.bob.Activity("Like", secret.URI), 202)
	w.send(w.bob, w.bob.Activity("Announce", secret.URI), 403)
	if got := w.post(p.URI); got.FavouritesCount != 1 || got.BoostsCount != 1 {
		t.Errorf("counts %d, %d; want 1, 1", got.FavouritesCount, got.BoostsCount)
	}
	if got := w.post(secret.URI); got.FavouritesCount != 0 || got.BoostsCount != 0 {
		t.Errorf("a hidden post was favourited or boosted: %d, %d", got.FavouritesCount, got.BoostsCount)
	}
	w.send(w.eve, w.eve.Activity("Undo", like), 403)
	w.send(w.eve, w.eve.Activity("Undo", like["id"]), 202)
	if got := w.post(p.URI); got.FavouritesCount != 1 {
		t.Error("a stranger undid a favourite")
	}
	w.send(w.bob, w.bob.Activity("Undo", like["id"]), 202) // by id alone
	w.send(w.bob, w.bob.Activity("Undo", boost), 202)
	if got := w.post(p.URI); got.FavouritesCount != 0 || got.BoostsCount != 0 {
		t.Errorf("counts after undoing %d, %d; want none", got.FavouritesCount, got.BoostsCount)
	}
}

func TestAnnounceOfUnknownPostIsFetchedFromItsOrigin(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example")
	carol := third.Actor("carol")
	id := "https://third.example/notes/1"
	third.Handle("/notes/1", note(carol, id, "<p>true</p>"))
	forged := note(carol, id, "<p>forged</p>")
	w.send(w.bob, w.bob.Activity("Announce", forged), 202)
	jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
	w.must(err)
	if len(jobs) != 1 || jobs[0].Kind != store.JobBoost {
		t.Fatalf("jobs %+v, want one boost", jobs)
	}
	w.must(w.inbox.RunBoost(ctx, jobs[0].Payload))
	if got := w.post(id); got.HTML.String() != "<p>true</p>" || got.BoostsCount != 1 {
		t.Errorf("stored %q with %d boosts", got.HTML, got.BoostsCount)
	}
}

// A group tells of an edit with Announce(Update): no boost, and no proof.
func TestAnnouncedEditIsReadFromItsOrigin(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example")
	carol := third.Actor("carol")
	id := "https://third.example/notes/1"
	announce := w.bob.Activity("Announce", carol.Activity("Update", note(carol, id, "<p>forged</p>")))
	w.send(w.bob, announce, 202)
	w.send(carol, carol.Activity("Create", note(carol, id, "<p>one</p>")), 202)
	w.send(w.bob, announce, 202)
	jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
	w.must(err)
	if len(jobs) != 1 || jobs[0].Kind != store.JobFetch || jobs[0].Payload != id {
		t.Fatalf("jobs %+v, want one that reads the known post", jobs)
	}
	later := map[string]any{"updated": time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}
	third.Handle("/notes/1", note(carol, id, "<p>two</p>", later))
	w.must(w.resolver.FetchPost(ctx, id))
	if got := w.post(id); got.HTML.String() != "<p>two</p>" || got.BoostsCount != 0 {
		t.Errorf("stored %q with %d boosts, want the edit and none", got.HTML, got.BoostsCount)
	}
}

func TestBlockIsKept(t *testing.T) {
	w := newWorld(t)
	block := w.bob.Activity("Block", w.alice.URI)
	w.send(w.bob, block, 202)
	bob, err := w.db.AccountByURI(ctx, w.bob.ID)
	w.must(err)
	if r, _ := w.db.Relation(ctx, w.alice.ID, bob.ID); !r.BlockedBy {
		t.Error("the block was not stored")
	}
	w.send(w.bob, w.bob.Activity("Undo", block), 202)
	if r, _ := w.db.Relation(ctx, w.alice.ID, bob.ID); r.BlockedBy {
		t.Error("the block was not undone")
	}
}

func TestActorUpdateAndKeyRotation(t *testing.T) {
	w := newWorld(t)
	bob, err := w.resolver.ByURI(ctx, w.bob.ID)
	w.must(err)
	doc := w.bob.Document()
	doc["name"] = "Bob the New"
	w.send(w.eve, w.eve.Activity("Update", doc), 403)
	w.send(w.bob, w.bob.Activity("Update", doc), 202)
	a, err := w.db.Account(ctx, bob.ID)
	w.must(err)
	if a.DisplayName != "Bob the New" {
		t.Errorf("name %q after the update", a.DisplayName)
	}
	// A key in an Update is only a reason to look.
	forged := w.bob.Document()
	forged["publicKey"] = w.eve.Document()["publicKey"]
	w.send(w.bob, w.bob.Activity("Update", forged), 202)
	if b, _ := w.db.Account(ctx, bob.ID); b.PublicKey != a.PublicKey {
		t.Error("an Update changed the key")
	}
}

func TestDeleteOfActors(t *testing.T) {
	w := newWorld(t)
	id := "https://far.example/notes/1"
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "x")), 202)
	w.send(w.eve, w.eve.Activity("Delete", w.bob.ID), 403)
	w.send(w.bob, w.bob.Activity("Delete", w.bob.Document()), 202)
	if _, err := w.db.PostVisibleTo(ctx, w.post(id).ID, store.Viewer{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a post of a deleted actor: %v", err)
	}
	// Of actors that nobody knows: taken without asking anybody.
	before := len(w.far.Requests(func(*fedtest.Request) bool { return true }))
	ghost := w.far.Actor("ghost")
	w.send(ghost, ghost.Activity("Delete", ghost.ID), 202)
	if after := len(w.far.Requests(func(*fedtest.Request) bool { return true })); after != before {
		t.Errorf("%d requests were made for an unknown actor's Delete", after-before)
	}
}

func TestWrongObjects(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example").Actor("carol")
	far := "https://far.example/notes/"
	for name, c := range map[string]struct {
		activity any
		status   int
		uri      string
	}{
		"another host's id":      {w.bob.Activity("Create", note(w.bob, "https://third.example/notes/1", "x")), 403, "https://third.example/notes/1"},
		"our own id":             {w.bob.Activity("Create", note(w.bob, "https://here.example/ap/posts/1", "x")), 403, "https://here.example/ap/posts/1"},
		"another author":         {w.bob.Activity("Create", note(w.eve, far+"2", "x")), 403, far + "2"},
		"author of another host": {w.bob.Activity("Create", note(third, far+"3", "x")), 403, far + "3"},
		"no object":              {w.bob.Activity("Create", nil), 400, ""},
		"object without id":      {w.bob.Activity("Create", map[string]any{"type": "Note", "content": "x"}), 400, ""},
		"id on another host":     {map[string]any{"id": "https://third.example/a/1", "type": "Create", "actor": w.bob.ID, "object": note(w.bob, far+"4", "x")}, 403, far + "4"},
		"actor is another":       {map[string]any{"id": far + "a5", "type": "Create", "actor": w.eve.ID, "object": note(w.eve, far+"5", "x")}, 401, far + "5"},
		"actor of another host":  {map[string]any{"id": far + "a6", "type": "Create", "actor": third.ID, "object": note(third, "https://third.example/notes/6", "x")}, 401, "https://third.example/notes/6"},
		"unknown type":           {w.bob.Activity("Dance", "https://far.example/x"), 202, ""},
		"unknown object":         {w.bob.Activity("Create", map[string]any{"id": far + "7", "type": "Spoon", "attributedTo": w.bob.ID}), 202, far + "7"},
		"vote":                   {w.bob.Activity("Create", map[string]any{"id": far + "8", "type": "Note", "attributedTo": w.bob.ID, "name": "yes", "inReplyTo": "https://here.example/ap/posts/1", "to": w.alice.URI}), 202, far + "8"},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			w.send(w.bob, c.activity, c.status)
			if c.uri != "" {
				w.missing(c.uri)
			}
		})
	}
}

func TestWrongBodies(t *testing.T) {
	w := newWorld(t)
	deep := strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000)
	id := `"id":"https://far.example/a/1","type":"Like","actor":"` + w.bob.ID + `"`
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"over 1 MiB":       {`{"a":"` + strings.Repeat("x", 1<<20) + `"}`, 413},
		"not JSON":         {"hello", 400},
		"empty":            {"", 400},
		"an array":         {"[1]", 400},
		"nested 1000 deep": {deep, 400},
		"duplicate keys":   {`{` + id + `,"type":"Create"}`, 400},
		"invalid UTF-8":    {`{` + id + `,"name":"` + "\xff" + `"}`, 400},
		"NUL":              {`{` + id + `,"name":"` + "\x00" + `"}`, 400},
		"lone surrogate":   {`{` + id + `,"name":"\ud800"}`, 400},
		"huge number":      {`{` + id + `,"n":1e400}`, 400},
		"trailing garbage": {`{` + id + `} {}`, 400},
		"no actor":         {`{"id":"https://far.example/a/1","type":"Like"}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			w.send(w.bob, []byte(c.body), c.status)
		})
	}
}

func TestHostileHTMLIsMadeSafe(t *testing.T) {
	w := newWorld(t)
	for i, html := range []string{
		`<p onclick="x()">hi<script>alert(1)</script></p>`, `<a href="javascript:alert(1)">x</a>`, `<style>*{}</style><p>`,
		`<svg><p><style><a id="</style><img src=1 onerror=alert(1)>">`, strings.Repeat("<b>", 30_000), `<p><ul><li></p></b>`,
	} {
		id := fmt.Sprintf("https://far.example/notes/%d", i)
		w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, html)), 202)
		got := w.post(id).HTML.String()
		for _, bad := range []string{"<script", "onclick", "onerror", "javascript:", "<style", "<svg", "<img"} {
			if strings.Contains(got, bad) {
				t.Errorf("%.60q became %.200q", html, got)
			}
		}
		if again := content.Sanitise(got).String(); again != got {
			t.Errorf("%.60q is not stable: %.200q, then %.200q", html, got, again)
		}
	}
}
