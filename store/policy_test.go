package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestHostLists(t *testing.T) {
	list := store.HostList{"*.worse.example", "bad.example"}
	for host, want := range map[string]bool{
		"bad.example": true, "BAD.example.": true, "bad.example:8443": true, "a.bad.example": false, "notbad.example": false,
		"worse.example": false, "a.worse.example": true, "a.b.worse.example": true, "aworse.example": false, "example": false, "": false,
	} {
		if got := list.Has(host); got != want {
			t.Errorf("%q in %v: got %v, want %v", host, list, got, want)
		}
	}
}

func TestPolicyOfEachMode(t *testing.T) {
	for _, test := range []struct {
		mode store.Federation
		want map[string]bool
	}{
		{store.FederationOpen, map[string]bool{"friend.example": true, "new.example": true, "bad.example": false}},
		{store.FederationAllowlist, map[string]bool{"friend.example": true, "new.example": false, "bad.example": false}},
		{store.FederationOff, map[string]bool{"friend.example": false, "new.example": false, "bad.example": false}},
	} {
		p := store.Policy{Mode: test.mode, Allowed: store.HostList{"bad.example", "friend.example"}, Blocked: store.HostList{"bad.example"}}
		for host, want := range test.want {
			if err := p.Check(host); (err == nil) != want {
				t.Errorf("%s, %s: got %v, want allowed %v", test.mode, host, err, want)
			}
		}
	}
}

func TestHostSettingsAreChecked(t *testing.T) {
	db := storetest.New(t)
	ctx := context.Background()
	for _, text := range []string{"*.com", "two words", "https://a.example", "here.example", "*.example", strings.Repeat("a.example\n", 10_001)} {
		var wrong *store.SettingError
		if err := db.SetSetting(ctx, "blocked_hosts", text); !errors.As(err, &wrong) {
			t.Errorf("blocked_hosts %.40q: got %v, want an error of the setting", text, err)
		}
	}
	if err := db.SetSetting(ctx, "blocked_hosts", " Zoo.example \n\n*.bücher.example\nzoo.example\n"); err != nil {
		t.Fatal(err)
	}
	if got, _ := db.Setting(ctx, "blocked_hosts"); got != "*.xn--bcher-kva.example\nzoo.example" {
		t.Errorf("got %q, want the lines sorted, once and in ASCII", got)
	}
}

// What a blocked server's people wrote is hidden, and comes back.
func TestBlockedHostIsHiddenAndShownAgain(t *testing.T) {
	db := storetest.New(t)
	ctx := context.Background()
	alice := storetest.Member(t, db, "alice")
	bob, carol := storetest.Remote(t, db, "bob@bad.example"), storetest.Remote(t, db, "carol@good.example")
	post := storetest.Receive(t, db, bob, "https://bad.example/1", "<p>from bob</p>")
	other := storetest.Receive(t, db, carol, "https://good.example/1", "<p>from carol</p>")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	apply := func(key, value string) {
		t.Helper()
		must(db.SetSetting(ctx, key, value))
		last, err := db.ApplyPolicy(ctx, 0)
		must(err)
		if last != 0 {
			t.Errorf("applied up to %d, want all", last)
		}
	}
	check := func(when string, bobShown, carolShown bool) {
		t.Helper()
		page, err := db.FederatedTimeline(ctx, store.AsMember(alice.ID), store.Cursor{})
		must(err)
		seen := map[int64]bool{}
		for _, v := range page.Posts {
			seen[v.ID] = true
		}
		if seen[post.ID] != bobShown || seen[other.ID] != carolShown {
			t.Errorf("%s: timeline shows bob %v, carol %v; want %v, %v", when, seen[post.ID], seen[other.ID], bobShown, carolShown)
		}
		found, err := db.SearchAccounts(ctx, store.AsMember(alice.ID), "bob", 10)
		must(err)
		if (len(found) == 1) != bobShown {
			t.Errorf("%s: search finds %d bobs, want shown %v", when, len(found), bobShown)
		}
		if _, err := db.PostVisibleTo(ctx, post.ID, store.AsMember(alice.ID)); (err == nil) != bobShown {
			t.Errorf("%s: the post itself: %v, want shown %v", when, err, bobShown)
		}
	}
	check("before", true, true)
	apply("blocked_hosts", "bad.example")
	check("blocked", false, true)
	if err := db.Follow(ctx, alice.ID, bob.ID); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("following somebody there: %v, want ErrForbidden", err)
	}
	bob.DisplayName = "refreshed"
	must(db.SaveRemoteAccount(ctx, bob))
	check("refreshed", false, true)
	apply("blocked_hosts", "")
	check("unblocked", true, true)
	must(db.SetSetting(ctx, "allowed_hosts", "bad.example"))
	apply("federation", "allowlist")
	check("allow-list", true, false)
	apply("federation", "off")
	check("off", true, true)
}
