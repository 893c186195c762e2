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
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	must(t, db.SubscribePush(t.Context(), &store.PushSubscription{
		AccountID: who.ID, TokenID: token.ID, Endpoint: "https://push.example/1", Kinds: kinds,
		PublicKey: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(make([]byte, 16)),
	}))
}
