package server_test

import (
	"net/url"
	"testing"

	"seedling/federation/fedtest"
)

// What a member chose on the pages holds for apps too, and the other way round.
func TestPrivacyOfApps(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	page := in.member("noor")
	c, noor := in.signIn(in.member("mira"), "read write follow"), in.signIn(page, "read write follow")
	noorID := noor.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")
	a := noor.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"source[quote_policy]": {"nobody"}, "hide_collections": {"true"}, "locked": {"true"}}).wants(200)
	if a.text("source", "quote_policy") != "nobody" || a.at("hide_collections") != true || a.at("locked") != true {
		t.Errorf("got %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/preferences", nil).wants(200); a.text("posting:default:quote_policy") != "nobody" {
		t.Errorf("preferences: got %s", a.body)
	}
	id := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"not to be quoted"}}).wants(200).text("id")
	if a := c.ask("GET", "/api/v1/statuses/"+id, nil).wants(200); a.text("quote_approval", "current_user") != "denied" {
		t.Errorf("a new post: got %s", a.body)
	}
	noor.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"source[quote_policy]": {"friends"}}).wants(422)
	noor.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"locked": {"false"}}).wants(200)
	if a := c.ask("GET", "/api/v1/accounts/"+noorID+"/following", nil).wants(200); a.len() != 0 {
		t.Errorf("a hidden list: got %s", a.body)
	}
	page.open("/settings/privacy")
	page.submit("/settings/privacy", map[string]string{"hide_posts": "1"})
	if a := in.app().ask("GET", "/api/v1/accounts/"+noorID+"/statuses", nil).wants(200); a.len() != 0 {
		t.Errorf("a visitor is shown %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/accounts/"+noorID+"/statuses", nil).wants(200); a.len() != 1 {
		t.Errorf("a member is shown %s", a.body)
	}
	page.open("/settings/privacy")
	page.submit("/settings/privacy", map[string]string{"hide_posts": ""})
	err := in.db.SetSettings(t.Context(), map[string]string{"public_profiles": "false"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/statuses", "/statuses?pinned=true"} {
		if a := in.app().ask("GET", "/api/v1/accounts/"+noorID+path, nil).wants(200); a.len() != 0 {
			t.Errorf("where profiles are closed a visitor is shown %s", a.body)
		}
	}
	if a := c.ask("GET", "/api/v1/accounts/"+noorID+"/statuses", nil).wants(200); a.len() != 1 {
		t.Errorf("where profiles are closed a member is shown %s", a.body)
	}
	page.open("/settings/posting")
	page.submit("/settings/posting", map[string]string{"alt": "require"})
	file := noor.upload("POST", "/api/v2/media", "file").wants(200).text("id")
	refused := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"a square"}, "media_ids[]": {file}}).wants(422)
	if refused.text("error") != "Validation failed: The post has a picture without a description" {
		t.Errorf("got %s", refused.body)
	}
	noor.ask("PUT", "/api/v1/media/"+file, url.Values{"description": {"a square"}}).wants(200)
	noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"a square"}, "media_ids[]": {file}}).wants(200)
}
