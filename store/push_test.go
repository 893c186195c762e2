package store_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestPushRespectsWhatAMemberWantsToHear counts the pushes that a private post
// of a stranger leads to.
func TestPushRespectsWhatAMemberWantsToHear(t *testing.T) {
	mention := []store.NotificationKind{store.NotifyMention}
	for _, c := range []struct {
		name   string
		kinds  []store.NotificationKind
		policy store.NotificationPolicy
		want   int
	}{
		{"told and pushed", mention, store.NotificationPolicy{}, 1},
		{"a kind that the subscription leaves out", []store.NotificationKind{store.NotifyFollow}, store.NotificationPolicy{}, 0},
		{"a kind that stays on the pages", mention, store.NotificationPolicy{NoPush: mention}, 0},
		{"another kind stays on the pages", mention, store.NotificationPolicy{NoPush: []store.NotificationKind{store.NotifyFollow}}, 1},
		{"held", mention, store.NotificationPolicy{NotFollowing: store.HoldNotification}, 0},
		{"dropped", mention, store.NotificationPolicy{NotFollowing: store.DropNotification}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := storetest.New(t)
			ctx := t.Context()
			alice, zoe := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "zoe@far.example")
			subscribe(t, db, alice, c.kinds)
			must(t, db.SetNotificationPolicy(ctx, alice.ID, c.policy))
			storetest.Receive(t, db, zoe, zoe.URI+"/1", "<p>psst</p>", direct(zoe, alice.ID))
			counts, err := db.CountJobs(ctx)
			must(t, err)
			got := 0
			for _, n := range counts {
				if n.Kind == store.JobPush {
					got = n.Due + n.Later
				}
			}
			if got != c.want {
				t.Errorf("%d pushes, want %d", got, c.want)
			}
		})
	}
}

// subscribe gives a new token of a member a subscription with a key of its own.
func subscribe(t *testing.T, db *store.DB, who *store.Account, kinds []store.NotificationKind) {
	t.Helper()
	secret, err := db.CreateToken(t.Context(), who.ID, "push")
	must(t, err)
	token, _, err := db.Token(t.Context(), secret)
	must(t, err)
	must(t, db.SubscribePush(t.Context(), &store.PushSubscription{
		AccountID: who.ID, TokenID: token.ID, Endpoint: "https://push.example/1", Kinds: kinds, PublicKey: pushPoint(t), Auth: noAuth,
	}))
}

var noAuth = base64.RawURLEncoding.EncodeToString(make([]byte, 16))

// pushPoint is the public key of a new browser.
func pushPoint(t *testing.T) string {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	return base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())
}

// TestABrowserWakesWhoSubscribedLast lets two members use one browser, and a
// third one an app that happens to have the same address.
func TestABrowserWakesWhoSubscribedLast(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	subscribe(t, db, bob, nil)
	woken := func(who *store.Account) []store.Woken {
		list, err := db.Woken(ctx, who.ID)
		must(t, err)
		return list
	}
	for _, who := range []*store.Account{alice, bob} {
		secret, err := db.CreateSession(ctx, who.ID, "Firefox/1", "203.0.113.1")
		must(t, err)
		session, _, err := db.SessionUser(ctx, secret)
		must(t, err)
		must(t, db.SubscribePush(ctx, &store.PushSubscription{AccountID: who.ID, SessionID: session.ID, Endpoint: "https://push.example/1", PublicKey: pushPoint(t), Auth: noAuth}))
	}
	if got := woken(alice); len(got) != 0 {
		t.Errorf("alice's browser is bob's now, and has %+v", got)
	}
	got := woken(bob)
	if len(got) != 2 || got[0].UserAgent != "Firefox/1" || got[0].SessionID == 0 || got[1].SessionID != 0 {
		t.Fatalf("bob has %+v, want a browser and an app", got)
	}
	must(t, db.LetSleep(ctx, alice.ID, got[0].ID))
	if n := len(woken(bob)); n != 2 {
		t.Errorf("alice removed bob's: %d stay", n)
	}
	must(t, db.LetSleep(ctx, bob.ID, got[1].ID))
	must(t, db.EndSession(ctx, bob.ID, got[0].SessionID))
	if got := woken(bob); len(got) != 0 {
		t.Errorf("after its session a browser has %+v", got)
	}
}
