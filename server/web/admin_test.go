package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// What a role may not use does not exist for it.
func TestAdministrationIsHidden(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	s.user("modo", store.Moderator)
	s.user("adam", store.Admin)
	people := map[string]*person{"mira": s.member("mira"), "modo": s.member("modo"), "adam": s.member("adam")}
	for path, sees := range map[string]string{
		"/admin/settings": "adam", "/admin/invites": "adam", "/mod/signups": "adam modo", "/admin/federation": "adam", "/admin/jobs": "adam",
	} {
		for name, p := range people {
			want := 404
			if strings.Contains(sees, name) {
				want = 200
			}
			if got := p.get(path).status; got != want {
				t.Errorf("%s opens %s: got %d, want %d", name, path, got, want)
			}
		}
		s.person().get(path).leadsTo("/login?next=" + url.QueryEscape(path)).wants(200)
	}
	id := strconv.FormatInt(s.id("mira"), 10)
	act := people["mira"].get("/menu").fieldsOfAct()
	act.Set("title", "Mine now")
	for _, path := range []string{"/admin/settings", "/admin/invites", "/admin/invites/1/revoke", "/admin/federation/hollow.example/retry", "/admin/federation/hollow.example/drop", "/admin/jobs/1/retry", "/admin/jobs/1/delete", "/mod/signups/" + id + "/approve", "/mod/signups/" + id + "/reject"} {
		people["mira"].post(path, act).wants(404)
	}
	if v, _ := s.db.Settings(t.Context()); v.Name != "Willow Bend" {
		t.Errorf("a member renamed the server to %q", v.Name)
	}
}

func TestAdminSettings(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/admin/settings").wants(200)
	if page.fields("/admin/settings").Get("public_timelines") != "1" {
		t.Error("the form does not show what is set")
	}
	form := page.fields("/admin/settings")
	for k, v := range map[string]string{"title": "Moss <Hill>", "description": "A hill.", "join_mode": "invite", "closed_message": "Later", "post_limit": "500"} {
		form.Set(k, v)
	}
	form.Del("public_timelines")
	p.post("/admin/settings", form).leadsTo("/admin/settings").wants(200, "Saved.", "Moss <Hill>").lacks("<Hill>")
	got, err := s.db.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Moss <Hill>" || got.Description != "A hill." || got.Registrations != store.RegistrationsInvite || got.ClosedMessage != "Later" || got.PostLimit != 500 || got.PublicTimelines {
		t.Errorf("got %+v", got)
	}

	for field, value := range map[string]string{
		"title": " ", "description": strings.Repeat("x", 5001), "closed_message": strings.Repeat("x", maxClosedMessage+1), "post_limit": "many", "join_mode": "sometimes",
	} {
		page := p.get("/admin/settings").submit("/admin/settings", "title", "Changed", field, value).wants(422).problem(field, "")
		if field != "join_mode" && field != "title" && page.fields("/admin/settings").Get(field) != value {
			t.Errorf("%s: what was typed is lost", field)
		}
	}
	for _, n := range []string{"0", "41", "", "many"} {
		p.get("/admin/settings").submit("/admin/settings", "picture_megapixels", n).wants(422).problem("picture_megapixels", "from 1 to 40")
	}
	for _, n := range []string{"0", "-1", "100001", "1e3", ""} {
		p.get("/admin/settings").submit("/admin/settings", "post_limit", n).wants(422).problem("post_limit", "from 1 to 100,000")
	}
	for field, value := range map[string]string{"blocked_hosts": "a.example\nno host", "allowed_hosts": "*.com", "federation": "closed"} {
		p.get("/admin/settings").submit("/admin/settings", "title", "Changed", field, value).wants(422).problem(field, "")
	}
	p.get("/admin/settings").submit("/admin/settings", "federation", "allowlist", "allowed_hosts", "b.example\r\n*.a.example").leadsTo("/admin/settings").wants(200)
	if v, _ := s.db.Settings(t.Context()); v.Federation != store.FederationAllowlist || strings.Join(v.AllowedHosts, " ") != "*.a.example b.example" {
		t.Errorf("got federation %q with %q", v.Federation, v.AllowedHosts)
	}
	if v, _ := s.db.Settings(t.Context()); v.Name != "Moss <Hill>" {
		t.Errorf("a refused form renamed the server to %q", v.Name)
	}
}

func TestInvites(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/admin/invites").wants(200, "No invitations yet")
	for uses, want := range map[string]int{"0": 422, "-1": 422, "many": 422, "1001": 422} {
		page.submit("/admin/invites", "uses", uses).wants(want).problem("uses", "from 1 to 1,000")
	}
	page.submit("/admin/invites", "expires", "soon").wants(422).problem("expires", "Choose one")

	first := page.submit("/admin/invites", "uses", "", "expires", "never")
	second := page.submit("/admin/invites", "uses", "", "expires", "never") // pressed twice
	if first.status != 303 || first.location != second.location {
		t.Errorf("two presses: got %q and %q, want one invitation", first.location, second.location)
	}
	third := p.get("/admin/invites").submit("/admin/invites", "uses", "", "expires", "never")
	if third.location == first.location {
		t.Error("from a new page: got the same invitation again")
	}
	list := p.get(third.location).wants(200, "Send this link", "no end", "@olga")
	invites, err := s.db.Invites(t.Context())
	if err != nil || len(invites) != 2 {
		t.Fatalf("got %d invitations, %v; want 2", len(invites), err)
	}
	revoke := "/admin/invites/" + strconv.FormatInt(invites[0].ID, 10) + "/revoke"
	s.person().get("/invite/" + invites[0].Code).wants(200)
	if !strings.Contains(list.body, `href="`+revoke+`"`) {
		t.Error("the list does not lead to the question")
	}
	ask := p.get(revoke).wants(200, "End this invitation?", invites[0].Code)
	ask.submit(revoke).leadsTo("/admin/invites").wants(200, "The invitation has ended.")
	ask.submit(revoke).leadsTo("/admin/invites").wants(200)
	s.person().get("/invite/" + invites[0].Code).wants(404)
	s.person().get("/invite/" + invites[1].Code).wants(200)
}

// Sign-ups come from strangers; the moderators' page shows them as text.
func TestSignUpsAreShownAsText(t *testing.T) {
	s := newFoundedSite(t)
	_, _, err := s.db.SignUp(t.Context(), store.SignUp{NewUser: store.NewUser{Name: "pell", Password: storetest.Password}, Reason: "<img src=x onerror=alert(1)>"})
	if err != nil {
		t.Fatal(err)
	}
	s.member("olga").get("/mod/signups").wants(200, "<img src=x onerror=alert(1)>").lacks("<img src=x")
}
