package media

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"

	"github.com/bbrks/go-blurhash"
)

const (
	blurWidth, blurHeight = 32, 24 // pixels of a blurred picture
	maxBlurhash           = 6 + 2*9*9

	blurDigits = `0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~`
)

// CanBlur says whether a blurhash, from here or elsewhere, is one.
func CanBlur(hash string) bool {
	if len(hash) < 6 || len(hash) > maxBlurhash {
		return false
	}
	_, _, err := blurhash.Components(hash)
	return err == nil
}

// Tone is the mean colour of a picture as #rrggbb, which its blurhash says in its
// third to sixth digit; "" if it is none.
func Tone(hash string) string {
	if !CanBlur(hash) {
		return ""
	}
	n := 0
	for i := range len(hash) {
		digit := strings.IndexByte(blurDigits, hash[i])
		if digit < 0 {
			return ""
		}
		if i >= 2 && i < 6 {
			n = n*len(blurDigits) + digit
		}
	}
	if n > 0xffffff {
		return ""
	}
	return fmt.Sprintf("#%06x", n)
}

// Blurred makes a tiny PNG of a blurhash: what may be seen of a picture that
// nobody has opened yet.
func Blurred(hash string) ([]byte, error) {
	if !CanBlur(hash) {
		return nil, fmt.Errorf("media: %q is no blurhash", hash)
	}
	img, err := blurhash.Decode(hash, blurWidth, blurHeight, 1)
	if err != nil {
		return nil, fmt.Errorf("media: blurhash: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("media: encode: %w", err)
	}
	return b.Bytes(), nil
}
