package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// carryOver does the carry jobs that are due.
func carryOver(t *testing.T, db *store.DB) {
	t.Helper()
	jobs, err := db.ClaimJobs(t.Context(), 100, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if j.Kind != store.JobCarry {
			continue
		}
		if err := db.CarryFollowers(t.Context(), j.Payload); err != nil {
			t.Fatal(err)
		}
		if err := db.FinishJob(t.Context(), j.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func kindsOf(t *testing.T, db *store.DB) (kinds []store.OutboxKind) {
	t.Helper()
	items, err := db.Outbox(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range items {
		kinds = append(kinds, o.Kind)
	}
	return kinds
}

func TestAliases(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	other := storetest.Remote(t, db, "alice@there.example")
	for range 2 { // again changes nothing
		if err := db.AddAlias(t.Context(), alice.ID, other.URI); err != nil {
			t.Fatal(err)
		}
	}
	if got := kindsOf(t, db); !slices.Equal(got, []store.OutboxKind{store.OutboxUpdateAccount}) {
		t.Errorf("told %v, want one update", got)
	}
	if err := db.AddAlias(t.Context(), alice.ID, alice.URI); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("alias of itself: %v", err)
	}
	if err := db.AddAlias(t.Context(), alice.ID, "https://there.example/users/nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("alias that nobody has seen: %v", err)
	}
	var many *store.ProfileError
	var err error
	for i := range 20 {
		if err = db.AddAlias(t.Context(), alice.ID, storetest.Remote(t, db, fmt.Sprintf("a%d@there.example", i)).URI); err != nil {
			break
		}
	}
	if !errors.As(err, &many) || many.Limit != 10 {
		t.Errorf("too many aliases: %v", err)
	}
	if err := db.RemoveAlias(t.Context(), alice.ID, other.URI); err != nil {
		t.Error(err)
	}
	if err := db.RemoveAlias(t.Context(), alice.ID, other.URI); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an alias taken back twice: %v", err)
	}
	if err := db.AddAlias(t.Context(), other.ID, alice.URI); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("alias of an account elsewhere: %v", err)
	}
}

func TestMoveRules(t *testing.T) {
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice, carol := storetest.Member(t, db, "alice"), storetest.Member(t, db, "carol")
	there := storetest.Remote(t, db, "alice@there.example")
	refused := func(target int64, want store.MoveProblem) {
		t.Helper()
		var no *store.MoveError
		if err := db.MoveAccount(t.Context(), alice.ID, target); !errors.As(err, &no) || no.Problem != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	save := func(change func(*store.Account)) {
		t.Helper()
		change(there)
		if err := db.SaveRemoteAccount(t.Context(), there); err != nil {
			t.Fatal(err)
		}
	}
	refused(alice.ID, store.MoveToItself)
	refused(there.ID, store.MoveNoAlias)
	save(func(a *store.Account) { a.AlsoKnownAs, a.MovedToURI = []string{alice.URI}, carol.URI })
	refused(there.ID, store.MoveChain)
	save(func(a *store.Account) { a.MovedToURI = "" })
	if err := db.ReceiveMove(t.Context(), alice.ID, there.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a member moved from elsewhere: %v", err)
	}
	if err := db.MoveAccount(t.Context(), alice.ID, there.ID); err != nil {
		t.Fatal(err)
	}
	if got := kindsOf(t, db); !slices.Equal(got, []store.OutboxKind{store.OutboxUpdateAccount, store.OutboxMove}) {
		t.Errorf("told %v, want the update and the move", got)
	}
	refused(there.ID, store.MoveTooSoon)
	if err := db.Follow(t.Context(), carol.ID, alice.ID); !errors.Is(err, store.ErrMoved) {
		t.Errorf("follow who has moved: %v", err)
	}
	if err := db.ReceiveFollow(t.Context(), there.ID, alice.ID, "https://there.example/follows/1"); err != nil {
		t.Fatal(err)
	}
	if got := kindsOf(t, db); got[len(got)-1] != store.OutboxReject {
		t.Errorf("a follow of who has moved is answered with %s, want a Reject", got[len(got)-1])
	}
	if err := db.ReturnHome(t.Context(), alice.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.Follow(t.Context(), carol.ID, alice.ID); err != nil {
		t.Errorf("follow who has come home: %v", err)
	}
	refused(there.ID, store.MoveTooSoon) // coming home is no way around it
	now = now.Add(8 * 24 * time.Hour)
	if err := db.MoveAccount(t.Context(), alice.ID, there.ID); err != nil {
		t.Errorf("a week later: %v", err)
	}
}

// Followers and those who asked are carried over, each once; who can't
// follow the new account keeps the old follow.
func TestCarryFollowers(t *testing.T) {
	db := storetest.New(t)
	old, target := storetest.Remote(t, db, "bob@there.example"), storetest.Remote(t, db, "bob@new.example")
	var members []*store.Account
	for i := range 5 {
		members = append(members, storetest.Member(t, db, fmt.Sprintf("fan%d", i)))
	}
	for i, m := range members {
		if err := db.Follow(t.Context(), m.ID, old.ID); err != nil {
			t.Fatal(err)
		}
		if i == 0 { // the others' requests were not answered
			if err := db.ReceiveAccept(t.Context(), store.FollowRef{AccountID: m.ID, TargetID: old.ID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := db.Follow(t.Context(), members[1].ID, target.ID); err != nil { // follows both already
		t.Fatal(err)
	}
	if err := db.Block(t.Context(), members[2].ID, target.ID); err != nil {
		t.Fatal(err)
	}
	target.AlsoKnownAs = []string{old.URI}
	if err := db.SaveRemoteAccount(t.Context(), target); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := db.ReceiveMove(t.Context(), old.ID, target.ID); err != nil {
			t.Fatal(err)
		}
		carryOver(t, db)
	}
	for i, m := range members {
		r, err := db.Relations(t.Context(), m.ID, []int64{old.ID, target.ID})
		if err != nil {
			t.Fatal(err)
		}
		stays := i == 2
		if got := r[target.ID].Requested; got == stays {
			t.Errorf("member %d asked to follow the new account: %v", i, got)
		}
		if got := r[old.ID].Requested || r[old.ID].Following; got != stays {
			t.Errorf("member %d follows the old account: %v", i, got)
		}
	}
	a, err := db.Account(t.Context(), old.ID)
	if err != nil || a.MovedToURI != target.URI || a.FollowersCount != 0 {
		t.Errorf("old account: moved to %q, %d followers, %v", a.MovedToURI, a.FollowersCount, err)
	}
}
