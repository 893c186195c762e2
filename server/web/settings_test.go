package web

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestSettingsAreForMembers(t *testing.T) {
	s := newFoundedSite(t)
	for _, path := range []string{"/settings/profile", "/settings/appearance", "/settings/security", "/settings/delete", "/menu"} {
		s.person().get(path).leadsTo("/login?next="+url.QueryEscape(path)).wants(200, "Log in")
	}
}

func TestProfileSettings(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	form := p.get("/settings/profile").wants(200).fields("/settings/profile")
	if n := len(form["field_name"]); n != 8 {
		t.Errorf("got %d rows, want 8", n)
	}
	form.Set("display_name", "Olga <of> the Bend")
	form.Set("bio", "Moss.\r\nhttps://moss.example <b>")
	form["field_name"][1], form["field_value"][1] = "Town", "Willow Bend"
	form["field_value"][3] = "no label"
	p.post("/settings/profile", form).leadsTo("/settings/profile").wants(200, "Saved.", "Olga <of> the Bend").lacks("<of>")

	u, err := s.db.UserByName(t.Context(), "olga")
	if err != nil {
		t.Fatal(err)
	}
	if a := u.Account; a.DisplayName != "Olga <of> the Bend" || a.BioSource != "Moss.\nhttps://moss.example <b>" || a.Locked || !a.Discoverable || len(a.Fields) != 2 {
		t.Errorf("account: got %+v", a)
	}
	again := p.get("/settings/profile").fields("/settings/profile")
	if again["field_value"][0] != "Willow Bend" {
		t.Errorf("the form shows %v", again)
	}
}

func TestProfileMistakesKeepWhatWasTyped(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	for field, value := range map[string]string{
		"display_name": strings.Repeat("x", 101), "bio": strings.Repeat("x", 1001),
	} {
		page := p.get("/settings/profile").submit("/settings/profile", "bio", "kept", field, value).wants(422).problem(field, "")
		if field == "display_name" || field == "bio" {
			if got := page.fields("/settings/profile").Get(field); got != value {
				t.Errorf("%s: %d characters came back, want %d", field, len(got), len(value))
			}
		}
	}
	form := p.get("/settings/profile").fields("/settings/profile")
	form["field_name"] = append(form["field_name"], "9", "10")
	for i := range form["field_name"] {
		form["field_name"][i] = "row " + strconv.Itoa(i)
	}
	p.post("/settings/profile", form).wants(422).problem("fields", "too long")
}

func TestAppearance(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/settings/appearance").submit("/settings/appearance", "theme", "dark", "text_size", "xl")
	page.leadsTo("/settings/appearance").wants(200, "Saved.")
	if body := p.get("/menu").body; !strings.Contains(body, `data-theme="dark"`) || !strings.Contains(body, `data-text="xl"`) {
		t.Error("the page does not follow the choice")
	}
	p.get("/settings/appearance").submit("/settings/appearance", "theme", `x" onload="`).wants(422).problem("theme", "Choose one")
	p.get("/settings/appearance").submit("/settings/appearance", "theme", "auto", "text_size", "m").wants(303)
	if body := p.get("/menu").body; strings.Contains(body, "data-theme=") || strings.Contains(body, "data-text=") {
		t.Error("the usual choice still says something")
	}
}

// TestTimesInTheMembersZone posts as a member of a far zone and reads the time.
func TestTimesInTheMembersZone(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	for _, wrong := range []string{"Nowhere/City", "../../etc/passwd", "Local", strings.Repeat("a", 100)} {
		p.get("/settings/appearance").submit("/settings/appearance", "zone", wrong).wants(422).problem("zone", "no time zone")
	}
	p.get("/settings/appearance").submit("/settings/appearance", "locale", "tlh").wants(422).problem("locale", "Choose one")
	p.get("/settings/appearance").submit("/settings/appearance", "zone", "Asia/Kathmandu", "clock", "12").leadsTo("/settings/appearance").wants(200, "Saved.")
	p.get("/home").submit("/posts", "text", "Good morning")
	if body := p.get("/home").body; !strings.Contains(body, "m UTC&#43;5:45") {
		t.Error("the home timeline shows no time in the member's zone")
	}
}

const newPassword = "a different horse staple"

func TestPasswordChangeEndsAllSessions(t *testing.T) {
	s := newFoundedSite(t)
	here, there := s.member("olga"), s.member("olga")
	before := here.cookie("session")
	token, err := s.db.CreateToken(t.Context(), s.id("olga"), "read")
	if err != nil {
		t.Fatal(err)
	}
	page := here.get("/settings/security")
	page.submit("/settings/security/password", "old_password", "wrong wrong wrong", "password", newPassword).
		wants(422).problem("old_password", "This is not your password").lacks(newPassword, "wrong wrong wrong")
	page.submit("/settings/security/password", "old_password", storetest.Password, "password", "short").
		wants(422).problem("password", "at least 12").lacks(storetest.Password)
	there.get("/menu").wants(200)

	page.submit("/settings/security/password", "old_password", storetest.Password, "password", newPassword).
		leadsTo("/settings/security").wants(200, "Your password is changed.")
	if here.cookie("session") == before {
		t.Error("the session here did not change")
	}
	if _, _, err := s.db.SessionUser(t.Context(), before); err == nil {
		t.Error("the cookie from before still works")
	}
	there.get("/menu").wants(303)
	if _, _, err := s.db.Token(t.Context(), token); err == nil {
		t.Error("the app's token still works")
	}
	s.person().logIn("olga", storetest.Password).wants(422)
	s.person().logIn("olga", newPassword).wants(303)
}

// A session that somebody left open must not become a way to guess the password.
func TestPasswordChangeThrottles(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/settings/security")
	for range triesAccount {
		page.submit("/settings/security/password", "old_password", "wrong wrong wrong", "password", newPassword).wants(422)
	}
	page.submit("/settings/security/password", "old_password", storetest.Password, "password", newPassword).wants(429, "Come back in 15 minutes.")
	p.get("/settings/delete").submit("/settings/delete", "name", "olga", "password", storetest.Password).wants(429)
}

func TestSessions(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	phone, tablet, other := s.person(), s.person(), s.person()
	phone.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
	phone.address = "2001:db8::7"
	tablet.agent = "<script>alert(1)</script>"
	for _, p := range []*person{phone, tablet, other} {
		p.logIn("mira", storetest.Password).wants(303)
	}
	foreign := s.member("olga")

	here := s.person()
	here.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	here.logIn("mira", storetest.Password).wants(303)
	page := here.get("/settings/security").wants(200, "Firefox on Linux", "This browser", "Safari on iPhone", "2001:db8::7", "Unknown browser").lacks("<script>")
	list, err := s.db.Sessions(t.Context(), s.id("mira"))
	if err != nil || len(list) != 4 {
		t.Fatalf("got %d sessions, %v; want 4", len(list), err)
	}
	var end string
	for _, v := range list {
		if v.Address == "2001:db8::7" {
			end = "/settings/security/sessions/" + strconv.FormatInt(v.ID, 10) + "/end"
		}
	}
	// Somebody else's session can't be ended.
	foreign.post(end, foreign.get("/menu").fieldsOfAct()).wants(303)
	phone.get("/menu").wants(200)

	page.press(end).leadsTo("/settings/security").wants(200, "The session has ended.").lacks(end)
	page.press(end).leadsTo("/settings/security").wants(200) // twice is as good as once
	phone.get("/menu").wants(303)
	tablet.get("/menu").wants(200)
	page.press("/settings/security/sessions/end-all").leadsTo("/settings/security").wants(200, "All other sessions have ended.")
	tablet.get("/menu").wants(303)
	other.get("/menu").wants(303)
	here.get("/menu").wants(200)
	foreign.get("/menu").wants(200)
}

func TestVisitIsNoted(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	s.pass(3 * time.Hour)
	p.address = "203.0.113.9"
	p.get("/menu").wants(200)
	for deadline := time.Now().Add(5 * time.Second); ; { // the note is made after the page
		list, err := s.db.Sessions(t.Context(), s.id("olga"))
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 1 && list[0].Address == "203.0.113.9" && list[0].SeenAt.Equal(s.Now()) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("got %+v, want a visit from 203.0.113.9 at %v", list[0], s.Now())
		}
	}
	s.pass(store.SessionAge + time.Hour)
	p.get("/menu").wants(303)
}

func TestDeleteAccount(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	p, elsewhere := s.member("mira"), s.member("mira")
	p.get("/settings/security").wants(200, "Delete your account")
	page := p.get("/settings/delete").wants(200, "This cannot be undone.")
	page.submit("/settings/delete", "name", "olga", "password", storetest.Password).wants(422).problem("name", "Type your name, mira").lacks(storetest.Password)
	page.submit("/settings/delete", "name", "", "password", storetest.Password).wants(422)
	page.submit("/settings/delete", "name", "mira", "password", "wrong wrong wrong").wants(422).problem("password", "not your password").lacks("wrong wrong wrong")
	elsewhere.get("/menu").wants(200)

	page.submit("/settings/delete", "name", "@Mira", "password", storetest.Password).leadsTo("/").wants(200, "Your account is deleted.")
	elsewhere.get("/menu").wants(303)
	s.person().logIn("mira", storetest.Password).wants(422)
	s.set("registrations", "open")
	s.joinForm(s.person(), "/join").submit("/join", "name", "mira", "password", "long enough passphrase").wants(422).problem("name", "is taken")
}

func TestTheLastOwnerStays(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	p.get("/settings/delete").submit("/settings/delete", "name", "olga", "password", storetest.Password).wants(422).problem("", "only owner")
	p.get("/menu").wants(200)
}

func TestBrowserName(t *testing.T) {
	s := newSite(t).server
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0": "Edge on Windows",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                  "Chrome on Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":            "Safari on Mac",
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile Safari/605.1.15":     "Firefox on iPad",
		"Lynx/2.9.2 libwww-FM/2.14": "Lynx", "": "Unknown browser", "\xff<b>": "Unknown browser",
	} {
		if got := browserName(s.pages.Words(), agent); got != want {
			t.Errorf("%q: got %q, want %q", agent, got, want)
		}
	}
}

// TestWhatIsPutTogetherIsInTheReadersLanguage: words that are not in a template.
func TestWhatIsPutTogetherIsInTheReadersLanguage(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	s.must(s.db.SetPreferences(t.Context(), s.id("olga"), store.Preferences{Locale: "de"}))
	p.get("/settings/security").wants(200, "Unbekannter Browser").lacks("Unknown browser")
	files, err := filepath.Glob("*.go")
	s.must(err)
	for _, file := range files {
		code, err := os.ReadFile(file)
		s.must(err)
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(code), "pages.Words().T(") {
			t.Errorf("%s: English words for every reader", file)
		}
	}
}

// TestAnArchiveThatIsMadeIsWaitedFor: the page loads itself again until it is there.
func TestAnArchiveThatIsMadeIsWaitedFor(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	const refresh = `http-equiv="refresh"`
	if page := p.get("/settings/data").wants(200); strings.Contains(page.body, refresh) {
		t.Error("the page loads itself again, and nothing is made")
	}
	p.get("/settings/data").submit("/settings/data").wants(303)
	if page := p.get("/settings/data").wants(200, "It is being made."); !strings.Contains(page.body, refresh) {
		t.Error("the page does not load itself again while an archive is made")
	}
}

func TestTheMailAddressIsChanged(t *testing.T) {
	s, _ := newVillage(t)
	fay, mira := s.member("fay"), s.member("mira")
	const path, address = "/settings/security/email", "fay@mail.example"
	keeps := func(p *screen, want string) {
		t.Helper()
		if got := p.fields(path).Get("email"); got != want {
			t.Errorf("the field holds %q, want %q", got, want)
		}
	}
	page := fay.get("/settings/security")
	keeps(page.submit(path, "email", address, "email_password", "wrong wrong wrong").
		wants(422).problem("email_password", "This is not your password").lacks("wrong wrong wrong"), address)
	keeps(page.submit(path, "email", "no address", "email_password", storetest.Password).
		wants(422).problem("email", "does not look like an email address").lacks(storetest.Password), "no address")
	keeps(page.submit(path, "email", " "+address+" ", "email_password", storetest.Password).leadsTo("/settings/security"), address)
	mira.get("/settings/security").submit(path, "email", "Fay@mail.example", "email_password", storetest.Password).
		wants(422).problem("email", "This email address is in use here")
	s.person().logIn(address, storetest.Password).wants(303)

	keeps(fay.get("/settings/security").submit(path, "email", "", "email_password", storetest.Password).leadsTo("/settings/security"), "")
	s.person().logIn(address, storetest.Password).wants(422)
}

// TestABioInMarkdown is read as such for as long as its owner wants, also where
// an app or a form that knows no formats changes the profile.
func TestABioInMarkdown(t *testing.T) {
	s, _ := newVillage(t)
	fay := s.member("fay")
	const path = "/settings/profile"
	fay.get(path).submit(path, "bio", "I grow *moss*\n\n- damp\n- green", "format", "markdown").wants(303)
	fay.get("/@fay").holds("I grow <em>moss</em>", "<li>damp</li>")
	if got := fay.get(path).fields(path); got.Get("format") != "markdown" || got.Get("bio") != "I grow *moss*\n\n- damp\n- green" {
		t.Errorf("the form holds %s: %q", got.Get("format"), got.Get("bio"))
	}
	fay.get("/welcome/1").submit("/welcome/1", "bio", "I grow **ferns**").wants(303)
	fay.get("/@fay").holds("I grow <strong>ferns</strong>")
	fay.get(path).submit(path, "format", "plain").wants(303)
	fay.get("/@fay").holds("I grow **ferns**")
	fay.get(path).submit(path, "format", "markdown", "bio", "<script>x</script>[in](javascript:x)").wants(303)
	fay.get("/@fay").lacks("<script>x", `href="javascript`)
}
