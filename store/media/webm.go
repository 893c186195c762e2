package media

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// Elements of WebM (RFC 9559 §5).
const (
	idSegment    = 0x18538067
	idInfo       = 0x1549a966
	idTracks     = 0x1654ae6b
	idEntry      = 0xae
	idVideo      = 0xe0
	idVoid       = 0xec
	idTags       = 0x1254c367
	idAttached   = 0x1941a469
	idTitle      = 0x7ba9
	idMuxer      = 0x4d80
	idWriter     = 0x5741
	idDate       = 0x4461
	idFileName   = 0x7384
	idTrackName  = 0x536e
	idScale      = 0x2ad7b1
	idDuration   = 0x4489
	idWidth      = 0xb0
	idHeight     = 0xba
	idTrackType  = 0x83
	unknownBytes = -1
)

// cleanWebM walks the elements of a WebM. Tags and attachments become void;
// names of programs and files, titles and dates become empty.
func (st *stream) cleanWebM() error {
	w := &webm{stream: st, scale: 1_000_000}
	if err := w.elements(0, st.size, 0); err != nil {
		return err
	}
	if !w.picture && w.sound {
		st.kind = Sound
	}
	if !w.picture && !w.sound {
		return errShort
	}
	st.duration = seconds(int64(w.length*w.scale), 1_000_000_000)
	return nil
}

type webm struct {
	*stream
	picture, sound bool
	scale, length  float64 // nanoseconds of a tick, and ticks
}

// number reads a variable-size integer (RFC 8794 §4); keep leaves its marker in,
// as ids have it.
func (w *webm) number(at int64, keep bool) (n int64, length int, err error) {
	b, err := w.read(at, 1)
	if err != nil {
		return 0, 0, err
	}
	length = bits.LeadingZeros8(b[0]) + 1
	if length > 8 || keep && length > 4 {
		return 0, 0, errShort
	}
	if b, err = w.read(at, length); err != nil {
		return 0, 0, err
	}
	value := uint64(0)
	for _, c := range b {
		value = value<<8 | uint64(c)
	}
	if keep {
		return int64(value), length, nil
	}
	mask := uint64(1)<<(7*length) - 1
	if value &= mask; value == mask {
		return unknownBytes, length, nil // as live recordings have it
	}
	return int64(value), length, nil
}

// elements walks what stands between two places. An element of unknown size is
// walked as if what it holds stood beside it.
func (w *webm) elements(at, end int64, depth int) error {
	if depth > maxDepth {
		return errElements
	}
	for at < end {
		if err := w.count(); err != nil {
			return err
		}
		id, idLen, err := w.number(at, true)
		if err != nil {
			return err
		}
		size, sizeLen, err := w.number(at+int64(idLen), false)
		if err != nil {
			return err
		}
		body := at + int64(idLen+sizeLen)
		if size == unknownBytes {
			at = body
			continue
		}
		if body+size > end || size < 0 {
			return errShort
		}
		if err := w.element(id, at, body, body+size, depth); err != nil {
			return err
		}
		at = body + size
	}
	return nil
}

func (w *webm) element(id, at, body, end int64, depth int) error {
	switch id {
	case idSegment, idInfo, idTracks, idEntry, idVideo:
		return w.elements(body, end, depth+1)
	case idTags, idAttached:
		if id == idAttached {
			w.lookForCover(body, end-body, "")
		}
		return w.void(at, end)
	case idVoid, idTitle, idMuxer, idWriter, idDate, idFileName, idTrackName:
		return w.zero(body, end-body)
	case idScale, idDuration, idWidth, idHeight, idTrackType:
		if end-body > 8 || end == body {
			return errShort
		}
		b, err := w.read(body, int(end-body))
		if err != nil {
			return err
		}
		w.value(id, b)
	}
	return nil
}

// value takes a number that is of interest.
func (w *webm) value(id int64, b []byte) {
	var n uint64
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	switch id {
	case idScale:
		w.scale = float64(n)
	case idDuration:
		w.length = math.Float64frombits(n)
		if len(b) == 4 {
			w.length = float64(math.Float32frombits(uint32(n)))
		}
		if !(w.length > 0 && w.length < 1e12) {
			w.length = 0
		}
	case idWidth:
		w.width = int(min(n, MaxSide))
	case idHeight:
		w.height = int(min(n, MaxSide))
	case idTrackType:
		w.picture = w.picture || n == 1
		w.sound = w.sound || n == 2
	}
}

// void turns an element into empty space of the same length.
func (w *webm) void(at, end int64) error {
	n := end - at
	head := []byte{idVoid, byte(0x80 | (n - 2))}
	if n >= 9 {
		head = binary.BigEndian.AppendUint64([]byte{idVoid}, 1<<56|uint64(n-9))
	}
	if err := w.zero(at, n); err != nil {
		return err
	}
	return w.write(at, head)
}
