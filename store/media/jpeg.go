package media

import (
	"bytes"
	"encoding/binary"
	"errors"
)

var (
	errShort = errors.New("ends too early")
	errFrame = errors.New("a frame is larger than the picture")
)

// parseJPEG walks the segments of a JPEG (ITU T.81 annex B). Kept is what
// decides how it looks: tables, frames, scans, JFIF, the colour profile (APP2)
// and Adobe's colour transform (APP14). EXIF, XMP, IPTC, comments, previews and
// what follows the end of the picture are left out.
func parseJPEG(b []byte) (*parsed, error) {
	p := &parsed{frames: 1, clean: make([]byte, 0, len(b)), quality: 90}
	p.clean = append(p.clean, b[:2]...)
	for i := 2; ; {
		marker, at, ok := nextMarker(b, i)
		if !ok {
			return nil, errShort
		}
		if marker == 0xd9 { // EOI
			p.clean = append(p.clean, 0xff, 0xd9)
			return p, nil
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd7 { // they stand alone
			i = at
			continue
		}
		if at+2 > len(b) {
			return nil, errShort
		}
		end := at + int(binary.BigEndian.Uint16(b[at:]))
		if end < at+2 || end > len(b) {
			return nil, errShort
		}
		p.readSegment(marker, b[at+2:end])
		switch {
		case marker == 0xe0 && bytes.HasPrefix(b[at+2:end], jfifName) && end-at >= 16:
			// Without the small picture that may be in it, which may be of before it was cropped.
			p.clean = append(append(append(p.clean, 0xff, 0xe0, 0, 16), b[at+2:at+14]...), 0, 0)
		case keepSegment(marker, b[at+2:end]):
			p.clean = append(append(p.clean, 0xff, marker), b[at:end]...)
		}
		i = end
		if marker == 0xda { // SOS: its data go on until the next marker
			i = scanEnd(b, end)
			p.clean = append(p.clean, b[end:i]...)
		}
	}
}

// nextMarker finds the marker at i, after any fill bytes, and where its segment begins.
func nextMarker(b []byte, i int) (marker byte, at int, ok bool) {
	if i >= len(b) || b[i] != 0xff {
		return 0, 0, false
	}
	for i < len(b) && b[i] == 0xff {
		i++
	}
	if i >= len(b) || b[i] == 0 {
		return 0, 0, false
	}
	return b[i], i + 1, true
}

// scanEnd is where the entropy-coded data that begin at i end: at a marker that
// is no restart.
func scanEnd(b []byte, i int) int {
	for ; i+1 < len(b); i++ {
		if b[i] == 0xff && b[i+1] != 0 && b[i+1] != 0xff && (b[i+1] < 0xd0 || b[i+1] > 0xd7) {
			return i
		}
	}
	return len(b)
}

var (
	exifName  = []byte("Exif\x00\x00")
	iccName   = []byte("ICC_PROFILE\x00")
	adobeName = []byte("Adobe")
	jfifName  = []byte("JFIF\x00")
)

func keepSegment(marker byte, body []byte) bool {
	switch {
	case marker == 0xe0:
		return bytes.HasPrefix(body, jfifName)
	case marker == 0xe2:
		return bytes.HasPrefix(body, iccName)
	case marker == 0xee:
		return bytes.HasPrefix(body, adobeName)
	case marker > 0xe0 && marker <= 0xef, marker == 0xfe:
		return false
	}
	return true
}

func (p *parsed) readSegment(marker byte, body []byte) {
	switch {
	case marker == 0xe1 && bytes.HasPrefix(body, exifName):
		if o := exifOrientation(body[len(exifName):]); p.orientation == 0 {
			p.orientation = o
		}
	case marker == 0xe2 && bytes.HasPrefix(body, iccName):
		p.icc = binary.BigEndian.AppendUint16(append(p.icc, 0xff, 0xe2), uint16(len(body)+2))
		p.icc = append(p.icc, body...)
	case marker == 0xdb:
		p.readQuality(body)
	case marker == 0xc0, marker == 0xc1, marker == 0xc2:
		p.readFrame(body, marker == 0xc2)
	}
}

// readFrame takes the size from a frame header (T.81 §B.2.2), and how much
// memory the decoder will take: a progressive one keeps all coefficients.
func (p *parsed) readFrame(body []byte, progressive bool) {
	if len(body) < 6 || len(body) < 6+3*int(body[5]) {
		return
	}
	p.height, p.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	var samples, most int64 = 0, 1
	for c := body[6:]; len(c) >= 3; c = c[3:] {
		n := int64(c[1]>>4) * int64(c[1]&15)
		samples, most = samples+n, max(most, n)
	}
	p.memory = int64(p.width) * int64(p.height) * samples / most
	if progressive {
		p.memory *= 5
	}
}

// luminance is the table of T.81 §K.1, in the zigzag order of files.
var luminance = [64]int{
	16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
	56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
}

// readQuality tells from the table of luminance how coarsely the picture was
// coded, on the scale that encoders share.
func (p *parsed) readQuality(body []byte) {
	if len(body) < 65 || body[0] != 0 {
		return
	}
	scale := 0
	for i, q := range body[1:65] {
		scale += int(q) * 100 / luminance[i]
	}
	scale /= 64
	if scale <= 100 {
		p.quality = min(98, (200-scale)/2)
	} else {
		p.quality = max(1, 5000/scale)
	}
}

// exifOrientation finds tag 274 in the first directory of a TIFF structure; 0 if
// there is none.
func exifOrientation(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 0
	}
	n := int64(order.Uint16(b[at:]))
	for e := at + 2; n > 0 && e+12 <= int64(len(b)); e, n = e+12, n-1 {
		if order.Uint16(b[e:]) == 274 {
			if o := int(order.Uint16(b[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}
