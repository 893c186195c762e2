package linkcard_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/federation/linkcard"
	"seedling/store"
	"seedling/store/storetest"
)

// world is a reader of cards, and a site that it asks, with a clock for both.
type world struct {
	t      *testing.T
	db     *store.DB
	reader *linkcard.Reader
	author *store.Account
	asked  atomic.Int64
	now    atomic.Int64
}

func newWorld(t *testing.T, pages map[string]http.HandlerFunc) *world {
	t.Helper()
	w := &world{t: t}
	w.now.Store(time.Now().UnixMilli())
	now := func() time.Time { return time.UnixMilli(w.now.Load()) }
	network := fedtest.NewNetwork(t)
	go http.Serve(network.Listen("site.example"), http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		if page := pages[r.URL.Path]; page != nil {
			page(rw, r)
			return
		}
		http.NotFound(rw, r)
	}))
	w.db = storetest.Open(t, store.Config{URL: storetest.URL, Now: now})
	w.author = storetest.Remote(t, w.db, "jo@far.example")
	client, err := fetch.New(fetch.Config{UserAgent: "test", Dial: network.Dial, RootCAs: network.RootCAs(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	resolver, err := actor.New(actor.Config{DB: w.db, Client: client, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if w.reader, err = linkcard.New(linkcard.Config{DB: w.db, Client: client, Resolver: resolver, Now: now}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) pass(d time.Duration) { w.now.Add(d.Milliseconds()) }

// link receives a post with a link and returns its id.
func (w *world) link(href string) int64 {
	w.t.Helper()
	uri := fmt.Sprintf("https://far.example/%d", w.now.Add(1))
	return storetest.Receive(w.t, w.db, w.author, uri, `<p><a href="`+href+`">look</a></p>`).ID
}

// work runs the jobs for cards that are due and returns how many there were.
func (w *world) work() (n int) {
	w.t.Helper()
	w.pass(2 * time.Minute)
	jobs, err := w.db.ClaimJobs(w.t.Context(), 100, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, j := range jobs {
		if j.Kind != store.JobCard {
			continue
		}
		n++
		var id int64
		fmt.Sscan(j.Payload, &id)
		if err := w.reader.Read(w.t.Context(), id); err != nil {
			w.t.Fatal(err)
		}
		if err := w.db.FinishJob(w.t.Context(), j.ID); err != nil {
			w.t.Fatal(err)
		}
	}
	return n
}

func (w *world) card(postID int64) *store.Card {
	w.t.Helper()
	v, err := w.db.PostVisibleTo(w.t.Context(), postID, store.Viewer{})
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Card
}

func serve(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Write([]byte(body))
	}
}

func TestALinkIsReadOnceForAllPosts(t *testing.T) {
	w := newWorld(t, map[string]http.HandlerFunc{"/a": serve("text/html", `<title>Tea</title><meta property="og:image" content="/i.png">`)})
	first := w.link("https://site.example/a#top")
	if w.card(first) != nil {
		t.Error("a card before its page was read")
	}
	second := w.link("https://site.example/a")
	if n := w.work(); n != 1 {
		t.Errorf("%d jobs, want 1", n)
	}
	third := w.link("https://site.example/a")
	if n := w.work(); n != 0 || w.asked.Load() != 1 {
		t.Errorf("%d jobs and %d requests after a third post, want none and 1", n, w.asked.Load())
	}
	for _, id := range []int64{first, second, third} {
		if c := w.card(id); c == nil || c.Title != "Tea" || c.ImageURL != "https://site.example/i.png" || c.Host != "site.example" {
			t.Errorf("card of post %d: %+v", id, c)
		}
	}
	w.pass(31 * 24 * time.Hour)
	w.link("https://site.example/a")
	if n := w.work(); n != 1 || w.asked.Load() != 2 {
		t.Errorf("a month later: %d jobs, %d requests, want 1 and 2", n, w.asked.Load())
	}
}

func TestFailuresAreRememberedAndTriedAgainLater(t *testing.T) {
	pages := map[string]http.HandlerFunc{"/untold": serve("text/html", "<p>"), "/zip": serve("application/zip", "PK")}
	w := newWorld(t, pages)
	for _, path := range []string{"/gone", "/untold", "/zip"} {
		post := w.link("https://site.example" + path)
		w.work()
		asked := w.asked.Load()
		w.link("https://site.example" + path)
		if n := w.work(); n != 0 || w.asked.Load() != asked || w.card(post) != nil {
			t.Errorf("%s: %d jobs, %d more requests, card %v", path, n, w.asked.Load()-asked, w.card(post))
		}
	}
	pages["/gone"] = serve("text/html", "<title>Back</title>")
	w.pass(4 * 24 * time.Hour)
	post := w.link("https://site.example/gone")
	w.work()
	if c := w.card(post); c == nil || c.Title != "Back" {
		t.Errorf("card after a while: %+v", c)
	}
}

func TestLargePagesFilesAndPicturesHaveCards(t *testing.T) {
	w := newWorld(t, map[string]http.HandlerFunc{
		"/large": serve("text/html", "<title>Large</title>"+strings.Repeat("<p>x", 1<<20)),
		"/old": func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "/large", http.StatusMovedPermanently)
		},
		"/plan.pdf": serve("application/pdf", "%PDF-1.7"),
		"/cat.jpg":  serve("image/jpeg", "\xff\xd8\xff"),
		"/embed":    serve("text/html", `<link rel="alternate" type="application/json+oembed" href="/o">`),
		"/o":        serve("application/json", `{"title":"From oEmbed","html":"<script>"}`),
	})
	for _, c := range []struct {
		link  string
		kind  store.CardKind
		title string
		image string
	}{
		{"https://site.example/large", store.CardPage, "Large", ""},
		{"https://site.example/old", store.CardPage, "Large", ""},
		{"http://site.example/large", store.CardPage, "Large", ""}, // read over TLS
		{"https://site.example/plan.pdf", store.CardDocument, "plan.pdf", ""},
		{"https://site.example/cat.jpg", store.CardPicture, "cat.jpg", "https://site.example/cat.jpg"},
		{"https://site.example/embed", store.CardPage, "From oEmbed", ""},
	} {
		post := w.link(c.link)
		w.work()
		if got := w.card(post); got == nil || got.Kind != c.kind || got.Title != c.title || got.ImageURL != c.image {
			t.Errorf("%s: %+v", c.link, got)
		}
	}
}

func TestAnAuthorIsNamedOnlyWithTheirConsent(t *testing.T) {
	w := newWorld(t, map[string]http.HandlerFunc{"/a": serve("text/html", `<title>A</title><meta name="author" content="Mira"><meta name="fediverse:creator" content="@mira@here.example">`)})
	mira := storetest.Member(t, w.db, "mira")
	post := w.link("https://site.example/a")
	w.work()
	if c := w.card(post); c == nil || c.Author != nil || c.AuthorName != "Mira" {
		t.Fatalf("without consent: %+v", c)
	}
	consent := func(hosts ...string) {
		t.Helper()
		if err := w.db.SetReach(t.Context(), mira.ID, store.Reach{AttributionDomains: hosts}); err != nil {
			t.Fatal(err)
		}
	}
	consent("example", "site.example")
	w.pass(31 * 24 * time.Hour)
	post = w.link("https://site.example/a")
	w.work()
	if c := w.card(post); c == nil || c.Author == nil || c.Author.ID != mira.ID {
		t.Fatalf("with consent: %+v", c)
	}
	consent("ite.example")
	if c := w.card(post); c == nil || c.Author != nil {
		t.Errorf("after it was withdrawn: %+v", c)
	}
}
