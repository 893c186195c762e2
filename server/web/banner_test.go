package web

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"

	"seedling/store"
)

// TestNothingMovesForWhoTurnsItOff looks at a banner and an avatar that move:
// lists always have the still ones; a banner, and the picture of a post until it
// is opened, are still for who asked for that.
func TestNothingMovesForWhoTurnsItOff(t *testing.T) {
	s, _ := newVillage(t)
	var moving gif.GIF
	for _, c := range []color.Color{color.White, color.Black} {
		m := image.NewPaletted(image.Rect(0, 0, 40, 20), color.Palette{c, color.RGBA{200, 0, 0, 255}})
		moving.Image, moving.Delay = append(moving.Image, m), append(moving.Delay, 10)
	}
	var body bytes.Buffer
	if err := gif.EncodeAll(&body, &moving); err != nil {
		t.Fatal(err)
	}
	olga := s.member("olga")
	olga.get("/settings/profile").send("/settings/profile", []sentFile{{"avatar", "a.gif", body.Bytes()}, {"header", "b.gif", body.Bytes()}}, "avatar_alt", "A lamp", "header_alt", "Lamps").wants(303)
	u, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	a := u.Account
	if a.Pictures.AvatarAlt != "A lamp" || a.Pictures.HeaderAlt != "Lamps" || a.Pictures.AvatarStill == "" || a.Pictures.HeaderStill == "" || a.Pictures.HeaderStill == a.HeaderURL {
		t.Fatalf("kept are %+v", a.Pictures)
	}
	olga.get("/compose").send("/posts", []sentFile{{"media", "c.gif", body.Bytes()}}, "text", "A lamp", "action", "post-bare").wants(303)
	posts, err := s.db.PostsOf(t.Context(), a.ID, store.AccountPosts{}, store.Viewer{}, store.Cursor{})
	s.must(err)
	lamp := posts.Posts[0].Attachments[0]
	path := func(url string) string { return `src="` + strings.TrimPrefix(url, s.db.URL()) + `"` }
	mira := s.member("mira")
	for _, still := range []bool{false, true} {
		m, err := s.db.UserByName(t.Context(), "mira")
		s.must(err)
		p := m.Preferences
		p.Still = still
		s.must(s.db.SetPreferences(t.Context(), m.Account.ID, p))
		page := mira.get("/@olga").wants(200)
		if !strings.Contains(page.body, `<a href="`+strings.TrimPrefix(lamp.URL, s.db.URL())+`"`) {
			t.Errorf("still %v: the picture of a post does not lead to the moving one", still)
		}
		for what, c := range map[string]struct {
			url  string
			want bool
		}{"the moving banner": {a.HeaderURL, !still}, "the still banner": {a.Pictures.HeaderStill, still || a.Pictures.HeaderStill == a.Pictures.AvatarStill}, "the still avatar": {a.Pictures.AvatarStill, true},
			"the moving picture of a post": {lamp.URL, !still}} {
			if got := strings.Contains(page.body, path(c.url)); got != c.want {
				t.Errorf("still %v: the page has %s: got %v, want %v", still, what, got, c.want)
			}
		}
	}
}
