package server_test

import (
	"net/url"
	"testing"
	"time"

	"seedling/store/storetest"
)

// TestMeasuresForTheStaff: what is counted by days, and nothing for others.
func TestMeasuresForTheStaff(t *testing.T) {
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
