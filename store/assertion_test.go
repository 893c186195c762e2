package store_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestEveryLocalAccountHasAnAssertionKey also holds for the instance actor.
func TestEveryLocalAccountHasAnAssertionKey(t *testing.T) {
	ctx, db := context.Background(), storetest.New(t)
	instance, err := db.InstanceActor(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []*store.Account{instance, storetest.Member(t, db, "alice")} {
		keys, err := db.AssertionKeys(ctx, a.ID)
		if err != nil || len(keys) != 1 {
			t.Fatalf("%s has the keys %v, %v", a.Username, keys, err)
		}
		uri, private, err := db.AssertionSigner(ctx, a.ID)
		if err != nil || uri != keys[0].URI || uri == a.KeyURI || !keys[0].Public.Equal(private.Public()) {
			t.Errorf("%s signs with %s, %v, and publishes %v", a.Username, uri, err, keys)
		}
		if owner, err := db.AccountByKey(ctx, uri); err != nil || owner.ID != a.ID {
			t.Errorf("the key of %s belongs to %v, %v", a.Username, owner, err)
		}
	}
}

// TestAssertionKeysOfOthersAreReplaced: what a document does not name any more
// is no key of the account; nobody can take the key of another.
func TestAssertionKeysOfOthersAreReplaced(t *testing.T) {
	ctx, db := context.Background(), storetest.New(t)
	bob, carol := storetest.Remote(t, db, "bob@far.example"), storetest.Remote(t, db, "carol@far.example")
	key := func(uri string) store.AssertionKey {
		public, _, _ := ed25519.GenerateKey(nil)
		return store.AssertionKey{URI: uri, Public: public}
	}
	one, two := key(bob.URI+"#one"), key(bob.URI+"#two")
	for _, keys := range [][]store.AssertionKey{{one}, {two}} {
		bob.NewAssertionKeys = keys
		if err := db.SaveRemoteAccount(ctx, bob); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := db.AssertionKeys(ctx, bob.ID); err != nil || len(keys) != 1 || keys[0].URI != two.URI {
		t.Errorf("bob has the keys %v, %v; want %s alone", keys, err, two.URI)
	}
	if _, err := db.AccountByKey(ctx, one.URI); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old key still belongs to somebody: %v", err)
	}
	carol.NewAssertionKeys = []store.AssertionKey{key(two.URI)}
	if err := db.SaveRemoteAccount(ctx, carol); err != nil {
		t.Fatal(err)
	}
	if owner, err := db.AccountByKey(ctx, two.URI); err != nil || owner.ID != bob.ID {
		t.Errorf("bob's key went to %v, %v", owner, err)
	}
	if err := db.DeleteRemoteAccount(ctx, bob.ID); err != nil {
		t.Fatal(err)
	}
	if keys, _ := db.AssertionKeys(ctx, bob.ID); len(keys) != 0 {
		t.Errorf("deleted, bob has the keys %v", keys)
	}
}
