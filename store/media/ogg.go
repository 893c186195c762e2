package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// cleanOgg empties the comments of Vorbis, Opus and Theora in Ogg (RFC 3533 §6):
// each is the second packet of its stream. FLAC may have more blocks after it,
// pictures among them (RFC 9639 §10.1). The pages stay where they are, with new
// checksums.
func (st *stream) cleanOgg() error {
	o := &ogg{stream: st, streams: map[uint32]*oggStream{}}
	for at := int64(0); at < st.size; {
		next, err := o.page(at)
		if err != nil {
			return err
		}
		at = next
	}
	if len(o.streams) == 0 {
		return errShort
	}
	for _, s := range o.streams {
		if !s.done {
			return errShort
		}
		if s.hertz > 0 {
			st.duration = max(st.duration, seconds(s.granule-s.skip, s.hertz))
		}
	}
	return nil
}

type ogg struct {
	*stream
	streams map[uint32]*oggStream
}

// oggStream is one of the streams that an Ogg weaves together.
type oggStream struct {
	packets       int   // that have ended
	hertz         int64 // of sound: granules a second
	granule, skip int64
	comment       []byte // what its comments become; the part that is not written yet
	written       bool   // some of the packet at hand is
	tags          []byte // the packet at hand as it came, while a cover may be in it
	flac          bool
	last          bool // of FLAC: the packet at hand is the last one of metadata
	done          bool // the metadata have ended
}

const maxOggStreams = 16

// page reads one page, and writes the part of the comments that is on it.
func (o *ogg) page(at int64) (next int64, err error) {
	if err := o.count(); err != nil {
		return 0, err
	}
	head, err := o.read(at, 27)
	if err != nil || string(head[:4]) != "OggS" {
		return 0, errors.Join(errShort, err)
	}
	lacing, err := o.read(at+27, int(head[26]))
	if err != nil {
		return 0, err
	}
	size := 0
	for _, n := range lacing {
		size += int(n)
	}
	begin := at + 27 + int64(len(lacing))
	serial := binary.LittleEndian.Uint32(head[14:])
	s := o.streams[serial]
	if s == nil {
		if len(o.streams) == maxOggStreams {
			return 0, errElements
		}
		s = &oggStream{}
		o.streams[serial] = s
	}
	if granule := int64(binary.LittleEndian.Uint64(head[6:])); granule > 0 {
		s.granule = granule
	}
	if !s.done {
		body, err := o.read(begin, size)
		if err != nil {
			return 0, err
		}
		if err := o.headers(s, at, append(head, lacing...), body); err != nil {
			return 0, err
		}
	}
	if begin+int64(size) > o.size {
		return 0, errShort
	}
	return begin + int64(size), nil
}

// headers walks the packets of a page at the beginning of a stream.
func (o *ogg) headers(s *oggStream, at int64, head, body []byte) error {
	lacing, from, changed := head[27:], 0, false
	for i, n := 0, 0; i < len(lacing); i++ {
		n += int(lacing[i])
		if lacing[i] == 255 && i+1 < len(lacing) {
			continue
		}
		part := body[from : from+n]
		if s.packets == 0 {
			s.identify(part)
		} else if !s.done {
			s.keepTags(part)
			if err := s.empty(part); err != nil {
				return err
			}
			changed = true
		}
		from, n = from+n, 0
		if lacing[i] < 255 {
			if o.cover == nil {
				o.cover = s.coverInTags()
			}
			s.tags = nil
			s.packets++
			s.done = s.done || s.packets > 1 && (!s.flac || s.last)
			s.written, s.comment = false, nil
		}
	}
	if !changed {
		return nil
	}
	clear(head[22:26])
	binary.LittleEndian.PutUint32(head[22:], oggSum(oggSum(0, head), body))
	return errors.Join(o.write(at, head), o.write(at+int64(len(head)), body))
}

// identify reads the first packet.
func (s *oggStream) identify(b []byte) {
	switch {
	case bytes.HasPrefix(b, []byte("\x01vorbis")) && len(b) >= 16:
		s.hertz = int64(binary.LittleEndian.Uint32(b[12:]))
	case bytes.HasPrefix(b, []byte("OpusHead")) && len(b) >= 12:
		s.hertz, s.skip = 48_000, int64(binary.LittleEndian.Uint16(b[10:]))
	case bytes.HasPrefix(b, []byte("\x7fFLAC")) && len(b) >= 31:
		s.flac, s.hertz = true, int64(binary.BigEndian.Uint32(b[27:])>>12) // after 13 bytes of Ogg's and 4 of the block
	}
}

// empty overwrites a part of the comments: no vendor, no comments, and for
// Vorbis and Theora the bit that ends them.
func (s *oggStream) empty(part []byte) error {
	if !s.written {
		s.written = true
		if s.flac {
			return s.emptyFLAC(part)
		}
		for _, magic := range []string{"\x03vorbis", "OpusTags", "\x81theora"} {
			if bytes.HasPrefix(part, []byte(magic)) {
				s.comment = append([]byte(magic), 0, 0, 0, 0, 0, 0, 0, 0, 1)
				if magic == "OpusTags" {
					s.comment[len(s.comment)-1] = 0
				}
			}
		}
		if s.comment == nil {
			return fmt.Errorf("it has a stream of the unknown kind %.8q", part)
		}
	}
	clear(part[copy(part, s.comment):])
	s.comment = s.comment[min(len(part), len(s.comment)):]
	return nil
}

// emptyFLAC overwrites the beginning of a block of metadata: comments stay as
// none, since there must be some, and anything else becomes padding.
func (s *oggStream) emptyFLAC(part []byte) error {
	if len(part) < 4 || part[0] == 0xff {
		return errShort
	}
	s.last = part[0]&0x80 != 0
	if part[0]&0x7f != 4 {
		part[0] = part[0]&0x80 | 1
	}
	clear(part[4:])
	return nil
}

// oggSum is the checksum of RFC 3533 §6: polynomial 0x04c11db7, not reflected.
func oggSum(sum uint32, b []byte) uint32 {
	for _, c := range b {
		sum ^= uint32(c) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}
