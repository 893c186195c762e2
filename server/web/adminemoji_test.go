package web

import (
	"bytes"
	"image/color"
	"strings"
	"testing"

	"seedling/store"
)

// TestUploadsAreForWhoMaySendThem: of a form with files nothing is read unless
// its sender may send it, and only where one is expected.
func TestUploadsAreForWhoMaySendThem(t *testing.T) {
	for _, test := range []struct {
		path string
		want bool
	}{{"/admin/emoji", true}, {"/admin/emoji/import", true}, {"/posts", false}, {"/admin/emoji/1/edit", false}} {
		if _, got := uploadForms(test.path); got != test.want {
			t.Errorf("%s: got %v, want %v", test.path, got, test.want)
		}
	}
}

// TestAnEmojiIsDeletedAfterAsking: its picture can't be had back.
func TestAnEmojiIsDeletedAfterAsking(t *testing.T) {
	s, _ := newVillage(t)
	e, err := s.db.AddEmoji(t.Context(), store.EmojiInfo{Name: "sprout"}, bytes.NewReader(picturePNG(t, color.White)))
	s.must(err)
	olga, path := s.member("olga"), in("/admin/emoji/%/delete", e.ID)
	if page := olga.get(in("/admin/emoji/%", e.ID)); !strings.Contains(page.body, `href="`+path+`"`) {
		t.Error("the form does not lead to the question")
	}
	s.member("mira").get(path).wants(404)
	ask := olga.get(path).wants(200, "Delete the emoji sprout?")
	ask.submit(path).leadsTo("/admin/emoji").wants(200).lacks(":sprout:")
	ask.submit(path).leadsTo("/admin/emoji").wants(200)
	olga.get(path).wants(404)
}
