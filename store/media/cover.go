package media

import (
	"bytes"
	"context"
	"fmt"

	"github.com/bbrks/go-blurhash"
)

// maxCover is how many bytes of tags are searched for a cover.
const maxCover = 3 << 20

// lookForCover finds the first picture in tags that are about to be emptied:
// a JPEG or PNG after a name. None is no error.
func (st *stream) lookForCover(at, n int64, after string) {
	if st.cover != nil || n > maxCover {
		return
	}
	b, err := st.read(at, int(n))
	if err != nil {
		return
	}
	from := bytes.Index(b, []byte(after))
	if from < 0 {
		return
	}
	st.cover = pictureIn(b[from:])
}

// pictureIn is what begins with the first JPEG or PNG in tags; nil if there is none.
func pictureIn(tags []byte) []byte {
	first := -1
	for _, begin := range []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n"} {
		if i := bytes.Index(tags, []byte(begin)); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	if first < 0 {
		return nil
	}
	return tags[first:]
}

// takeCover makes the cover of sound or video its still picture, cleaned and
// scaled as all pictures are. One that can't be read is left out: the sound is
// what was handed in.
func (in *intake) takeCover(ctx context.Context, t *Taken, cover []byte) error {
	mediaType := Sniff(cover)
	if mediaType != "image/jpeg" && mediaType != "image/png" {
		return nil
	}
	read := formatOf(mediaType)
	p, err := read.parse(cover)
	if err != nil || p.check(mediaType) != nil {
		return nil
	}
	weight := min(2*int64(len(cover))+p.memory, memoryBudget)
	if err := in.files.memory.Acquire(ctx, weight); err != nil {
		return fmt.Errorf("media: %w", err)
	}
	defer in.files.memory.Release(weight)
	img, err := read.decode(p)
	if err != nil {
		return nil
	}
	if p.orientation > 1 {
		img = upright(img, p.orientation)
	}
	little := shrink(img, smallSide)
	out, err := encode(little, &parsed{quality: smallJPEG})
	if err != nil {
		return err
	}
	if t.Small, err = in.seal(out); err != nil {
		return err
	}
	tiny := shrink(little, 32)
	t.Color = mean(tiny)
	if t.Blurhash, err = blurhash.Encode(4, 3, tiny); err != nil {
		return fmt.Errorf("media: blurhash: %w", err)
	}
	return nil
}
