package store_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// TestTakeoutFiles: a file is there whole or not at all, one a week can be asked
// for, and what ends leaves nothing behind.
func TestTakeoutFiles(t *testing.T) {
	now, ctx, path := time.Now(), t.Context(), filepath.Join(t.TempDir(), "seedling.db")
	db := storetest.Open(t, store.Config{Path: path, URL: "https://willow.example", Now: func() time.Time { return now }})
	mira, noor := storetest.Member(t, db, "mira"), storetest.Member(t, db, "noor")
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	newest := func() *store.Takeout {
		t.Helper()
		list, err := db.Takeouts(ctx, mira.ID)
		try(err)
		return list[0]
	}
	files := func(want int) {
		t.Helper()
		list, err := os.ReadDir(filepath.Join(filepath.Dir(path), "takeouts"))
		try(err)
		if len(list) != want {
			t.Errorf("%d files, want %d: %v", len(list), want, list)
		}
	}
	try(db.AskForTakeout(ctx, mira.ID))
	first := newest()
	broken := errors.New("the disk is full")
	if err := db.WriteTakeout(ctx, first.ID, func(_ *store.Takeout, w io.Writer) error {
		_, err := w.Write(make([]byte, 1000))
		return errors.Join(err, broken)
	}); !errors.Is(err, broken) {
		t.Errorf("a broken one: %v", err)
	}
	files(0)
	try(db.FailTakeout(ctx, first.ID))
	now = now.Add(time.Minute)
	try(db.AskForTakeout(ctx, mira.ID)) // one that failed does not count
	second := newest()
	whole := func(_ *store.Takeout, w io.Writer) error { _, err := w.Write([]byte("whole")); return err }
	try(db.WriteTakeout(ctx, second.ID, whole))
	try(db.WriteTakeout(ctx, second.ID, func(*store.Takeout, io.Writer) error { return broken })) // the job again: it is made
	files(1)
	if v := newest(); v.ID != second.ID || v.Bytes != 5 || !v.Ready() {
		t.Errorf("got %+v", v)
	}
	var soon *store.TakeoutSoonError
	if err := db.AskForTakeout(ctx, mira.ID); !errors.As(err, &soon) {
		t.Errorf("again in the same week: %v", err)
	}
	if _, _, err := db.OpenTakeout(ctx, noor.ID, second.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another's: %v", err)
	}
	f, _, err := db.OpenTakeout(ctx, mira.ID, second.ID)
	try(err)
	if text, err := io.ReadAll(f); string(text) != "whole" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	f.Close()
	now = now.Add(8 * 24 * time.Hour)
	try(db.AskForTakeout(ctx, mira.ID))
	third := newest()
	try(db.WriteTakeout(ctx, third.ID, whole))
	files(1) // the earlier one went
	try(db.EndTakeout(ctx, third.ID))
	files(0)
}
