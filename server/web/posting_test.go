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

// A boost for followers is seen by those of the booster, by nobody else in any
// place, and by its maker.
func TestBoostForASmallerCircle(t *testing.T) {
	s, c := newVillage(t) // Fay follows mira
	post := storetest.Post(t, s.db, c.sam, "Pass it on quietly", store.Public)
	path := in("/posts/%/boost", post.ID)
	mira := s.member("mira")
	ask := mira.get(path).wants(200, "Who can see your boost", "Quiet public")
	ask.submit(path, "visibility", "direct").wants(422)
	ask.submit(path, "visibility", "junk").wants(422)
	ask.submit(path, "visibility", "followers").wants(303)
	for _, seen := range []struct {
		who   *person
		path  string
		shown bool
	}{
		{mira, "/@mira", true}, {s.member("fay"), "/@mira", true}, {s.member("fay"), "/home", true},
		{s.member("stan"), "/@mira", false}, {s.person(), "/@mira", false}, {s.person(), "/@mira.atom", false},
	} {
		if got := strings.Contains(seen.who.get(seen.path).wants(200).body, "Pass it on quietly"); got != seen.shown {
			t.Errorf("on %s it is shown: %t, want %t", seen.path, got, seen.shown)
		}
	}
	s.person().get(in("/@sam/%/boosts", post.ID)).wants(200).lacks("/@mira\"><b>")
	// The usual button takes it back, and there is nothing to choose for what few see.
	mira.get("/@sam").press(path).wants(303)
	s.member("fay").get("/@mira").wants(200).lacks("Pass it on quietly")
	own := storetest.Post(t, s.db, c.mira, "Among us", store.Followers)
	mira.get(in("/posts/%/boost", own.ID)).wants(200).lacks("Who can see your boost")
	s.member("fay").get(in("/posts/%/boost", own.ID)).wants(403)
}
