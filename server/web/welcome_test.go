package web

import (
	"strings"
	"testing"
	"time"

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
	p.get("/welcome/1").wants(200, "Step 1 of 4.", "Skip").
		submit("/welcome/1", "display_name", strings.Repeat("x", 5000)).wants(422)
	p.get("/welcome/1").submit("/welcome/1", "display_name", "Mira <i>", "bio", "I grow beans.").leadsTo("/welcome/2")
	p.get("/welcome/2").submit("/welcome/2", "tags", "#beans\nnot a tag!").wants(422, "not a tag!")
	p.get("/welcome/2").submit("/welcome/2", "tags", "#beans\nseeds").leadsTo("/welcome/3")
	s.user("fay", store.Member)
	p.get("/welcome/3").wants(200, "Step 3 of 4.").submit("/welcome/3", "handles", "@fay, not@a@handle").wants(422, "not@a@handle").problem("handles", "not@a@handle")
	p.get("/welcome/3").submit("/welcome/3", "handles", strings.Repeat("@x@far.example ", 201)).wants(422).problem("handles", "200")
	p.get("/welcome/3").submit("/welcome/3", "handles", "@fay\n@mira, @nobody; acct:bob@far.example").leadsTo("/welcome/4").wants(200, "One of the people")
	jobs, err := s.db.ClaimJobs(t.Context(), 10, time.Minute)
	if err != nil || len(jobs) != 1 || jobs[0].Kind != store.JobFollow || !strings.Contains(jobs[0].Payload, "@bob@far.example") {
		t.Errorf("got the jobs %v, %v; want bob to be looked for", jobs, err)
	}
	p.get("/@mira/following").wants(200, "@fay")
	p.get("/welcome/4").submit("/welcome/4", "theme", "pink").wants(422)
	p.get("/welcome/4").submit("/welcome/4", "theme", "dark", "lock", "1").leadsTo("/home")
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
