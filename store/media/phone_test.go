package media

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image"
	"testing"
	"time"
)

// track is one of a film, with its one run of samples at a place.
func track(id uint32, kind string, at uint32, entry []byte, sizes ...[]byte) []byte {
	stbl := append([]byte{}, box("stsd", words(0, 1), entry)...)
	stbl = append(stbl, box("stsc", words(0, 1, 1, 2, 1))...)
	stbl = append(stbl, bytes.Join(sizes, nil)...)
	stbl = append(stbl, box("stco", words(0, 1, at))...)
	return box("trak", box("tkhd", words(0, 5, 5, id), make([]byte, 60), words(640<<16, 360<<16)),
		box("udta", []byte(secret)),
		box("mdia", box("mdhd", words(0, 5, 5, 1000, 2000, 0)), box("hdlr", words(0, 0), []byte(kind), make([]byte, 12), []byte(secret)),
			box("minf", box("gmhd"), box("stbl", stbl))))
}

// camera is the description of a picture's samples by an encoder that is named
// after the camera.
func camera() []byte {
	entry := make([]byte, 78)
	copy(entry[42:], "\x09"+secret) // the name of the encoder
	copy(entry[12:], "appl")
	return box("avc1", entry, box("avcC", []byte("how to play")))
}

// film is a film as phones write it: picture, sound, and where it was, in a
// track whose sizes are as given.
func film(brand string, sizes []byte, inMovie ...[]byte) []byte {
	head := box("ftyp", []byte(brand), words(0), []byte("mp42"))
	data := box("mdat", []byte("the picturethe sound"), []byte(secret))
	at := uint32(len(head) + 16)
	movie := [][]byte{box("mvhd", words(0, 5, 5, 1000, 2000), make([]byte, 80)),
		track(1, "vide", at, camera(), box("stsz", words(0, 11, 1))),
		track(2, "soun", at+11, box("mp4a", []byte("how to hear")), box("stsz", words(0, 9, 1))),
		track(3, "meta", at+20, box("mebx", []byte(secret)), sizes)}
	return bytes.Join([][]byte{head, box("wide"), data, box("moov", append(movie, inMovie...)...)}, nil)
}

func TestFilmsOfPhonesTellNoPlace(t *testing.T) {
	n := uint32(len(secret))
	even, four := box("stsz", words(0, 0, 2, n-3, 3)), box("stz2", words(0, 4, 2), []byte{byte(n-3)<<4 | 3})
	eight, sixteen := box("stz2", words(0, 8, 2), []byte{byte(n - 3), 3}), box("stz2", words(0, 16, 2), []byte{0, byte(n - 3), 0, 3})
	loci := box("udta", box("loci", words(0), []byte(secret)), box("\xa9xyz", []byte(secret)))
	keys := box("meta", box("hdlr", words(0, 0), []byte("mdta")), box("keys", words(0, 1), box("mdta", []byte("com.apple.quicktime.location.ISO6709"))), box("ilst", []byte(secret)))
	for name, body := range map[string][]byte{
		"iPhone":              film("qt  ", even, keys),
		"Live Photo":          film("qt  ", four, keys, box("udta", []byte(secret))),
		"Android":             film("isom", eight, loci),
		"sizes of 16 bits":    film("mp42", sixteen, loci),
		"boxes of the maker":  append(film("isom", even, box("smta", []byte(secret))), box("sefd", []byte(secret))...),
		"in fragments":        append(film("iso5", even, box("mvex", box("trex", words(0, 3, 1, 0, n, 0)))), fragments()...),
		"free space not free": append(film("isom", even), box("free", []byte(secret))...),
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			got := take(t, f, body)
			kept := content(t, f, got.File)
			for _, gone := range []string{"GPS", "52.1", "ISO6709", "appl", "mebx"} {
				if bytes.Contains(kept, []byte(gone)) {
					t.Errorf("the file has %q still", gone)
				}
			}
			for _, stays := range []string{"the picture", "the sound", "how to play", "how to hear"} {
				if !bytes.Contains(kept, []byte(stays)) {
					t.Errorf("the file has no %q any more", stays)
				}
			}
			if len(kept) != len(body) || got.Kind != Video || got.Width != 640 || got.Duration != 2*time.Second {
				t.Errorf("%d bytes of %d are left, taken %+v", len(kept), len(body), got)
			}
		})
	}
}

// fragments are two of picture and places: one says how large its samples are,
// one does not.
func fragments() []byte {
	one := func(flags uint32, trun ...uint32) []byte {
		build := func(offset uint32) []byte {
			return box("moof", box("mfhd", words(0, 1)), box("traf", box("tfhd", words(0x2_0000, 1)), box("trun", words(0x201, 1, offset, 11))),
				box("traf", box("tfhd", words(0x2_0000, 3)), box("trun", words(append([]uint32{flags, 1, offset + 11}, trun...)...))))
		}
		moof := build(0)
		return append(build(uint32(len(moof)+8)), box("mdat", []byte("the picture"), []byte(secret))...)
	}
	return append(one(0x201, uint32(len(secret))), one(0x1)...)
}

func TestPhotosOfPhonesTellNoPlace(t *testing.T) {
	plain := jpegOf(t, photo(60, 40))
	profile := "ICC_PROFILE\x00\x01\x01Display P3"
	small := "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x02\x01GPSGPS" // a picture of 2 by 1 in the header
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x hdrgm:Version='1.0' GPS='52.1'/>"
	for name, body := range map[string][]byte{
		"with what Samsung adds": append(segment(plain, 0xe2, profile), "\x00\x00\x01\x0aImage_UTC_DataGPS 52.1SEFHSEFT"...),
		"Ultra HDR":              append(segment(segment(segment(plain, 0xe2, "MPF\x00GPS"), 0xe1, xmp), 0xe2, profile), segment(plain, 0xe1, xmp)...),
		"that moves":             append(segment(segment(plain, 0xe1, xmp), 0xe2, profile), mp4File()...),
		"with a small one":       segment(segment(plain, 0xe0, small), 0xe2, profile),
		"of a dual camera":       segment(segment(segment(plain, 0xeb, "JP GPS"), 0xed, "Photoshop 3.0\x008BIMGPS"), 0xe2, profile),
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			got := take(t, f, body)
			kept := content(t, f, got.File)
			if bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("hdrgm")) || !bytes.Contains(body, []byte("GPS")) {
				t.Error("the file tells where it was made")
			}
			if !bytes.Contains(kept, []byte(profile)) {
				t.Error("the colour profile is gone")
			}
			m, _, err := image.Decode(bytes.NewReader(kept))
			want, _, _ := image.Decode(bytes.NewReader(plain))
			if err != nil || !bytes.Equal(m.(*image.YCbCr).Y, want.(*image.YCbCr).Y) {
				t.Errorf("the picture is another one: %v", err)
			}
		})
	}
}

// stillWebPFile is a photo of 16 by 12 as libwebp writes it.
func stillWebPFile(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRooAAABXRUJQVlA4IH4AAAAwAgCdASoQAAwABUB8JbACdDiAAPCNnhYhYgD+zyF17eWVCD+knLJGnzLEdVAdqd5qyAPOQ/tcTfd9eabepkl9GvKBA4LODcnp8aICEuvu8ioSvM4lkaBB+nOV/Ju70V+PW9zqss8vgi/TgmOtuP+X2lv7857N4NwpFeaYAAA=")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// movingWebP is an animation of 20 by 16 whose frames stand at (4, 2).
func movingWebP(t testing.TB, frames int) []byte {
	vp8 := stillWebPFile(t)[12:]
	frame := append([]byte{2, 0, 0, 1, 0, 0, 15, 0, 0, 11, 0, 0, 100, 0, 0, 0}, vp8...)
	frame = appendChunk(frame, "GPS ", []byte("GPS 52.1"))
	b := []byte("RIFF\x00\x00\x00\x00WEBP")
	b = appendChunk(b, "VP8X", []byte{0x02 | 0x0c | 0x20, 0, 0, 0, 19, 0, 0, 15, 0, 0})
	b = appendChunk(b, "ICCP", []byte("the profile"))
	b = appendChunk(b, "ANIM", []byte{0, 0, 0, 0, 0, 0})
	for range frames {
		b = appendChunk(b, "ANMF", frame)
	}
	b = appendChunk(appendChunk(b, "EXIF", []byte("GPS 52.1")), "XMP ", []byte("GPS"))
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return append(b, "GPS"...)
}

func TestWebPThatMovesIsCleanedAsItIs(t *testing.T) {
	f := open(t)
	got := take(t, f, movingWebP(t, 3))
	kept := content(t, f, got.File)
	if bytes.Contains(kept, []byte("GPS")) || !bytes.Contains(kept, []byte("the profile")) || bytes.Count(kept, []byte("ANMF")) != 3 || kept[20] != 0x22 {
		t.Errorf("kept: %q", kept)
	}
	if !got.Animated || got.Type != "image/webp" || got.Width != 20 || got.Height != 16 || got.Small.IsZero() || got.Blurhash == "" {
		t.Errorf("taken: %+v", got)
	}
	m, _, err := image.Decode(bytes.NewReader(content(t, f, got.Small)))
	if err != nil || m.Bounds() != image.Rect(0, 0, 20, 16) {
		t.Fatalf("still: %v", err)
	}
	if _, _, _, a := m.At(1, 1).RGBA(); a != 0 {
		t.Error("there is something where the first frame is not")
	}
	if _, _, _, a := m.At(10, 8).RGBA(); a != 0xffff {
		t.Error("there is nothing where the first frame is")
	}
	if again := take(t, f, kept); again.File != got.File {
		t.Error("what was cleaned is changed when it comes again")
	}
}

func TestBadWebPThatMovesIsRefused(t *testing.T) {
	good := movingWebP(t, 2)
	outside := bytes.Clone(good)
	outside[bytes.Index(outside, []byte("ANMF"))+8] = 3
	for name, tc := range map[string]struct {
		body []byte
		want Problem
	}{
		"a frame outside":  {outside, Broken},
		"cut":              {good[:len(good)/2], Broken},
		"2,500 frames":     {movingWebP(t, 2_500), TooLong},
		"no size":          {bytes.Replace(good, []byte("VP8X"), []byte("JUNK"), 1), Broken},
		"a flipped length": {bytes.Replace(good, []byte("VP8 \x7e"), []byte("VP8 \xfe"), 1), Broken},
	} {
		_, err := open(t).Take(context.Background(), bytes.NewReader(tc.body), all, unrecorded)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Problem != tc.want {
			t.Errorf("%s: got %v, want one that %s", name, err, tc.want)
		}
	}
}

// TestPicturesThatCannotBeReadAreNamed: who hands one in is told what it is.
func TestPicturesThatCannotBeReadAreNamed(t *testing.T) {
	for body, want := range map[string]string{
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1":   "HEIC",
		"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00heicmif1":   "HEIC",
		"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1":   "AVIF",
		"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00avifmif1":   "AVIF",
		"\xff\x0a\xfa\x1f\x01":                               "JPEG XL",
		"\x00\x00\x00\x0cJXL \r\n\x87\n":                     "JPEG XL",
		"II*\x00\x08\x00\x00\x00":                            "TIFF",
		"MM\x00*\x00\x00\x00\x08":                            "TIFF",
		"BM" + string(make([]byte, 12)) + "\x28\x00\x00\x00": "BMP",
	} {
		_, err := open(t).Take(context.Background(), bytes.NewReader([]byte(body)), all, unrecorded)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Problem != Unreadable || refused.Format() != want {
			t.Errorf("%q: got %v, want %s", body, err, want)
		}
	}
}

// TestTablesOfMoreThanThereIsAreRefused: a few bytes that tell of four thousand
// million samples cost nothing.
func TestTablesOfMoreThanThereIsAreRefused(t *testing.T) {
	endless := words(0x1, 1<<32-1, 0)
	moof := box("moof", box("traf", box("tfhd", words(0x2_0000, 3)), box("trun", endless)))
	outside := film("isom", box("stsz", words(0, 0, 1, 10)))
	copy(outside[bytes.LastIndex(outside, []byte("stco"))+12:], words(0))
	for name, body := range map[string][]byte{
		"places that hold no data": outside,
		"sizes that are not there": film("isom", box("stsz", words(0, 0, 1<<32-1))),
		"small sizes":              film("isom", box("stz2", words(0, 4, 1<<32-1), []byte{1})),
		"one size for all":         film("isom", box("stsz", words(0, 1<<30, 1<<32-1))),
		"a run":                    append(film("isom", box("stsz", words(0, 5, 1)), box("mvex", box("trex", words(0, 3, 1, 0, 1<<30, 0)))), moof...),
	} {
		_, err := open(t).Take(context.Background(), bytes.NewReader(body), all, unrecorded)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Problem != Broken {
			t.Errorf("%s: got %v, want one that %s", name, err, Broken)
		}
	}
}
