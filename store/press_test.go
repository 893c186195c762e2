package store_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// TestAPressMakesOneThing: what is made under a key is made once, also by
// another process, and what was refused is not held against it.
func TestAPressMakesOneThing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	config := store.Config{URL: storetest.URL, Path: filepath.Join(t.TempDir(), "seedling.db"), Now: func() time.Time { return now }}
	db := storetest.Open(t, config)
	alice := storetest.Member(t, db, "alice")
	key := []byte("a form")
	create := func(title string) error {
		return db.CreateList(store.Once(ctx, key), alice.ID, &store.List{Title: title})
	}
	var refused *store.InputError
	if err := create(""); !errors.As(err, &refused) {
		t.Fatalf("a list without a title: %v", err)
	}
	must(t, create("Friends"))
	if err := create("Friends"); !errors.Is(err, store.ErrPressed) {
		t.Errorf("pressed again: %v, want ErrPressed", err)
	}
	must(t, db.PressLedTo(ctx, key, "/lists/1/edit"))
	must(t, db.Close())
	db = storetest.Open(t, config)
	if err := create("Friends"); !errors.Is(err, store.ErrPressed) {
		t.Errorf("pressed again after a restart: %v, want ErrPressed", err)
	}
	if to, err := db.Pressed(ctx, key); err != nil || to != "/lists/1/edit" {
		t.Errorf("it led to %q, %v", to, err)
	}
	both := store.Once(ctx, []byte("a form that writes twice"))
	for range 2 {
		must(t, db.CreateList(both, alice.ID, &store.List{Title: "Two"}))
	}
	must(t, db.ForgetPress(ctx, key))
	must(t, create("Friends"))
	now = now.Add(8 * 24 * time.Hour)
	must(t, db.CreateList(store.Once(ctx, []byte("later")), alice.ID, &store.List{Title: "Later"}))
	if _, err := db.Pressed(ctx, key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a press of last week: %v, want ErrNotFound", err)
	}
}
