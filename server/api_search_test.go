package server_test

import (
	"net/url"
	"testing"
)

// TestSearchIsNarrowedAsAppsAsk: to whom one follows, to the posts of one
// account, and to what stands behind the first results.
func TestSearchIsNarrowedAsAppsAsk(t *testing.T) {
	t.Parallel()
	in, mira, noor, noorID := two(t, "read write follow")
	nora := in.signIn(in.member("nora"), "read write")
	for _, c := range []*client{noor, nora} {
		c.post("first #walnuts", "public")
		c.post("second #walnuts", "public")
	}
	search := func(more ...string) *answer {
		q := url.Values{"q": {"no"}}
		for i := 0; i+1 < len(more); i += 2 {
			q.Set(more[i], more[i+1])
		}
		return mira.ask("GET", "/api/v2/search", q).wants(200)
	}
	list := func(a *answer, name string) int {
		l, _ := a.at(name).([]any)
		return len(l)
	}
	if a := search("type", "accounts"); list(a, "accounts") != 2 {
		t.Errorf("accounts: %s", a.body)
	}
	if a := search("type", "accounts", "following", "true"); list(a, "accounts") != 1 || a.text("accounts", 0, "id") != noorID {
		t.Errorf("whom mira follows: %s", a.body)
	}
	if a := search("type", "accounts", "limit", "1", "offset", "1"); list(a, "accounts") != 1 || a.text("accounts", 0, "username") != "nora" {
		t.Errorf("the second account: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/accounts/search?q=no&following=true", nil).wants(200); a.len() != 1 || a.text(0, "id") != noorID {
		t.Errorf("accounts/search: %s", a.body)
	}
	all := search("q", "walnuts", "type", "statuses")
	if list(all, "statuses") != 4 {
		t.Fatalf("posts: %s", all.body)
	}
	if a := search("q", "walnuts", "type", "statuses", "offset", "1", "limit", "2"); list(a, "statuses") != 2 || a.text("statuses", 0, "id") != all.text("statuses", 1, "id") {
		t.Errorf("posts after the first: %s", a.body)
	}
	if a := search("q", "walnuts", "type", "statuses", "max_id", all.text("statuses", 0, "id")); list(a, "statuses") != 3 {
		t.Errorf("posts before the newest: %s", a.body)
	}
	if a := search("q", "walnuts", "account_id", noorID); list(a, "statuses") != 2 || a.text("statuses", 0, "account", "id") != noorID {
		t.Errorf("noor's posts: %s", a.body)
	}
	search("q", "walnuts", "account_id", "77")
	mira.ask("GET", "/api/v2/search?q=walnuts&account_id=x", nil).wants(404)
	mira.ask("POST", "/api/v1/tags/walnuts/follow", nil).wants(200)
	if a := search("q", "walnuts", "type", "hashtags"); list(a, "hashtags") != 1 || a.at("hashtags", 0, "following") != true || a.at("hashtags", 0, "featuring") != false {
		t.Errorf("tags: %s", a.body)
	}
	if a := search("q", "walnuts", "type", "hashtags", "offset", "1"); list(a, "hashtags") != 0 {
		t.Errorf("tags after the only one: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/trends/tags", nil).wants(200); a.len() == 1 && a.at(0, "following") != true {
		t.Errorf("trends: %s", a.body)
	}
}

// TestVisitorsSearchWhatTheAdminsLet: with an app no more is found than on the pages.
func TestVisitorsSearchWhatTheAdminsLet(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write follow")
	visitor := in.app()
	mira.post("all about #walnuts", "public")
	find := func(c *client, q string) *answer {
		return c.ask("GET", "/api/v2/search", url.Values{"q": {q}}).wants(200)
	}
	if a := find(visitor, "walnuts"); len(a.at("statuses").([]any)) != 1 {
		t.Errorf("a visitor finds %s", a.body)
	}
	if a := find(visitor, "mir"); len(a.at("accounts").([]any)) != 1 {
		t.Errorf("a visitor finds %s", a.body)
	}
	mira.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"discoverable": {"false"}}).wants(200)
	if a := find(visitor, "mir"); len(a.at("accounts").([]any)) != 0 {
		t.Errorf("a visitor finds who does not want that: %s", a.body)
	}
	for _, closed := range []string{"public_search", "public_timelines"} {
		if err := in.db.SetSetting(t.Context(), closed, "false"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/api/v2/search?q=walnuts", "/api/v1/search?q=walnuts"} {
			visitor.ask("GET", path, nil).wants(401)
		}
		if closed == "public_timelines" {
			visitor.ask("GET", "/api/v1/trends/statuses", nil).wants(401)
		}
		if a := find(mira, "walnuts"); len(a.at("statuses").([]any)) != 1 {
			t.Errorf("a member finds %s", a.body)
		}
		if err := in.db.SetSetting(t.Context(), closed, "true"); err != nil {
			t.Fatal(err)
		}
	}
}
