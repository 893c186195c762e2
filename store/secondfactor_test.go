package store_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"seedling/store"
	"seedling/store/storetest"

	"github.com/pquerna/otp/totp"
)

// codeAt is what the app of a member shows at a time.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	must(t, err)
	return code
}

func TestCodesAreTakenOnceAndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := storetest.New(t)
		ctx := t.Context()
		alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
		if _, err := db.ConfirmTOTP(ctx, alice.ID, "000000"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("confirmed before it was started: %v, want ErrNotFound", err)
		}
		must(t, db.StartTOTP(ctx, alice.ID))
		must(t, db.StartTOTP(ctx, bob.ID))
		f, err := db.SecondFactors(ctx, alice.ID)
		must(t, err)
		secret := f.Pending
		if f.On || len(f.Pending) != 32 {
			t.Fatalf("started: %+v", f)
		}
		other, err := db.SecondFactors(ctx, bob.ID)
		must(t, err)
		for name, code := range map[string]string{"none": "", "text": "abcdef", "another member's": codeAt(t, other.Pending, time.Now()),
			"an old one": codeAt(t, f.Pending, time.Now().Add(-90*time.Second)), "one to come": codeAt(t, f.Pending, time.Now().Add(90*time.Second))} {
			if _, err := db.ConfirmTOTP(ctx, alice.ID, code); !errors.Is(err, store.ErrWrongCode) {
				t.Errorf("%s: %v, want ErrWrongCode", name, err)
			}
		}
		if _, err := db.CheckCode(ctx, alice.ID, codeAt(t, f.Pending, time.Now())); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a code before it is confirmed: %v, want ErrNotFound", err)
		}
		recovery, err := db.ConfirmTOTP(ctx, alice.ID, " "+codeAt(t, f.Pending, time.Now())[:3]+" "+codeAt(t, f.Pending, time.Now())[3:])
		must(t, err)
		if err := db.StartTOTP(ctx, alice.ID); !errors.Is(err, store.ErrConflict) {
			t.Errorf("started again: %v, want ErrConflict", err)
		}
		if f, err = db.SecondFactors(ctx, alice.ID); err != nil || !f.On || f.Pending != "" || f.Recovery != 10 || len(recovery) != 10 {
			t.Errorf("confirmed: %+v, %v", f, err)
		}
		check := func(name, code string, want error, way store.SignInWay) {
			t.Helper()
			got, err := db.CheckCode(ctx, alice.ID, code)
			if !errors.Is(err, want) || err == nil && got != way {
				t.Errorf("%s: %s, %v; want %s, %v", name, got, err, way, want)
			}
		}

		check("the code that confirmed", codeAt(t, secret, time.Now()), store.ErrWrongCode, "")
		check("the next one", codeAt(t, secret, time.Now().Add(30*time.Second)), nil, store.SignInCode)
		check("the same again", codeAt(t, secret, time.Now().Add(30*time.Second)), store.ErrWrongCode, "")
		check("the one before it", codeAt(t, secret, time.Now()), store.ErrWrongCode, "")
		time.Sleep(5 * time.Minute)
		check("later", codeAt(t, secret, time.Now()), nil, store.SignInCode)
		check("recovery", recovery[3], nil, store.SignInRecovery)
		check("recovery twice", recovery[3], store.ErrWrongCode, "")
		check("recovery as people type", fmt.Sprintf(" %s %s ", recovery[4][:9], recovery[4][10:]), nil, store.SignInRecovery)
		if _, err := db.CheckCode(ctx, bob.ID, recovery[5]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another member's recovery code: %v", err)
		}
		fresh, err := db.NewRecoveryCodes(ctx, alice.ID)
		must(t, err)
		check("an old recovery code", recovery[5], store.ErrWrongCode, "")
		check("a new one", fresh[0], nil, store.SignInRecovery)
		must(t, db.ResetSecondFactors(ctx, store.Staff{}, alice.ID))
		if f, err := db.SecondFactors(ctx, alice.ID); err != nil || f.On || f.Recovery != 0 {
			t.Errorf("after the reset: %+v, %v", f, err)
		}
		if _, err := db.NewRecoveryCodes(ctx, alice.ID); !errors.Is(err, store.ErrForbidden) {
			t.Errorf("recovery codes without an app: %v, want ErrForbidden", err)
		}
	})
}

func TestCeremoniesEndOnceAndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := storetest.New(t)
		ctx := t.Context()
		alice := storetest.Member(t, db, "alice")
		secret, err := db.BeginCeremony(ctx, store.Ceremony{Kind: store.CeremonyCode, AccountID: alice.ID, Detail: "/home"})
		must(t, err)
		if _, err := db.Ceremony(ctx, secret, store.CeremonyPasskey); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("as another kind: %v, want ErrNotFound", err)
		}
		if c, err := db.Ceremony(ctx, secret, store.CeremonyCode); err != nil || c.AccountID != alice.ID || c.Detail != "/home" {
			t.Errorf("looked at: %+v, %v", c, err)
		}
		if _, err := db.EndCeremony(ctx, secret, store.CeremonyCode); err != nil {
			t.Errorf("ended: %v", err)
		}
		if _, err := db.EndCeremony(ctx, secret, store.CeremonyCode); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("ended twice: %v, want ErrNotFound", err)
		}
		late, err := db.BeginCeremony(ctx, store.Ceremony{Kind: store.CeremonyCode, AccountID: alice.ID})
		must(t, err)
		time.Sleep(store.CeremonyAge)
		if _, err := db.EndCeremony(ctx, late, store.CeremonyCode); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("too late: %v, want ErrNotFound", err)
		}
		changed, err := db.BeginCeremony(ctx, store.Ceremony{Kind: store.CeremonyCode, AccountID: alice.ID})
		must(t, err)
		must(t, db.SetPassword(ctx, alice.ID, "another horse battery", 0))
		if _, err := db.Ceremony(ctx, changed, store.CeremonyCode); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after a new password: %v, want ErrNotFound", err)
		}
	})
}

func TestPasskeysBelongToOneMember(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	key := store.Passkey{AccountID: alice.ID, CredentialID: []byte("one"), Credential: "{}", Name: "  My\n phone "}
	must(t, db.AddPasskey(ctx, key))
	key.AccountID = bob.ID
	if err := db.AddPasskey(ctx, key); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the same key for another member: %v, want ErrConflict", err)
	}
	var bad *store.InputError
	if err := db.AddPasskey(ctx, store.Passkey{AccountID: bob.ID, CredentialID: []byte("two"), Name: " "}); !errors.As(err, &bad) {
		t.Errorf("no name: %v, want an InputError", err)
	}
	for i := range 20 {
		must(t, db.AddPasskey(ctx, store.Passkey{AccountID: bob.ID, CredentialID: []byte{byte(i)}, Name: "key"}))
	}
	if err := db.AddPasskey(ctx, store.Passkey{AccountID: bob.ID, CredentialID: []byte("21"), Name: "key"}); !errors.As(err, &bad) {
		t.Errorf("the 21st: %v, want an InputError", err)
	}
	list, err := db.Passkeys(ctx, alice.ID)
	must(t, err)
	if len(list) != 1 || list[0].Name != "My phone" || !list[0].UsedAt.IsZero() {
		t.Fatalf("alice's keys: %+v", list)
	}
	if err := db.RemovePasskey(ctx, bob.ID, list[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another member's key: %v, want ErrNotFound", err)
	}
	must(t, db.UsePasskey(ctx, list[0].ID, `{"n":1}`))
	if p, err := db.Passkey(ctx, []byte("one")); err != nil || p.AccountID != alice.ID || p.Credential != `{"n":1}` || p.UsedAt.IsZero() {
		t.Errorf("used: %+v, %v", p, err)
	}
	must(t, db.RemovePasskey(ctx, alice.ID, list[0].ID))
	if _, err := db.Passkey(ctx, []byte("one")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed: %v, want ErrNotFound", err)
	}
}

func TestLogOfSignInsIsBounded(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	for i := range 60 {
		must(t, db.LogSignIn(t.Context(), store.SignIn{AccountID: alice.ID, Way: store.SignInPassword, Address: fmt.Sprint("192.0.2.", i)}))
	}
	list, err := db.SignIns(t.Context(), alice.ID)
	must(t, err)
	if len(list) != 50 || list[0].Address != "192.0.2.59" {
		t.Errorf("%d lines, the first from %s; want 50, 192.0.2.59", len(list), list[0].Address)
	}
}
