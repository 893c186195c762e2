package media

import (
	"encoding/binary"
	"errors"
)

// eraseFragment overwrites the data that a fragment (ISO/IEC 14496-12 §8.8) has
// of a track that was erased; of other tracks it keeps them.
func (m *mp4) eraseFragment(body, end int64) error {
	f := &fragment{mp4: m, base: m.fragment}
	return f.children(body, end)
}

// fragment is the part of one track in a moof.
type fragment struct {
	*mp4
	gone bool   // the track was erased
	base int64  // from where offsets count
	next int64  // where the next run's data begin if it does not say
	size uint32 // of a sample that does not say
}

func (f *fragment) children(body, end int64) error {
	for at := body; at+8 <= end; {
		if err := f.count(); err != nil {
			return err
		}
		head, err := f.read(at, 8)
		if err != nil {
			return err
		}
		size := int64(binary.BigEndian.Uint32(head))
		if size < 8 || at+size > end {
			return errShort
		}
		name := string(head[4:])
		if name == "tfhd" || name == "trun" && f.gone {
			b, err := f.read(at+8, int(min(size-8, maxTable)))
			if err != nil {
				return err
			}
			fields := &fields{b: b}
			if name == "tfhd" {
				err = f.header(fields)
			} else {
				err = f.run(fields)
			}
			if err != nil {
				return err
			}
		}
		at += size
	}
	return nil
}

// header reads tfhd (§8.8.7).
func (f *fragment) header(b *fields) error {
	flags, track := b.four(), b.four()
	size, gone := f.mp4.gone[track]
	f.gone, f.size = gone, size
	if flags&0x1 != 0 {
		f.base = int64(b.four())<<32 | int64(b.four())
	} else if flags&0x2_0000 == 0 && f.gone && f.later {
		return errors.New("it has fragments whose data can't be found")
	}
	f.later = true
	if flags&0x2 != 0 {
		b.four()
	}
	if flags&0x8 != 0 {
		b.four()
	}
	if flags&0x10 != 0 {
		f.size = b.four()
	}
	f.next = f.base
	return b.err
}

// run erases what trun (§8.8.8) tells of.
func (f *fragment) run(b *fields) error {
	flags, n := b.four(), b.four()
	if flags&0x1 != 0 {
		f.next = f.base + int64(int32(b.four()))
	}
	if flags&0x4 != 0 {
		b.four()
	}
	total, err := f.runSize(b, flags, n)
	if err != nil {
		return err
	}
	at := f.next
	f.next += total
	return f.erase(at, total)
}

// runSize is how many bytes the samples of a run have.
func (f *fragment) runSize(b *fields, flags, n uint32) (total int64, err error) {
	if flags&0xf00 == 0 {
		return int64(n) * int64(f.size), b.err
	}
	for range n {
		size := f.size
		for _, bit := range []uint32{0x100, 0x200, 0x400, 0x800} {
			if flags&bit == 0 {
				continue
			}
			if v := b.four(); bit == 0x200 {
				size = v
			}
		}
		if b.err != nil {
			return 0, b.err
		}
		total += int64(size)
	}
	return total, nil
}

// fields reads numbers one after the other; err is set once they are at their end.
type fields struct {
	b   []byte
	err error
}

func (f *fields) four() uint32 {
	if len(f.b) < 4 {
		f.err = errShort
		return 0
	}
	v := binary.BigEndian.Uint32(f.b)
	f.b = f.b[4:]
	return v
}
