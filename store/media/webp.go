package media

import (
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// parseWebP walks the chunks of a WebP (RFC 9649 §2). EXIF and XMP are left
// out, and the flags in VP8X that announce them.
func parseWebP(b []byte) (*parsed, error) {
	p := &parsed{frames: 1, clean: make([]byte, 12, len(b)), quality: 90}
	copy(p.clean, b[:12])
	riff := int64(binary.LittleEndian.Uint32(b[4:])) + 8
	if riff > int64(len(b)) || riff < 12 {
		return nil, errShort
	}
	b = b[:riff]
	for i := int64(12); i+8 <= int64(len(b)); {
		size := int64(binary.LittleEndian.Uint32(b[i+4:]))
		end := i + 8 + size
		if end > int64(len(b)) {
			return nil, errShort
		}
		name, body := string(b[i:i+4]), b[i+8:end]
		p.readWebPChunk(name, body)
		end = min(end+size&1, int64(len(b)))
		if name != "EXIF" && name != "XMP " && keptWebP(name) {
			at := len(p.clean)
			p.clean = append(p.clean, b[i:end]...)
			if name == "VP8X" && size > 0 {
				p.clean[at+8] &^= 0x0c
			}
		}
		i = end
	}
	if p.frames > 1 {
		return nil, &RefusedError{Problem: Unreadable, Type: "image/webp"} // the decoder reads still ones alone
	}
	binary.LittleEndian.PutUint32(p.clean[4:], uint32(len(p.clean)-8))
	return p, nil
}

func keptWebP(name string) bool {
	switch name {
	case "VP8 ", "VP8L", "VP8X", "ALPH", "ICCP", "ANIM", "ANMF":
		return true
	}
	return false
}

func (p *parsed) readWebPChunk(name string, body []byte) {
	switch {
	case name == "VP8X" && len(body) >= 10:
		p.width = 1 + int(uint32(body[4])|uint32(body[5])<<8|uint32(body[6])<<16)
		p.height = 1 + int(uint32(body[7])|uint32(body[8])<<8|uint32(body[9])<<16)
		p.memory = max(p.memory, 3*int64(p.width)*int64(p.height))
	case name == "VP8 " && len(body) >= 10:
		p.widen(int(binary.LittleEndian.Uint16(body[6:])&0x3fff), int(binary.LittleEndian.Uint16(body[8:])&0x3fff), 3)
	case name == "VP8L" && len(body) >= 5:
		bits := binary.LittleEndian.Uint32(body[1:])
		p.widen(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1, 8)
	case name == "EXIF":
		p.orientation = exifOrientation(body)
	case name == "ANMF":
		p.frames++
	}
}

// widen takes the larger of two sizes: the canvas and the picture on it.
func (p *parsed) widen(w, h int, perPixel int64) {
	p.width, p.height = max(p.width, w), max(p.height, h)
	p.memory = max(p.memory, perPixel*int64(p.width)*int64(p.height))
}

// decodeWebP decodes a still picture.
func decodeWebP(r io.Reader) (image.Image, error) { return webp.Decode(r) }
