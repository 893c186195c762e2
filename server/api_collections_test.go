package server_test

import (
	"net/url"
	"strings"
	"testing"
)

// login opens a browser for a member.
func (in *instance) login(name string) *browser {
	in.t.Helper()
	b := in.browser()
	b.open("/login")
	b.submit("/login", map[string]string{"login": name, "password": password})
	return b
}

// TestCollections: a member recommends others who let themselves be found, shows
// them to everybody, and who stands there can leave for good.
func TestCollections(t *testing.T) {
	t.Parallel()
	in, mira, noor, noorID := two(t, "read write follow")
	visitor := in.app()
	made := mira.send("POST", "/api/v1/collections", `{"name":"Gardeners","description":"a < b","tag_name":"#Seeds","language":"en","account_ids":["`+noorID+`"]}`, "Content-Type", "application/json").wants(200)
	at := "/api/v1/collections/" + made.text("collection", "id")
	c := visitor.ask("GET", at, nil).wants(200)
	if c.text("collection", "name") != "Gardeners" || c.text("collection", "description") != "<p>a &lt; b</p>" || c.text("collection", "tag", "name") != "Seeds" ||
		c.at("collection", "item_count") != 1.0 || c.text("collection", "items", 0, "account_id") != noorID || c.text("accounts", 1, "id") != noorID {
		t.Errorf("a visitor sees %s", c.body)
	}
	if early := visitor.ask("GET", strings.Replace(at, "/v1/", "/v1_alpha/", 1), nil).wants(200); early.body != c.body {
		t.Errorf("below v1_alpha: %s", early.body)
	}
	owner := made.text("collection", "account_id")
	mira.ask("POST", "/api/v1/collections", url.Values{"name": {"Cooks"}}).wants(200)
	first := visitor.ask("GET", "/api/v1/accounts/"+owner+"/collections?limit=1", nil).wants(200)
	if next := first.link("next"); first.text("collections", 0, "name") != "Cooks" || first.link("prev") != "" || next == "" {
		t.Errorf("the first page: %v %s", first.header["Link"], first.body)
	} else if second := visitor.ask("GET", strings.TrimPrefix(next, "https://here.example"), nil).wants(200); second.text("collections", 0, "name") != "Gardeners" || second.link("next") != "" || second.link("prev") == "" {
		t.Errorf("the second page: %v %s", second.header["Link"], second.body)
	}
	mira.ask("DELETE", "/api/v1/collections/"+first.text("collections", 0, "id"), nil).wants(200)
	with := "/api/v1/accounts/" + noorID + "/in_collections"
	visitor.ask("GET", with, nil).wants(401)
	mira.ask("GET", with, nil).wants(403)
	for path, app := range map[string]*client{"/api/v1/accounts/" + owner + "/collections": visitor, with: noor} {
		if a := app.ask("GET", path, nil).wants(200); a.text("collections", 0, "name") != "Gardeners" ||
			a.text("partial_accounts", 0, "acct") != "mira" || a.text("partial_accounts", 1, "acct") != "noor" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	for _, c := range []struct {
		name, method, path, body string
		app                      *client
		status                   int
	}{
		{"another's, changing", "PATCH", at, "name=Mine", noor, 403},
		{"another's, deleting", "DELETE", at, "", noor, 403},
		{"another's, adding", "POST", at + "/items", "account_id=" + owner, noor, 403},
		{"nobody", "POST", at + "/items", "account_id=77", mira, 422},
		{"no account", "POST", at + "/items", "", mira, 422},
		{"twice is once", "POST", at + "/items", "account_id=" + noorID, mira, 200},
		{"no name", "POST", "/api/v1/collections", "name=", mira, 422},
		{"a long name", "POST", "/api/v1/collections", "name=" + strings.Repeat("x", 41), mira, 422},
		{"two tags", "PATCH", at, "tag_name=a+b", mira, 422},
		{"none such", "GET", "/api/v1/collections/77", "", mira, 404},
		{"a stranger leaves", "POST", at + "/items/77/revoke", "", noor, 404},
		{"hidden from others", "PATCH", at, "discoverable=false&name=Friends", mira, 200},
	} {
		if a := c.app.send(c.method, c.path, c.body, "Content-Type", "application/x-www-form-urlencoded"); a.status != c.status {
			t.Errorf("%s: got %d, want %d: %s", c.name, a.status, c.status, a.body)
		}
	}
	if a := visitor.ask("GET", "/api/v1/accounts/"+owner+"/collections", nil).wants(200); strings.Contains(string(a.body), "Friends") {
		t.Errorf("a collection that is not discoverable: %s", a.body)
	}
	// Its page, which the entity names, and the profile that leads there.
	path := strings.TrimPrefix(made.text("collection", "url"), "https://here.example")
	mira.ask("PATCH", at, url.Values{"discoverable": {"true"}}).wants(200)
	stranger, second := in.browser(), in.login("noor")
	stranger.sees(path, "Friends", "a < b", "#Seeds", "noor")
	stranger.sees("/@mira", "Friends")
	if stranger.open(path + "/leave"); !strings.HasPrefix(stranger.page.path, "/login?") {
		t.Errorf("a stranger who wants to leave is at %s", stranger.page.path)
	}
	in.login("mira").gets(path+"/leave", 404) // does not stand in it
	second.open(path + "/leave")
	second.submit(path+"/leave", nil)
	second.sees(path, "Nobody yet")
	second.gets(path+"/leave", 404)
	stranger.gets("/collections/77", 404)
	item := c.text("collection", "items", 0, "id")
	noor.ask("POST", at+"/items/"+item+"/revoke", nil).wants(404) // has left
	mira.ask("POST", at+"/items", url.Values{"account_id": {noorID}}).wants(422)
	if a := mira.ask("GET", at, nil).wants(200); a.at("collection", "item_count") != 0.0 || a.text("collection", "name") != "Friends" {
		t.Errorf("after noor left: %s", a.body)
	}
	mira.ask("DELETE", at, nil).wants(200)
	mira.ask("GET", at, nil).wants(404)
}

// TestNotificationsInWords: an app that says which types it knows gets the others
// in words, of the language that the member chose.
func TestNotificationsInWords(t *testing.T) {
	t.Parallel()
	in, mira, noor, noorID := two(t, "read write follow")
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"seed"}}).wants(200).text("id")
	mira.ask("POST", "/api/v1/statuses/"+post+"/favourite", nil).wants(200)
	if a := noor.ask("GET", "/api/v1/notifications?types[]=favourite", nil).wants(200); a.at(0, "fallback") != nil {
		t.Errorf("an app that says nothing: %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/notifications?types[]=favourite&supported_types[]=favourite", nil).wants(200); a.at(0, "fallback") != nil {
		t.Errorf("an app that knows it: %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/notifications?types[]=favourite&supported_types[]=mention", nil).wants(200); a.text(0, "fallback", "title") != "mira favourited your post" {
		t.Errorf("an app that does not: %s", a.body)
	}
	u, err := in.db.User(t.Context(), number(t, noorID))
	if err != nil {
		t.Fatal(err)
	}
	u.Preferences.Locale = "de"
	if err := in.db.SetPreferences(t.Context(), u.Account.ID, u.Preferences); err != nil {
		t.Fatal(err)
	}
	a := noor.ask("GET", "/api/v2/notifications?types[]=favourite&supported_types[]=mention", nil).wants(200)
	if title := a.text("notification_groups", 0, "fallback", "title"); !strings.HasPrefix(title, "mira") || strings.Contains(title, "favourited") {
		t.Errorf("in German: %q", title)
	}
}
