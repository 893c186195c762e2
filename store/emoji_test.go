package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestEmojiOfOurs makes, changes, disables and deletes one, and refuses what
// can't be one.
func TestEmojiOfOurs(t *testing.T) {
	ctx, db := context.Background(), storetest.New(t)
	picture := func() *bytes.Reader { return bytes.NewReader(dot(t, color.RGBA{9, 9, 200, 255})) }
	e, err := db.AddEmoji(ctx, store.EmojiInfo{Name: ":sprout:", Category: "plants", Aliases: []string{"leaf", "sprout", " "}}, picture())
	if err != nil || e.Name != "sprout" || e.Code() != ":sprout:" || len(e.Aliases) != 1 || e.File().IsZero() || e.Width != 20 {
		t.Fatalf("add: %+v, %v", e, err)
	}
	var bad *store.EmojiError
	for _, c := range []struct {
		info store.EmojiInfo
		want store.EmojiProblem
	}{
		{store.EmojiInfo{Name: "sprout"}, store.EmojiTaken},
		{store.EmojiInfo{Name: "x"}, store.EmojiBadName},
		{store.EmojiInfo{Name: "../up"}, store.EmojiBadName},
		{store.EmojiInfo{Name: "grün"}, store.EmojiBadName},
		{store.EmojiInfo{Name: strings.Repeat("x", 65)}, store.EmojiBadName},
		{store.EmojiInfo{Name: "long", Category: strings.Repeat("x", 501)}, store.EmojiLong},
		{store.EmojiInfo{Name: "many", Aliases: make([]string, 21)}, store.EmojiLong},
	} {
		if _, err := db.AddEmoji(ctx, c.info, picture()); !errors.As(err, &bad) || bad.Problem != c.want {
			t.Errorf("add %.20q: got %v, want %q", c.info.Name, err, c.want)
		}
	}
	must(t, db.UpdateEmoji(ctx, e.ID, store.EmojiInfo{Name: "seedling", Category: "green"}))
	if _, err := db.OwnEmoji(ctx, "sprout"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old name: %v, want not found", err)
	}
	must(t, db.EnableEmoji(ctx, e.ID, false))
	offered, err := db.OwnEmojis(ctx, false)
	all, errAll := db.OwnEmojis(ctx, true)
	if err != nil || errAll != nil || len(offered) != 0 || len(all) != 1 || !all[0].Disabled || all[0].Category != "green" {
		t.Errorf("disabled: offered %d, all %+v, %v, %v", len(offered), all, err, errAll)
	}
	if set, err := db.EmojiIn(ctx, "", "look :seedling:"); err != nil || set.Find("", "seedling") != nil {
		t.Errorf("a disabled one is shown: %v, %v", set, err)
	}
	must(t, db.EnableEmoji(ctx, e.ID, true))
	if set, err := db.EmojiIn(ctx, "", "look :seedling: :none:"); err != nil || set.Find("", "seedling") == nil || set.Find("", "none") != nil || len(set.In("", ":seedling: :seedling:")) != 1 {
		t.Errorf("an enabled one is not shown once: %v, %v", set, err)
	}
	must(t, db.DeleteEmoji(ctx, e.ID))
	if _, err := db.EmojiByID(ctx, e.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after deletion: %v, want not found", err)
	}
}

// TestEmojiOfOtherServers keeps what a server says of its own, as many as it may
// have, and copies one.
func TestEmojiOfOtherServers(t *testing.T) {
	ctx, db := context.Background(), storetest.New(t)
	far := storetest.Remote(t, db, "gus@far.example")
	posts := 0
	define := func(tags ...store.EmojiTag) {
		t.Helper()
		posts++
		storetest.Receive(t, db, far, fmt.Sprint("https://far.example/", posts), "<p>x</p>", func(r *store.RemotePost) { r.Emoji = tags })
	}
	count := func() (n int) {
		t.Helper()
		sources, err := db.EmojiSources(ctx)
		must(t, err)
		for _, s := range sources {
			n += s.Count
		}
		return n
	}
	define(store.EmojiTag{Name: ":cat:", IconURL: "https://far.example/cat.png", Licence: "CC0"}, store.EmojiTag{Name: "no picture"}, store.EmojiTag{Name: ":long:", IconURL: "https://far.example/" + strings.Repeat("x", 2048)})
	list, err := db.RemoteEmojis(ctx, "far.example", "", "", 10)
	if err != nil || len(list) != 1 || list[0].Name != "cat" || list[0].Licence != "CC0" {
		t.Fatalf("kept are %+v, %v, want the cat alone", list, err)
	}
	own, err := db.CopyEmoji(ctx, list[0].ID, "cat", bytes.NewReader(dot(t, color.Black)))
	if err != nil || own.Host != "" || own.Name != "cat" || own.Licence != "CC0" {
		t.Errorf("the copy is %+v, %v", own, err)
	}
	for i := 0; i < 5_000; i += 100 {
		tags := make([]store.EmojiTag, 100)
		for j := range tags {
			tags[j] = store.EmojiTag{Name: fmt.Sprintf(":e%d:", i+j), IconURL: "https://far.example/e.png"}
		}
		define(tags...)
	}
	if n := count(); n != 5_000 {
		t.Errorf("of one server %d are known, want the limit of 5000", n)
	}
	define(store.EmojiTag{Name: ":cat:", IconURL: "https://far.example/cat2.png"})
	if list, err = db.RemoteEmojis(ctx, "far.example", "cat", "", 10); err != nil || len(list) != 1 || list[0].IconURL != "https://far.example/cat2.png" {
		t.Errorf("at the limit a known one got the picture %+v, %v", list, err)
	}
}
