package store_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestStorageIsCountedOnceADay(t *testing.T) {
	c := &clock{at: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)}
	db, ctx := storetest.Open(t, store.Config{URL: storetest.URL, Now: c.now}), t.Context()
	alice := storetest.Member(t, db, "alice")
	if f, err := db.StorageFigures(ctx); err != nil || !f.At.IsZero() {
		t.Errorf("before they are counted: got %+v, %v", f, err)
	}
	must(t, db.RefreshFigures(ctx))
	var picture bytes.Buffer
	must(t, png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 20, 20))))
	must(t, db.SetAccountPicture(ctx, alice.ID, store.MediaAvatar, &picture, ""))
	must(t, db.RefreshFigures(ctx))
	profiles := func() store.FileSum {
		f, err := db.StorageFigures(ctx)
		must(t, err)
		for _, k := range f.Kinds {
			if k.Name == "profiles" {
				return k
			}
		}
		t.Fatalf("no profiles in %+v", f)
		return store.FileSum{}
	}
	if got := profiles(); got.Files != 0 {
		t.Errorf("a minute later they are counted again: %+v", got)
	}
	c.at = c.at.Add(25 * time.Hour)
	must(t, db.RefreshFigures(ctx))
	if got := profiles(); got.Files != 1 || got.Bytes == 0 {
		t.Errorf("a day later: got %+v, want one file", got)
	}
	if u := db.DiskUse(); u.Database == 0 || u.FreeKnown && u.Free == 0 {
		t.Errorf("the disk: got %+v", u)
	}
}

func TestPostsAreCountedByHour(t *testing.T) {
	c := &clock{at: time.Date(2026, 3, 14, 12, 30, 0, 0, time.UTC)}
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: c.now})
	alice, bob := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "bob@far.example")
	storetest.Post(t, db, alice, "long ago", store.Public)
	c.at = c.at.Add(22 * time.Hour)
	storetest.Post(t, db, alice, "an hour ago", store.Public)
	storetest.Post(t, db, alice, "not for all", store.Followers)
	storetest.Receive(t, db, bob, "https://far.example/1", "<p>far</p>")
	c.at = c.at.Add(time.Hour)
	storetest.Post(t, db, alice, "now", store.Public)
	for _, tc := range []struct {
		hours int
		want  map[int][2]int // by hours ago
	}{{24, map[int][2]int{23: {1, 0}, 1: {1, 1}, 0: {1, 0}}}, {2, map[int][2]int{1: {1, 1}, 0: {1, 0}}}} {
		list, err := db.PostsByHour(t.Context(), tc.hours)
		must(t, err)
		if len(list) != tc.hours || list[tc.hours-1].From != time.Date(2026, 3, 15, 11, 0, 0, 0, time.UTC) {
			t.Fatalf("got %d hours, the last from %v", len(list), list[len(list)-1].From)
		}
		for i, h := range list {
			if got, want := [2]int{h.Here, h.Elsewhere}, tc.want[tc.hours-1-i]; got != want {
				t.Errorf("of %d hours, %d ago: got %v, want %v", tc.hours, tc.hours-1-i, got, want)
			}
		}
	}
}
