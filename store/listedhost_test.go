package store_test

import (
	"errors"
	"slices"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestListedHosts: what is noted of a server goes with its line in the setting,
// whoever changes it.
func TestListedHosts(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	try(db.ListHost(ctx, store.HostsBlocked, store.ListedHost{Host: "loud.example", Public: "Adverts", Private: "since May", Obfuscate: true}))
	try(db.ListHost(ctx, store.HostsBlocked, store.ListedHost{Host: "far.example"}))
	settings, err := db.Settings(ctx)
	try(err)
	if want := []string{"far.example", "loud.example"}; !slices.Equal(settings.BlockedHosts, want) {
		t.Errorf("the setting is %v, want %v", settings.BlockedHosts, want)
	}
	h, err := db.ListedHost(ctx, store.HostsBlocked, "loud.example")
	try(err)
	if h.Public != "Adverts" || h.Private != "since May" || h.Since.IsZero() || h.Shown() != "lou*.****ple" {
		t.Errorf("got %+v, shown as %s", h, h.Shown())
	}
	// The page of the settings changes the list and keeps what was noted.
	try(db.SetSetting(ctx, "blocked_hosts", "loud.example\nnew.example"))
	hosts, err := db.ListedHosts(ctx, store.HostsBlocked)
	try(err)
	if len(hosts) != 2 || hosts[0].Public != "Adverts" || hosts[1].Host != "new.example" || hosts[1].Since.IsZero() {
		t.Errorf("after the page: %+v", hosts)
	}
	// What is taken out and put in again begins anew.
	try(db.UnlistHost(ctx, store.HostsBlocked, "loud.example"))
	if err := db.UnlistHost(ctx, store.HostsBlocked, "loud.example"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("taken out twice: %v", err)
	}
	try(db.ListHost(ctx, store.HostsBlocked, store.ListedHost{Host: "loud.example"}))
	if h, err := db.ListedHost(ctx, store.HostsBlocked, "loud.example"); err != nil || h.Public != "" {
		t.Errorf("put in again: %+v, %v", h, err)
	}
	var wrong *store.SettingError
	if err := db.ListHost(ctx, store.HostsBlocked, store.ListedHost{Host: "no host"}); !errors.As(err, &wrong) {
		t.Errorf("no host: %v", err)
	}
	try(db.SetSetting(ctx, "blocked_hosts", ""))
	if hosts, err := db.ListedHosts(ctx, store.HostsBlocked); err != nil || len(hosts) != 0 {
		t.Errorf("emptied: %v, %v", hosts, err)
	}
}
