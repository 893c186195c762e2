package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"

	"golang.org/x/image/webp"
)

// parseWebP walks the chunks of a WebP (RFC 9649 §2). EXIF, XMP and unknown
// chunks are left out, and the flags in VP8X that announce them.
func parseWebP(b []byte) (*parsed, error) {
	p := &parsed{frames: 1, clean: make([]byte, 12, len(b)), quality: 90}
	copy(p.clean, b[:12])
	riff := int64(binary.LittleEndian.Uint32(b[4:])) + 8
	if riff > int64(len(b)) || riff < 12 {
		return nil, errShort
	}
	frames := 0
	err := webpChunks(b[12:riff], func(name string, body []byte) error {
		if name == "ANMF" {
			if frames++; frames > MaxFrames {
				return &RefusedError{Problem: TooLong, Type: "image/webp", Limit: MaxFrames}
			}
			return p.readWebPFrame(body)
		}
		p.readWebPChunk(name, body)
		if keptWebP(name) {
			at := len(p.clean)
			p.clean = appendChunk(p.clean, name, body)
			if name == "VP8X" && len(body) > 0 {
				p.clean[at+8] &^= 0x0c
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if p.frames = max(frames, 1); p.frames > 1 {
		p.orientation = 0
	}
	binary.LittleEndian.PutUint32(p.clean[4:], uint32(len(p.clean)-8))
	return p, nil
}

// webpChunks calls each for every chunk; one that does not end is errShort.
func webpChunks(b []byte, each func(name string, body []byte) error) error {
	for len(b) >= 8 {
		size := int64(binary.LittleEndian.Uint32(b[4:]))
		if 8+size > int64(len(b)) {
			return errShort
		}
		if err := each(string(b[:4]), b[8:8+size]); err != nil {
			return err
		}
		b = b[min(8+size+size&1, int64(len(b))):]
	}
	return nil
}

func appendChunk(to []byte, name string, body []byte) []byte {
	to = append(binary.LittleEndian.AppendUint32(append(to, name...), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		to = append(to, 0)
	}
	return to
}

func keptWebP(name string) bool {
	switch name {
	case "VP8 ", "VP8L", "VP8X", "ALPH", "ICCP", "ANIM":
		return true
	}
	return false
}

func (p *parsed) readWebPChunk(name string, body []byte) {
	switch {
	case name == "VP8X" && len(body) >= 10:
		p.width, p.height = 1+uint24(body[4:]), 1+uint24(body[7:])
		p.memory = max(p.memory, 3*int64(p.width)*int64(p.height))
	case name == "EXIF":
		p.orientation = exifOrientation(body)
	default:
		if w, h, perPixel, ok := webpSize(name, body); ok {
			p.width, p.height = max(p.width, w), max(p.height, h)
			p.memory = max(p.memory, perPixel*int64(p.width)*int64(p.height))
		}
	}
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// webpSize reads the size of a coded picture, and how many bytes a pixel of it
// takes once decoded.
func webpSize(name string, body []byte) (w, h int, perPixel int64, ok bool) {
	switch {
	case name == "VP8 " && len(body) >= 10:
		return int(binary.LittleEndian.Uint16(body[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(body[8:]) & 0x3fff), 3, true
	case name == "VP8L" && len(body) >= 5:
		bits := binary.LittleEndian.Uint32(body[1:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, 8, true
	}
	return 0, 0, 0, false
}

// webpFrameHead is how many bytes stand before the picture of a frame.
const webpFrameHead = 16

// readWebPFrame takes one frame of an animation (RFC 9649 §2.7.1.1) along, with
// nothing but its pixels, and the first one also as a picture of its own.
func (p *parsed) readWebPFrame(body []byte) error {
	if len(body) < webpFrameHead {
		return errShort
	}
	at := image.Pt(2*uint24(body), 2*uint24(body[3:]))
	w, h := 1+uint24(body[6:]), 1+uint24(body[9:])
	if at.X+w > p.width || at.Y+h > p.height {
		return errFrame
	}
	clean, pictures := bytes.Clone(body[:webpFrameHead]), 0
	err := webpChunks(body[webpFrameHead:], func(name string, part []byte) error {
		if pw, ph, perPixel, ok := webpSize(name, part); ok {
			if pw != w || ph != h {
				return errFrame
			}
			pictures++
			p.memory = max(p.memory, (4+perPixel)*int64(p.width)*int64(p.height)) // the canvas, and the frame
		} else if name != "ALPH" {
			return nil
		}
		clean = appendChunk(clean, name, part)
		return nil
	})
	if err != nil {
		return err
	}
	if pictures != 1 {
		return errShort
	}
	if p.first == nil {
		p.first = &frame{stillWebP(clean, w, h), at}
	}
	p.clean = appendChunk(p.clean, "ANMF", clean)
	return nil
}

// stillWebP makes a file of the picture of a frame.
func stillWebP(clean []byte, w, h int) []byte {
	still := []byte("RIFF\x00\x00\x00\x00WEBP")
	if bytes.HasPrefix(clean[webpFrameHead:], []byte("ALPH")) {
		head := []byte{0x10, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
		still = appendChunk(still, "VP8X", head)
	}
	still = append(still, clean[webpFrameHead:]...)
	binary.LittleEndian.PutUint32(still[4:], uint32(len(still)-8))
	return still
}

// decodeWebP decodes a still picture, or the canvas of an animation with its
// first frame on it.
func decodeWebP(p *parsed) (image.Image, error) {
	if p.first == nil {
		return webp.Decode(bytes.NewReader(p.clean))
	}
	img, err := webp.Decode(bytes.NewReader(p.first.still))
	if err != nil || img.Bounds().Size() == image.Pt(p.width, p.height) {
		return img, err
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, p.width, p.height))
	draw.Draw(canvas, img.Bounds().Add(p.first.at), img, img.Bounds().Min, draw.Src)
	return canvas, nil
}
