package store_test

import (
	"bytes"
	"image"
	"image/png"
	"path/filepath"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestTheHostOfMediaMayChange: rows do not hold it, so that the next start may
// be with another, or with none.
func TestTheHostOfMediaMayChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seedling.db")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 30))); err != nil {
		t.Fatal(err)
	}
	var id, postID int64
	for i, host := range []string{"one.example", "two.example", "", "three.example:8443"} {
		db, err := store.Open(t.Context(), store.Config{Path: path, URL: storetest.URL, MediaHost: host})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			a := storetest.Member(t, db, "alice")
			m, err := db.Upload(t.Context(), store.Upload{OwnerID: a.ID, Body: bytes.NewReader(picture.Bytes())})
			if err != nil {
				t.Fatal(err)
			}
			p, err := db.CreatePost(t.Context(), store.Draft{AuthorID: a.ID, MediaIDs: []int64{m.ID}})
			if err != nil {
				t.Fatal(err)
			}
			id, postID = a.ID, p.ID
		}
		// The avatar stays as it was stored, while the banner is written anew beside it.
		if err := db.SetAccountPicture(t.Context(), id, store.MediaHeader, bytes.NewReader(picture.Bytes()), ""); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			err = db.SetAccountPicture(t.Context(), id, store.MediaAvatar, bytes.NewReader(picture.Bytes()), "")
		}
		if err != nil {
			t.Fatal(err)
		}
		want := storetest.URL
		if host != "" {
			want = "https://" + host
		}
		a, err := db.Account(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		v, err := db.PostVisibleTo(t.Context(), postID, store.Viewer{})
		if err != nil || len(v.Attachments) != 1 {
			t.Fatalf("post: %+v, %v", v, err)
		}
		for what, got := range map[string]string{"avatar": db.ServedURL(a.AvatarURL), "banner": db.ServedURL(a.HeaderURL), "file": v.Attachments[0].URL} {
			if !strings.HasPrefix(got, want+"/media/") {
				t.Errorf("with the host %q the %s is at %s", host, what, got)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Open(t.Context(), store.Config{Path: path, MediaHost: strings.TrimPrefix(storetest.URL, "https://")}); err == nil {
		t.Error("the host of the pages is taken as that of media")
	}
}
