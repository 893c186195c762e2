package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// joinForm opens a page with the sign-up form and lets a person's time pass.
func (s *site) joinForm(p *person, path string) *screen {
	s.t.Helper()
	page := p.get(path).wants(200)
	s.pass(20 * time.Second)
	return page
}

func TestJoinOpen(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "open")
	p := s.person()
	page := s.joinForm(p, "/join").submit("/join", "name", "Mira", "password", storetest.Password, "quiet", "1")
	page.leadsTo("/welcome/1")
	p.get("/menu").wants(200, "@mira")
	u, err := s.db.UserByName(t.Context(), "mira")
	if err != nil {
		t.Fatal(err)
	}
	if u.Role != store.Member || u.Account.Discoverable || u.Account.Indexable {
		t.Errorf("got role %v, discoverable %v, indexable %v; want a quiet member", u.Role, u.Account.Discoverable, u.Account.Indexable)
	}
}

func TestJoinByApproval(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "approval")
	owner := s.member("olga")
	ask := func(name string) (*person, string) {
		p := s.person()
		page := s.joinForm(p, "/join").submit("/join", "name", name, "password", storetest.Password, "reason", "I grow <tomatoes>.")
		if !strings.HasPrefix(page.location, "/join/waiting/") {
			t.Fatalf("%s: got %d to %q, want the waiting page", name, page.status, page.location)
		}
		p.get(page.location).wants(200, "Your request is waiting", "@"+name, "I grow <tomatoes>.")
		waiting := p.get(page.location)
		waiting.submit(page.location, "reason", " ").wants(422, "Say in a sentence why")
		if kept := waiting.submit(page.location, "reason", strings.Repeat("x", 501)).wants(422, "500 characters at most").fields(page.location); len(kept.Get("reason")) != 501 {
			t.Errorf("a reason that is too long is lost: %q", kept.Get("reason"))
		}
		waiting.submit(page.location, "reason", "I grow beans too.").leadsTo(page.location).wants(200, "Saved.", "I grow beans too.")
		waiting.submit(page.location, "reason", "I grow <tomatoes>.").wants(303)
		return p, page.location
	}
	pell, pellPath := ask("pell")
	_, rolfPath := ask("rolf")
	willa, willaPath := ask("willa")

	willa.get(willaPath).holds(`href="` + willaPath + `/withdraw"`).lacks("deleted at once")
	sure := willa.get(willaPath+"/withdraw").wants(200, "Withdraw the request to join?", "@willa", "deleted at once")
	willa.get(willaPath).wants(200, "Your request is waiting") // being asked changes nothing
	sure.submit(willaPath+"/withdraw").leadsTo("/").wants(200, "Your request is withdrawn.")
	willa.get(willaPath).wants(404, "No request waits here")
	willa.get(willaPath+"/withdraw").leadsTo(willaPath).wants(404, "No request waits here")
	sure.submit(willaPath + "/withdraw").leadsTo("/") // a double click

	owner.get("/menu").wants(200, "Sign-ups2 new") // the count in the navigation
	page := owner.get("/mod/signups").wants(200, "@pell", "@rolf", "I grow <tomatoes>.").lacks("@willa")
	pellID, rolfID := s.id("pell"), s.id("rolf")
	approve := "/mod/signups/" + strconv.FormatInt(pellID, 10) + "/approve"
	reject := "/mod/signups/" + strconv.FormatInt(rolfID, 10) + "/reject"
	page.press(approve).leadsTo("/mod/signups").wants(200, "@pell can log in now.")
	page.press(approve).leadsTo("/mod/signups").wants(200, "decided already")
	page.press(reject).leadsTo("/mod/signups").wants(200, "@rolf was turned down", "Nobody is waiting")
	page.press(reject).leadsTo("/mod/signups").wants(200, "decided already")

	pell.get(pellPath).wants(200, "You are in")
	p2 := s.person()
	p2.get(pellPath + "x").wants(404)
	s.person().get("/login?next=/settings/apps").submit("/login", "login", "pell", "password", storetest.Password).leadsTo("/settings/apps")
	pell.logIn("pell", storetest.Password).leadsTo("/welcome/1").wants(200, "Step 1 of 4.")
	s.person().logIn("pell", storetest.Password).leadsTo("/home")
	s.person().get(rolfPath).wants(404, "No request waits here")
	s.person().logIn("rolf", storetest.Password).wants(422)
}

func TestApprovedRequestCannotBeWithdrawn(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "approval")
	p := s.person()
	path := s.joinForm(p, "/join").submit("/join", "name", "pell", "password", storetest.Password, "reason", "x").location
	page := p.get(path + "/withdraw").wants(200)
	if err := s.db.ApproveUser(t.Context(), store.Staff{}, s.id("pell")); err != nil {
		t.Fatal(err)
	}
	page.submit(path+"/withdraw").leadsTo(path).wants(200, "You are in")
	p.get(path+"/withdraw").leadsTo(path).wants(200, "You are in")
	if s.id("pell") == 0 {
		t.Error("the account is gone")
	}
}

func TestJoinByInvitation(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "invite")
	owner := s.member("olga")
	page := owner.get("/admin/invites").submit("/admin/invites", "uses", "1", "expires", "day")
	made := owner.get(page.location).wants(200, "Send this link")
	_, code, ok := strings.Cut(made.words(), storetest.URL+"/invite/")
	if code, _, _ = strings.Cut(code, " "); !ok || code == "" {
		t.Fatalf("no link on the page: %s", made.words())
	}

	s.joinForm(s.person(), "/join").submit("/join", "name", "nina", "password", storetest.Password).
		wants(422).problem("invite", "Enter the code of your invitation")
	s.joinForm(s.person(), "/join").submit("/join", "name", "nina", "password", storetest.Password, "invite", "made-up").
		wants(422).problem("invite", "used up, has ended or was never made")
	p := s.person()
	form := s.joinForm(p, "/invite/"+code)
	if got := form.fields("/join").Get("invite"); got != code {
		t.Errorf("invitation in the form: got %q, want %q", got, code)
	}
	form.submit("/join", "name", "nina", "password", storetest.Password).leadsTo("/welcome/1")
	s.person().get("/invite/"+code).wants(404, "used up")
	owner.get("/admin/invites").wants(200, "1 of 1", "ended")
}

// An invitation opens a server that asks others for a reason, and a dead one is
// not in the way there.
func TestInvitationWhereOthersAreApproved(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "approval")
	inv, err := s.db.CreateInvite(t.Context(), s.id("olga"), 1, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	app := s.person()
	app.accept = "application/json"
	if got := app.get("/invite/" + inv.Code).wants(200).body; got != `{"invite_code":"`+inv.Code+`"}` {
		t.Errorf("an app is told %s", got)
	}
	app.get("/invite/none").wants(401, `"error"`)
	first, second := s.person(), s.person()
	a, b := s.joinForm(first, "/invite/"+inv.Code), s.joinForm(second, "/invite/"+inv.Code)
	a.submit("/join", "name", "nina", "password", storetest.Password).leadsTo("/welcome/1")
	page := b.submit("/join", "name", "otto", "password", storetest.Password).wants(422).problem("", "used up")
	page.submit("/join", "password", storetest.Password, "reason", "Nina is my sister.").wants(303)
	if u, err := s.db.UserByName(t.Context(), "otto"); err != nil || u.State != store.UserPending {
		t.Errorf("otto: got %+v, %v; want a request that waits", u, err)
	}
	s.set("registrations", "closed")
	s.person().get("/invite/"+inv.Code).wants(404, "No new members")
}

func TestJoinClosed(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "open")
	p := s.person()
	form := s.joinForm(p, "/join")
	s.set("registrations", "closed")
	s.set("closed_message", "We are painting the <walls>.")
	p.get("/join").wants(200, "We are painting the <walls>.")
	form.submit("/join", "name", "mira", "password", storetest.Password).wants(403, "We are painting the <walls>.")
	s.person().logIn("mira", storetest.Password).wants(422)
}

func TestJoinMistakesKeepWhatWasTyped(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "approval")
	s.set("rules", "Be kind.\nNo <spam>.")
	for _, test := range []struct{ name, password, reason, agree, field, sentence string }{
		{"", "long enough passphrase", "x", "1", "name", "Choose a name"},
		{"mi ra", "long enough passphrase", "x", "1", "name", "small letters"},
		{"мира", "long enough passphrase", "x", "1", "name", "small letters"},
		{strings.Repeat("a", 31), "long enough passphrase", "x", "1", "name", "too long"},
		{"admin", "long enough passphrase", "x", "1", "name", "kept for the server"},
		{"Adm1n", "long enough passphrase", "x", "1", "name", "kept for the server"},
		{"OLGA", "long enough passphrase", "x", "1", "name", "is taken"},
		{"o1ga", "long enough passphrase", "x", "1", "name", "is taken"},
		{"mira", "short", "x", "1", "password", "at least 12"},
		{"mira", "passwordpassword", "x", "1", "password", "first that anyone would try"},
		{"mira", strings.Repeat("long", 300), "x", "1", "password", "too long"},
		{"mira", "long enough passphrase", " \n ", "1", "reason", "Say in a sentence"},
		{"mira", "long enough passphrase", strings.Repeat("ä", 501), "1", "reason", "500 characters at most"},
		{"mira", "long enough passphrase", "x", "", "agree", "read the rules"},
	} {
		p := s.person()
		p.address = "198.51.100." + strconv.Itoa(len(test.name)+len(test.reason)%100)
		page := s.joinForm(p, "/join").submit("/join", "name", test.name, "password", test.password, "reason", test.reason, "agree", test.agree, "quiet", "1")
		page.wants(422, "No <spam>.").problem(test.field, test.sentence).lacks("<spam>")
		kept := page.fields("/join")
		if kept.Get("name") != test.name || strings.TrimSpace(kept.Get("reason")) != strings.TrimSpace(test.reason) ||
			kept.Get("agree") != test.agree || kept.Get("quiet") != "1" {
			t.Errorf("%+v: what was typed came back as %v", test, kept)
		}
		if kept.Get("password") != "" || strings.Contains(page.body, test.password) {
			t.Errorf("%+v: the password came back", test)
		}
		if p.cookie("session") != "" {
			t.Errorf("%+v: got a session", test)
		}
	}
}

func TestJoinNamesAllMistakesAtOnce(t *testing.T) {
	s := newFoundedSite(t)
	s.set("rules", "Be kind.")
	page := s.joinForm(s.person(), "/join").submit("/join").wants(422)
	for _, field := range []string{"name", "password", "reason", "agree"} {
		page.problem(field, "")
	}
}

func TestJoinStopsPrograms(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "open")
	p := s.person()
	page := p.get("/join")
	page = page.submit("/join", "name", "mira", "password", storetest.Password).wants(422).problem("", "press the button once more")
	s.pass(5 * time.Second)
	page.submit("/join", "password", storetest.Password, "website", "https://spam.example").wants(422, "press the button once more")
	page.submit("/join", "password", storetest.Password, "started", "1.made-up").wants(422, "press the button once more")
	page.submit("/join", "password", storetest.Password).wants(303) // the same person, a moment later

	q := s.person()
	page = q.get("/join")
	s.pass(25 * time.Hour)
	page = page.submit("/join", "name", "noor", "password", storetest.Password).wants(422)
	s.pass(5 * time.Second)
	page.submit("/join", "password", storetest.Password).wants(303)
}

func TestJoinThrottles(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "open")
	for i := range signUpsAddress {
		s.joinForm(s.person(), "/join").submit("/join", "name", "friend"+strconv.Itoa(i), "password", storetest.Password).wants(303)
	}
	p := s.person()
	page := s.joinForm(p, "/join").submit("/join", "name", "mira", "password", storetest.Password)
	page.wants(429).problem("", "Come back in").lacks(storetest.Password)
	if page.header.Get("Retry-After") == "" || page.fields("/join").Get("name") != "mira" {
		t.Errorf("Retry-After %q, name %q", page.header.Get("Retry-After"), page.fields("/join").Get("name"))
	}
	inv, err := s.db.CreateInvite(t.Context(), s.id("olga"), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.joinForm(s.person(), "/invite/"+inv.Code).submit("/join", "name", "guest", "password", storetest.Password).wants(303)
	p.address = "203.0.113.7"
	page.submit("/join", "password", storetest.Password).wants(303)
	for range joinsAddress + 1 {
		page = s.joinForm(s.person(), "/join").submit("/join", "name", "", "password", "")
	}
	page.wants(429)
}

// Two presses of the same button make one account, and both let its owner in.
func TestJoinTwiceAtOnce(t *testing.T) {
	s := newFoundedSite(t)
	for mode, want := range map[string]int{"open": http.StatusSeeOther, "approval": http.StatusOK} {
		s.set("registrations", mode)
		p := s.person()
		form := s.joinForm(p, "/join").fields("/join")
		form.Set("name", "mira_"+mode)
		form.Set("password", storetest.Password)
		form.Set("reason", "x")
		var wg sync.WaitGroup
		pages := make([]*screen, 2)
		for i := range pages {
			wg.Go(func() { pages[i] = p.post("/join", form) })
		}
		wg.Wait()
		for _, page := range pages {
			if page.status != http.StatusSeeOther && page.status != want {
				t.Errorf("%s: got %d: %s", mode, page.status, page.words())
			}
		}
		// And once more, later, with the token that the visitor had.
		q := s.person()
		again := q.get("/join").fields("/join")
		for k := range form {
			if k != "csrf" && k != "started" {
				again[k] = form[k]
			}
		}
		s.pass(5 * time.Second)
		if page := q.post("/join", again); page.status != want {
			t.Errorf("%s, again: got %d, want %d", mode, page.status, want)
		}
		again.Set("password", "somebody else's password")
		r := s.person()
		again.Set("csrf", r.get("/join").fields("/join").Get("csrf"))
		r.post("/join", again).wants(422).problem("name", "is taken")
	}
}

func TestMembersDoNotJoinAgain(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	if got := p.get("/join").location; got != "/home" {
		t.Errorf("GET: got %q, want /home", got)
	}
	v := p.get("/menu").fieldsOfAct()
	if got := p.post("/join", url.Values{"csrf": v["csrf"], "name": {"second"}, "password": {storetest.Password}}).location; got != "/home" {
		t.Errorf("POST: got %q, want /home", got)
	}
}
