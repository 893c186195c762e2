package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"seedling/store"
)

func TestInstancePages(t *testing.T) {
	t.Parallel()
	in, c, _, _ := two(t, "read write follow")
	if err := in.db.SetHouseRules(t.Context(), []store.HouseRule{{Text: "Be kind", Hint: "to all"}}); err != nil {
		t.Fatal(err)
	}
	if a := c.ask("GET", "/api/v1/instance/rules", nil).wants(200); a.text(0, "text") != "Be kind" || a.text(0, "hint") != "to all" || a.text(0, "id") != "1" {
		t.Errorf("rules: got %s", a.body)
	}
	c.ask("GET", "/api/v1/instance/terms_of_service", nil).wants(404)
	for _, name := range store.PageNames() {
		if err := in.db.SetSitePage(t.Context(), name, "Words of *ours*"); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"extended_description", "privacy_policy", "terms_of_service"} {
		if a := c.ask("GET", "/api/v1/instance/"+path, nil).wants(200); strings.TrimSpace(a.text("content")) != "<p>Words of <em>ours</em></p>" {
			t.Errorf("%s: got %s", path, a.body)
		}
	}
	day := c.ask("GET", "/api/v1/instance/terms_of_service", nil).text("effective_date")
	c.ask("GET", "/api/v1/instance/terms_of_service/"+day, nil).wants(200)
	c.ask("GET", "/api/v1/instance/terms_of_service/1999-01-01", nil).wants(404)
	c.ask("GET", "/api/v1/instance/translation_languages", nil).wants(200)
	c.ask("GET", "/api/v1/instance/peers", nil).wants(200)

	visitor := in.app()
	in.decide(map[string]string{"blocked_hosts": "loud.example", "show_blocks": "members"})
	visitor.ask("GET", "/api/v1/instance/domain_blocks", nil).wants(401)
	if a := c.ask("GET", "/api/v1/instance/domain_blocks", nil).wants(200); a.text(0, "domain") != "loud.example" || len(a.text(0, "digest")) != 64 || a.text(0, "severity") != "suspend" {
		t.Errorf("blocks: got %s", a.body)
	}
	in.decide(map[string]string{"show_blocks": "none"})
	c.ask("GET", "/api/v1/instance/domain_blocks", nil).wants(404)
	c.ask("POST", "/api/v1/emails/confirmations", nil).wants(403)
	if a := c.ask("GET", "/api/v1/emails/check_confirmation", nil).wants(200); a.value != true {
		t.Errorf("confirmed: got %s", a.body)
	}
}

func TestProfileOfOneself(t *testing.T) {
	t.Parallel()
	in, c, noor, noorID := two(t, "read write follow")
	for scope, status := range map[string]int{"profile": 200, "read:accounts": 200, "read:statuses": 403} {
		app := in.signIn(in.login("noor"), scope)
		for _, path := range []string{"/api/v1/profile", "/api/v1/accounts/verify_credentials"} {
			app.ask("GET", path, nil).wants(status)
		}
		app.ask("PATCH", "/api/v1/profile", url.Values{"note": {"x"}}).wants(403)
	}
	a := noor.ask("PATCH", "/api/v1/profile", url.Values{"display_name": {"Noor"}, "note": {"I *grow*"}, "hide_collections": {"true"}, "attribution_domains[]": {"blog.example"}}).wants(200)
	if a.text("display_name") != "Noor" || a.text("note") != "I *grow*" || a.at("avatar") != nil || a.at("hide_collections") != true || a.text("attribution_domains", 0) != "blog.example" {
		t.Errorf("got %s", a.body)
	}
	browser := in.login("noor") // an app knows no formats: the page's choice stays
	browser.open("/settings/profile")
	browser.submit("/settings/profile", map[string]string{"format": "markdown"})
	noor.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"note": {"I **grow**"}}).wants(200)
	if a := noor.ask("GET", "/api/v1/accounts/"+noorID, nil).wants(200); !strings.Contains(a.text("note"), "<strong>grow</strong>") {
		t.Errorf("in Markdown: got %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/profile", nil).wants(200); a.text("display_name") != "Noor" {
		t.Errorf("read again: got %s", a.body)
	}
	// What is hidden is hidden from others.
	for _, list := range []string{"followers", "following"} {
		if a := c.ask("GET", "/api/v1/accounts/"+noorID+"/"+list, nil).wants(200); a.len() != 0 {
			t.Errorf("%s are shown: %s", list, a.body)
		}
	}
	if a := noor.ask("GET", "/api/v1/accounts/"+noorID+"/followers", nil).wants(200); a.len() != 1 {
		t.Errorf("own followers: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/accounts/"+noorID, nil).wants(200); a.at("hide_collections") != true || a.at("followers_count") != 1.0 || a.at("pleroma", "hide_followers") != true {
		t.Errorf("account: got %s", a.body)
	}
	noor.ask("PATCH", "/api/v1/profile", url.Values{"attribution_domains[]": {"no host"}}).wants(422)
	for body, want := range map[string]int{`{"fields_attributes":[{"name":"Garden","value":"Terrace"}]}`: 1, `{"fields_attributes":[]}`: 0, `{"fields_attributes":{}}`: 0} {
		noor.send("PATCH", "/api/v1/profile", `{"fields_attributes":[{"name":"Tree","value":"Walnut"}]}`, "Content-Type", "application/json").wants(200)
		if a := noor.send("PATCH", "/api/v1/profile", body, "Content-Type", "application/json").wants(200); len(a.at("fields").([]any)) != want {
			t.Errorf("fields after %s: %s", body, a.body)
		}
	}
	for path, app := range map[string]*client{"collections": c, "in_collections": noor} {
		if a := app.ask("GET", "/api/v1/accounts/"+noorID+"/"+path, nil).wants(200); len(a.at("collections").([]any)) != 0 {
			t.Errorf("%s: got %s", path, a.body)
		}
	}
}

func TestAkkomasExtensions(t *testing.T) {
	t.Parallel()
	in, c, noor, noorID := two(t, "read write follow")
	a := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"*soon* gone #seeds"}, "content_type": {"text/markdown"}, "visibility": {"local"}, "expires_in": {"7200"}}).wants(200)
	if a.at("local_only") != true || a.text("pleroma", "expires_at") == "" || a.at("pleroma", "local") != true {
		t.Errorf("got %s", a.body)
	}
	c.ask("POST", "/api/v1/statuses", url.Values{"status": {"x"}, "expires_in": {"1"}}).wants(422)
	a = c.ask("POST", "/api/v1/statuses", url.Values{"status": {"hello @noor"}, "preview": {"true"}}).wants(200)
	if a.text("content") == "" {
		t.Errorf("preview: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/timelines/home", nil).wants(200); a.len() != 1 {
		t.Errorf("a preview was posted: %s", a.body)
	}
	c.ask("POST", "/api/v1/statuses", url.Values{"preview": {"true"}}).wants(422)
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"@mira hi"}, "visibility": {"direct"}}).wants(200).text("id")
	quoted := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"public"}}).wants(200).text("id")
	if a := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"so"}, "quote_id": {quoted}}).wants(200); a.text("quote", "quoted_status", "id") != quoted {
		t.Errorf("quote_id: got %s", a.body)
	}
	conversation := c.ask("GET", "/api/v1/conversations", nil).wants(200).text(0, "id")
	if a := c.ask("GET", "/api/v1/pleroma/conversations/"+conversation+"/statuses", nil).wants(200); a.len() != 1 || a.text(0, "id") != post {
		t.Errorf("posts of a conversation: got %s", a.body)
	}
	c.ask("GET", "/api/v1/pleroma/conversations/"+conversation, nil).wants(200)
	noor.ask("GET", "/api/v1/pleroma/conversations/"+conversation, nil).wants(404)
	noor.ask("GET", "/api/v1/pleroma/conversations/"+conversation+"/statuses", nil).wants(404)

	notice := c.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200)
	if notice.at(0, "pleroma", "is_seen") != false {
		t.Errorf("seen already: %s", notice.body)
	}
	if a := c.ask("POST", "/api/v1/pleroma/notifications/read", url.Values{"id": {notice.text(0, "id")}}).wants(200); a.at("pleroma", "is_seen") != true {
		t.Errorf("read: got %s", a.body)
	}
	c.ask("POST", "/api/v1/pleroma/notifications/read", url.Values{"max_id": {notice.text(0, "id")}}).wants(200)
	c.ask("POST", "/api/v1/pleroma/notifications/read", nil).wants(422)

	if a := c.ask("POST", "/api/v1/pleroma/accounts/"+noorID+"/subscribe", nil).wants(200); a.at("notifying") != true {
		t.Errorf("subscribed: got %s", a.body)
	}
	if a := c.ask("POST", "/api/v1/pleroma/accounts/"+noorID+"/unsubscribe", nil).wants(200); a.at("notifying") != false {
		t.Errorf("unsubscribed: got %s", a.body)
	}
	if a := c.ask("GET", "/api/pleroma/accounts/mfa", nil).wants(200); a.at("settings", "enabled") != false {
		t.Errorf("second factor: got %s", a.body)
	}
	for _, on := range []string{"true", "false"} {
		c.ask("PUT", "/api/pleroma/notification_settings", form("block_from_strangers", on)).wants(200)
		if a := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200); fmt.Sprint(a.at("pleroma", "notification_settings", "block_from_strangers")) != on {
			t.Errorf("block_from_strangers %s: %v", on, a.at("pleroma"))
		}
	}
	c.ask("PUT", "/api/pleroma/notification_settings", form("hide_notification_contents", "true")).wants(422)
	if a := c.ask("GET", "/api/v1/statuses?ids[]="+quoted, nil).wants(200); a.len() != 1 {
		t.Errorf("several by id: got %s", a.body)
	}
	visitor := in.app()
	for _, path := range []string{"pleroma/captcha", "v1/pleroma/captcha", "pleroma/healthcheck", "v1/pleroma/healthcheck", "pleroma/emoji", "pleroma/frontend_configurations"} {
		visitor.ask("GET", "/api/"+path, nil).wants(200)
	}
	if a := visitor.ask("GET", "/api/v1/instance", nil).wants(200); a.at("max_toot_chars") == nil || a.text("pleroma", "metadata", "post_formats", 0) != "text/plain" {
		t.Errorf("instance: got %s", a.body)
	}
}

func TestAdminsWithAnApp(t *testing.T) {
	t.Parallel()
	in, c, noor, noorID := two(t, "read write follow")
	const scopes = "read write admin:read admin:write"
	boss := in.signIn(in.boss(), scopes)
	member := in.signIn(in.member("olga"), scopes)
	report := "/api/v1/admin/reports/" + c.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}, "comment": {"an advert"}}).wants(200).text("id")
	for _, path := range []string{"/api/v1/admin/accounts", "/api/v1/admin/reports", report, "/api/v1/admin/domain_blocks", "/api/v1/admin/domain_allows"} {
		member.ask("GET", path, nil).wants(403) // no role
		c.ask("GET", path, nil).wants(403)      // no scope
		boss.ask("GET", path, nil).wants(200)
	}
	if a := boss.ask("GET", report, nil).wants(200); a.text("comment") != "an advert" || a.text("target_account", "id") != noorID || a.text("account", "username") != "mira" {
		t.Errorf("report: got %s", a.body)
	}
	if a := boss.ask("POST", report+"/assign_to_self", nil).wants(200); a.text("assigned_account", "username") != "boss_of_this" {
		t.Errorf("assigned: got %s", a.body)
	}
	if a := boss.ask("POST", report+"/unassign", nil).wants(200); a.at("assigned_account") != nil {
		t.Errorf("unassigned: got %s", a.body)
	}
	if a := boss.ask("POST", report+"/resolve", nil).wants(200); a.at("action_taken") != true {
		t.Errorf("resolved: got %s", a.body)
	}
	if a := boss.ask("GET", "/api/v1/admin/reports?resolved=true", nil).wants(200); a.len() != 1 {
		t.Errorf("resolved ones: got %s", a.body)
	}
	if a := boss.ask("POST", report+"/reopen", nil).wants(200); a.at("action_taken") != false {
		t.Errorf("reopened: got %s", a.body)
	}

	everybody := boss.ask("GET", "/api/v2/admin/accounts", nil).wants(200)
	last := everybody.len() - 1
	for query, want := range map[string]string{"limit=1": everybody.text(0, "id"), "limit=1&max_id=" + everybody.text(0, "id"): everybody.text(1, "id"),
		"limit=1&min_id=" + everybody.text(last, "id"): everybody.text(last-1, "id"), "limit=1&since_id=" + everybody.text(last, "id"): everybody.text(0, "id")} {
		a := boss.ask("GET", "/api/v2/admin/accounts?"+query, nil).wants(200)
		if a.len() != 1 || a.text(0, "id") != want || !strings.Contains(a.link("next"), "max_id="+want) || !strings.Contains(a.link("prev"), "min_id="+want) {
			t.Errorf("accounts with %s: got %s, %v, want %s", query, a.body, a.header["Link"], want)
		}
	}
	account := "/api/v1/admin/accounts/" + noorID
	if a := boss.ask("GET", "/api/v2/admin/accounts?username=noor", nil).wants(200); a.len() != 1 || a.text(0, "id") != noorID {
		t.Errorf("accounts: got %s", a.body)
	}
	boss.ask("POST", account+"/approve", nil).wants(403) // is in already
	boss.ask("POST", account+"/reject", nil).wants(403)
	boss.ask("POST", account+"/action", url.Values{"type": {"suspend"}}).wants(422)
	boss.ask("POST", "/api/v1/admin/accounts/"+boss.account("boss_of_this")+"/action", url.Values{"type": {"disable"}}).wants(403) // the last owner
	boss.ask("POST", account+"/action", url.Values{"type": {"disable"}}).wants(200)
	noor.ask("GET", "/api/v1/timelines/home", nil).wants(401)
	if a := boss.ask("GET", account, nil).wants(200); a.at("disabled") != true {
		t.Errorf("disabled: got %s", a.body)
	}
	if a := boss.ask("POST", account+"/enable", nil).wants(200); a.at("disabled") != false {
		t.Errorf("enabled: got %s", a.body)
	}
	for _, list := range []string{"domain_blocks", "domain_allows"} {
		path := "/api/v1/admin/" + list
		if a := boss.ask("POST", path, url.Values{"domain": {"Loud.example"}}).wants(200); a.text("id") != "loud.example" {
			t.Errorf("%s: got %s", list, a.body)
		}
		boss.ask("GET", path+"/loud.example", nil).wants(200)
		boss.ask("POST", path, url.Values{"domain": {"no host"}}).wants(422)
		boss.ask("POST", path, nil).wants(422)
		boss.ask("DELETE", path+"/loud.example", nil).wants(200)
		boss.ask("DELETE", path+"/loud.example", nil).wants(404)
	}
	const blocks = "/api/v1/admin/domain_blocks"
	boss.ask("POST", blocks, url.Values{"domain": {"far.example"}, "severity": {"silence"}}).wants(422)
	boss.ask("POST", blocks, url.Values{"domain": {"far.example"}, "public_comment": {"Adverts"}, "private_comment": {"since May"}}).wants(200)
	if a := boss.ask("PUT", blocks+"/far.example", url.Values{"obfuscate": {"true"}}).wants(200); a.text("public_comment") != "Adverts" || a.at("obfuscate") != true {
		t.Errorf("changed: got %s", a.body)
	}
	boss.ask("PUT", blocks+"/nowhere.example", url.Values{"obfuscate": {"true"}}).wants(404)
	if a := c.ask("GET", "/api/v1/instance/domain_blocks", nil).wants(200); a.text(0, "domain") != "fa*.*****le" || a.text(0, "comment") != "Adverts" || a.text(0, "digest") == "" {
		t.Errorf("as members see it: got %s", a.body)
	}
	c.ask("PUT", blocks+"/far.example", nil).wants(403)
}
