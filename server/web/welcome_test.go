package web

import (
	"strings"
	"testing"

	"seedling/store"
)

// TestWelcomeLeadsANewMemberHome saves every step, and looks at what is kept.
func TestWelcomeLeadsANewMemberHome(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	p := s.member("mira")
	before, err := s.db.UserByName(t.Context(), "mira")
	if err != nil {
		t.Fatal(err)
	}
	p.get("/welcome/1").wants(200, "Step 1 of 3.", "Skip").
		submit("/welcome/1", "display_name", strings.Repeat("x", 5000)).wants(422)
	p.get("/welcome/1").submit("/welcome/1", "display_name", "Mira <i>", "bio", "I grow beans.").leadsTo("/welcome/2")
	p.get("/welcome/2").submit("/welcome/2", "tags", "#beans\nnot a tag!").wants(422, "not a tag!")
	p.get("/welcome/2").submit("/welcome/2", "tags", "#beans\nseeds").leadsTo("/welcome/3")
	p.get("/welcome/3").submit("/welcome/3", "theme", "pink").wants(422)
	p.get("/welcome/3").submit("/welcome/3", "theme", "dark", "lock", "1").leadsTo("/home")
	p.get("/tags").wants(200, "#beans", "#seeds")
	u, err := s.db.UserByName(t.Context(), "mira")
	if err != nil {
		t.Fatal(err)
	}
	a := u.Account
	if a.DisplayName != "Mira <i>" || a.BioSource != "I grow beans." || !a.Locked || u.Preferences.Theme != "dark" {
		t.Errorf("got name %q, bio %q, locked %v, theme %q", a.DisplayName, a.BioSource, a.Locked, u.Preferences.Theme)
	}
	if a.Indexable != before.Account.Indexable || a.Discoverable != before.Account.Discoverable {
		t.Errorf("indexable %v, discoverable %v: changed by nobody", a.Indexable, a.Discoverable)
	}
}

func TestWelcomeIsForMembers(t *testing.T) {
	s := newFoundedSite(t)
	for _, path := range welcomePaths {
		if got := s.person().get(path).location; !strings.HasPrefix(got, "/login") {
			t.Errorf("%s: a visitor is led to %q, want the log-in", path, got)
		}
	}
}
