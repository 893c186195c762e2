package media

import (
	"encoding/binary"
)

// keptChunks are the chunks of PNG (W3C PNG §11) and APNG that decide how a
// picture looks. Texts, EXIF, time and what programs add are left out.
var keptChunks = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true,
	"cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "mDCV": true, "cLLI": true, "bKGD": true, "pHYs": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

const pngSignature = 8

// parsePNG walks the chunks of a PNG.
func parsePNG(b []byte) (*parsed, error) {
	p := &parsed{frames: 1, clean: make([]byte, 0, len(b)), quality: 90}
	p.clean = append(p.clean, b[:pngSignature]...)
	for i := pngSignature; i+12 <= len(b); {
		size := int64(binary.BigEndian.Uint32(b[i:]))
		end := int64(i) + 12 + size
		if end > int64(len(b)) {
			return nil, errShort
		}
		name, body := string(b[i+4:i+8]), b[i+8:end-4]
		switch name {
		case "IHDR":
			p.readPNGHeader(body)
			if err := p.check("image/png"); err != nil {
				return nil, err
			}
		case "acTL":
			if len(body) >= 4 {
				p.frames = int(min(binary.BigEndian.Uint32(body), MaxFrames+1))
			}
		case "eXIf":
			p.orientation = exifOrientation(body)
		}
		if keptChunks[name] {
			p.clean = append(p.clean, b[i:end]...)
		}
		if name == "IEND" {
			return p, nil
		}
		i = int(end)
	}
	return nil, errShort
}

// readPNGHeader takes the size, and the bytes that a pixel has once decoded.
func (p *parsed) readPNGHeader(body []byte) {
	if len(body) < 13 {
		return
	}
	w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	if w > 1<<30 || h > 1<<30 {
		w, h = 1<<30, 1<<30
	}
	p.width, p.height = int(w), int(h)
	depth, color := body[8], body[9]
	perPixel := int64(4)
	if color == 0 || color == 3 {
		perPixel = 1
	}
	if depth == 16 {
		perPixel *= 2
	}
	p.memory = int64(w) * int64(h) * perPixel
	if body[12] == 1 { // interlaced: the largest of its passes is half of the picture, beside the whole
		p.memory += p.memory / 2
	}
}
