package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

func TestPublicFeedsShowWhatVisitorsMayRead(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	storetest.Post(t, s.db, mira, "Hello #moss", store.Public)
	storetest.Post(t, s.db, mira, "Secret #moss", store.Followers)
	storetest.Post(t, s.db, mira, "Here alone #moss", store.LocalOnly)
	readers := map[string]*person{"a visitor": s.person(), "the author": s.member("mira")}
	for path, kind := range map[string]string{
		"/@mira.atom": "application/atom+xml", "/@mira.rss": "application/rss+xml", "/tags/moss.atom": "application/atom+xml",
		"/tags/moss.rss": "application/rss+xml", "/local.atom": "application/atom+xml", "/local.rss": "application/rss+xml",
	} {
		for who, p := range readers {
			got := p.get(path).wants(200).holds("Hello")
			for _, secret := range []string{"Secret", "Here alone"} {
				if strings.Contains(got.body, secret) {
					t.Errorf("%s as %s has %q", path, who, secret)
				}
			}
			if !strings.HasPrefix(got.header.Get("Content-Type"), kind) || got.header.Get("Last-Modified") == "" || !strings.HasPrefix(got.header.Get("Cache-Control"), "public") {
				t.Errorf("%s: header %v", path, got.header)
			}
			if again := p.getIfNew(path, got.header.Get("ETag")); again != http.StatusNotModified {
				t.Errorf("%s asked for again: %d, want 304", path, again)
			}
		}
	}
	visitor := readers["a visitor"]
	for _, path := range []string{"/@nobody.atom", "/@mira@far.example.atom", "/tags/.atom", "/tags/a.b.rss", "/@.rss"} {
		if got := visitor.get(path); got.status != 404 {
			t.Errorf("%s: %d, want 404", path, got.status)
		}
	}
	visitor.get("/@mira").holds(`href="/@mira.atom"`)
	s.set("public_profiles", "false")
	s.set("public_timelines", "false")
	for _, path := range []string{"/@mira.atom", "/tags/moss.rss", "/local.atom"} {
		visitor.get(path).wants(404)
		readers["the author"].get(path).wants(404)
	}
}

func (p *person) getIfNew(path, tag string) int {
	p.t.Helper()
	r, err := http.NewRequest("GET", storetest.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("If-None-Match", tag)
	res, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func TestFeedsShowWarningsAndEscape(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	_, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: mira.ID, Source: content.Source{Text: "behind <it>"}, ContentWarning: "Spiders <b>&", Visibility: store.Public})
	s.must(err)
	s.person().get("/@mira.atom").wants(200).holds("<title>Spiders &lt;b&gt;&amp;</title>", "Content warning: Spiders &amp;lt;b&amp;gt;&amp;amp;", "behind &amp;lt;it&amp;gt;")
}

func TestPrivateFeedsAreTheirOwnersAlone(t *testing.T) {
	s, c := newVillage(t)
	storetest.Post(t, s.db, c.mira, "For followers", store.Followers)
	storetest.Post(t, s.db, c.mira, "@fay hello", store.Direct)
	fay := s.member("fay")
	s.must(s.db.CreateList(t.Context(), c.fay.ID, &store.List{Title: "Moss"}))
	fay.get("/settings/feeds").wants(200).submit("/settings/feeds", "name", " ").wants(422, "Say what it is for")
	made := fay.get("/settings/feeds").submit("/settings/feeds", "name", "Reader").wants(200, "Your new feeds", "Moss", "Reader")
	links := regexp.MustCompile(`/feeds/[A-Za-z0-9_-]+/[a-z0-9/]+\.atom`).FindAllString(made.body, -1)
	if len(links) != 3 {
		t.Fatalf("addresses: %v, want home, notifications and the list", links)
	}
	reader := s.person()
	reader.get(links[0]).wants(200).holds("For followers")
	reader.get(strings.Replace(links[0], ".atom", ".rss", 1)).wants(200).holds("<rss")
	got := reader.get(links[1]).wants(200).holds("mira mentioned you")
	if got.header.Get("Referrer-Policy") != "no-referrer" || got.header.Get("X-Robots-Tag") != "noindex" || !strings.HasPrefix(got.header.Get("Cache-Control"), "private") {
		t.Errorf("header: %v", got.header)
	}
	if key := strings.Split(links[0], "/")[2]; strings.Contains(got.body, key) {
		t.Error("the feed tells its key")
	}
	reader.get(links[2]).wants(200)
	key := strings.Split(links[0], "/")[2]
	for _, path := range []string{"/feeds/x/home.atom", "/feeds/" + key + "/home", "/feeds/" + key + "/bookmarks.atom", "/feeds/" + key + "/lists/7.atom", "/feeds/" + key + "/lists/x.atom", "/feeds/" + key + "/x/7.atom"} {
		reader.get(path).wants(404)
	}
	keys, err := s.db.FeedKeys(t.Context(), c.fay.ID)
	s.must(err)
	button := "/settings/feeds/" + strconv.FormatInt(keys[0].ID, 10) + "/revoke"
	if page := fay.get("/settings/feeds"); !strings.Contains(page.body, `href="`+button+`"`) {
		t.Error("the list does not lead to the question")
	}
	s.member("stan").get(button).wants(404)
	fay.get(button).wants(200, "End the addresses").submit(button).leadsTo("/settings/feeds").wants(200, "These addresses work no more.")
	reader.get(links[0]).wants(404)
}
