package media

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/bbrks/go-blurhash"
)

// TestToneIsTheMeanOfAPicture, and nothing for what is no blurhash.
func TestToneIsTheMeanOfAPicture(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		m.Set(i%8, i/8, color.RGBA{0x80, 0x20, 0xf0, 255})
	}
	hash, err := blurhash.Encode(4, 3, m)
	if err != nil {
		t.Fatal(err)
	}
	if got := Tone(hash); got != "#8020f0" {
		t.Errorf("got %s, want #8020f0", got)
	}
	for _, bad := range []string{"", "L", "LLLLLL", hash[:10], hash[:5] + "\"" + hash[6:], hash[:2] + "~~~~" + hash[6:]} {
		if got := Tone(bad); got != "" {
			t.Errorf("%q: got %s, want nothing", bad, got)
		}
	}
	if body, err := Blurred(hash); err != nil {
		t.Error(err)
	} else if _, err := png.Decode(bytes.NewReader(body)); err != nil {
		t.Error(err)
	}
}
