package store_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/media"
	"seedling/store/storetest"
)

// dot is a picture of one colour.
func dot(t testing.TB, c color.Color) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 20, 10))
	for i := range 200 {
		m.Set(i%20, i/20, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func upload(t testing.TB, db *store.DB, owner *store.Account, body []byte, alt string) *store.Media {
	t.Helper()
	m, err := db.Upload(context.Background(), store.Upload{OwnerID: owner.ID, Body: bytes.NewReader(body), MediaText: store.MediaText{Description: alt}})
	if err != nil {
		t.Fatalf("upload: %v", err)
	}
	return m
}

func kept(db *store.DB, f media.File) bool {
	file, _, err := db.OpenFile(context.Background(), f.Hash)
	if err == nil {
		file.Close()
	}
	return err == nil
}

func alts(v *store.PostView) string {
	var list []string
	for _, a := range v.Attachments {
		list = append(list, a.Description)
	}
	return strings.Join(list, ",")
}

// TestUploadsComeAndGoWithTheirPost follows two files through posting, an edit,
// a redraft and deletion.
func TestUploadsComeAndGoWithTheirPost(t *testing.T) {
	ctx := context.Background()
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	red, blue := upload(t, db, alice, dot(t, color.RGBA{255, 0, 0, 255}), "red"), upload(t, db, alice, dot(t, color.RGBA{0, 0, 255, 255}), "blue")
	draft := store.Draft{AuthorID: alice.ID, MediaIDs: []int64{blue.ID, red.ID, blue.ID}, MediaTexts: map[int64]store.MediaText{blue.ID: {Description: "azure", FocalX: 0.5}}}

	var bad *store.PostError
	stolen := draft
	stolen.AuthorID = bob.ID
	if _, err := db.CreatePost(ctx, stolen); !errors.As(err, &bad) || bad.Problem != store.PostMediaGone {
		t.Errorf("posting another's upload: %v", err)
	}
	p, err := db.CreatePost(ctx, draft)
	if err != nil {
		t.Fatal(err)
	}
	v, err := db.PostVisibleTo(ctx, p.ID, store.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	if got := alts(v); got != "azure,red" || v.Attachments[0].FocalX != 0.5 || !strings.HasPrefix(v.Attachments[0].URL, storetest.URL+"/media/") {
		t.Errorf("post shows %q, %+v", got, v.Attachments[0])
	}
	if _, err := db.CreatePost(ctx, store.Draft{AuthorID: alice.ID, MediaIDs: []int64{red.ID}}); !errors.As(err, &bad) || bad.Problem != store.PostMediaGone {
		t.Errorf("the same upload on a second post: %v", err)
	}

	edited, err := db.UpdatePost(ctx, alice.ID, p.ID, store.Edit{Source: content.Source{Text: "words"}, SeenAt: p.Version()})
	if err != nil {
		t.Fatal(err)
	}
	if v, err = db.PostVisibleTo(ctx, p.ID, store.Viewer{}); err != nil || alts(v) != "azure,red" {
		t.Errorf("after an edit of the text the post shows %q, %v", alts(v), err)
	}
	if _, err = db.UpdatePost(ctx, alice.ID, p.ID, store.Edit{Source: content.Source{Text: "words"}, SeenAt: edited.Version(), MediaIDs: []int64{red.ID}}); err != nil {
		t.Fatal(err)
	}
	if v, err = db.PostVisibleTo(ctx, p.ID, store.Viewer{}); err != nil || alts(v) != "red" {
		t.Errorf("after an edit of the files the post shows %q, %v", alts(v), err)
	}

	again, err := db.Redraft(ctx, alice.ID, p.ID)
	if err != nil || len(again.MediaIDs) != 1 || again.MediaIDs[0] != red.ID {
		t.Fatalf("redraft: %+v, %v", again, err)
	}
	if p, err = db.CreatePost(ctx, again.Draft); err != nil {
		t.Fatal(err)
	}
	now = now.Add(25 * time.Hour)
	if err := db.PruneMedia(ctx); err != nil {
		t.Fatal(err)
	}
	if !kept(db, red.File) || kept(db, blue.File) {
		t.Errorf("after a day red is kept %v, blue %v: want the one on a post alone", kept(db, red.File), kept(db, blue.File))
	}
	if err := db.DeletePost(ctx, alice.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.PruneMedia(ctx); err != nil {
		t.Fatal(err)
	}
	if kept(db, red.File) {
		t.Error("the file of a deleted post is kept")
	}
}

// TestAFileOfTwoPostsStaysWithTheSecond is about one file under two uploads.
func TestAFileOfTwoPostsStaysWithTheSecond(t *testing.T) {
	ctx := context.Background()
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice := storetest.Member(t, db, "alice")
	one, two := upload(t, db, alice, dot(t, color.Black), ""), upload(t, db, alice, dot(t, color.Black), "")
	if one.File != two.File {
		t.Fatalf("kept as %v and %v", one.File, two.File)
	}
	for i, m := range []*store.Media{one, two} {
		if err := db.DeleteMedia(ctx, alice.ID, m.ID); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Hour)
		if err := db.PruneMedia(ctx); err != nil {
			t.Fatal(err)
		}
		if got, want := kept(db, one.File), i == 0; got != want {
			t.Errorf("after removing %d of 2: kept %v, want %v", i+1, got, want)
		}
	}
}

func TestUploadLimits(t *testing.T) {
	ctx := context.Background()
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	if err := db.SetSetting(ctx, "post_media", "1"); err != nil {
		t.Fatal(err)
	}
	var wrong *store.MediaError
	_, err := db.Upload(ctx, store.Upload{OwnerID: alice.ID, Body: bytes.NewReader(dot(t, color.White)), MediaText: store.MediaText{Description: strings.Repeat("é", 1501)}})
	if !errors.As(err, &wrong) || wrong.Problem != store.AltTooLong || wrong.Length != 1501 {
		t.Errorf("long description: %v", err)
	}
	if err := db.SetSetting(ctx, "picture_megapixels", "1"); err != nil {
		t.Fatal(err)
	}
	var large bytes.Buffer
	if err := png.Encode(&large, image.NewGray(image.Rect(0, 0, 1001, 1000))); err != nil {
		t.Fatal(err)
	}
	var refused *media.RefusedError
	if _, err := db.Upload(ctx, store.Upload{OwnerID: alice.ID, Body: &large}); !errors.As(err, &refused) || refused.Problem != media.TooBig || refused.Limit != 1_000_000 {
		t.Errorf("more than a million pixels where that is allowed: %v", err)
	}
	a, b := upload(t, db, alice, dot(t, color.White), ""), upload(t, db, alice, dot(t, color.Black), "")
	var bad *store.PostError
	if _, err := db.CreatePost(ctx, store.Draft{AuthorID: alice.ID, MediaIDs: []int64{a.ID, b.ID}}); !errors.As(err, &bad) || bad.Problem != store.PostManyMedia || bad.Limit != 1 {
		t.Errorf("two files where one is allowed: %v", err)
	}
}
