package web

import (
	"bytes"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"
)

// TestWhatMayDisturbIsShownBlurred: a card shows nothing of the file itself
// until it is opened, and a tiny blurred picture in its place.
func TestWhatMayDisturbIsShownBlurred(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/compose").send("/posts", []sentFile{{"media", "red.png", picturePNG(t, color.RGBA{255, 0, 0, 255})}},
		"text", "Not for everybody", "sensitive", "1", "action", "add-media").wants(200)
	alt := "alt-" + page.fields("/posts").Get("media_id")
	page.submit("/posts", alt, "red", "sensitive", "1", "action", "post").wants(303)
	home := p.get("/home").wants(200, "Not for everybody")
	closed, _, _ := strings.Cut(home.body[strings.Index(home.body, "hidden-media"):], "</summary>")
	path := regexp.MustCompile(`/blur/[\w-]+\.png`).FindString(closed)
	if path == "" || strings.Contains(closed, "/media/") {
		t.Fatalf("what is seen before it is opened: %s", closed)
	}
	blurred, err := png.Decode(bytes.NewReader([]byte(p.get(path).wants(200).body)))
	if err != nil || blurred.Bounds().Dx() != 32 {
		t.Fatalf("blurred: %v", err)
	}
	if r, g, b, _ := blurred.At(16, 12).RGBA(); r < 0xe000 || g > 0x2000 || b > 0x2000 {
		t.Errorf("a red picture is blurred to %x %x %x", r, g, b)
	}
	for _, bad := range []string{"/blur/x.png", "/blur/" + strings.Repeat("QUFB", 200) + ".png", "/blur/.png"} {
		if got := p.get(bad).status; got != 404 {
			t.Errorf("%s: got %d, want 404", bad, got)
		}
	}
}
