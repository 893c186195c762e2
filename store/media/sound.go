package media

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// cleanMP3 empties the tags of ID3v2 at the beginning, which stay as padding,
// and cuts those of ID3v1 and APE off the end.
func (st *stream) cleanMP3() error {
	at := int64(0)
	for {
		b, err := st.read(at, 10)
		if err != nil {
			return err
		}
		if string(b[:3]) != "ID3" {
			break
		}
		n := int64(b[6]&0x7f)<<21 | int64(b[7]&0x7f)<<14 | int64(b[8]&0x7f)<<7 | int64(b[9]&0x7f) // ID3v2.4 §6.2
		if b[5]&0x10 != 0 {
			n += 10 // a footer
		}
		if at+10+n > st.size {
			return errShort
		}
		st.lookForCover(at+10, n, "PIC") // APIC, or PIC of ID3v2.2
		if err := errors.Join(st.write(at+5, []byte{0}), st.zero(at+10, n)); err != nil {
			return err
		}
		at += 10 + n
	}
	if err := st.cutTags(at); err != nil {
		return err
	}
	return st.readMP3(at)
}

// cutTags takes ID3v1 (128 bytes) and APEv2 (its size is in its last 32 bytes)
// off the end.
func (st *stream) cutTags(from int64) error {
	for range 8 {
		if b, err := st.read(st.size-128, 3); err == nil && string(b) == "TAG" && st.size-128 >= from {
			st.size -= 128
			continue
		}
		b, err := st.read(st.size-32, 32)
		if err != nil || !bytes.HasPrefix(b, []byte("APETAGEX")) {
			return nil
		}
		n := int64(binary.LittleEndian.Uint32(b[12:]))
		if binary.LittleEndian.Uint32(b[20:])&(1<<31) != 0 {
			n += 32 // a header
		}
		if n < 32 || st.size-n < from {
			return errShort
		}
		st.size -= n
	}
	return nil
}

// Rates of MPEG audio, layer III (ISO/IEC 11172-3 §2.4.2.3), for version 1 and
// for 2 and 2.5: thousands of bits a second.
var mp3Rates = [2][15]int64{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// readMP3 takes the duration from the first frame: from the count of frames in
// it (Xing, Info) or else from its rate.
func (st *stream) readMP3(at int64) error {
	b, err := st.read(at, int(min(200, st.size-at)))
	if err != nil || !isMPEGFrame(b) {
		return errors.New("it has no frame of sound")
	}
	version, samples := 1, int64(576)
	if b[1]>>3&3 == 3 {
		version, samples = 0, 1152
	}
	hertz := [4]int64{44100, 48000, 32000, 0}[b[2]>>2&3]
	switch b[1] >> 3 & 3 {
	case 2:
		hertz /= 2
	case 0:
		hertz /= 4
	}
	for _, name := range []string{"Xing", "Info"} {
		if i := bytes.Index(b, []byte(name)); i > 0 && i+12 <= len(b) && b[i+7]&1 != 0 {
			st.duration = seconds(int64(binary.BigEndian.Uint32(b[i+8:]))*samples, hertz)
			return nil
		}
	}
	st.duration = seconds((st.size-at)*8, mp3Rates[version][b[2]>>4]*1000)
	return nil
}

// cleanFLAC turns comments, pictures and blocks of applications into empty
// padding (RFC 9639 §8).
func (st *stream) cleanFLAC() error {
	for at := int64(4); ; {
		if err := st.count(); err != nil {
			return err
		}
		b, err := st.read(at, 4)
		if err != nil {
			return err
		}
		n := int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3])
		if at+4+n > st.size {
			return errShort
		}
		switch b[0] & 0x7f {
		case 0:
			if err := st.readFLAC(at + 4); err != nil {
				return err
			}
		case 1, 2, 4, 6: // padding too: players write over what was there only in part
			if b[0]&0x7f == 6 {
				st.lookForCover(at+4, n, "")
			}
			if err := errors.Join(st.write(at, []byte{b[0]&0x80 | 1}), st.zero(at+4, n)); err != nil {
				return err
			}
		}
		at += 4 + n
		if b[0]&0x80 != 0 {
			return st.cutTags(at)
		}
	}
}

func (st *stream) readFLAC(at int64) error {
	b, err := st.read(at, 18)
	if err != nil {
		return err
	}
	bits := binary.BigEndian.Uint64(b[10:])
	st.duration = seconds(int64(bits&(1<<36-1)), int64(bits>>44))
	return nil
}

// cleanWAV turns all chunks of a RIFF that are not the sound into junk.
func (st *stream) cleanWAV() error {
	var rate, data int64
	for at := int64(12); at+8 <= st.size; {
		if err := st.count(); err != nil {
			return err
		}
		b, err := st.read(at, 8)
		if err != nil {
			return err
		}
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if at+8+n > st.size {
			return errShort
		}
		switch string(b[:4]) {
		case "fmt ":
			f, err := st.read(at+8, 12)
			if err != nil {
				return err
			}
			rate = int64(binary.LittleEndian.Uint32(f[8:]))
		case "data":
			data += n
		case "fact":
		default:
			if err := errors.Join(st.write(at, []byte("JUNK")), st.zero(at+8, n)); err != nil {
				return err
			}
		}
		at += 8 + n + n&1
	}
	if rate == 0 || data == 0 {
		return errors.New("it has no sound")
	}
	st.duration = seconds(data, rate)
	return nil
}
