package media

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// parseGIF walks the blocks of a GIF (GIF89a §17) and inflates each frame to
// nowhere, which proves that it is whole. Comments, XMP and other applications'
// blocks are left out; the one that says how often it repeats stays.
func parseGIF(b []byte) (*parsed, error) {
	g := &gifReader{b: b, p: &parsed{clean: make([]byte, 0, len(b)), quality: 90}}
	head, err := g.take(13)
	if err != nil {
		return nil, err
	}
	g.p.width, g.p.height = int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:]))
	g.p.memory = 2 * int64(g.p.width) * int64(g.p.height)
	if _, err := g.take(colors(head[10])); err != nil {
		return nil, err
	}
	g.keep(0)
	if err := g.p.check("image/gif"); err != nil && g.p.width > 0 {
		return nil, err
	}
	for {
		done, err := g.block()
		if err != nil {
			return nil, err
		}
		if done {
			if g.p.frames == 0 {
				return nil, errors.New("it has no picture")
			}
			return g.p, nil
		}
	}
}

// colors is how many bytes the table has that a packed field tells of.
func colors(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

type gifReader struct {
	b     []byte
	at    int
	begin int // of the block at hand
	p     *parsed
}

func (g *gifReader) take(n int) ([]byte, error) {
	if g.at+n > len(g.b) {
		return nil, errShort
	}
	part := g.b[g.at : g.at+n]
	g.at += n
	return part, nil
}

// keep copies what was read since a place.
func (g *gifReader) keep(from int) { g.p.clean = append(g.p.clean, g.b[from:g.at]...) }

// block reads one block; done is true after the trailer.
func (g *gifReader) block() (done bool, err error) {
	g.begin = g.at
	kind, err := g.take(1)
	if err != nil {
		return false, err
	}
	switch kind[0] {
	case 0x3b:
		g.keep(g.begin)
		return true, nil
	case 0x21:
		return false, g.extension()
	case 0x2c:
		return false, g.frame()
	}
	return false, fmt.Errorf("it has a block of the unknown kind %#x", kind[0])
}

func (g *gifReader) extension() error {
	label, err := g.take(1)
	if err != nil {
		return err
	}
	first := g.at
	if err := g.skip(io.Discard); err != nil {
		return err
	}
	loops := label[0] == 0xff && (bytes.HasPrefix(g.b[first:], []byte("\x0bNETSCAPE2.0")) || bytes.HasPrefix(g.b[first:], []byte("\x0bANIMEXTS1.0")))
	if label[0] == 0xf9 || loops {
		g.keep(g.begin)
	}
	return nil
}

// skip passes sub-blocks to w, up to the empty one that ends them.
func (g *gifReader) skip(w io.Writer) error {
	for {
		n, err := g.take(1)
		if err != nil {
			return err
		}
		part, err := g.take(int(n[0]))
		if err != nil {
			return err
		}
		if len(part) == 0 {
			return nil
		}
		w.Write(part) // a buffer, or nowhere
	}
}

func (g *gifReader) frame() error {
	head, err := g.take(9)
	if err != nil {
		return err
	}
	if _, err := g.take(colors(head[8])); err != nil {
		return err
	}
	bits, err := g.take(1)
	if err != nil {
		return err
	}
	var data bytes.Buffer
	if err := g.skip(&data); err != nil {
		return err
	}
	if g.p.frames++; g.p.frames > MaxFrames {
		return &RefusedError{Problem: TooLong, Type: "image/gif", Limit: MaxFrames}
	}
	if err := g.p.check("image/gif"); err != nil {
		return err
	}
	pixels := int64(binary.LittleEndian.Uint16(head[4:])) * int64(binary.LittleEndian.Uint16(head[6:]))
	if bits[0] < 2 || bits[0] > 8 || pixels > int64(g.p.width)*int64(g.p.height) {
		return errFrame
	}
	if n, _ := io.Copy(io.Discard, io.LimitReader(lzw.NewReader(&data, lzw.LSB, int(bits[0])), pixels)); n < pixels {
		return errShort
	}
	g.keep(g.begin)
	return nil
}
