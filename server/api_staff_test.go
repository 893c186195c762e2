package server_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// TestMeasuresForTheStaff: what is counted by days, and nothing for others.
func TestMeasuresForTheStaff(t *testing.T) {
	t.Parallel()
	in, mira, _, noorID := two(t, "read write follow admin:read")
	boss := in.signIn(in.boss(), "read admin:read")
	mira.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}}).wants(200)
	const path = "/api/v1/admin/measures"
	day := func(d int) string { return time.Now().UTC().AddDate(0, 0, d).Format("2006-01-02") }
	asked := url.Values{"keys[]": {"new_users", "opened_reports", "nonsense", "active_users"}, "start_at": {day(-1)}, "end_at": {day(1)}}
	mira.ask("POST", path, asked).wants(403)
	a := boss.ask("POST", path, asked).wants(200)
	if a.len() != 3 || a.text(0, "key") != "new_users" || number(t, a.text(0, "total")) < 3 || a.text(1, "total") != "1" || a.text(1, "previous_total") != "0" ||
		len(a.at(1, "data").([]any)) != 3 {
		t.Errorf("got %s", a.body)
	}
	for _, wrong := range []url.Values{{"keys[]": {"new_users"}}, {"start_at": {day(0)}, "end_at": {day(-2)}}, {"start_at": {"0001-01-01"}, "end_at": {day(0)}}, {"start_at": {"2001-01-01"}, "end_at": {day(0)}}} {
		boss.ask("POST", path, wrong).wants(422)
	}
}

// TestAccountsElsewhereForTheStaff are listed by server and name.
func TestAccountsElsewhereForTheStaff(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write follow")
	boss := in.signIn(in.boss(), "read admin:read")
	for _, handle := range []string{"carol@far.example", "cora@far.example", "carl@near.example"} {
		storetest.Remote(t, in.db, handle)
	}
	for query, want := range map[string]int{"remote=true": 3, "origin=remote": 3, "by_domain=far.example": 2, "remote=true&username=car": 2, "remote=true&suspended=true": 0,
		"remote=true&pending=true": 0, "origin=remote&limit=2": 2, "by_domain=Far.example&username=cor": 1} {
		if a := boss.ask("GET", "/api/v2/admin/accounts?"+query, nil).wants(200); a.len() != want {
			t.Errorf("%s: got %d, want %d", query, a.len(), want)
		}
	}
	mira.ask("GET", "/api/v2/admin/accounts?remote=true", nil).wants(403)
}

// TestAppsThatActForAMember are listed, and can be shut out.
func TestAppsThatActForAMember(t *testing.T) {
	t.Parallel()
	_, mira, noor, _ := two(t, "read write follow")
	a := mira.ask("GET", "/api/oauth_tokens", nil).wants(200)
	if a.len() != 1 || a.text(0, "app_name") == "" {
		t.Fatalf("got %s", a.body)
	}
	mine := "/api/oauth_tokens/" + a.text(0, "id")
	noor.ask("DELETE", mine, nil).wants(200)
	mira.ask("GET", "/api/oauth_tokens", nil).wants(200) // another's is not ended
	mira.ask("DELETE", mine, nil).wants(200)
	mira.ask("GET", "/api/oauth_tokens", nil).wants(401)
}

// TestDimensionsForTheStaff: what was posted, told apart by language, app and server.
func TestDimensionsForTheStaff(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write follow admin:read")
	boss := in.signIn(in.boss(), "read admin:read")
	for _, language := range []string{"en", "en", "de"} {
		mira.ask("POST", "/api/v1/statuses", form("status", "hello #seeds", "language", language)).wants(200)
	}
	far := storetest.Remote(t, in.db, "carol@far.example")
	storetest.Receive(t, in.db, far, "https://far.example/1", "<p>#seeds</p>", func(r *store.RemotePost) { r.Tags = []string{"seeds"} })
	const path = "/api/v1/admin/dimensions"
	day := func(d int) string { return time.Now().UTC().AddDate(0, 0, d).Format(time.DateOnly) }
	asked := url.Values{"keys[]": {"languages", "sources", "servers", "tag_servers", "tag_languages", "instance_languages", "instance_accounts", "software_versions", "nonsense"},
		"tag_servers[id]": {"Seeds"}, "tag_languages[id]": {"seeds"}, "instance_languages[domain]": {"far.example"}, "instance_accounts[domain]": {"far.example"}, "start_at": {day(-1)}, "end_at": {day(1)}}
	mira.ask("POST", path, asked).wants(403)
	a := boss.ask("POST", path, asked).wants(200)
	got := map[string]string{}
	for i := range a.len() {
		for _, v := range a.at(i, "data").([]any) {
			d := v.(map[string]any)
			got[a.text(i, "key")] += fmt.Sprint(d["key"], "=", d["value"], " ")
		}
	}
	for key, want := range map[string]string{"languages": "en=2 de=1 ", "sources": "Test <app>=3 ", "servers": "far.example=1 ", "tag_servers": "here.example=3 far.example=1 ",
		"tag_languages": "en=2 und=1 de=1 ", "instance_languages": "und=1 ", "instance_accounts": ""} {
		if got[key] != want {
			t.Errorf("%s: got %q, want %q", key, got[key], want)
		}
	}
	asked.Del("tag_servers[id]")
	boss.ask("POST", path, asked).wants(422)
	boss.ask("POST", path, url.Values{"keys[]": {"servers"}}).wants(422)
}

// TestTrendsForTheStaff: what is much talked about, with what may be done about it.
func TestTrendsForTheStaff(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write follow admin:read")
	boss := in.signIn(in.boss(), "read admin:read")
	mira.ask("PATCH", "/api/v1/accounts/update_credentials", form("discoverable", "true")).wants(200)
	post := mira.ask("POST", "/api/v1/statuses", form("status", "talk of #seeds")).wants(200).text("id")
	boss.ask("GET", "/api/v1/admin/tags/seeds", nil).wants(200)
	in.signIn(in.member("olga"), "read write").ask("POST", "/api/v1/statuses/"+post+"/favourite", nil).wants(200)
	if a := boss.ask("GET", "/api/v1/admin/trends/tags", nil).wants(200); a.len() != 1 || a.text(0, "name") != "seeds" || a.at(0, "requires_review") != false || a.at(0, "trendable") != true {
		t.Errorf("tags: %s", a.body)
	}
	if a := boss.ask("GET", "/api/v1/admin/trends/links", nil).wants(200); a.body != "[]" {
		t.Errorf("links: %s", a.body)
	}
	boss.ask("GET", "/api/v1/admin/trends/statuses", nil).wants(200)
	boss.ask("GET", "/api/v1/admin/tags/no%20tag", nil).wants(404)
	for _, path := range []string{"trends/tags", "trends/statuses", "trends/links", "tags/seeds"} {
		mira.ask("GET", "/api/v1/admin/"+path, nil).wants(403)
	}
}
