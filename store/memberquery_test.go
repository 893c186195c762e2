package store_test

import (
	"slices"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestMembersArePagedForTheStaff: of those who fit a page is read, in both
// directions.
func TestMembersArePagedForTheStaff(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	id := map[string]int64{}
	for _, name := range []string{"alice", "ann_a", "bob", "carol"} {
		role := store.Member
		if name == "bob" {
			role = store.Moderator
		}
		u, err := db.CreateUser(ctx, storetest.NewUser(t, name, role))
		if err != nil {
			t.Fatal(err)
		}
		id[name] = u.Account.ID
	}
	pending := store.UserPending
	list := func(q store.MemberQuery, c store.Cursor) ([]string, int64, int64) {
		t.Helper()
		page, older, newer, err := db.UserPage(ctx, q, c)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, u := range page {
			names = append(names, u.Account.Username)
		}
		return names, older, newer
	}
	for _, test := range []struct {
		query store.MemberQuery
		want  []string
	}{
		{store.MemberQuery{}, []string{"carol", "bob", "ann_a", "alice"}},
		{store.MemberQuery{Username: "A"}, []string{"carol", "ann_a", "alice"}},
		{store.MemberQuery{Username: "n_"}, []string{"ann_a"}},
		{store.MemberQuery{Staff: true}, []string{"bob"}},
		{store.MemberQuery{State: &pending}, nil},
		{store.MemberQuery{Suspended: true}, nil},
		{store.MemberQuery{Name: "nobody"}, nil},
		{store.MemberQuery{Email: "@"}, nil},
	} {
		if got, older, _ := list(test.query, store.Cursor{}); !slices.Equal(got, test.want) || older != 0 {
			t.Errorf("%+v: got %v, older %d, want %v", test.query, got, older, test.want)
		}
	}
	got, older, newer := list(store.MemberQuery{}, store.Cursor{Limit: 2})
	if !slices.Equal(got, []string{"carol", "bob"}) || older != id["bob"] || newer != id["carol"] {
		t.Errorf("the first page: %v, older %d, newer %d", got, older, newer)
	}
	if got, older, _ := list(store.MemberQuery{}, store.Cursor{Limit: 2, Before: older}); !slices.Equal(got, []string{"ann_a", "alice"}) || older != 0 {
		t.Errorf("the second page: %v, older %d", got, older)
	}
	if got, _, newer := list(store.MemberQuery{}, store.Cursor{Limit: 2, After: id["alice"]}); !slices.Equal(got, []string{"bob", "ann_a"}) || newer != id["bob"] {
		t.Errorf("the page above: %v, newer %d", got, newer)
	}
}
