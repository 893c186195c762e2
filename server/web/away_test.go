package web

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestVisitorsAreSentToTheirOwnServers(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	post := storetest.Post(t, s.db, mira, "Hello", store.Public)
	secret := storetest.Post(t, s.db, mira, "Secret", store.Followers)
	s.server.away = func(_ context.Context, who, action, uri string) (string, error) {
		switch who {
		case "@me@home.example":
			return "https://home.example/" + action + "?uri=" + uri, nil
		case "down.example":
			return "", &LookupError{Step: LookupUnreachable, Host: who}
		case "no one at all":
			return "", ErrNobody
		}
		return "", store.ErrNotFound
	}
	visitor := s.person()
	for path, want := range map[string]string{
		"/@mira/remote-follow":                        "https://home.example/follow?uri=" + mira.URI,
		"/interact/" + strconv.FormatInt(post.ID, 10): "https://home.example/look?uri=" + post.URI,
	} {
		page := visitor.get(path).wants(200, "Your handle")
		if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https:") {
			t.Errorf("%s: policy %s", path, csp)
		}
		if got := page.submit(path, "handle", "@me@home.example", "remember", "1"); got.status != 303 || got.location != want {
			t.Errorf("%s: %d to %s, want 303 to %s", path, got.status, got.location, want)
		}
		visitor.get(path).holds(`value="@me@home.example"`)
		for _, nobody := range []string{"", "no one at all"} { // no server was asked, so nothing is said of one
			if got := visitor.get(path).submit(path, "handle", nobody).wants(422, "Write a handle"); strings.Contains(got.body, "could not find out") {
				t.Errorf("%s: %q is answered as if a server had been asked", path, nobody)
			}
		}
		visitor.get(path).submit(path, "handle", strings.Repeat("x", 301)).wants(422, "Write a handle")
		visitor.get(path).submit(path, "handle", "odd.example").wants(422, "does not say").holds(`value="odd.example"`)
		visitor.get(path).submit(path, "handle", "down.example").wants(422, "down.example")
	}
	visitor.get("/@mira").wants(200).holds(`href="/@mira/remote-follow"`)
	visitor.get("/@nobody/remote-follow").wants(404)
	visitor.get("/interact/" + strconv.FormatInt(secret.ID, 10)).wants(404)
	s.member("mira").get("/@mira/remote-follow").leadsTo("/@mira")
}

func TestAuthorizeInteractionShowsWhatAnotherServerNamed(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	post := storetest.Post(t, s.db, mira, "Hello", store.Public)
	s.ask = func(context.Context, string) (Found, error) {
		return Found{}, &LookupError{Step: LookupNoHost, Host: "far.example"}
	}
	olga := s.member("olga")
	s.person().get("/authorize_interaction?uri=acct%3Amira%40here.example").leadsTo("/login?next=%2Fauthorize_interaction%3Furi%3Dacct%253Amira%2540here.example")
	for query, want := range map[string]string{
		"uri=acct:mira@here.example": "/@mira", "acct=mira@here.example": "/@mira", "uri=" + mira.URI: "/@mira",
		"uri=" + post.URI: postPath(mira, post.ID) + "#p" + strconv.FormatInt(post.ID, 10),
	} {
		if got := olga.get("/authorize_interaction?" + query); got.status != 303 || got.location != want {
			t.Errorf("%s: %d to %s, want %s", query, got.status, got.location, want)
		}
	}
	for query, status := range map[string]int{"": 200, "uri=": 200, "uri=javascript:alert(1)": 200, "uri=https://far.example/x": 200, "uri=%ff": 200, "uri=" + strings.Repeat("x", 2001): 400} {
		if got := olga.get("/authorize_interaction?" + query); got.status != status {
			t.Errorf("%q: %d, want %d", query, got.status, status)
		}
	}
}
