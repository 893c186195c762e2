package inbox_test

import (
	"fmt"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func (w *world) chips(p *store.Post) string {
	w.Helper()
	v, err := w.db.PostVisibleTo(ctx, p.ID, store.Viewer{})
	w.must(err)
	var list []string
	for _, r := range v.Reactions {
		list = append(list, fmt.Sprint(r.Key(), r.Count))
	}
	return fmt.Sprintf("%s, %d favourites", strings.Join(list, " "), v.FavouritesCount)
}

func emojiTag(name string) map[string]any {
	return map[string]any{"type": "Emoji", "id": nil, "name": name, "icon": map[string]any{"type": "Image", "url": "https://far.example/emoji/x.png"}}
}

// TestReactionShapes delivers what each system sends, twice as after a lost
// answer, and then takes it back: by id alone, and embedded.
func TestReactionShapes(t *testing.T) {
	for name, c := range map[string]struct {
		kind  string
		extra map[string]any
		want  string
	}{
		"Pleroma":                  {"EmojiReact", map[string]any{"content": "👌"}, "👌1, 0 favourites"},
		"Pleroma heart":            {"EmojiReact", map[string]any{"content": "❤"}, "❤\ufe0f1, 0 favourites"},
		"Pleroma, no emoji":        {"EmojiReact", map[string]any{"content": "~"}, ", 0 favourites"},
		"EmojiReact of nothing":    {"EmojiReact", nil, ", 0 favourites"},
		"Akkoma custom, no colons": {"EmojiReact", map[string]any{"content": ":mouse:", "tag": []any{emojiTag("mouse")}}, ":mouse@far.example:1, 0 favourites"},
		"Akkoma, tag not in a list, emoji of a third": {"EmojiReact", map[string]any{"content": ":mouse@third.example:", "tag": emojiTag("mouse@third.example")},
			":mouse@far.example:1, 0 favourites"},
		"custom without its picture": {"EmojiReact", map[string]any{"content": ":mouse:"}, ", 0 favourites"},
		"custom with another's":      {"EmojiReact", map[string]any{"content": ":mouse:", "tag": emojiTag("cat")}, ", 0 favourites"},
		"Chuckya":                    {"EmojiReact", map[string]any{"content": ":crashout:", "tag": []any{emojiTag(":crashout:")}}, ":crashout@far.example:1, 0 favourites"},
		"Misskey":                    {"Like", map[string]any{"content": "🌱", "_misskey_reaction": "🌱"}, "🌱1, 0 favourites"},
		"Misskey custom": {"Like", map[string]any{"content": ":hanapog:", "_misskey_reaction": ":hanapog:", "tag": []any{emojiTag(":hanapog:")}},
			":hanapog@far.example:1, 0 favourites"},
		"Misskey pudding":             {"Like", map[string]any{"_misskey_reaction": "pudding"}, "🍮1, 0 favourites"},
		"Misskey love":                {"Like", map[string]any{"_misskey_reaction": "love"}, ", 1 favourites"},
		"Misskey custom, no tag":      {"Like", map[string]any{"content": ":hanapog:", "_misskey_reaction": ":hanapog:"}, ", 1 favourites"},
		"Firefish heart":              {"Like", map[string]any{"content": "❤\ufe0f", "_misskey_reaction": "❤\ufe0f"}, ", 1 favourites"},
		"Mastodon":                    {"Like", nil, ", 1 favourites"},
		"Like with a text, not emoji": {"Like", map[string]any{"content": "I like this"}, ", 1 favourites"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := storetest.Post(t, w.db, w.alice, "mine", store.Public)
			none := ", 0 favourites"
			for _, undo := range []func(map[string]any) any{
				func(a map[string]any) any { return a["id"] },
				func(a map[string]any) any { return a },
				func(a map[string]any) any { // Misskey: an id of its own, the rest the same
					b := map[string]any{}
					for k, v := range a {
						b[k] = v
					}
					b["id"] = "https://far.example/likes/other"
					return b
				},
			} {
				react := w.bob.Activity(c.kind, p.URI, c.extra)
				w.send(w.bob, react, 202)
				w.send(w.bob, react, 202)
				if got := w.chips(p); got != c.want {
					t.Fatalf("under the post: %s, want %s", got, c.want)
				}
				w.send(w.eve, w.eve.Activity("Undo", react["id"]), 202)
				if got := w.chips(p); got != c.want {
					t.Errorf("a stranger took it back: %s, want %s", got, c.want)
				}
				w.send(w.bob, w.bob.Activity("Undo", undo(react)), 202)
				if got := w.chips(p); got != none {
					t.Fatalf("after the Undo: %s, want %s", got, none)
				}
			}
		})
	}
}

func TestReactionsBesideFavouritesAndOnHiddenPosts(t *testing.T) {
	w := newWorld(t)
	p, secret := storetest.Post(t, w.db, w.alice, "mine", store.Public), storetest.Post(t, w.db, w.alice, "secret", store.Followers)
	like, react := w.bob.Activity("Like", p.URI), w.bob.Activity("Like", p.URI, map[string]any{"content": "🌱"})
	w.send(w.bob, like, 202)
	w.send(w.bob, react, 202)
	w.send(w.bob, w.bob.Activity("EmojiReact", p.URI, map[string]any{"content": "👌"}), 202)
	w.send(w.bob, w.bob.Activity("Undo", react), 202)
	if got, want := w.chips(p), "👌1, 1 favourites"; got != want {
		t.Errorf("after taking one of three back: %s, want %s", got, want)
	}
	w.send(w.bob, w.bob.Activity("Undo", like), 202)
	if got, want := w.chips(p), "👌1, 0 favourites"; got != want {
		t.Errorf("after taking the favourite back: %s, want %s", got, want)
	}
	w.send(w.bob, w.bob.Activity("EmojiReact", secret.URI, map[string]any{"content": "👌"}), 202)
	if got := w.chips(p); strings.Contains(got, "2") {
		t.Errorf("%s", got)
	}
	v, err := w.db.PostVisibleTo(ctx, secret.ID, store.AsMember(w.alice.ID))
	w.must(err)
	if len(v.Reactions) != 0 {
		t.Errorf("somebody reacted to a post that they can't see: %+v", v.Reactions)
	}
	w.send(w.bob, w.bob.Activity("EmojiReact", "https://third.example/notes/1", map[string]any{"content": "👌"}), 202)
	w.send(w.bob, map[string]any{"type": "EmojiReact", "actor": w.bob.ID, "object": p.URI, "content": "👌"}, 400)
}
