package web

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// forms are the paths of all POST routes, read from the list that they are in.
func forms(t *testing.T) []string {
	t.Helper()
	src, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, m := range postRoute.FindAllStringSubmatch(string(src), -1) {
		paths = append(paths, routeParam.ReplaceAllString(m[1], "1"))
	}
	if len(paths) < 15 {
		t.Fatalf("found only the forms %v", paths)
	}
	return paths
}

var (
	postRoute  = regexp.MustCompile(`\bpost(?:Pattern)?\("([^"]+)"`)
	routeParam = regexp.MustCompile(`:[a-z]+`)
)

func TestEveryFormNeedsItsToken(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	olga, mira := s.member("olga"), s.member("mira")
	foreign := mira.get("/menu").fieldsOfAct().Get("csrf")
	visitor := s.person().get("/login").fields("/login").Get("csrf")
	good := olga.get("/menu").fieldsOfAct().Get("csrf")
	for _, path := range forms(t) {
		for what, token := range map[string]string{
			"no token": "", "another member's": foreign, "a visitor's": visitor, "its own, cut": good[:len(good)-1], "its own, longer": good + "A",
		} {
			page := olga.post(path, url.Values{"csrf": {token}, "name": {"typed <text>"}, "title": {"Hacked"}})
			if page.status != 403 || !strings.Contains(page.words(), "Please press the button once more") {
				t.Errorf("%s with %s token: got %d: %s", path, what, page.status, page.words())
			}
		}
		// A visitor without any cookie.
		if got := s.person().post(path, url.Values{}).status; got != 403 {
			t.Errorf("%s from a new visitor without a token: got %d, want 403", path, got)
		}
		// The right token, but a page of another site sends it.
		olga.foreign = true
		if got := olga.post(path, url.Values{"csrf": {good}}); got.status != 403 {
			t.Errorf("%s from another site: got %d, want 403", path, got.status)
		}
		olga.foreign = false
	}
	olga.get("/menu").wants(200, "Willow Bend", "@olga")
}

// What was typed comes back in a form with a good token, and sending that
// works.
func TestBadTokenKeepsWhatWasTyped(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	form := p.get("/settings/profile").fields("/settings/profile")
	form.Set("bio", "Moss & <fern>")
	form.Set("csrf", "stale")
	page := p.post("/settings/profile", form).wants(403, "Please press the button once more").lacks("<fern>")
	page.submit("/settings/profile").leadsTo("/settings/profile")
	if got := p.get("/settings/profile").fields("/settings/profile").Get("bio"); got != "Moss & <fern>" {
		t.Errorf("bio: got %q", got)
	}
}

func TestBadTokenKeepsNoPassword(t *testing.T) {
	s := newFoundedSite(t)
	for path, form := range map[string]url.Values{
		"/login":                      {"login": {"olga"}, "password": {storetest.Password}},
		"/join":                       {"name": {"mira"}, "password": {storetest.Password}},
		"/setup":                      {"name": {"mira"}, "password": {storetest.Password}},
		"/settings/security/password": {"old_password": {storetest.Password}, "password": {storetest.Password + "2"}},
		"/settings/delete":            {"name": {"olga"}, "password": {storetest.Password}},
	} {
		for _, p := range []*person{s.person(), s.member("olga")} {
			p.post(path, form).wants(403).lacks(storetest.Password)
		}
	}
}

func TestBrokenForms(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	token := p.get("/menu").fieldsOfAct().Get("csrf")
	const kind = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		what, kind, body string
		want             int
	}{
		{"too large", kind, "csrf=" + token + "&bio=" + strings.Repeat("x", maxFormBytes), 413},
		{"not UTF-8", kind, "csrf=" + token + "&bio=%ff%fe", 400},
		{"a zero byte", kind, "csrf=" + token + "&bio=a%00b", 400},
		{"a field name that is not UTF-8", kind, "csrf=" + token + "&%ff=x", 400},
		{"a broken escape", kind, "csrf=" + token + "&bio=%zz", 400},
		{"too many fields", kind, "csrf=" + token + strings.Repeat("&a", 1) + manyFields(maxFormFields+1), 400},
		{"JSON", "application/json", `{"csrf":"` + token + `"}`, 400},
		{"plain text", "text/plain", "csrf=" + token, 400},
		{"no type", "", "csrf=" + token, 400},
		{"an empty file form", "multipart/form-data; boundary=x", "--x--", 403},
		{"a file form without a boundary", "multipart/form-data", "", 400},
		{"empty", kind, "", 403},
	} {
		if got := p.do("POST", "/settings/profile", test.kind, test.body).status; got != test.want {
			t.Errorf("%s: got %d, want %d", test.what, got, test.want)
		}
	}
	if u, err := s.db.UserByName(t.Context(), "olga"); err != nil || u.Account.BioSource != "" {
		t.Errorf("a broken form changed the profile: %+v, %v", u, err)
	}
	// A name that is not UTF-8 on the log-in page.
	q := s.person()
	q.do("POST", "/login", kind, "login=%ff&password=x&csrf="+q.get("/login").fields("/login").Get("csrf")).wants(400)
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&f")
		b.WriteString(strings.Repeat("i", i))
	}
	return b.String()
}
