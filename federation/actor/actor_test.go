package actor_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

var ctx = context.Background()

type world struct {
	*testing.T
	db  *store.DB
	net *fedtest.Network
	r   *actor.Resolver
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, db: storetest.New(t), net: fedtest.NewNetwork(t)}
	client, err := fetch.New(fetch.Config{UserAgent: "test", Dial: w.net.Dial, RootCAs: w.net.RootCAs(), Timeout: time.Second})
	w.must(err)
	w.r, err = actor.New(actor.Config{DB: w.db, Client: client})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func handle(s string) content.Handle {
	h, err := content.ParseHandle(s)
	if err != nil {
		panic(err)
	}
	return h
}

func jrd(subject, self string) map[string]any {
	return map[string]any{"subject": subject, "links": []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": self}}}
}

func TestHandleIsFoundByWebFinger(t *testing.T) {
	w := newWorld(t)
	bob := w.net.Server("far.example").Actor("bob")
	a, err := w.r.ByHandle(ctx, handle("@Bob@FAR.example"))
	w.must(err)
	if a.URI != bob.ID || a.Acct() != "bob@far.example" {
		t.Errorf("found %s as %s", a.URI, a.Acct())
	}
	for text, want := range map[string]string{"@nobody@far.example": "WebFinger", "@x@dead.example": "WebFinger", "@nobody@here.example": "nobody here"} {
		if _, err := w.r.ByHandle(ctx, handle(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a sentence with %q", text, err, want)
		}
	}
}

func TestSplitDomainIsConfirmedBothWays(t *testing.T) {
	w := newWorld(t)
	social := w.net.Server("social.org.example")
	domain := w.net.Server("org.example")
	third := w.net.Server("third.example")
	bob := social.Actor("bob")
	social.Handle("/.well-known/webfinger?resource=acct%3Abob%40social.org.example", jrd("acct:bob@org.example", bob.ID), "application/jrd+json")
	domain.Handle("/.well-known/webfinger?resource=acct%3Abob%40org.example", jrd("acct:bob@org.example", bob.ID), "application/jrd+json")
	a, err := w.r.ByURI(ctx, bob.ID)
	w.must(err)
	if a.Acct() != "bob@org.example" {
		t.Errorf("split domain gave %s", a.Acct())
	}
	// A host that claims a name of a third, which does not know of it.
	eve := third.Actor("eve")
	third.Handle("/.well-known/webfinger?resource=acct%3Aeve%40third.example", jrd("acct:eve@org.example", eve.ID), "application/jrd+json")
	if a, err = w.r.ByURI(ctx, eve.ID); err != nil || a.Acct() != "eve@third.example" {
		t.Errorf("a lie gave %v, %v; want eve@third.example", a, err)
	}
	// The actor's own word is enough if the domain agrees, and worth nothing if not (FEP-2c59).
	cleo := social.Actor("cleo", map[string]any{"webfinger": "cleo@org.example"})
	domain.Handle("/.well-known/webfinger?resource=acct%3Acleo%40org.example", jrd("acct:cleo@org.example", cleo.ID), "application/jrd+json")
	liar := third.Actor("liar", map[string]any{"webfinger": "liar@org.example"})
	for id, want := range map[string]string{cleo.ID: "cleo@org.example", liar.ID: "liar@third.example"} {
		if a, err = w.r.ByURI(ctx, id); err != nil || a.Acct() != want {
			t.Errorf("%s is %v, %v; want %s", id, a, err, want)
		}
	}
	// And one that claims a name of ours.
	mallory := third.Actor("mallory")
	third.Handle("/.well-known/webfinger?resource=acct%3Amallory%40third.example", jrd("acct:mallory@here.example", mallory.ID), "application/jrd+json")
	if a, err = w.r.ByURI(ctx, mallory.ID); err != nil || a.Acct() != "mallory@third.example" {
		t.Errorf("a name of ours gave %v, %v", a, err)
	}
}

func TestNameThatIsNoHandleIsAskedFor(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	blog := far.Actor("blog", map[string]any{"type": "Group", "preferredUsername": "Notes of a garden"})
	lost := far.Actor("lost", map[string]any{"preferredUsername": "Lost one"})
	far.Handle("/.well-known/webfinger?resource="+url.QueryEscape(blog.ID), jrd("acct:NotesOfAGarden@far.example", blog.ID), "application/jrd+json")
	far.Handle("/.well-known/webfinger?resource="+url.QueryEscape(lost.ID), jrd("acct:Lost one@far.example", lost.ID), "application/jrd+json")
	for range 2 { // the second time it is known
		a, err := w.r.ByURI(ctx, blog.ID)
		w.must(err)
		if a, err = w.r.Refresh(ctx, a); err != nil || a.Acct() != "NotesOfAGarden@far.example" {
			t.Errorf("a name with spaces gave %v, %v", a, err)
		}
	}
	if a, err := w.r.ByURI(ctx, lost.ID); err == nil {
		t.Errorf("no name at all gave %s", a.Acct())
	}
}

func TestEndlessThreadEnds(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	bob := far.Actor("bob")
	var asked atomic.Int64
	w.r.ByURI(ctx, bob.ID)
	far.Handle("/n/0", nil)
	for i := range 120 {
		far.HandleFunc("/n/"+strconv.Itoa(i), func(rw http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			rw.Header().Set("Content-Type", "application/activity+json")
			fmt.Fprintf(rw, `{"id":"https://far.example/n/%d","type":"Note","attributedTo":%q,"content":"x","to":"as:Public","inReplyTo":"https://far.example/n/%d"}`, i, bob.ID, i+1)
		})
	}
	p, err := w.r.Post(ctx, "https://far.example/n/0")
	w.must(err)
	w.must(w.r.CompleteParents(ctx, p.ID))
	if n := asked.Load(); n < 10 || n > 60 {
		t.Errorf("%d posts were fetched, want a bounded number", n)
	}
}

func TestRepliesOfAnEndlessCollection(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	bob := far.Actor("bob")
	root := bob.Note("root", map[string]any{"id": "https://far.example/root", "replies": "https://far.example/replies?page=0"})
	far.Handle("/root", root)
	var pages atomic.Int64
	far.HandleFunc("/replies", func(rw http.ResponseWriter, r *http.Request) {
		n := pages.Add(1)
		reply := bob.Note(fmt.Sprintf("reply %d", n), map[string]any{"inReplyTo": "https://far.example/root"})
		rw.Header().Set("Content-Type", "application/activity+json")
		fmt.Fprintf(rw, `{"id":"https://far.example/replies?page=%d","type":"CollectionPage","items":[%q],"next":"https://far.example/replies?page=%d"}`, n, reply["id"], n+1)
	})
	p, err := w.r.Post(ctx, "https://far.example/root")
	w.must(err)
	w.must(w.r.CompleteThread(ctx, p.ID))
	th, err := w.db.Thread(ctx, p.ID, store.Viewer{})
	w.must(err)
	if n := len(th.Replies); n < 3 || n > 20 || pages.Load() > 20 {
		t.Errorf("%d replies from %d pages, want a bounded number", n, pages.Load())
	}
}

func TestOutboxFillsAProfile(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	bob, carol := far.Actor("bob"), third.Actor("carol")
	a, err := w.r.ByURI(ctx, bob.ID)
	w.must(err)
	own := bob.Note("<p>own</p>")
	foreign := carol.Note("<p>carol's</p>")
	forged := carol.Note("<p>forged</p>", map[string]any{"id": "https://third.example/forged"})
	items := []any{bob.Activity("Create", own), bob.Activity("Announce", foreign["id"]), bob.Activity("Create", forged), carol.Activity("Create", foreign)}
	far.Handle(strings.TrimPrefix(bob.ID, far.URL())+"/outbox", map[string]any{"id": bob.ID + "/outbox", "type": "OrderedCollection", "totalItems": 1204, "first": bob.ID + "/outbox/1"})
	far.Handle(strings.TrimPrefix(bob.ID, far.URL())+"/outbox/1", map[string]any{"id": bob.ID + "/outbox/1", "type": "OrderedCollectionPage", "orderedItems": items})
	w.must(w.r.ReadOutbox(ctx, a.ID))
	page, err := w.db.ProfileTimeline(ctx, a.ID, store.ProfilePosts, store.Viewer{}, store.Cursor{})
	w.must(err)
	var got []string
	for _, v := range page.Posts {
		got = append(got, content.PlainText(v.HTML))
	}
	if len(got) != 2 || strings.Contains(strings.Join(got, " "), "forged") {
		t.Errorf("profile shows %q, want the own post and the boost", got)
	}
	if a, err = w.db.Account(ctx, a.ID); err != nil || a.RemotePosts != 1204 {
		t.Errorf("its server says %d posts, %v", a.RemotePosts, err)
	}
}

func TestLookupOfPastedAddresses(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	bob := far.Actor("bob")
	note := bob.Note("<p>hello</p>")
	// A page of people that answers with the document of another id.
	far.Handle("/@bob/1", note)
	for text, want := range map[string]string{bob.ID: bob.ID, "acct:bob@far.example": bob.ID, "bob@far.example": bob.ID, note["id"].(string): note["id"].(string), "https://far.example/@bob/1": note["id"].(string)} {
		f, err := w.r.Lookup(ctx, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := ""
		if f.Account != nil {
			got = f.Account.URI
		} else {
			got = f.Post.URI
		}
		if got != want {
			t.Errorf("%s led to %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"hello world", "https://", "javascript:alert(1)"} {
		if _, err := w.r.Lookup(ctx, text); !errors.Is(err, actor.ErrNotALink) {
			t.Errorf("%q: %v, want ErrNotALink", text, err)
		}
	}
}

func TestAuthorOfAnotherHostIsNotBelieved(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	bob := far.Actor("bob")
	third.Handle("/forged", bob.Note("forged", map[string]any{"id": "https://third.example/forged"}))
	var untrusted *actor.Untrusted
	if _, err := w.r.Post(ctx, "https://third.example/forged"); !errors.As(err, &untrusted) {
		t.Errorf("a post in bob's name on another host: %v", err)
	}
	third.Handle("/moved", bob.Note("moved", map[string]any{"id": "https://far.example/nowhere"}))
	if _, err := w.r.Post(ctx, "https://third.example/moved"); err == nil {
		t.Error("a copy of what its own server does not have was believed")
	}
}

func TestLookedUpPostGetsItsThread(t *testing.T) {
	w := newWorld(t)
	bob := w.net.Server("far.example").Actor("bob")
	root := bob.Note("<p>root</p>")
	reply := bob.Note("<p>reply</p>", map[string]any{"inReplyTo": root["id"]})
	f, err := w.r.Lookup(ctx, reply["id"].(string))
	w.must(err)
	jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
	w.must(err)
	kinds := map[store.JobKind]bool{}
	for _, j := range jobs {
		kinds[j.Kind] = true
	}
	if !kinds[store.JobReplies] {
		t.Fatalf("jobs %v, want one for the thread", kinds)
	}
	w.must(w.r.CompleteParents(ctx, f.Post.ID))
	th, err := w.db.Thread(ctx, f.Post.ID, store.Viewer{})
	w.must(err)
	if len(th.Ancestors) != 1 || th.Ancestors[0].URI != root["id"] {
		t.Errorf("%d posts above, want the root", len(th.Ancestors))
	}
}
