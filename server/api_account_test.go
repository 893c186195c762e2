package server_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"
)

// TestPreferencesAreTheMembers: what a member chose on the pages stands in the API.
func TestPreferencesAreTheMembers(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write follow")
	me := number(t, mira.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id"))
	u, err := in.db.User(t.Context(), me)
	if err != nil {
		t.Fatal(err)
	}
	u.Preferences.Media, u.Preferences.OpenCW, u.Preferences.Still = "hide", true, true
	if err := in.db.SetPreferences(t.Context(), me, u.Preferences); err != nil {
		t.Fatal(err)
	}
	mira.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"source[sensitive]": {"true"}, "source[privacy]": {"unlisted"}, "source[language]": {"de"}}).wants(200)
	a := mira.ask("GET", "/api/v1/preferences", nil).wants(200)
	for name, want := range map[string]any{"posting:default:visibility": "unlisted", "posting:default:sensitive": true, "posting:default:language": "de",
		"reading:expand:media": "hide_all", "reading:expand:spoilers": true, "reading:autoplay:gifs": false} {
		if got := a.at(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if a := mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"as usual"}}).wants(200); a.at("sensitive") != true || a.text("visibility") != "unlisted" {
		t.Errorf("a post begins as %s", a.body)
	}
}

// TestActivityInApps counts what was done this week.
func TestActivityInApps(t *testing.T) {
	t.Parallel()
	_, mira, _, _ := two(t, "read write follow")
	mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"counted"}}).wants(200)
	a := mira.ask("GET", "/api/v1/instance/activity", nil).wants(200)
	begin, err := strconv.ParseInt(a.text(0, "week"), 10, 64)
	if err != nil || a.len() != 12 || time.Unix(begin, 0).UTC().Weekday() != time.Monday {
		t.Fatalf("got %s", a.body)
	}
	sum := func(name string) (n int64) {
		for i := range a.len() {
			n += number(t, a.text(i, name))
		}
		return n
	}
	if sum("statuses") != 1 || sum("registrations") < 2 || sum("logins") < 2 {
		t.Errorf("got %s", a.body)
	}
}

// TestWhoIsBlockedIsFoundByTheirHandle, for who blocked them alone.
func TestWhoIsBlockedIsFoundByTheirHandle(t *testing.T) {
	t.Parallel()
	_, mira, noor, noorID := two(t, "read write follow")
	mira.ask("POST", "/api/v1/accounts/"+noorID+"/block", nil).wants(200)
	for _, c := range []struct {
		name, q string
		app     *client
		want    int
	}{
		{"the whole handle", "noor", mira, 1}, {"with an at-sign", "@noor", mira, 1}, {"the beginning of it", "noo", mira, 0}, {"who is blocked looks for who blocked", "mira", noor, 0},
	} {
		if a := c.app.ask("GET", "/api/v2/search?type=accounts&q="+url.QueryEscape(c.q), nil).wants(200); len(a.at("accounts").([]any)) != c.want {
			t.Errorf("%s: got %s, want %d", c.name, a.body, c.want)
		}
	}
}

// TestLeavingWithAnApp walks what Akkoma's clients do to an account with its
// password.
func TestLeavingWithAnApp(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write follow")
	wrong := func(path string, more url.Values) {
		t.Helper()
		more.Set("password", "not the password")
		if a := mira.ask("POST", "/api/pleroma/"+path, more).wants(200); a.text("error") == "" {
			t.Errorf("%s with a wrong password: %s", path, a.body)
		}
	}
	wrong("move_account", url.Values{"target_account": {"noor"}})
	wrong("change_password", url.Values{"new_password": {"x"}})
	wrong("disable_account", url.Values{})
	wrong("delete_account", url.Values{})
	move := url.Values{"password": {password}, "target_account": {"noor"}}
	mira.ask("POST", "/api/pleroma/move_account", move).wants(422) // noor does not say that she is mira
	mira.ask("POST", "/api/pleroma/move_account", url.Values{"password": {password}, "target_account": {"nobody"}}).wants(404)
	noor.ask("PUT", "/api/pleroma/aliases", url.Values{"alias": {"mira"}}).wants(200)
	if a := mira.ask("POST", "/api/pleroma/move_account", move).wants(200); a.text("status") != "success" {
		t.Errorf("moved: %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/accounts/lookup?acct=mira", nil).wants(200); a.text("moved", "acct") != "noor" {
		t.Errorf("after the move: %s", a.body)
	}
	wrong("change_email", url.Values{"email": {"mira@mail.example"}})
	for email, status := range map[string]int{"nonsense": 422, "mira@mail.example": 200} {
		mira.ask("POST", "/api/pleroma/change_email", form("password", password, "email", email)).wants(status)
	}
	noor.ask("POST", "/api/pleroma/change_email", form("password", password, "email", "Mira@mail.example")).wants(422) // is taken
	if u, err := in.db.CheckPassword(t.Context(), "mira@mail.example", password); err != nil || u.Account.Username != "mira" {
		t.Errorf("logging in with the new address: %v", err)
	}
	change := url.Values{"password": {password}, "new_password": {"quite another horse"}, "new_password_confirmation": {"quite another"}}
	mira.ask("POST", "/api/pleroma/change_password", change).wants(422)
	change.Set("new_password_confirmation", "quite another horse")
	mira.ask("POST", "/api/pleroma/change_password", change).wants(200)
	mira.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(401)
	olga := in.signIn(in.member("olga"), "read write")
	olga.ask("POST", "/api/pleroma/delete_account", url.Values{"password": {password}}).wants(200)
	olga.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(401)
	noor.ask("GET", "/api/v1/accounts/lookup?acct=olga", nil).wants(404)
}
