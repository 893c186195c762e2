package web

import (
	"net/url"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestPostingSettings(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	const path = "/settings/posting"
	p.get(path).submit(path, "visibility", "followers", "lang", "de", "format", "markdown", "cw", "Frogs", "sensitive", "1",
		"days", "30", "keep_media", "1", "min_boosts", "7").leadsTo(path).wants(200, "Saved.")
	again := p.get(path).fields(path)
	for name, want := range map[string]string{"visibility": "followers", "lang": "de", "format": "markdown", "cw": "Frogs", "sensitive": "1",
		"days": "30", "keep_media": "1", "keep_pinned": "1", "keep_polls": "", "min_boosts": "7", "min_favourites": ""} {
		if got := again.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	form := p.get("/compose").fields("/posts")
	if form.Get("cw") != "Frogs" || form.Get("visibility") != "followers" || form.Get("lang") != "de" || form.Get("format") != "markdown" {
		t.Errorf("a new post begins with %v", form)
	}
	for field, value := range map[string]string{"visibility": "nobody", "lang": "xx", "cw": strings.Repeat("x", 300), "days": "1", "min_boosts": "-1", "min_favourites": "many"} {
		p.get(path).submit(path, field, value).wants(422).problem(field, "")
	}
	p.get(path).submit(path, "days", "1e9").wants(422).problem("days", "")
	p.post(path, url.Values{}).wants(403)
	p.post(path, url.Values{"csrf": {again.Get("csrf")}}).wants(422) // nothing else
	if got := p.get(path).fields(path).Get("days"); got != "30" {
		t.Errorf("after refused forms posts are deleted after %q days, want 30", got)
	}
}

func TestAskBeforeBoosting(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.fay, "Pass it on", store.Public)
	p := s.member("mira")
	p.get("/settings/posting").submit("/settings/posting", "ask_boost", "1").wants(303)
	path := in("/posts/%/boost", post.ID)
	ask := p.get("/local").press(path).leadsTo(path).wants(200, "Boost this post?", "Pass it on")
	p.get(in("/@fay/%/boosts", post.ID)).lacks("/@mira\"><b>")
	ask.submit(path).wants(303)
	p.get(in("/@fay/%/boosts", post.ID)).wants(200, "mira")
	p.get("/posts/5/boost").wants(404)
	private := storetest.Post(t, s.db, c.fay, "Not for all", store.Direct)
	p.get(in("/posts/%/boost", private.ID)).wants(404)
}
