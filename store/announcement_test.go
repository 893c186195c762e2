package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestAnnouncementsAreShownWithinTheirTimeUntilDismissed(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	now := time.Now()
	add := func(text string, from, until time.Time) int64 {
		t.Helper()
		id, err := db.CreateAnnouncement(ctx, store.NewAnnouncement{Source: text, StartsAt: from, EndsAt: until})
		if err != nil {
			t.Fatalf("CreateAnnouncement(%q): %v", text, err)
		}
		return id
	}
	add("over", now.Add(-2*time.Hour), now.Add(-time.Hour))
	add("to come", now.Add(time.Hour), time.Time{})
	current := add("**now** and @bob", time.Time{}, now.Add(time.Hour))
	shown := func(who *store.Account, all bool) (ids []int64) {
		t.Helper()
		list, err := db.Announcements(ctx, who.ID, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		return ids
	}
	if got := shown(alice, false); len(got) != 1 || got[0] != current {
		t.Errorf("shown to alice: %v, want [%d]", got, current)
	}
	if err := db.DismissAnnouncement(ctx, alice.ID, current); err != nil {
		t.Fatal(err)
	}
	if got := shown(alice, false); len(got) != 0 {
		t.Errorf("shown after dismissing: %v, want none", got)
	}
	if got := shown(alice, true); len(got) != 1 {
		t.Errorf("with those dismissed: %v, want one", got)
	}
	if got := shown(bob, false); len(got) != 1 {
		t.Errorf("shown to bob, who dismissed nothing: %v, want one", got)
	}
	a, err := db.Announcement(ctx, current)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<strong>now</strong>", "/@bob"} {
		if !strings.Contains(a.HTML.String(), want) {
			t.Errorf("HTML %q lacks %q", a.HTML, want)
		}
	}
	if all, err := db.AllAnnouncements(ctx, alice.ID); err != nil || len(all) != 3 {
		t.Errorf("AllAnnouncements: %d, %v, want 3", len(all), err)
	}
}

func TestReactionsToAnnouncements(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	id, err := db.CreateAnnouncement(ctx, store.NewAnnouncement{Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []*store.Account{alice, alice, bob} {
		if err := db.ReactToAnnouncement(ctx, who.ID, id, "🌱"); err != nil {
			t.Fatal(err)
		}
	}
	got := func() []store.Reaction {
		list, err := db.Announcements(ctx, alice.ID, false)
		if err != nil || len(list) != 1 {
			t.Fatalf("Announcements: %d, %v", len(list), err)
		}
		return list[0].Reactions
	}
	if r := got(); len(r) != 1 || r[0].Count != 2 || !r[0].Mine {
		t.Errorf("reactions: %+v, want one of two people, alice among them", r)
	}
	if err := db.UnreactToAnnouncement(ctx, alice.ID, id, "🌱"); err != nil {
		t.Fatal(err)
	}
	if r := got(); len(r) != 1 || r[0].Count != 1 || r[0].Mine {
		t.Errorf("reactions after taking it back: %+v, want bob's", r)
	}
	for _, bad := range []string{"", "x", ":nosuch:", ":party@elsewhere.example:"} {
		if err := db.ReactToAnnouncement(ctx, alice.ID, id, bad); !errors.Is(err, store.ErrNotEmoji) {
			t.Errorf("ReactToAnnouncement(%q): %v, want ErrNotEmoji", bad, err)
		}
	}
	if err := db.ReactToAnnouncement(ctx, alice.ID, id+1, "🌱"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reaction to none: %v, want ErrNotFound", err)
	}
}

func TestAnnouncementsThatAreRefused(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	now := time.Now()
	for name, n := range map[string]store.NewAnnouncement{
		"empty":                   {Source: " \n"},
		"long":                    {Source: strings.Repeat("x", 5001)},
		"over before it begins":   {Source: "x", StartsAt: now, EndsAt: now.Add(-time.Second)},
		"over at the same moment": {Source: "x", StartsAt: now, EndsAt: now},
	} {
		var wrong *store.InputError
		if _, err := db.CreateAnnouncement(ctx, n); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want *InputError", name, err)
		}
	}
	if err := db.DeleteAnnouncement(ctx, 7); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("delete none: %v, want ErrNotFound", err)
	}
}

func TestPagesInTheAdminsWords(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	if p, err := db.SitePage(ctx, store.PageTerms); err != nil || p.Source != "" || !p.EditedAt.IsZero() {
		t.Errorf("page that nobody wrote: %+v, %v, want an empty one", p, err)
	}
	if err := db.SetSitePage(ctx, store.PageTerms, "# Be kind\n\n<script>x</script>"); err != nil {
		t.Fatal(err)
	}
	p, err := db.SitePage(ctx, store.PageTerms)
	if err != nil || p.EditedAt.IsZero() || strings.Contains(p.HTML.String(), "<script") || !strings.Contains(p.HTML.String(), "Be kind") {
		t.Errorf("page: %+v, %v", p, err)
	}
	if err := db.SetSitePage(ctx, store.PageTerms, " "); err != nil {
		t.Fatal(err)
	}
	if p, err := db.SitePage(ctx, store.PageTerms); err != nil || p.Source != "" {
		t.Errorf("page that was emptied: %+v, %v", p, err)
	}
	if err := db.SetSitePage(ctx, "nosuch", "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("SetSitePage of none: %v, want ErrNotFound", err)
	}
	var wrong *store.InputError
	if err := db.SetSitePage(ctx, store.PageAbout, strings.Repeat("x", 100_001)); !errors.As(err, &wrong) {
		t.Errorf("SetSitePage of a long text: %v, want *InputError", err)
	}
}

func TestRulesKeepTheirOrderAndHints(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	want := []store.HouseRule{{Text: "Be kind", Hint: "To all."}, {Text: "No spam"}}
	if err := db.SetHouseRules(ctx, want); err != nil {
		t.Fatal(err)
	}
	check := func(want []store.HouseRule) {
		t.Helper()
		got, err := db.HouseRules(ctx)
		if err != nil || len(got) != len(want) {
			t.Fatalf("Rules: %v, %v, want %v", got, err, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("rule %d: %v, want %v", i, got[i], want[i])
			}
		}
	}
	check(want)
	if err := db.SetSetting(ctx, "rules", "No spam\nBe kind"); err != nil { // as the command line does
		t.Fatal(err)
	}
	check([]store.HouseRule{want[1], want[0]})
	var wrong *store.InputError
	for _, bad := range [][]store.HouseRule{{{Text: " "}}, {{Text: strings.Repeat("x", 501)}}, {{Text: "x", Hint: strings.Repeat("x", 2001)}}, make([]store.HouseRule, 101)} {
		if err := db.SetHouseRules(ctx, bad); !errors.As(err, &wrong) {
			t.Errorf("SetHouseRules(%d rules): %v, want *InputError", len(bad), err)
		}
	}
}

func TestFeedKeysOpenOnlyTheirOwnersFeedsUntilRevoked(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	secret, err := db.CreateFeedKey(ctx, alice.ID, "reader")
	if err != nil {
		t.Fatal(err)
	}
	u, err := db.FeedKeyUser(ctx, secret)
	if err != nil || u.Account.ID != alice.ID {
		t.Fatalf("FeedKeyUser: %v, %v, want alice", u, err)
	}
	keys, err := db.FeedKeys(ctx, alice.ID)
	if err != nil || len(keys) != 1 || keys[0].UsedAt.IsZero() {
		t.Fatalf("FeedKeys: %v, %v, want one that was used", keys, err)
	}
	if err := db.RevokeFeedKey(ctx, bob.ID, keys[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("bob revokes alice's: %v, want ErrNotFound", err)
	}
	if err := db.RevokeFeedKey(ctx, alice.ID, keys[0].ID); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{secret, "", "x"} {
		if _, err := db.FeedKeyUser(ctx, s); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("FeedKeyUser(%q): %v, want ErrNotFound", s, err)
		}
	}
}

func TestSettingsOfWhatVisitorsSee(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	for key, values := range map[string][2]string{
		"public_explore": {"false", "maybe"}, "public_profiles": {"false", ""}, "public_search": {"false", "2"},
		"show_blocks": {"all", "some"}, "contact_email": {"a@b.example", "nobody"}, "contact_account": {"alice", strings.Repeat("x", 40)},
	} {
		if err := db.SetSetting(ctx, key, values[0]); err != nil {
			t.Errorf("%s = %q: %v", key, values[0], err)
		}
		if got, err := db.Setting(ctx, key); err != nil || got != values[0] {
			t.Errorf("%s: %q, %v, want %q", key, got, err, values[0])
		}
		var wrong *store.SettingError
		if err := db.SetSetting(ctx, key, values[1]); !errors.As(err, &wrong) || wrong.Key != key {
			t.Errorf("%s = %q: %v, want *SettingError", key, values[1], err)
		}
	}
}
