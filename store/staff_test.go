package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// The ranks of the staff: who may do what to whom.
func TestStaffChangesOnlyThoseBelow(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	id := map[store.Role]int64{}
	for role, name := range map[store.Role]string{store.Owner: "olga", store.Admin: "ada", store.Moderator: "mo", store.Member: "mel"} {
		id[role] = storetest.Member(t, db, name).ID
		must(t, db.SetRole(ctx, store.Staff{}, id[role], role))
	}
	other := storetest.Member(t, db, "other").ID
	for _, c := range []struct {
		by, of, to store.Role
		fine       bool
	}{
		{store.Owner, store.Member, store.Owner, true}, {store.Owner, store.Owner, store.Member, true},
		{store.Admin, store.Member, store.Moderator, true}, {store.Admin, store.Member, store.Admin, false}, {store.Admin, store.Member, store.Owner, false},
		{store.Admin, store.Moderator, store.Member, true}, {store.Admin, store.Admin, store.Member, false}, {store.Admin, store.Owner, store.Member, false},
		{store.Moderator, store.Member, store.Moderator, false}, {store.Moderator, store.Moderator, store.Member, false}, {store.Member, store.Member, store.Moderator, false},
	} {
		must(t, db.SetRole(ctx, store.Staff{}, other, c.of))
		err := db.SetRole(ctx, store.Staff{AccountID: id[c.by]}, other, c.to)
		if fine := err == nil; fine != c.fine || !fine && !errors.Is(err, store.ErrForbidden) {
			t.Errorf("%s makes a %s %s: got %v, want success %v", c.by, c.of, c.to, err, c.fine)
		}
	}
	must(t, db.SetRole(ctx, store.Staff{}, other, store.Member))
	for by, fine := range map[store.Role]bool{store.Owner: true, store.Admin: true, store.Moderator: true, store.Member: false} {
		err := db.DisableUser(ctx, store.Staff{AccountID: id[by]}, other)
		if fine != (err == nil) {
			t.Errorf("%s disables a member: got %v, want success %v", by, err, fine)
		}
		must(t, db.EnableUser(ctx, store.Staff{}, other))
	}
	must(t, db.SetSetting(ctx, "registrations", "approval"))
	for i, decide := range []func(context.Context, store.Staff, int64) error{db.ApproveUser, db.RejectUser} {
		waiting, _, err := db.SignUp(ctx, store.SignUp{NewUser: store.NewUser{Name: fmt.Sprintf("new%d", i), Password: storetest.Password}, Reason: "seeds"})
		must(t, err)
		if err := decide(ctx, store.Staff{AccountID: id[store.Member]}, waiting.Account.ID); !errors.Is(err, store.ErrForbidden) {
			t.Errorf("a member decides who joins: got %v, want %v", err, store.ErrForbidden)
		}
		must(t, decide(ctx, store.Staff{AccountID: id[store.Moderator]}, waiting.Account.ID))
		if err := decide(ctx, store.Staff{AccountID: id[store.Moderator]}, waiting.Account.ID); !errors.Is(err, store.ErrDecidedAlready) {
			t.Errorf("decided twice: got %v, want %v", err, store.ErrDecidedAlready)
		}
	}
	if err := db.ResetSecondFactors(ctx, store.Staff{AccountID: id[store.Admin]}, id[store.Owner]); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("an admin ends the passkeys of an owner: got %v, want %v", err, store.ErrForbidden)
	}
	if _, err := db.NewPasswordLink(ctx, store.Staff{AccountID: id[store.Admin]}, id[store.Owner]); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("an admin makes a link for an owner's password: got %v, want %v", err, store.ErrForbidden)
	}
	var last *store.LastOwnerError
	if err := db.SetRole(ctx, store.Staff{AccountID: id[store.Owner]}, id[store.Owner], store.Member); !errors.As(err, &last) {
		t.Errorf("the last owner steps down: got %v, want %T", err, last)
	}
	if err := db.DisableUser(ctx, store.Staff{}, id[store.Owner]); !errors.As(err, &last) {
		t.Errorf("the last owner is disabled: got %v, want %T", err, last)
	}
}

// Every change is in the log, with who, why, before and after; what changed
// nothing is not.
func TestStaffLogTellsWhatChanged(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	olga, mel := storetest.Member(t, db, "olga").ID, storetest.Member(t, db, "mel").ID
	must(t, db.SetRole(ctx, store.Staff{}, olga, store.Owner))
	by := store.Staff{AccountID: olga, Reason: "is kind"}
	must(t, db.SetRole(ctx, by, mel, store.Moderator))
	must(t, db.SetRole(ctx, by, mel, store.Moderator))
	must(t, db.DisableUser(ctx, by, mel))
	must(t, db.DisableUser(ctx, by, mel))
	must(t, db.EnableUser(ctx, by, mel))
	_, err := db.NewPasswordLink(ctx, by, mel)
	must(t, err)
	var long *store.InputError
	if err := db.SetRole(ctx, store.Staff{AccountID: olga, Reason: string(make([]byte, 501))}, mel, store.Member); !errors.As(err, &long) || long.Field != "reason" {
		t.Errorf("a reason of 501 characters: got %v, want an InputError", err)
	}
	list, err := db.StaffLog(ctx, mel, 0, 10)
	must(t, err)
	want := []store.StaffAction{store.StaffLink, store.StaffEnabled, store.StaffDisabled, store.StaffRole}
	if len(list) != len(want) {
		t.Fatalf("got %d lines, want %d", len(list), len(want))
	}
	for i, e := range list {
		if e.Action != want[i] || e.Actor != "olga" || e.Account != "mel" || e.Reason != "is kind" || e.At.IsZero() {
			t.Errorf("line %d: got %+v, want %s", i, e, want[i])
		}
	}
	if e := list[3]; e.Before != "member" || e.After != "moderator" {
		t.Errorf("the role's line: got %q to %q", e.Before, e.After)
	}
	if all, err := db.StaffLog(ctx, 0, list[1].ID, 1); err != nil || len(all) != 1 || all[0].ID != list[2].ID {
		t.Errorf("the page after the second line: got %d lines, %v", len(all), err)
	}
}

// A link for a new password: once, for three days, and not when a newer one was
// made or the member can't log in.
func TestPasswordLink(t *testing.T) {
	c := &clock{at: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)}
	db, ctx := storetest.Open(t, store.Config{URL: storetest.URL, Now: c.now}), t.Context()
	u, first, err := db.CreateMember(ctx, store.Staff{}, store.NewUser{Name: "new"})
	must(t, err)
	id := u.Account.ID
	second, err := db.NewPasswordLink(ctx, store.Staff{}, id)
	must(t, err)
	for name, secret := range map[string]string{"an earlier link": first, "no link": "", "somebody's guess": "guess"} {
		if _, err := db.UsePasswordLink(ctx, secret, storetest.Password); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %v, want %v", name, err, store.ErrNotFound)
		}
	}
	var weak *store.PasswordError
	if _, err := db.UsePasswordLink(ctx, second, "short"); !errors.As(err, &weak) {
		t.Errorf("a short password: got %v, want %T", err, weak)
	}
	_, err = db.CreateSession(ctx, id, "", "")
	must(t, err)
	got, err := db.UsePasswordLink(ctx, second, storetest.Password)
	must(t, err)
	if sessions, err := db.Sessions(ctx, id); err != nil || got.Account.ID != id || len(sessions) != 0 {
		t.Errorf("after the link: %d sessions, %v, want none", len(sessions), err)
	}
	if _, err := db.CheckPassword(ctx, "new", storetest.Password); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if first, err := db.Welcome(ctx, id); err != nil || !first {
		t.Errorf("a member made by the staff is led through the first steps: got %v, %v", first, err)
	}
	if _, err := db.UsePasswordLink(ctx, second, storetest.Password); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link once more: got %v, want %v", err, store.ErrNotFound)
	}
	old, err := db.NewPasswordLink(ctx, store.Staff{}, id)
	must(t, err)
	c.at = c.at.Add(store.PasswordLinkAge + time.Minute)
	if _, err := db.PasswordLinkUser(ctx, old); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link that is too old: got %v, want %v", err, store.ErrNotFound)
	}
	disabled, err := db.NewPasswordLink(ctx, store.Staff{}, id)
	must(t, err)
	must(t, db.DisableUser(ctx, store.Staff{}, id))
	must(t, db.EnableUser(ctx, store.Staff{}, id))
	if _, err := db.PasswordLinkUser(ctx, disabled); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link from before somebody was disabled: got %v, want %v", err, store.ErrNotFound)
	}
}

func TestMembersAreFoundAndPaged(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	ids := map[string]int64{}
	for _, name := range []string{"ann", "anna", "bo_b", "cleo"} {
		ids[name] = storetest.Member(t, db, name).ID
	}
	must(t, db.SetRole(ctx, store.Staff{}, ids["cleo"], store.Owner))
	must(t, db.DisableUser(ctx, store.Staff{}, ids["bo_b"]))
	_, err := db.CreateSession(ctx, ids["ann"], "", "")
	must(t, err)
	for _, c := range []struct {
		filter store.MemberFilter
		text   string
		want   []string
	}{
		{store.AllMembers, "", []string{"cleo", "bo_b", "anna", "ann"}}, {store.AllMembers, "@AN", []string{"anna", "ann"}}, {store.AllMembers, "_", []string{"bo_b"}},
		{store.AllMembers, "%", nil}, {store.ActiveMembers, "o", []string{"cleo"}}, {store.DisabledMembers, "", []string{"bo_b"}},
		{store.StaffMembers, "", []string{"cleo"}}, {store.WaitingMembers, "", nil},
	} {
		list, err := db.Members(ctx, c.filter, c.text, 0, 10)
		must(t, err)
		var got []string
		for _, m := range list {
			got = append(got, m.Account.Username)
			if seen := !m.SeenAt.IsZero(); seen != (m.Account.Username == "ann") {
				t.Errorf("%s was seen: got %v", m.Account.Username, seen)
			}
		}
		if len(got) != len(c.want) || len(got) > 0 && (got[0] != c.want[0] || got[len(got)-1] != c.want[len(c.want)-1]) {
			t.Errorf("filter %d, text %q: got %v, want %v", c.filter, c.text, got, c.want)
		}
	}
	if page, err := db.Members(ctx, store.AllMembers, "", ids["anna"], 1); err != nil || len(page) != 1 || page[0].Account.Username != "ann" {
		t.Errorf("the page after anna: got %v, %v", page, err)
	}
}
