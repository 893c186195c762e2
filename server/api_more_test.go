package server_test

import (
	"net/url"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// TestSignUpThroughAnApp makes an account with an app's own token.
func TestSignUpThroughAnApp(t *testing.T) {
	in := start(t, fedtest.NewNetwork(t), "here.example")
	in.member("mira") // sets up
	admit := func(mode string) {
		t.Helper()
		if err := in.db.SetSetting(t.Context(), "registrations", mode); err != nil {
			t.Fatal(err)
		}
	}
	admit("open")
	c := in.app().register(outOfBand, "read write")
	c.token = c.ask("POST", "/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {c.id}, "client_secret": {c.secret}, "scope": {"read write"}}).wants(200).text("access_token")
	join := url.Values{"username": {"noor"}, "email": {"noor@mail.example"}, "password": {password}, "agreement": {"true"}, "locale": {"en"}}
	with := func(key, value string) url.Values {
		changed := url.Values{}
		for k, v := range join {
			changed[k] = v
		}
		changed.Set(key, value)
		return changed
	}
	for _, wrong := range []url.Values{with("agreement", "false"), with("username", "mira"), with("username", "a b"), with("email", "nonsense"), with("password", "x"), nil} {
		c.ask("POST", "/api/v1/accounts", wrong).wants(422)
	}
	member := in.app()
	member.token = c.ask("POST", "/api/v1/accounts", join).wants(200).text("access_token")
	if a := member.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200); a.text("username") != "noor" {
		t.Errorf("got %s", a.body)
	}
	member.ask("POST", "/api/v1/accounts", with("username", "olga")).wants(403)
	admit("closed")
	c.ask("POST", "/api/v1/accounts", with("username", "pavel")).wants(403)
}

func TestMarkers(t *testing.T) {
	_, c, noor, _ := two(t, "read write follow")
	c.ask("POST", "/api/v1/markers", url.Values{"home[last_read_id]": {"103"}, "notifications[last_read_id]": {"7"}}).wants(200)
	a := c.send("POST", "/api/v1/markers", `{"home":{"last_read_id":"104"}}`, "Content-Type", "application/json").wants(200)
	if a.text("home", "last_read_id") != "104" || a.at("home", "version") != 2.0 {
		t.Errorf("moved on: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/markers?timeline[]=home&timeline[]=notifications", nil).wants(200); a.text("home", "last_read_id") != "104" || a.text("notifications", "last_read_id") != "7" {
		t.Errorf("read: got %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/markers?timeline[]=home", nil).wants(200); strings.Contains(a.body, "104") {
		t.Errorf("another member's: got %s", a.body)
	}
}

// TestTagTimelines asks for any, all and none of tags.
func TestTagTimelines(t *testing.T) {
	_, c, _, _ := two(t, "read write follow")
	texts := map[string]string{}
	for _, text := range []string{"#soil", "#soil #rain", "#soil #rain #snow", "#rain"} {
		texts[c.ask("POST", "/api/v1/statuses", url.Values{"status": {text}}).wants(200).text("id")] = text
	}
	for query, want := range map[string]string{
		"soil":                              "#soil #rain #snow, #soil #rain, #soil",
		"soil?any[]=rain":                   "#rain, #soil #rain #snow, #soil #rain, #soil",
		"soil?all[]=rain":                   "#soil #rain #snow, #soil #rain",
		"soil?all[]=rain&none[]=snow":       "#soil #rain",
		"soil?none[]=rain":                  "#soil",
		"soil?all[]=rain&all[]=snow&none=x": "#soil #rain #snow",
	} {
		var got []string
		for _, id := range c.ask("GET", "/api/v1/timelines/tag/"+query, nil).wants(200).ids() {
			got = append(got, texts[id])
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// TestSeveralByID asks for accounts and posts by their ids, for whom two know,
// and for what only one member wrote down.
func TestSeveralByID(t *testing.T) {
	in, c, noor, noorID := two(t, "read write follow")
	olga := in.signIn(in.member("olga"), "read write follow")
	olgaID := olga.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")
	noor.ask("POST", "/api/v1/accounts/"+olgaID+"/follow", nil).wants(200)
	if a := c.ask("GET", "/api/v1/accounts?id[]="+noorID+"&id[]=12345&id[]="+olgaID, nil).wants(200); a.len() != 2 || a.text(0, "id") != noorID {
		t.Errorf("accounts: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/accounts/familiar_followers?id[]="+olgaID, nil).wants(200); a.text(0, "id") != olgaID || a.text(0, "accounts", 0, "id") != noorID {
		t.Errorf("familiar followers: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/accounts/search?q=olg", nil).wants(200); a.len() != 1 {
		t.Errorf("search: got %s", a.body)
	}
	public := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"to all"}}).wants(200).text("id")
	secret := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"to none"}, "visibility": {"direct"}}).wants(200).text("id")
	if a := c.ask("GET", "/api/v1/statuses?id[]="+public+"&id[]="+secret, nil).wants(200); a.len() != 1 || a.text(0, "id") != public {
		t.Errorf("statuses: got %s", a.body)
	}
	if a := c.ask("POST", "/api/v1/accounts/"+noorID+"/note", url.Values{"comment": {"grows tulips"}}).wants(200); a.text("note") != "grows tulips" {
		t.Errorf("note: got %s", a.body)
	}
	for path, field := range map[string]string{"mute": "muting", "block": "blocking"} {
		if a := c.ask("POST", "/api/v1/accounts/"+noorID+"/"+path, nil).wants(200); a.at(field) != true {
			t.Errorf("%s: got %s", path, a.body)
		}
		if a := c.ask("GET", "/api/v1/"+path+"s", nil).wants(200); a.len() != 1 || a.text(0, "id") != noorID {
			t.Errorf("%ss: got %s", path, a.body)
		}
		if a := c.ask("POST", "/api/v1/accounts/"+noorID+"/un"+path, nil).wants(200); a.at(field) != false {
			t.Errorf("un%s: got %s", path, a.body)
		}
	}
	if a := c.ask("POST", "/api/v1/accounts/"+noorID+"/unfollow", nil).wants(200); a.at("following") != false {
		t.Errorf("unfollow: got %s", a.body)
	}
}

func TestAliases(t *testing.T) {
	_, c, _, _ := two(t, "read write follow")
	c.ask("PUT", "/api/pleroma/aliases", url.Values{"alias": {"@noor@here.example"}}).wants(200)
	if a := c.ask("GET", "/api/pleroma/aliases", nil).wants(200); a.text("aliases", 0) != "noor" {
		t.Errorf("got %s", a.body)
	}
	c.ask("PUT", "/api/pleroma/aliases", url.Values{"alias": {"mira"}}).wants(403)
	c.ask("PUT", "/api/pleroma/aliases", url.Values{"alias": {"nobody"}}).wants(404)
	c.ask("PUT", "/api/pleroma/aliases", nil).wants(404)
	c.ask("DELETE", "/api/pleroma/aliases", url.Values{"alias": {"noor"}}).wants(200)
	c.ask("DELETE", "/api/pleroma/aliases", url.Values{"alias": {"noor"}}).wants(404)
}
