package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestReachIsKeptAndTold(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	storetest.Post(t, db, alice, "bread #Baking", store.Public)
	storetest.Post(t, db, alice, "secret #baking", store.Followers)
	told := func() (n int) {
		items, err := db.Outbox(ctx, 50)
		must(t, err)
		for _, o := range items {
			if o.Kind == store.OutboxUpdateAccount {
				n++
			}
		}
		return n
	}
	reach := store.Reach{FeaturedTags: []string{"#Baking", "ferns", "BAKING"}, AttributionDomains: []string{"Blog.example", " blog.example"}}
	for range 2 { // the second time nothing changes
		must(t, db.SetReach(ctx, alice.ID, reach))
	}
	if n := told(); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
	tags, err := db.FeaturedTags(ctx, alice.ID)
	must(t, err)
	if len(tags) != 2 || tags[0].Name != "Baking" || tags[0].Posts != 1 || tags[0].LastAt.IsZero() || tags[1].Name != "ferns" || tags[1].Posts != 0 {
		t.Errorf("tags %+v", tags)
	}
	a, err := db.Account(ctx, alice.ID)
	must(t, err)
	if fmt.Sprint(a.AttributionDomains) != "[blog.example]" {
		t.Errorf("domains %q", a.AttributionDomains)
	}
	moss, err := db.FeatureTag(ctx, alice.ID, "#moss")
	must(t, err)
	must(t, db.UnfeatureTag(ctx, alice.ID, moss.ID))
	if err := db.UnfeatureTag(ctx, alice.ID, moss.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("taken away twice: %v", err)
	}
	if n := told(); n != 3 {
		t.Errorf("told %d times, want three times", n)
	}
}

func TestReachThatIsNotTaken(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	var many []string
	for i := range 11 {
		many = append(many, fmt.Sprintf("tag%d", i))
	}
	for part, reaches := range map[string][]store.Reach{
		"featured_tags":       {{FeaturedTags: many}, {FeaturedTags: []string{"no tag"}}, {FeaturedTags: []string{"<b>"}}, {FeaturedTags: []string{"12"}}},
		"attribution_domains": {{AttributionDomains: []string{"https://x.example/"}}, {AttributionDomains: []string{"a b"}}, {AttributionDomains: strings.Fields(strings.Repeat("x.example ", 200))}},
	} {
		for _, r := range reaches {
			var wrong *store.ProfileError
			if err := db.SetReach(ctx, alice.ID, r); !errors.As(err, &wrong) || wrong.Part != part {
				t.Errorf("%.60v: %v, want a mistake in %s", r, err, part)
			}
		}
	}
	must(t, db.SetRemoteFeaturedTags(ctx, storetest.Remote(t, db, "bob@far.example").ID, append(many, "not a tag", "<i>")))
}
