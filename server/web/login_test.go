package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestLogInAndOut(t *testing.T) {
	s := newFoundedSite(t)
	p := s.person()
	p.logIn("olga", storetest.Password).leadsTo("/home")
	p.get("/menu").wants(200, "@olga").press("/logout").leadsTo("/").wants(200, "You are logged out.")
	p.get("/menu").leadsTo("/login?next=%2Fmenu")
}

func TestLogInWrongPairsReadTheSame(t *testing.T) {
	s := newFoundedSite(t)
	var pages []string
	for _, name := range []string{"olga", "nobody", "", "' OR 1=1 --"} {
		page := s.person().logIn(name, "wrong wrong wrong").wants(422).problem("login", "do not belong together").lacks("wrong wrong wrong")
		if got := page.fields("/login").Get("login"); got != name {
			t.Errorf("name typed: got %q back, want %q", got, name)
		}
		page.body = strings.ReplaceAll(page.words(), name, "")
		pages = append(pages, page.words())
	}
	if pages[0] != pages[1] {
		t.Errorf("a known name and an unknown one read differently:\n%s\n%s", pages[0], pages[1])
	}
}

func TestLogInTellsWhyOnlyWithTheRightPassword(t *testing.T) {
	s := newFoundedSite(t)
	disabled := s.user("dora", store.Member)
	if err := s.db.DisableUser(t.Context(), store.Staff{}, disabled.Account.ID); err != nil {
		t.Fatal(err)
	}
	s.set("registrations", "approval")
	_, _, err := s.db.SignUp(t.Context(), store.SignUp{NewUser: store.NewUser{Name: "pell", Password: storetest.Password}, Reason: "tomatoes"})
	if err != nil {
		t.Fatal(err)
	}
	for name, why := range map[string]string{"dora": "This account cannot log in", "pell": "has not been answered yet"} {
		if page := s.person().logIn(name, "wrong wrong wrong").wants(422); strings.Contains(page.words(), why) {
			t.Errorf("%s: a wrong password is told %q", name, why)
		}
		p := s.person()
		p.logIn(name, storetest.Password).wants(403, why)
		if p.cookie("session") != "" {
			t.Errorf("%s got a session", name)
		}
	}
}

func TestDisabledUserLosesTheSession(t *testing.T) {
	s := newFoundedSite(t)
	u := s.user("dora", store.Member)
	p := s.member("dora")
	p.get("/menu").wants(200)
	if err := s.db.DisableUser(t.Context(), store.Staff{}, u.Account.ID); err != nil {
		t.Fatal(err)
	}
	p.get("/menu").leadsTo("/login?next=%2Fmenu").wants(200)
}

func TestLogInGivesANewSessionEachTime(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	p := s.person()
	u, _ := url.Parse(storetest.URL)
	p.jar.SetCookies(u, []*http.Cookie{{Name: "__Host-seedling-session", Value: "planted-by-somebody", Path: "/", Secure: true}})
	p.logIn("mira", storetest.Password).wants(303)
	first := p.cookie("session")
	if first == "" || first == "planted-by-somebody" {
		t.Fatalf("session after log-in: %q", first)
	}
	if p.cookie("visitor") != "" {
		t.Error("the visitor's cookie outlives the log-in")
	}
	// Logging in again in the same browser ends the session before.
	v := p.get("/menu").fieldsOfAct()
	v.Set("login", "mira")
	v.Set("password", storetest.Password)
	p.post("/login", v).wants(303)
	if p.cookie("session") == first {
		t.Error("the session did not change")
	}
	if _, _, err := s.db.SessionUser(t.Context(), first); err == nil {
		t.Error("the session before still works")
	}
}

func TestSessionCookie(t *testing.T) {
	s := newFoundedSite(t)
	page := s.person().logIn("olga", storetest.Password)
	var got string
	for _, c := range page.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "__Host-seedling-session=") {
			got = c
		}
	}
	for _, want := range []string{"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(got, want) {
			t.Errorf("cookie %q lacks %s", got, want)
		}
	}
}

// On a server of plain http, for trying out, cookies must do without https.
func TestCookiesOfPlainHTTP(t *testing.T) {
	server, err := New(Config{DB: storetest.Open(t, store.Config{URL: "http://localhost:8080"})})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost:8080/login", nil))
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "seedling-visitor=") || strings.Contains(got, "Secure") || !strings.Contains(got, "HttpOnly; SameSite=Lax") {
		t.Errorf("cookie: got %q", got)
	}
}

func TestLogInGoesOnOnlyToOurOwnPages(t *testing.T) {
	s := newFoundedSite(t)
	for next, want := range map[string]string{
		"/settings/profile": "/settings/profile", "/search?q=a%20b": "/search?q=a%20b", "": "/home",
		"https://evil.example/": "/home", "//evil.example/": "/home", "/\\evil.example": "/home", "/\t/evil.example": "/home",
		"\\\\evil.example": "/home", "javascript:alert(1)": "/home", "/%0d%0aSet-Cookie:x": "/%0d%0aSet-Cookie:x", "http:evil": "/home", "home": "/home",
	} {
		page := s.person().get("/login?next="+url.QueryEscape(next)).submit("/login", "login", "olga", "password", storetest.Password)
		if page.location != want {
			t.Errorf("next=%q in the link: got %q, want %q", next, page.location, want)
		}
		page = s.person().get("/login").submit("/login", "next", next, "login", "olga", "password", storetest.Password)
		if page.location != want {
			t.Errorf("next=%q in the form: got %q, want %q", next, page.location, want)
		}
		p := s.member("olga")
		if got := p.get("/login?next=" + url.QueryEscape(next)).location; got != want {
			t.Errorf("next=%q when logged in: got %q, want %q", next, got, want)
		}
	}
}

func TestLogInThrottlesByAccount(t *testing.T) {
	s := newFoundedSite(t)
	p := s.person()
	for i := range triesAccount {
		p.address = "198.51.100." + strconv.Itoa(i) // each from elsewhere
		p.logIn(" @OLGA", "wrong wrong wrong").wants(422)
	}
	p.address = "198.51.100.200"
	page := p.logIn("olga", storetest.Password).wants(429).problem("", "Come back in 15 minutes.")
	if got := page.header.Get("Retry-After"); got != "900" {
		t.Errorf("Retry-After: got %q, want 900", got)
	}
	if got := page.fields("/login").Get("login"); got != "olga" {
		t.Errorf("name typed: got %q back", got)
	}
	s.pass(14*time.Minute + 30*time.Second)
	p.logIn("olga", storetest.Password).wants(429, "Come back in a minute.")
	s.pass(time.Minute)
	p.logIn("olga", storetest.Password).wants(303)
}

func TestLogInThrottlesByNetwork(t *testing.T) {
	s := newFoundedSite(t)
	p := s.person()
	for i := range triesAddress {
		p.address = "2001:db8:1:2::" + strconv.Itoa(i+1) // one /64
		p.logIn("nobody"+strconv.Itoa(i), "wrong wrong wrong").wants(422)
	}
	p.address = "2001:db8:1:2:ffff::1"
	p.logIn("olga", storetest.Password).wants(429)
	p.address = "2001:db8:1:3::1"
	p.logIn("olga", storetest.Password).wants(303)
}

func TestRightPasswordsDoNotCount(t *testing.T) {
	s := newFoundedSite(t)
	for range triesAddress + 2 {
		s.person().logIn("olga", storetest.Password).wants(303)
	}
}

// A text that is sent after the session ended comes back after the log-in and
// is sent with one more press.
func TestTextOutlivesTheSession(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/settings/profile")
	typed := page.fields("/settings/profile")
	typed.Set("bio", "Moss & \"fern\"\nsecond line")
	if err := s.db.EndOtherSessions(t.Context(), s.id("olga"), 0); err != nil {
		t.Fatal(err)
	}
	page = p.post("/settings/profile", typed).wants(403, "Your session has ended", "What you sent is kept")
	page = page.submit("/login", "login", "olga", "password", "wrong wrong wrong").wants(422, "What you sent is kept")
	page = page.submit("/login", "login", "olga", "password", storetest.Password).wants(200, "Go on where you were?")
	page.submit("/settings/profile").leadsTo("/settings/profile").wants(200, "Saved.")
	if got := p.get("/settings/profile").fields("/settings/profile").Get("bio"); got != "Moss & \"fern\"\nsecond line" {
		t.Errorf("bio: got %q", got)
	}
}

func TestExpiredPasswordFormKeepsNoPassword(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	typed := p.get("/settings/security").fields("/settings/security/password")
	typed.Set("old_password", storetest.Password)
	typed.Set("password", "a very new secret")
	if err := s.db.EndOtherSessions(t.Context(), s.id("olga"), 0); err != nil {
		t.Fatal(err)
	}
	p.post("/settings/security/password", typed).wants(403, "Your session has ended").lacks("a very new secret", storetest.Password)
}

func (s *site) id(name string) int64 {
	s.t.Helper()
	u, err := s.db.UserByName(s.t.Context(), name)
	if err != nil {
		s.t.Fatal(err)
	}
	return u.Account.ID
}

// fieldsOfAct is the page's hidden form for small actions.
func (s *screen) fieldsOfAct() url.Values {
	for n := range s.doc.Descendants() {
		if n.Data == "form" && attr(n, "id") == "act" {
			return controls(n)
		}
	}
	s.p.t.Fatal("the page has no form for small actions")
	return nil
}
