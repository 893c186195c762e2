package web

import (
	"context"
	"errors"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestBeforeThereIsAnOwner(t *testing.T) {
	s := newSite(t)
	p := s.person()
	p.get("/").wants(200, "A server is about to grow here", "set-up link")
	p.get("/join").leadsTo("/")
	p.get("/about").wants(200)
	p.get("/setup").wants(403, "This set-up link is not the right one")
	p.get("/setup?key=AAAA").wants(403)
	p.get("/setup?key=" + strings.ToLower(s.secret)).wants(403)
}

func TestSetUp(t *testing.T) {
	s := newSite(t)
	p := s.person()
	page := p.get("/setup?key="+s.secret).wants(200, "Plant your server", "Steps 1 and 2 of 5.", storetest.URL, "@name@here.example", "It can't be changed later", "The address is https.", "This page was opened at that address.")
	p.get("/setup/1?key=" + s.secret).leadsTo("/setup?key=" + s.secret)

	page = page.submit("/setup", "name", "admin", "password", "short", "title", "Willow Bend", "description", "By the river", "join_mode", "open")
	page.wants(422).problem("name", "kept for the server").problem("password", "at least 12").lacks("short\"")
	page = page.submit("/setup", "name", "olga", "password", storetest.Password, "email", "not an address").wants(422).problem("email", "email address")
	page = page.submit("/setup", "password", storetest.Password, "email", "", "title", " ").wants(422).problem("title", "needs a name")
	page = page.submit("/setup", "password", storetest.Password, "title", "Willow Bend", "join_mode", "maybe").wants(422).problem("join_mode", "Choose one")
	if got := page.fields("/setup"); got.Get("name") != "olga" || got.Get("title") != "Willow Bend" || got.Get("description") != "By the river" || got.Get("password") != "" {
		t.Errorf("what was typed came back as %v", got)
	}
	if has, _ := s.db.HasOwner(t.Context()); has {
		t.Fatal("a refused form made an owner")
	}
	page.submit("/setup", "key", "wrong", "password", storetest.Password, "join_mode", "open").wants(403)

	done := page.submit("/setup", "password", storetest.Password, "join_mode", "open")
	done.leadsTo("/setup/3")
	p.get("/menu").wants(200, "@olga", "Willow Bend", "Administration")
	u, err := s.db.UserByName(t.Context(), "olga")
	if err != nil || u.Role != store.Owner {
		t.Fatalf("got %+v, %v; want an owner", u, err)
	}
	settings, err := s.db.Settings(t.Context())
	if err != nil || settings.Name != "Willow Bend" || settings.Description != "By the river" || settings.Registrations != store.RegistrationsOpen {
		t.Errorf("settings: got %+v, %v", settings, err)
	}

	// The link is dead now, even with the right key.
	q := s.person()
	q.get("/setup?key="+s.secret).wants(404, "set up already")
	q.get("/").wants(200, "Willow Bend")
	q.get("/login").wants(200)
}

// The steps after the owner is made: only for an owner, harmless when read again,
// and each can be skipped.
func TestStepsOfTheSetUp(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("olga")
	page := p.get("/setup/3").wants(200, "Step 3 of 5.", "Skip")
	page = page.submit("/setup/3", "title", " ", "rules", "Be kind.\nAsk first.").wants(422).problem("title", "needs a name")
	page = page.submit("/setup/3", "title", "Willow Bend", "join_mode", "maybe").wants(422).problem("join_mode", "Choose one")
	page = page.submit("/setup/3", "join_mode", "invite", "contact_email", "nowhere").wants(422).problem("contact_email", "mail address")
	if got := page.fields("/setup/3").Get("rules"); got != "Be kind.\nAsk first." {
		t.Errorf("the rules came back as %q", got)
	}
	page = page.submit("/setup/3", "contact_email", "olga@here.example").leadsTo("/setup/4").wants(200, "Step 4 of 5.", "Backups to keep")
	v, err := s.db.Settings(t.Context())
	if err != nil || v.Registrations != store.RegistrationsInvite || len(v.Rules) != 2 || v.ContactEmail != "olga@here.example" {
		t.Errorf("after step 3: got %+v, %v", v, err)
	}
	page = page.submit("/setup/4", "media_cache", "0").wants(422).problem("media_cache", "1 to")
	page = page.submit("/setup/4", "media_cache", "5", "backups_kept", "none").wants(422).problem("backups_kept", "1 to")
	for range 2 {
		page.submit("/setup/4", "backups_kept", "2").leadsTo("/setup/5").wants(200, "Your name leads to your account", "can be read by other servers", "signature fits the key", "The server says what it is", "Finish").lacks("does not")
	}
	p.get("/welcome/1").wants(200)
	s.must(s.db.SetRole(t.Context(), store.Staff{}, c.mira.ID, store.Admin))
	for _, path := range []string{"/setup/3", "/setup/4", "/setup/5"} {
		s.member("mira").get(path).wants(404)
		if got := s.person().get(path); got.status != 303 || !strings.HasPrefix(got.location, "/login") {
			t.Errorf("%s to a visitor: got %d, %q", path, got.status, got.location)
		}
	}
}

// The self-test says in plain words when the server can't reach itself.
func TestSelfTestFromOutside(t *testing.T) {
	s := newFoundedSite(t)
	for _, c := range []struct {
		err  error
		want string
	}{{nil, "This server reached itself"}, {errors.New("no route to the host"), "could not reach itself"}} {
		s.config.Reach = func(context.Context) error { return c.err }
		s.restart()
		s.member("olga").get("/setup/5").wants(200, c.want)
	}
}

// The second press of the button, and a stranger with a form from before.
func TestSetUpTwice(t *testing.T) {
	s := newSite(t)
	p, q := s.person(), s.person()
	mine, theirs := p.get("/setup?key="+s.secret), q.get("/setup?key="+s.secret)
	first := mine.fields("/setup")
	for k, v := range map[string]string{"name": "olga", "password": storetest.Password, "title": "Willow Bend", "join_mode": "open"} {
		first.Set(k, v)
	}
	p.post("/setup", first).wants(303)
	theirs.submit("/setup", "name", "eve", "password", storetest.Password, "title", "Mine", "join_mode", "open").wants(404, "set up already")
	theirs.submit("/setup", "name", "olga", "password", storetest.Password, "title", "Willow Bend", "join_mode", "open").leadsTo("/home")
	users, err := s.db.Users(t.Context())
	if err != nil || len(users) != 1 {
		t.Errorf("got %d users, %v; want 1", len(users), err)
	}
}

func TestNoSetUpWithoutAKey(t *testing.T) {
	var none *SetupKey
	if none.Check("") {
		t.Error("no key lets an empty one in")
	}
	a, secret := NewSetupKey()
	b, _ := NewSetupKey()
	if !a.Check(secret) || b.Check(secret) || a.Check("") || a.Check(secret[:len(secret)-1]) {
		t.Error("a key opens for something else than its own secret")
	}
}

func TestLandingSendsMembersHome(t *testing.T) {
	s := newFoundedSite(t)
	if got := s.member("olga").get("/").location; got != "/home" {
		t.Errorf("got %q, want /home", got)
	}
}

func TestAboutPages(t *testing.T) {
	s := newFoundedSite(t)
	s.set("rules", "Be kind.\nAsk <first>.")
	s.set("description", "By the <river>")
	p := s.person()
	p.get("/").wants(200, "Willow Bend", "By the <river>", "olga").lacks("<river>")
	p.get("/about").wants(200, "Be kind.", "Ask <first>.", "olga", "1 member").lacks("<first>")
	p.get("/about/rules").wants(200, "Be kind.")
	p.get("/privacy").wants(200, "after 60 days")
	if got := p.get("/source"); got.location != "https://code.example/seedling" {
		t.Errorf("/source: got %q", got.location)
	}
	s.server.site.SourceURL = "/source"
	p.get("/source").wants(200, "Affero General Public License", "olga")
	if head := p.do("HEAD", "/about", "", ""); head.status != 200 || head.body != "" || head.header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: got %d, %d bytes, Content-Length %s", head.status, len(head.body), head.header.Get("Content-Length"))
	}
}
