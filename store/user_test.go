package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestSignInAndSessions(t *testing.T) {
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice := storetest.Member(t, db, "alice")
	if _, err := db.CheckPassword(ctx, "ALICE", "wrong password!!"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("wrong password: %v", err)
	}
	if _, err := db.CheckPassword(ctx, "nobody", storetest.Password); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown name: %v", err)
	}
	_, err := db.CheckPassword(ctx, "@Alice", storetest.Password)
	must(t, err)
	secret, err := db.CreateSession(ctx, alice.ID, "Firefox", "192.0.2.1")
	must(t, err)
	s, u, err := db.SessionUser(ctx, secret)
	must(t, err)
	if u.Account.ID != alice.ID || s.UserAgent != "Firefox" {
		t.Errorf("session of %s on %s", u.Account.Username, s.UserAgent)
	}
	other, err := db.CreateSession(ctx, alice.ID, "Other", "")
	must(t, err)
	must(t, db.SetPassword(ctx, alice.ID, "another long one", s.ID))
	if _, _, err := db.SessionUser(ctx, other); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("other session after a new password: %v", err)
	}
	now = now.Add(store.SessionAge + time.Hour)
	if _, _, err := db.SessionUser(ctx, secret); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("session after its time: %v", err)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	for name, want := range map[string]store.NameProblem{
		"": store.NameEmpty, "admin": store.NameReserved, "Adm1n": store.NameReserved, "a_d_m_i_n": store.NameReserved, "root": store.NameReserved,
		strings.Repeat("a", 31): store.NameTooLong, "жук": store.NameLetters, "а": store.NameLetters, "a b": store.NameLetters, "..": store.NameLetters,
		"a%2f": store.NameLetters, "___": store.NameLetters, "rnoderator": store.NameReserved,
	} {
		_, err := store.CleanName(name)
		var ne *store.NameError
		if !errors.As(err, &ne) || ne.Problem != want {
			t.Errorf("name %q: %v, want %q", name, err, want)
		}
	}
	if got, err := store.CleanName(" @Mira_2 "); got != "mira_2" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSignUpModes(t *testing.T) {
	db := storetest.New(t)
	owner, err := db.CreateUser(ctx, storetest.NewUser(t, "boss_1", store.Owner))
	must(t, err)
	inv, err := db.CreateInvite(ctx, owner.Account.ID, 1, time.Hour)
	must(t, err)
	n := 0
	try := func(reason, invite string) (store.UserState, error) {
		n++
		u, _, err := db.SignUp(ctx, store.SignUp{NewUser: store.NewUser{Name: fmt.Sprintf("new%d", n), Password: storetest.Password}, Reason: reason, Invite: invite})
		if err != nil {
			return 0, err
		}
		return u.State, nil
	}
	for _, c := range []struct {
		mode, reason, invite string
		state                store.UserState
		err                  error
	}{
		{"open", "", "", store.UserActive, nil},
		{"approval", "", "", 0, store.ErrReasonNeeded},
		{"approval", "I like it", "", store.UserPending, nil},
		{"invite", "", "", 0, store.ErrInviteNeeded},
		{"invite", "", "wrong", 0, store.ErrInviteUsed},
		{"invite", "", inv.Code, store.UserActive, nil},
		{"invite", "", inv.Code, 0, store.ErrInviteUsed},
		{"closed", "", "", 0, store.ErrSignUpClosed},
		{"closed", "", inv.Code, 0, store.ErrSignUpClosed},
	} {
		must(t, db.SetSetting(ctx, "registrations", c.mode))
		state, err := try(c.reason, c.invite)
		if !errors.Is(err, c.err) || err == nil && state != c.state {
			t.Errorf("%s %q %q: %v, %v; want %v, %v", c.mode, c.reason, c.invite, state, err, c.state, c.err)
		}
	}
}

func TestFoundingAddressStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seedling.db")
	if _, err := store.Open(ctx, store.Config{Path: path}); !errors.Is(err, store.ErrNotFounded) {
		t.Errorf("open without an address: %v, want ErrNotFounded", err)
	}
	db, err := store.Open(ctx, store.Config{Path: path, URL: "https://social.example.org", AccountDomain: "example.org"})
	must(t, err)
	must(t, db.Close())
	var fe *store.FoundedError
	if _, err := store.Open(ctx, store.Config{Path: path, URL: "https://other.example"}); !errors.As(err, &fe) {
		t.Errorf("another address: %v, want *FoundedError", err)
	}
	db, err = store.Open(ctx, store.Config{Path: path})
	must(t, err)
	if db.URL() != "https://social.example.org" || db.AccountDomain() != "example.org" {
		t.Errorf("reopened as %s, %s", db.URL(), db.AccountDomain())
	}
	must(t, db.Close())
}
