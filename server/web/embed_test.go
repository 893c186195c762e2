package web

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestOnlyPublicPostsAreEmbedded(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	public, secret := storetest.Post(t, s.db, mira, "Hello <b>", store.Public), storetest.Post(t, s.db, mira, "Secret", store.Followers)
	visitor, owner := s.person(), s.member("mira")
	got := visitor.get(postPath(mira, public.ID)+"/embed").wants(200, "Hello <b>")
	if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors *;") || !strings.Contains(csp, "script-src 'self'") || !strings.Contains(csp, "form-action 'none'") {
		t.Errorf("policy of the embedded page: %s", csp)
	}
	if got.header.Get("Set-Cookie") != "" {
		t.Errorf("the embedded page sets a cookie: %s", got.header.Get("Set-Cookie"))
	}
	owner.get(postPath(mira, secret.ID) + "/embed").wants(404)
	visitor.get("/@nobody/" + strings.TrimPrefix(postPath(mira, public.ID), "/@mira/") + "/embed").wants(404)
	page := visitor.get(postPath(mira, public.ID)).wants(200).holds(`property="og:type" content="article"`, in(`property="og:image" content="`+s.db.URL()+`/avatars/%.png"`, mira.ID), `type="application/json+oembed"`)
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("policy of the post's page: %s", csp)
	}
	if body := owner.get(postPath(mira, secret.ID)).wants(200).body; strings.Contains(body, "og:type") || strings.Contains(body, "oembed") {
		t.Error("a post for followers is described to other sites")
	}
}

func TestOEmbedAnswersAsJSON(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	public, secret := storetest.Post(t, s.db, mira, "Hello", store.Public), storetest.Post(t, s.db, mira, "Secret", store.Followers)
	base := storetest.URL
	for name, c := range map[string]struct {
		query  string
		status int
		kind   string
	}{
		"a post":                     {"url=" + url.QueryEscape(base+postPath(mira, public.ID)), 200, "rich"},
		"a post, narrow":             {"maxwidth=100&format=json&url=" + url.QueryEscape(base+postPath(mira, public.ID)+"?x#y"), 200, "rich"},
		"a profile":                  {"url=" + url.QueryEscape(base+"/@mira"), 200, "link"},
		"a post for followers":       {"url=" + url.QueryEscape(base+postPath(mira, secret.ID)), 404, ""},
		"XML":                        {"format=xml&url=" + url.QueryEscape(base+"/@mira"), 501, ""},
		"nothing":                    {"", 404, ""},
		"another site":               {"url=https%3A%2F%2Ffar.example%2F%40mira", 404, ""},
		"somebody else's address":    {"url=" + url.QueryEscape(base+strings.Replace(postPath(mira, public.ID), "mira", "olga", 1)), 404, ""},
		"a number that is too large": {"url=" + url.QueryEscape(base+"/@mira/99999999999999999999999"), 404, ""},
		"bytes that are no text":     {"url=%ff%00", 404, ""},
	} {
		w := httptest.NewRecorder()
		s.server.ShowOEmbed(w, httptest.NewRequest("GET", base+"/api/oembed?"+c.query, nil))
		var got struct {
			Type, HTML string
			Width      int
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: %q is no JSON: %v", name, w.Body, err)
		}
		if w.Code != c.status || got.Type != c.kind || (c.kind == "rich") != strings.Contains(got.HTML, "/embed\"") || name == "a post, narrow" && got.Width != 100 {
			t.Errorf("%s: %d %s, want %d %s", name, w.Code, w.Body, c.status, c.kind)
		}
	}
}
