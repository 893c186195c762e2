package server_test

import (
	"net/url"
	"strings"
	"testing"

	"seedling/federation/fedtest"
	"seedling/store"
)

// TestSignUpThroughAnApp makes an account with an app's own token.
func TestSignUpThroughAnApp(t *testing.T) {
	t.Parallel()
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
	for _, wrong := range []struct {
		params      url.Values
		field, code string // as apps mark the field
	}{
		{with("agreement", "false"), "agreement", "ERR_ACCEPTED"}, {with("username", "mira"), "username", "ERR_TAKEN"}, {with("username", "a b"), "username", "ERR_INVALID"},
		{with("username", ""), "username", "ERR_BLANK"}, {with("email", "nonsense"), "email", "ERR_INVALID"}, {with("password", "x"), "password", "ERR_TOO_SHORT"}, {nil, "agreement", "ERR_ACCEPTED"},
	} {
		a := c.ask("POST", "/api/v1/accounts", wrong.params).wants(422)
		if !strings.HasPrefix(a.text("error"), "Validation failed: ") || a.text("details", wrong.field, 0, "error") != wrong.code || a.text("details", wrong.field, 0, "description") == "" {
			t.Errorf("%s is answered %s", wrong.field, a.body)
		}
	}
	member := in.app()
	member.token = c.ask("POST", "/api/v1/accounts", join).wants(200).text("access_token")
	if a := member.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200); a.text("username") != "noor" {
		t.Errorf("got %s", a.body)
	}
	member.ask("POST", "/api/v1/accounts", with("username", "olga")).wants(403)
	admit("approval")
	waiting := in.app()
	c.ask("POST", "/api/v1/accounts", with("username", "rosa")).wants(422) // without a reason
	join.Set("reason", "seeds")
	join.Set("email", "rosa@mail.example")
	waiting.token = c.ask("POST", "/api/v1/accounts", with("username", "rosa")).wants(200).text("access_token")
	if a := waiting.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(403); a.text("error") != "Your login is currently pending approval" {
		t.Errorf("who waits is told %s", a.body)
	}
	waiting.ask("POST", "/api/v1/statuses", url.Values{"status": {"x"}}).wants(403)
	waiting.ask("GET", "/api/v2/instance", nil).wants(200)
	waiting.ask("GET", "/api/v1/streaming/user", nil).wants(401)
	rosa, err := in.db.UserByName(t.Context(), "rosa")
	if err != nil {
		t.Fatal(err)
	}
	if err := in.db.ApproveUser(t.Context(), store.Staff{}, rosa.Account.ID); err != nil {
		t.Fatal(err)
	}
	waiting.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200)
	admit("closed")
	c.ask("POST", "/api/v1/accounts", with("username", "pavel")).wants(403)
}

func TestMarkers(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	if a := c.ask("GET", "/api/v1/accounts/relationships?"+strings.Repeat("id[]=12345&", 120)+"id[]="+noorID, nil).wants(200); a.len() != 1 || a.text(0, "id") != noorID {
		t.Errorf("the last of many relationships: got %s", a.body) // Elk asks for all that it shows at once
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
	t.Parallel()
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

// TestOldNames: what apps of some years ago ask for is still there.
func TestOldNames(t *testing.T) {
	t.Parallel()
	_, mira, noor, noorID := two(t, "read write follow")
	if a := mira.upload("POST", "/api/v1/media", "file").wants(200); a.text("type") != "image" || a.text("url") == "" {
		t.Errorf("media: %s", a.body)
	}
	if a := mira.ask("POST", "/api/v1/accounts/"+noorID+"/pin", nil).wants(200); a.at("endorsed") != true {
		t.Errorf("pin: %s", a.body)
	}
	noor.ask("POST", "/api/v1/statuses", form("status", "@mira of #seeds")).wants(200)
	one := mira.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200).text(0, "id")
	mira.ask("POST", "/api/v1/notifications/dismiss", form("id", one)).wants(200)
	mira.ask("GET", "/api/v1/notifications/"+one, nil).wants(404)
	if a := mira.ask("GET", "/api/v1/search?q=noor", nil).wants(200); a.text("accounts", 0, "id") != noorID {
		t.Errorf("search: %s", a.body)
	}
	mira.ask("GET", "/api/v1/trends", nil).wants(200)
}

// TestNobodyTranslates: the instance says so, and so does who asks for it.
func TestNobodyTranslates(t *testing.T) {
	t.Parallel()
	_, mira, noor, _ := two(t, "read write follow")
	if a := mira.ask("GET", "/api/v2/instance", nil).wants(200); a.at("configuration", "translation", "enabled") != false {
		t.Errorf("instance: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/instance/translation_languages", nil).wants(200); a.body != "{}" {
		t.Errorf("languages: %s", a.body)
	}
	post := noor.ask("POST", "/api/v1/statuses", form("status", "hola", "language", "es")).wants(200).text("id")
	if a := mira.ask("POST", "/api/v1/statuses/"+post+"/translate", form("lang", "en")); a.status != 404 || a.text("error") == "" {
		t.Errorf("translate: %d %s", a.status, a.body)
	}
	mira.ask("POST", "/api/v1/statuses/12345/translate", nil).wants(404)
}
