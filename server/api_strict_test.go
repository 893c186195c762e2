package server_test

import (
	"math"
	"net/url"
	"testing"

	"seedling/store"
)

// TestLimitsFitWhatAppsCountWith: Mastodon's Android app reads an instance with
// numbers of 32 bits, and can't log in where one is larger.
func TestLimitsFitWhatAppsCountWith(t *testing.T) {
	t.Parallel()
	in, c, _, _ := two(t, "read write follow")
	if err := in.db.SetSetting(t.Context(), "media_limit", "4000"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/instance", "/api/v2/instance"} {
		if got := c.ask("GET", path, nil).wants(200).at("configuration", "media_attachments", "video_size_limit"); got != float64(math.MaxInt32) {
			t.Errorf("%s: got %v", path, got)
		}
	}
}

// TestReportsAreToldToTheStaffAlone: who is not of the staff any more has no
// notification of a report, which an app would want to open.
func TestReportsAreToldToTheStaffAlone(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write follow")
	user, err := in.db.UserByName(t.Context(), "mira")
	if err != nil {
		t.Fatal(err)
	}
	staff := func(role store.Role) {
		t.Helper()
		if err := in.db.SetRole(t.Context(), store.Staff{}, user.Account.ID, role); err != nil {
			t.Fatal(err)
		}
	}
	staff(store.Moderator)
	reported := noor.ask("GET", "/api/v1/accounts/lookup?acct=boss_of_this", nil).wants(200).text("id")
	noor.ask("POST", "/api/v1/reports", url.Values{"account_id": {reported}, "comment": {"Loud"}}).wants(200)
	seen := func() (n, groups int) {
		t.Helper()
		of := url.Values{"types[]": {"admin.report"}}.Encode()
		return mira.ask("GET", "/api/v1/notifications?"+of, nil).wants(200).len(), len(mira.ask("GET", "/api/v2/notifications?"+of, nil).wants(200).at("notification_groups").([]any))
	}
	if n, groups := seen(); n != 1 || groups != 1 {
		t.Errorf("the staff is told %d times, in %d groups", n, groups)
	}
	staff(store.Member)
	if n, groups := seen(); n != 0 || groups != 0 {
		t.Errorf("who has left it is told %d times, in %d groups", n, groups)
	}
}
