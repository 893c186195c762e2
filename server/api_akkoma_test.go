package server_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// TestWhatPleromasClientsRead covers what clients that take the server for
// Pleroma read without asking whether it is there.
func TestWhatPleromasClientsRead(t *testing.T) {
	t.Parallel()
	_, mira, noor, noorID := two(t, "read write follow")
	a := mira.ask("GET", "/api/v1/instance", nil).wants(200)
	for _, name := range []string{"max_options", "max_option_chars", "min_expiration", "max_expiration"} {
		if n, _ := a.at("poll_limits", name).(float64); n <= 0 {
			t.Errorf("poll_limits: %s is %v", name, a.at("poll_limits", name))
		}
	}
	if n, _ := a.at("max_media_attachments").(float64); n <= 0 {
		t.Errorf("max_media_attachments is %v", a.at("max_media_attachments"))
	}

	quoted := noor.post("quoted", "public")
	for _, name := range []string{"first", "second"} {
		noor.post(name+" @mira", "public")
	}
	first := mira.ask("GET", "/api/v1/notifications", nil).wants(200).text(1, "id")
	a = mira.ask("POST", "/api/v1/markers", url.Values{"notifications[last_read_id]": {first}, "home[last_read_id]": {quoted}}).wants(200)
	if a.at("notifications", "pleroma", "unread_count") != 1.0 || a.at("home", "pleroma") != nil {
		t.Errorf("markers after the first of two: %s", a.body)
	}

	a = mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"so"}, "quote_id": {quoted}}).wants(200)
	if a.text("pleroma", "quote_id") != quoted || a.text("pleroma", "quote", "id") != quoted {
		t.Errorf("a quote: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/statuses/"+quoted, nil).wants(200); a.at("pleroma", "quote_id") != nil {
		t.Errorf("no quote: %s", a.body)
	}

	mira.ask("POST", "/api/v1/statuses/"+quoted+"/favourite", nil).wants(200)
	me := mira.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")
	if a := mira.ask("GET", "/api/v1/pleroma/accounts/"+me+"/favourites", nil).wants(200); a.len() != 1 || a.text(0, "id") != quoted {
		t.Errorf("my favourites: %s", a.body)
	}
	mira.ask("GET", "/api/v1/pleroma/accounts/"+noorID+"/favourites", nil).wants(403)
	mira.ask("GET", "/api/v1/pleroma/accounts/1/favourites", nil).wants(404)
}

// TestUpdatesByEitherMethod covers what Mastodon documents with PATCH and takes
// with PUT as well: masto.js sends that.
func TestUpdatesByEitherMethod(t *testing.T) {
	t.Parallel()
	_, mira, _, _ := two(t, "read write")
	for _, method := range []string{"PATCH", "PUT"} {
		if a := mira.ask(method, "/api/v1/profile", url.Values{"display_name": {"by " + method}}).wants(200); a.text("display_name") != "by "+method {
			t.Errorf("%s of the profile: %s", method, a.body)
		}
		mira.ask("PATCH", "/api/v2/notifications/policy", url.Values{"for_not_following": {"accept"}}).wants(200)
		if a := mira.ask(method, "/api/v2/notifications/policy", url.Values{"for_not_following": {"filter"}}).wants(200); a.text("for_not_following") != "filter" {
			t.Errorf("%s of the policy: %s", method, a.body)
		}
	}
}

// TestSecondFactorByApp: Akkoma's clients set up the codes of an app, which the
// log-in asks for then.
func TestSecondFactorByApp(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write follow")
	const mfa = "/api/pleroma/accounts/mfa"
	mira.ask("GET", mfa+"/setup/u2f", nil).wants(400)
	mira.ask("GET", mfa+"/backup_codes", nil).wants(403) // no codes are asked for
	a := mira.ask("GET", mfa+"/setup/totp", nil).wants(200)
	if uri := a.text("provisioning_uri"); !strings.HasPrefix(uri, "otpauth://totp/here.example:mira?") || !strings.Contains(uri, a.text("key")) {
		t.Errorf("got %s", a.body)
	}
	code, err := totp.GenerateCode(a.text("key"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	mira.ask("POST", mfa+"/confirm/totp", form("password", password, "code", "000")).wants(400)
	if a := mira.ask("POST", mfa+"/confirm/totp", form("password", "wrong", "code", code)).wants(200); a.text("error") == "" {
		t.Errorf("a wrong password: %s", a.body)
	}
	if a := mira.ask("POST", mfa+"/confirm/totp", form("password", password, "code", code)).wants(200); a.text("status") != "success" {
		t.Errorf("confirmed: %s", a.body)
	}
	if a := mira.ask("GET", mfa, nil).wants(200); a.at("settings", "totp") != true {
		t.Errorf("settings: %s", a.body)
	}
	mira.ask("GET", mfa+"/setup/totp", nil).wants(400) // is set up
	codes := mira.ask("GET", mfa+"/backup_codes", nil).wants(200)
	b := in.browser()
	b.open("/login")
	b.submit("/login", map[string]string{"login": "mira", "password": password})
	if !strings.HasPrefix(b.page.path, "/login/2fa") {
		t.Fatalf("after the password at %s", b.page.path)
	}
	if b.submit("/login/2fa", map[string]string{"code": codes.text("codes", 0)}); b.page.path != "/home" {
		t.Errorf("after the code at %s", b.page.path)
	}
	if a := noor.ask("GET", mfa, nil).wants(200); a.at("settings", "totp") != false {
		t.Errorf("of another: %s", a.body)
	}
	mira.ask("DELETE", mfa+"/totp", form("password", password)).wants(200)
	if a := mira.ask("GET", mfa, nil).wants(200); a.at("settings", "totp") != false {
		t.Errorf("ended: %s", a.body)
	}
}
