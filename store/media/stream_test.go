package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"
)

const secret = "GPS 52.1N"

func box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), name...), body...)
}

func words(n ...uint32) (b []byte) {
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// mp4File is a film of two seconds with a track of places beside the picture.
func mp4File() []byte {
	track := func(kind string, at, size uint32) []byte {
		return box("trak", box("tkhd", words(0, 5, 5), make([]byte, 64), words(640<<16, 360<<16)),
			box("mdia", box("mdhd", words(0, 5, 5, 1000, 2000, 0)), box("hdlr", words(0, 0), []byte(kind), make([]byte, 12), []byte(secret)),
				box("minf", box("stbl", box("stsc", words(0, 1, 1, 1, 1)), box("stsz", words(0, size, 1)), box("stco", words(0, 1, at))))))
	}
	head := box("ftyp", []byte("isom"), words(0), []byte("mp42"))
	data := box("mdat", []byte("the picture"), []byte(secret))
	at := uint32(len(head) + 8)
	return bytes.Join([][]byte{head, data, box("moov", box("mvhd", words(0, 5, 5, 1000, 2000), make([]byte, 80)),
		track("vide", at, 11), track("meta", at+11, uint32(len(secret))), box("udta", []byte(secret)))}, nil)
}

func oggPage(seq uint32, granule uint64, packet string) []byte {
	b := append([]byte("OggS\x00\x00"), binary.LittleEndian.AppendUint64(nil, granule)...)
	b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(append(b, 7, 0, 0, 0), seq), 0)
	b = append(append(b, 1, byte(len(packet))), packet...)
	binary.LittleEndian.PutUint32(b[22:], oggSum(0, b))
	return b
}

func oggFile() []byte {
	return bytes.Join([][]byte{oggPage(0, 0, "OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"),
		oggPage(1, 0, "OpusTags\x03\x00\x00\x00abc\x01\x00\x00\x00\x09\x00\x00\x00"+secret), oggPage(2, 96_000, "sound")}, nil)
}

// oggFLACFile has comments and a picture, each in a packet.
func oggFLACFile() []byte {
	return bytes.Join([][]byte{
		oggPage(0, 0, "\x7fFLAC\x01\x00\x00\x02fLaC\x00\x00\x00\x22"+string(make([]byte, 10))+"\x0a\xc4\x42\xf0\x00\x00\x00\x00"+string(make([]byte, 16))),
		oggPage(1, 0, "\x04\x00\x00\x12\x00\x00\x00\x00\x01\x00\x00\x00\x0a\x00\x00\x00"+secret),
		oggPage(2, 0, "\x86\x00\x00\x0a"+secret),
		oggPage(3, 88_200, "\xff\xf8GP sound")}, nil)
}

func webmFile() []byte {
	el := func(id string, body ...string) string {
		b := ""
		for _, p := range body {
			b += p
		}
		return id + string(binary.BigEndian.AppendUint64(nil, 1<<56|uint64(len(b)))) + b
	}
	return []byte(el("\x1aE\xdf\xa3", "\x42\x82\x84webm") + el("\x18\x53\x80\x67",
		el("\x15\x49\xa9\x66", "\x2a\xd7\xb1\x83\x0f\x42\x40", "\x44\x89\x84\x44\xfa\x00\x00", el("\x7b\xa9", secret)),
		el("\x16\x54\xae\x6b", el("\xae", "\x83\x81\x01", el("\xe0", "\xb0\x82\x02\x80", "\xba\x82\x01\x68"))),
		el("\x12\x54\xc3\x67", secret)))
}

func streams() map[string][]byte {
	frame := "\xff\xfb\x90\x00" + string(make([]byte, 32_000-4)) // 128 kbit/s
	flac := "fLaC\x00\x00\x00\x22" + string(make([]byte, 10)) + "\x0a\xc4\x42\xf0\x00\x01\x58\x88" + string(make([]byte, 16)) +
		"\x84\x00\x00\x09" + secret + "sound"
	wav := "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00" +
		"LIST\x0a\x00\x00\x00" + secret + "x" + "data\x80\x3e\x00\x00" + string(make([]byte, 16_000))
	return map[string][]byte{
		"MP4": mp4File(), "Ogg": oggFile(), "FLAC in Ogg": oggFLACFile(), "WebM": webmFile(), "FLAC": []byte(flac), "WAV": []byte(wav),
		"MP3": []byte("ID3\x03\x00\x00\x00\x00\x00\x09" + secret + frame + "TAG" + secret + string(make([]byte, 125-len(secret)))),
	}
}

func TestMetadataLeaveSoundAndVideo(t *testing.T) {
	for name, body := range streams() {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			got := take(t, f, body)
			kept := content(t, f, got.File)
			if bytes.Contains(kept, []byte("GPS")) || !bytes.Contains(body, []byte("GPS")) {
				t.Error("the file tells where it was made")
			}
			if got.Duration.Round(100*time.Millisecond) != 2*time.Second {
				t.Errorf("lasts %v, want 2s", got.Duration)
			}
			film := name == "MP4" || name == "WebM"
			if (got.Kind == Video) != film || film && (got.Width != 640 || got.Height != 360) {
				t.Errorf("taken: %+v", got)
			}
			if name == "MP4" && !bytes.Contains(kept, []byte("the picture")) {
				t.Error("the picture's own data are gone")
			}
			if name == "FLAC in Ogg" && !bytes.Contains(kept, []byte("\xff\xf8GP sound")) {
				t.Error("the sound is gone")
			}
			if again := take(t, f, kept); again.File != got.File {
				t.Error("what was cleaned is changed when it comes again")
			}
		})
	}
}

// everyKind is a file of each kind that is taken.
func everyKind(t testing.TB) map[string][]byte {
	all := streams()
	all["JPEG"], all["PNG"], all["GIF"] = jpegOf(t, photo(60, 60)), pngOf(t, photo(60, 60)), gifOf(t, 3)
	all["WebP"], all["WebP that moves"] = stillWebPFile(t), movingWebP(t, 3)
	return all
}

// TestDamagedFilesLeaveNothing cuts and flips files everywhere: each is taken
// or refused, and nothing is left of a refused one.
func TestDamagedFilesLeaveNothing(t *testing.T) {
	for name, body := range everyKind(t) {
		for _, at := range []int{1, 13, 40, len(body) / 3, len(body) / 2, len(body) - 3} {
			flipped := bytes.Clone(body)
			flipped[at] ^= 0xff
			for _, b := range [][]byte{body[:at], flipped} {
				f := open(t)
				_, err := f.Take(context.Background(), bytes.NewReader(b), all, unrecorded)
				var refused *RefusedError
				if err != nil && !errors.As(err, &refused) {
					t.Errorf("%s at %d: %v", name, at, err)
				}
				if err != nil && filesIn(t, f) != 0 {
					t.Errorf("%s at %d: refused, and files are left", name, at)
				}
			}
		}
	}
}

// FuzzTake hands in anything: it is taken or refused, in bounded memory and
// time, and what is taken can be taken again.
func FuzzTake(f *testing.F) {
	for _, body := range everyKind(f) {
		f.Add(body)
	}
	f.Add(segment(jpegOf(f, photo(9, 9)), 0xe1, exif(6)))
	f.Fuzz(func(t *testing.T, body []byte) {
		files := open(t)
		got, err := files.Take(context.Background(), bytes.NewReader(body), Limits{Picture: 1 << 20, Sound: 1 << 20, Video: 1 << 20}, unrecorded)
		var refused *RefusedError
		if err != nil {
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			return
		}
		r, err := files.Open(context.Background(), got.File)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := files.Take(context.Background(), io.LimitReader(r, got.Size), all, unrecorded); err != nil {
			t.Errorf("what was taken is refused: %v", err)
		}
	})
}
