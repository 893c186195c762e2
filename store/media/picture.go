package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/bbrks/go-blurhash"
)

// parsed is what the structure of a picture says of it, before any pixel is
// decoded.
type parsed struct {
	width, height int
	memory        int64 // bytes that decoding will take, about
	frames        int
	orientation   int    // of EXIF, 1 to 8; 0 is not told
	clean         []byte // the file without metadata and without what follows its end
	icc           []byte // of a JPEG: the segments of its colour profile
	quality       int    // of a JPEG, 1 to 100
	first         *frame // of an animated WebP: where its picture begins
}

// check refuses what would take too much to decode.
func (p *parsed) check(mediaType string) error {
	pixels := int64(p.width) * int64(p.height)
	switch {
	case p.width <= 0 || p.height <= 0:
		return &RefusedError{Problem: Broken, Type: mediaType}
	case p.width > MaxSide || p.height > MaxSide || pixels > MaxPixels:
		return &RefusedError{Problem: TooBig, Type: mediaType, Limit: MaxPixels}
	case p.memory > maxPictureMemory:
		return &RefusedError{Problem: TooBig, Type: mediaType, Limit: maxPictureMemory * pixels / p.memory}
	case p.frames > MaxFrames || pixels*int64(p.frames) > maxFramePixels:
		return &RefusedError{Problem: TooLong, Type: mediaType, Limit: min(MaxFrames, maxFramePixels/pixels)}
	}
	return nil
}

// frame is one picture of an animated one, as a file of its own.
type frame struct {
	still []byte
	at    image.Point // on the canvas
}

// format is how the files of one type are read.
type format struct {
	parse  func([]byte) (*parsed, error)
	decode func(*parsed) (image.Image, error)
}

// whole decodes the clean file as it is.
func whole(decode func(io.Reader) (image.Image, error)) func(*parsed) (image.Image, error) {
	return func(p *parsed) (image.Image, error) { return decode(bytes.NewReader(p.clean)) }
}

func formatOf(mediaType string) format {
	switch mediaType {
	case "image/jpeg":
		return format{parseJPEG, whole(jpeg.Decode)}
	case "image/png":
		return format{parsePNG, whole(png.Decode)}
	case "image/gif":
		return format{parseGIF, whole(gif.Decode)}
	}
	return format{parseWebP, decodeWebP}
}

// takePicture makes a picture and its small variant ready.
func (in *intake) takePicture(ctx context.Context, s *staged, mediaType string, pixels int64) (*Taken, error) {
	if err := in.files.memory.Acquire(ctx, min(3*s.size, memoryBudget)); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	weight := min(3*s.size, memoryBudget)
	defer func() { in.files.memory.Release(weight) }()
	body := make([]byte, s.size)
	if _, err := s.ReadAt(body, 0); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	read := formatOf(mediaType)
	p, err := read.parse(body)
	if err == nil {
		err = p.check(mediaType)
	}
	if err == nil && pixels > 0 && int64(p.width)*int64(p.height) > pixels {
		err = &RefusedError{Problem: TooBig, Type: mediaType, Limit: pixels}
	}
	if err != nil {
		return nil, broken(mediaType, err)
	}
	// Room for the pixels is taken in the place of the room for the bytes alone:
	// who holds some while waiting for more could wait for each other for ever.
	in.files.memory.Release(weight)
	weight = 0
	all := min(3*s.size+p.memory, memoryBudget)
	if err := in.files.memory.Acquire(ctx, all); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	weight = all
	return in.makePicture(p, read, mediaType)
}

// makePicture decodes a picture, which also proves that it is whole.
func (in *intake) makePicture(p *parsed, read format, mediaType string) (*Taken, error) {
	img, err := read.decode(p)
	if err != nil {
		return nil, broken(mediaType, err)
	}
	out := encoded{p.clean, mediaType}
	if p.orientation > 1 && p.frames == 1 { // no program turns what moves
		img = upright(img, p.orientation)
		if out, err = encode(img, p); err != nil {
			return nil, err
		}
	}
	b := img.Bounds()
	t := &Taken{Kind: Picture, Width: b.Dx(), Height: b.Dy(), Animated: p.frames > 1}
	if t.File, err = in.seal(out); err != nil {
		return nil, err
	}
	little := shrink(img, smallSide)
	if t.Animated || t.Size > smallBytes || little.Bounds() != b {
		if t.Small, err = in.makeSmall(little, t.File, t.Animated); err != nil {
			return nil, err
		}
	}
	tiny := shrink(little, 32)
	t.Color = mean(tiny)
	if t.Blurhash, err = blurhash.Encode(4, 3, tiny); err != nil {
		return nil, fmt.Errorf("media: blurhash: %w", err)
	}
	return t, nil
}

// makeSmall makes the variant for lists, unless the file itself is smaller.
func (in *intake) makeSmall(little image.Image, full File, animated bool) (File, error) {
	out, err := encode(little, &parsed{quality: smallJPEG})
	if err != nil || !animated && int64(len(out.body)) >= full.Size {
		return File{}, err
	}
	return in.seal(out)
}

// encoded is a picture in a format.
type encoded struct {
	body      []byte
	mediaType string
}

// encode makes a JPEG of a picture, or a PNG if one can see through it. A
// colour profile goes along with a JPEG: the numbers of the pixels are as they
// were.
func encode(img image.Image, p *parsed) (encoded, error) {
	var b bytes.Buffer
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		if err := png.Encode(&b, img); err != nil {
			return encoded{}, fmt.Errorf("media: encode: %w", err)
		}
		return encoded{b.Bytes(), "image/png"}, nil
	}
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: p.quality}); err != nil {
		return encoded{}, fmt.Errorf("media: encode: %w", err)
	}
	body := b.Bytes()
	if len(p.icc) > 0 {
		body = append(append(bytes.Clone(body[:2]), p.icc...), body[2:]...)
	}
	return encoded{body, "image/jpeg"}, nil
}

// seal writes an encoded picture under a temporary name.
func (in *intake) seal(e encoded) (File, error) {
	s, err := in.files.newStaged()
	if err != nil {
		return File{}, err
	}
	in.staged = append(in.staged, s)
	if _, err := s.Write(e.body); err != nil {
		return File{}, writing(err)
	}
	return s.seal(e.mediaType)
}
