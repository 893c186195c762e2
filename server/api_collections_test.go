package server_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestCollections: a member recommends others who let themselves be found, shows
// them to everybody, and who stands there can leave for good.
func TestCollections(t *testing.T) {
	in, mira, noor, noorID := two(t, "read write follow")
	visitor := in.app()
	made := mira.send("POST", "/api/v1/collections", `{"name":"Gardeners","description":"a < b","tag_name":"#Seeds","language":"en","account_ids":["`+noorID+`"]}`, "Content-Type", "application/json").wants(200)
	at := "/api/v1/collections/" + made.text("collection", "id")
	c := visitor.ask("GET", at, nil).wants(200)
	if c.text("collection", "name") != "Gardeners" || c.text("collection", "description") != "<p>a &lt; b</p>" || c.text("collection", "tag", "name") != "Seeds" ||
		c.at("collection", "item_count") != 1.0 || c.text("collection", "items", 0, "account_id") != noorID || c.text("accounts", 1, "id") != noorID {
		t.Errorf("a visitor sees %s", c.body)
	}
	owner := made.text("collection", "account_id")
	for _, path := range []string{owner + "/collections", noorID + "/in_collections"} {
		if a := visitor.ask("GET", "/api/v1/accounts/"+path, nil).wants(200); a.text("collections", 0, "name") != "Gardeners" {
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
		{"nobody", "POST", at + "/items", "account_id=77", mira, 403},
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
	item := c.text("collection", "items", 0, "id")
	noor.ask("POST", at+"/items/"+item+"/revoke", nil).wants(200)
	mira.ask("POST", at+"/items", url.Values{"account_id": {noorID}}).wants(403)
	if a := mira.ask("GET", at, nil).wants(200); a.at("collection", "item_count") != 0.0 || a.text("collection", "name") != "Friends" {
		t.Errorf("after noor left: %s", a.body)
	}
	mira.ask("DELETE", at, nil).wants(200)
	mira.ask("GET", at, nil).wants(404)
}

// TestNotificationsInWords: an app that says which types it knows gets the others
// in words, of the language that the member chose.
func TestNotificationsInWords(t *testing.T) {
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
