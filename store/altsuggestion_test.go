package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// pictured posts a picture, with or without a description.
func pictured(t testing.TB, db *store.DB, author *store.Account, v store.Visibility, alt string) (*store.Post, *store.Media) {
	t.Helper()
	m := upload(t, db, author, dot(t, color.RGBA{uint8(len(alt)), 20, 30, 255}), alt)
	p, err := db.CreatePost(context.Background(), store.Draft{AuthorID: author.ID, Visibility: v, MediaIDs: []int64{m.ID}, MediaTexts: map[int64]store.MediaText{m.ID: {Description: alt, FocalX: 0.25}}})
	if err != nil {
		t.Fatal(err)
	}
	return p, m
}

// suggestions are what somebody sees suggested for a post.
func suggestions(t testing.TB, db *store.DB, viewer *store.Account, p *store.Post) []*store.AltSuggestion {
	t.Helper()
	list, err := db.AltSuggestions(context.Background(), viewer.ID, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestASuggestedDescriptionIsAcceptedAsAnEdit follows one from who sees the
// picture to the post and what other servers are told.
func TestASuggestedDescriptionIsAcceptedAsAnEdit(t *testing.T) {
	ctx, db := context.Background(), storetest.New(t)
	alice, bob, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carl")
	p, m := pictured(t, db, alice, store.Public, "")
	for _, text := range []string{"A bot on a lake", "  A boat on a lake "} {
		if err := db.SuggestAlt(ctx, bob.ID, p.ID, m.ID, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.SuggestAlt(ctx, carl.ID, p.ID, m.ID, "Water"); err != nil {
		t.Fatal(err)
	}
	list := suggestions(t, db, alice, p)
	if len(list) != 2 || list[0].Text != "A boat on a lake" || list[0].From.ID != bob.ID || list[1].Text != "Water" {
		t.Fatalf("the author sees %+v, want bob's second and carl's", list)
	}
	if own := suggestions(t, db, bob, p); len(own) != 1 || own[0].Text != "A boat on a lake" {
		t.Errorf("bob sees %+v, want his own alone", own)
	}
	page, err := db.Notifications(ctx, alice.ID, []store.NotificationKind{store.NotifyAlt}, store.Cursor{})
	if err != nil || len(page.Notifications) != 2 {
		t.Errorf("the author has %d notifications, %v, want one of each who suggests", len(page.Notifications), err)
	}
	if _, err := db.AcceptAlt(ctx, bob.ID, list[0].ID, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("accepted by who suggests it: %v, want not found", err)
	}
	edited, err := db.AcceptAlt(ctx, alice.ID, list[0].ID, "")
	if err != nil || edited.EditedAt.IsZero() {
		t.Fatalf("accept: %+v, %v", edited, err)
	}
	v, err := db.PostVisibleTo(ctx, p.ID, store.Viewer{})
	if err != nil || alts(v) != "A boat on a lake" || v.Attachments[0].FocalX != 0.25 {
		t.Errorf("the post shows %q at %v, %v, want the text and the focal point as it was", alts(v), v.Attachments[0].FocalX, err)
	}
	if left := suggestions(t, db, alice, p); len(left) != 0 {
		t.Errorf("left are %+v, want none for a file that is described now", left)
	}
	if _, err := db.AcceptAlt(ctx, alice.ID, list[0].ID, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("accepted twice: %v, want not found", err)
	}
}

// TestWhoMaySuggestADescription holds limits, blocks and mutes.
func TestWhoMaySuggestADescription(t *testing.T) {
	ctx := context.Background()
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice, bob, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carl")
	p, m := pictured(t, db, alice, store.Public, "red")
	secret, hidden := pictured(t, db, alice, store.Direct, "blue")
	_, other := pictured(t, db, alice, store.Public, "green")
	var bad *store.InputError
	for _, c := range []struct {
		name          string
		from          *store.Account
		post          *store.Post
		media         *store.Media
		text          string
		want          error
		problem       store.InputProblem
		afterwardsHas int
	}{
		{name: "without words", from: bob, post: p, media: m, text: " \n", problem: store.InputEmpty},
		{name: "too long", from: bob, post: p, media: m, text: strings.Repeat("x", 1501), problem: store.InputLong},
		{name: "for one's own", from: alice, post: p, media: m, text: "x", want: store.ErrForbidden},
		{name: "for a post that is not shown", from: bob, post: secret, media: hidden, text: "x", want: store.ErrNotFound},
		{name: "for a file of another post", from: bob, post: p, media: other, text: "x", want: store.ErrNotFound},
		{name: "for a post and its file", from: bob, post: p, media: m, text: "x", afterwardsHas: 1},
	} {
		err := db.SuggestAlt(ctx, c.from.ID, c.post.ID, c.media.ID, c.text)
		switch {
		case c.problem != "" && (!errors.As(err, &bad) || bad.Problem != c.problem):
			t.Errorf("%s: got %v, want %q", c.name, err, c.problem)
		case c.problem == "" && !errors.Is(err, c.want):
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if n := len(suggestions(t, db, alice, c.post)); n != c.afterwardsHas {
			t.Errorf("%s: %d are kept, want %d", c.name, n, c.afterwardsHas)
		}
	}

	if err := db.Mute(ctx, alice.ID, bob.ID, store.MuteOptions{Notifications: true}); err != nil {
		t.Fatal(err)
	}
	if n := len(suggestions(t, db, alice, p)); n != 0 {
		t.Errorf("of somebody muted the author sees %d, want none", n)
	}
	if err := db.Block(ctx, alice.ID, carl.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.SuggestAlt(ctx, carl.ID, p.ID, m.ID, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of somebody blocked: %v, want not found", err)
	}
	for i := range 12 {
		err := db.SuggestAlt(ctx, storetest.Member(t, db, fmt.Sprint("person", i)).ID, p.ID, m.ID, "x")
		if full := i >= 9; full != errors.As(err, &bad) || full && (bad.Field != "file" || bad.Limit != 10) {
			t.Errorf("suggestion %d for one file: %v", i+2, err)
		}
	}
	for i := range 51 {
		now = now.Add(time.Second)
		q, file := pictured(t, db, alice, store.Public, "")
		err := db.SuggestAlt(ctx, bob.ID, q.ID, file.ID, "x")
		if i < 49 && err != nil || i >= 50 && (!errors.As(err, &bad) || bad.Field != "text" || bad.Problem != store.InputMany) {
			t.Errorf("suggestion %d of a day: %v", i+2, err)
		}
	}
	own := suggestions(t, db, bob, p)
	if len(own) != 1 {
		t.Fatalf("bob sees %d of his own, want 1", len(own))
	}
	if _, err := db.DeclineAlt(ctx, carl.ID, own[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("declined by a stranger: %v, want not found", err)
	}
	if _, err := db.DeclineAlt(ctx, bob.ID, own[0].ID); err != nil || len(suggestions(t, db, bob, p)) != 0 {
		t.Errorf("taken back: %v, %d left", err, len(suggestions(t, db, bob, p)))
	}
}

// TestTheFigureCountsPostsWithEveryFileDescribed is what members see of
// themselves in their settings.
func TestTheFigureCountsPostsWithEveryFileDescribed(t *testing.T) {
	ctx, db := context.Background(), storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	figure := func(wantDescribed, wantAll int) {
		t.Helper()
		if described, all, err := db.AltFigure(ctx, alice.ID); err != nil || described != wantDescribed || all != wantAll {
			t.Errorf("got %d of %d, %v, want %d of %d", described, all, err, wantDescribed, wantAll)
		}
	}
	figure(0, 0)
	storetest.Post(t, db, alice, "words alone", store.Public)
	upload(t, db, alice, dot(t, color.White), "on no post")
	pictured(t, db, bob, store.Public, "of somebody else")
	figure(0, 0)
	pictured(t, db, alice, store.Public, "one")
	p, _ := pictured(t, db, alice, store.Followers, "")
	figure(1, 2)
	a, b := upload(t, db, alice, dot(t, color.RGBA{1, 1, 1, 255}), "said"), upload(t, db, alice, dot(t, color.RGBA{2, 2, 2, 255}), "")
	if _, err := db.CreatePost(ctx, store.Draft{AuthorID: alice.ID, MediaIDs: []int64{a.ID, b.ID}}); err != nil {
		t.Fatal(err)
	}
	figure(1, 3)
	if err := db.DeletePost(ctx, alice.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	figure(1, 2)
}

// TestAPurgedAccountLeavesNoFiles deletes a member with files on posts, on none
// and as avatar: nothing that only they named is kept.
func TestAPurgedAccountLeavesNoFiles(t *testing.T) {
	ctx := context.Background()
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	shared := dot(t, color.RGBA{7, 7, 7, 255})
	_, posted := pictured(t, db, alice, store.Public, "on a post")
	loose, twice := upload(t, db, alice, dot(t, color.White), "on none"), upload(t, db, alice, shared, "")
	must(t, db.SetAccountPicture(ctx, alice.ID, store.MediaAvatar, bytes.NewReader(dot(t, color.Black)), "a hat"))
	theirs := upload(t, db, bob, shared, "")
	if _, err := db.CreatePost(ctx, store.Draft{AuthorID: bob.ID, MediaIDs: []int64{theirs.ID}}); err != nil {
		t.Fatal(err)
	}
	must(t, db.DeleteAccount(ctx, alice.ID))
	for done := false; !done; {
		var err error
		done, err = db.PurgeAccount(ctx, alice.ID)
		must(t, err)
	}
	now = now.Add(25 * time.Hour)
	must(t, db.PruneMedia(ctx))
	if kept(db, posted.File) || kept(db, loose.File) || !kept(db, twice.File) {
		t.Errorf("kept: on a post %v, on none %v, of another too %v; want the last alone", kept(db, posted.File), kept(db, loose.File), kept(db, twice.File))
	}
	check, err := db.VerifyMedia(ctx, true, func(f store.MediaFinding) { t.Errorf("finding %+v", f) })
	if err != nil || check.Files != 1 {
		t.Errorf("%d files are left, %v, want the one of the other member", check.Files, err)
	}
}
