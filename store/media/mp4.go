package media

import (
	"encoding/binary"
	"errors"
	"slices"
	"sort"
)

// cleanMP4 walks the boxes of MP4 and QuickTime (ISO/IEC 14496-12 §4.2). What
// playing does not need becomes free space: user data, metadata and whatever
// makers of phones add. Times of recording become zero.
func (st *stream) cleanMP4() error {
	m := &mp4{stream: st, gone: map[uint32]uint32{}}
	if err := errors.Join(m.findData(), m.boxes("", 0, st.size, 0)); err != nil {
		return err
	}
	if !m.movie {
		return errors.New("it has no index")
	}
	if m.sound && !m.picture {
		st.kind = Sound
	}
	return nil
}

type mp4 struct {
	*stream
	movie, sound, picture bool
	track                 string // the kind of the track at hand: vide, soun or another
	samples               samples
	number                uint32            // of the track at hand
	gone                  map[uint32]uint32 // tracks that were erased, with the size of their samples
	fragment              int64             // where the moof at hand begins
	later                 bool              // it has had a track already
	erased                int64             // bytes
	data                  []span            // in the order of the file
}

// samples are the tables that say where the data of a track are.
type samples struct {
	chunks       []int64
	perChunk     []byte // of stsc
	sizes        []byte // of stsz and stz2
	bits         int    // that each of sizes has
	size, number uint32 // size is 0 if they differ
}

// boxes walks the boxes between two places.
func (m *mp4) boxes(in string, at, end int64, depth int) error {
	for at < end {
		name, body, next, err := m.head(at, end)
		if err != nil {
			if end-at < 8 && depth > 0 {
				return nil // QuickTime ends lists with four zeros
			}
			return err
		}
		if err := m.box(in, name, at, body, next, depth); err != nil {
			return err
		}
		at = next
	}
	return nil
}

// head reads the header of a box: where what it holds begins and ends.
func (m *mp4) head(at, end int64) (name string, body, next int64, err error) {
	if err := m.count(); err != nil {
		return "", 0, 0, err
	}
	head, err := m.read(at, 8)
	if err != nil {
		return "", 0, 0, err
	}
	size, body := int64(binary.BigEndian.Uint32(head)), at+8
	switch size {
	case 0:
		size = end - at
	case 1:
		long, err := m.read(body, 8)
		if err != nil {
			return "", 0, 0, err
		}
		size, body = int64(binary.BigEndian.Uint64(long)), body+8
	}
	if size < body-at || at+size > end || at+size < at {
		return "", 0, 0, errShort
	}
	return string(head[4:]), body, at + size, nil
}

// findData notes where the data of all tracks are, and nothing else is.
func (m *mp4) findData() error {
	for at := int64(0); at < m.stream.size; {
		name, body, next, err := m.head(at, m.stream.size)
		if err != nil {
			return err
		}
		if name == "mdat" {
			m.data = append(m.data, span{body, next})
		}
		at = next
	}
	return nil
}

type span struct{ begin, end int64 }

// playing are the boxes that playing needs, by the box that they stand in; ""
// is the file itself. Boxes that are not listed here as a place keep what is in
// them.
var playing = map[string][]string{
	"":     {"ftyp", "styp", "moov", "moof", "mdat", "sidx", "ssix", "mfra", "pdin"},
	"moov": {"mvhd", "trak", "mvex", "iods", "pssh"},
	"trak": {"tkhd", "edts", "tref", "mdia", "tapt", "load", "trgr"},
	"mdia": {"mdhd", "hdlr", "minf", "elng"},
	"minf": {"vmhd", "smhd", "hmhd", "nmhd", "sthd", "gmhd", "hdlr", "dinf", "stbl"},
	"stbl": {"stsd", "stts", "ctts", "cslg", "stss", "stps", "stsc", "stsz", "stz2", "stco", "co64", "sdtp", "sbgp", "sgpd", "subs", "saiz", "saio", "padb", "stsh", "stdp"},
	"mvex": {"mehd", "trex", "leva"},
	"moof": {"mfhd", "traf", "pssh"},
	"traf": {"tfhd", "tfdt", "trun", "sdtp", "sbgp", "sgpd", "subs", "saiz", "saio", "senc"},
}

func (m *mp4) box(in, name string, at, body, end int64, depth int) error {
	if !slices.Contains(playing[in], name) {
		if name == "wide" && end == body {
			return nil // where QuickTime's mdat may grow to a long one
		}
		if name == "udta" || name == "meta" {
			m.lookForCover(body, end-body, "covr")
		}
		return m.free(at, body, end)
	}
	switch name {
	case "moov", "mdia", "minf", "stbl", "moof", "traf":
		m.movie = m.movie || name == "moov"
		if depth == maxDepth {
			return errElements
		}
		if name == "moof" {
			m.fragment, m.later = at, false
		}
		if name == "traf" {
			if err := m.eraseFragment(body, end); err != nil {
				return err
			}
		}
		return m.boxes(name, body, end, depth+1)
	case "mvex":
		return m.boxes(name, body, end, depth+1)
	case "trex":
		return m.defaultSize(body)
	case "trak":
		return m.trak(at, body, end, depth)
	case "mvhd":
		return m.times(body, end, true)
	case "mdhd":
		return m.times(body, end, false)
	case "tkhd":
		return m.tkhd(body, end)
	case "hdlr":
		return m.handler(body, end)
	case "stsd":
		return m.descriptions(body, end)
	case "stco", "co64", "stsc", "stsz", "stz2":
		return m.table(name, body, end)
	}
	return nil
}

// free turns a box into free space.
func (m *mp4) free(at, body, end int64) error {
	if err := m.write(at+4, []byte("free")); err != nil {
		return err
	}
	return m.zero(body, end-body)
}

// trak cleans a track. One that is neither picture nor sound nor words may hold
// where the camera was, many times a second: it goes, with its data.
func (m *mp4) trak(at, body, end int64, depth int) error {
	if depth == maxDepth {
		return errElements
	}
	m.track, m.number, m.samples = "", 0, samples{}
	if err := m.boxes("trak", body, end, depth+1); err != nil {
		return err
	}
	switch m.track {
	case "vide", "auxv", "pict":
		m.picture = true
	case "soun":
		m.sound = true
	case "text", "sbtl", "subt", "clcp", "tmcd", "hint":
	default:
		m.gone[m.number] = 0
		if err := m.eraseSamples(); err != nil {
			return err
		}
		return m.free(at, body, end)
	}
	return nil
}

// times zeroes when a box's subject was made and changed; the one of the whole
// film also says how long it lasts.
func (m *mp4) times(body, end int64, film bool) error {
	b, err := m.read(body, int(min(32, end-body)))
	if err != nil || len(b) < 20 {
		return errShort
	}
	wide := b[0] == 1
	if wide && len(b) < 32 {
		return errShort
	}
	if film {
		m.duration = seconds(int64(binary.BigEndian.Uint32(b[16:])), int64(binary.BigEndian.Uint32(b[12:])))
		if wide {
			m.duration = seconds(int64(binary.BigEndian.Uint64(b[24:])), int64(binary.BigEndian.Uint32(b[20:])))
		}
	}
	if wide {
		return m.zero(body+4, 16)
	}
	return m.zero(body+4, 8)
}

// tkhd takes the size from the header of a track (§8.3.2): 16.16 fixed point.
func (m *mp4) tkhd(body, end int64) error {
	if end-body < 84 {
		return errShort
	}
	size, err := m.read(end-8, 8)
	if err != nil {
		return err
	}
	if w, h := int(binary.BigEndian.Uint16(size)), int(binary.BigEndian.Uint16(size[4:])); w > 0 && h > 0 && m.width == 0 {
		m.width, m.height = w, h
	}
	version, err := m.read(body, 1)
	if err != nil {
		return err
	}
	dates := int64(8)
	if version[0] == 1 {
		dates = 16
	}
	number, err := m.read(body+4+dates, 4)
	if err != nil {
		return err
	}
	m.number = binary.BigEndian.Uint32(number)
	return m.zero(body+4, dates)
}

// defaultSize takes from trex (§8.8.3) how large the samples of a track are
// whose fragments do not say.
func (m *mp4) defaultSize(body int64) error {
	b, err := m.read(body, 20)
	if err != nil {
		return err
	}
	if track := binary.BigEndian.Uint32(b[4:]); m.isGone(track) {
		m.gone[track] = binary.BigEndian.Uint32(b[16:])
	}
	return nil
}

func (m *mp4) isGone(track uint32) bool {
	_, gone := m.gone[track]
	return gone
}

// handler says what a track is, the first time; its name is what the recording
// program calls itself.
func (m *mp4) handler(body, end int64) error {
	b, err := m.read(body, 12)
	if err != nil || end-body < 12 {
		return errShort
	}
	if m.track == "" {
		m.track = string(b[8:12])
	}
	if end-body > 24 {
		return m.zero(body+24, end-body-24)
	}
	return nil
}

// maxTable is how much of a table of samples is read.
const maxTable = 16 << 20

func (m *mp4) table(name string, body, end int64) error {
	if m.track == "vide" || m.track == "soun" {
		return nil // its data stay
	}
	if end-body > maxTable {
		return errElements
	}
	b, err := m.read(body, int(end-body))
	if err != nil || len(b) < 8 {
		return errShort
	}
	s := &m.samples
	switch name {
	case "stsc":
		s.perChunk = b[8:]
	case "stsz":
		if len(b) < 12 {
			return errShort
		}
		s.size, s.number, s.sizes, s.bits = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:]), b[12:], 32
		return s.check()
	case "stz2": // §8.7.3.3
		if len(b) < 12 || b[7] != 4 && b[7] != 8 && b[7] != 16 {
			return errShort
		}
		s.size, s.number, s.sizes, s.bits = 0, binary.BigEndian.Uint32(b[8:]), b[12:], int(b[7])
		return s.check()
	case "stco":
		for e := b[8:]; len(e) >= 4; e = e[4:] {
			s.chunks = append(s.chunks, int64(binary.BigEndian.Uint32(e)))
		}
	case "co64":
		for e := b[8:]; len(e) >= 8; e = e[8:] {
			s.chunks = append(s.chunks, int64(binary.BigEndian.Uint64(e)))
		}
	}
	return nil
}

// eraseSamples overwrites the data of the track at hand (§8.7).
func (m *mp4) eraseSamples() error {
	s, sample, per := &m.samples, uint32(0), uint32(0)
	for i, at := range s.chunks {
		for len(s.perChunk) >= 12 && binary.BigEndian.Uint32(s.perChunk) <= uint32(i+1) {
			per, s.perChunk = binary.BigEndian.Uint32(s.perChunk[4:]), s.perChunk[12:]
		}
		n, last := int64(0), min(uint64(sample)+uint64(per), uint64(s.number))
		if s.size > 0 {
			n, sample = int64(s.size)*(int64(last)-int64(sample)), uint32(last)
		}
		for ; uint64(sample) < last; sample++ {
			n += s.sampleSize(sample)
		}
		if err := m.erase(at, n); err != nil {
			return err
		}
	}
	return nil
}

// erase overwrites data of a track: nothing outside of where data are, and not
// more than the file has, which would be the same again and again.
func (m *mp4) erase(at, n int64) error {
	if n == 0 {
		return nil
	}
	i := sort.Search(len(m.data), func(i int) bool { return m.data[i].end > at })
	if m.erased += n; n < 0 || i == len(m.data) || at < m.data[i].begin || n > m.data[i].end-at || m.erased > m.stream.size {
		return errShort
	}
	return m.zero(at, n)
}

// check refuses a table that tells of more samples than it has sizes for.
func (s *samples) check() error {
	if s.size == 0 && int64(s.number)*int64(s.bits) > 8*int64(len(s.sizes)) {
		return errShort
	}
	return nil
}

func (s *samples) sampleSize(i uint32) int64 {
	at := int(i) * s.bits / 8
	switch s.bits {
	case 4:
		return int64(s.sizes[at] >> (4 - 4*(i&1)) & 15)
	case 8:
		return int64(s.sizes[at])
	case 16:
		return int64(binary.BigEndian.Uint16(s.sizes[at:]))
	}
	return int64(binary.BigEndian.Uint32(s.sizes[at:]))
}

// descriptions clears what encoders of pictures call themselves and who made
// them (§12.1.3, and QuickTime's vendor): cameras put their name there.
func (m *mp4) descriptions(body, end int64) error {
	if m.track != "vide" {
		return nil
	}
	for at := body + 8; at+8 <= end; {
		if err := m.count(); err != nil {
			return err
		}
		head, err := m.read(at, 8)
		if err != nil {
			return err
		}
		size := int64(binary.BigEndian.Uint32(head))
		if size < 8 || at+size > end {
			return errShort
		}
		if size >= 86 {
			if err := errors.Join(m.zero(at+20, 4), m.zero(at+50, 32)); err != nil {
				return err
			}
		}
		at += size
	}
	return nil
}
