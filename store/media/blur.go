package media

import (
	"bytes"
	"fmt"
	"image/png"

	"github.com/bbrks/go-blurhash"
)

const (
	blurWidth, blurHeight = 32, 24 // pixels of a blurred picture
	maxBlurhash           = 6 + 2*9*9
)

// CanBlur says whether a blurhash, from here or elsewhere, is one.
func CanBlur(hash string) bool {
	if len(hash) < 6 || len(hash) > maxBlurhash {
		return false
	}
	_, _, err := blurhash.Components(hash)
	return err == nil
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
