package media

import (
	"bytes"
	"os"
	"testing"
)

// fuzzStream hands anything to the cleaner of one type: it cleans or refuses,
// and what it cleaned it leaves as it is the next time.
func fuzzStream(f *testing.F, mediaType string, names ...string) {
	for _, name := range names {
		f.Add(streams()[name])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<20 {
			return
		}
		once, err := cleaned(t, body, mediaType)
		if err != nil {
			return
		}
		twice, err := cleaned(t, once, mediaType)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("cleaned again: %v, the same: %v", err, bytes.Equal(once, twice))
		}
	})
}

// cleaned is what is left of sound or video.
func cleaned(t *testing.T, body []byte, mediaType string) ([]byte, error) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(body); err != nil {
		t.Fatal(err)
	}
	st := &stream{file: file, size: int64(len(body)), kind: KindOf(mediaType)}
	if err := st.cleanAs(mediaType); err != nil {
		return nil, err
	}
	left := make([]byte, st.size)
	if _, err := file.ReadAt(left, 0); err != nil {
		t.Fatalf("%d bytes are to be left: %v", st.size, err)
	}
	return left, nil
}

func FuzzMP4(f *testing.F) {
	f.Add(film("isom", box("stz2", words(0, 4, 2), []byte{0x73})))
	f.Add(append(film("iso5", box("stsz", words(0, 10, 1)), box("mvex", box("trex", words(0, 3, 1, 0, 10, 0)))), fragments()...))
	fuzzStream(f, "video/mp4", "MP4")
}
func FuzzWebM(f *testing.F) { fuzzStream(f, "video/webm", "WebM") }
func FuzzMP3(f *testing.F)  { fuzzStream(f, "audio/mpeg", "MP3") }
func FuzzOgg(f *testing.F)  { fuzzStream(f, "audio/ogg", "Ogg", "FLAC in Ogg") }
func FuzzFLAC(f *testing.F) { fuzzStream(f, "audio/flac", "FLAC") }
func FuzzWAV(f *testing.F)  { fuzzStream(f, "audio/wav", "WAV") }

// fuzzPicture hands anything that is sniffed as one type to its parser: what it
// lets through it lets through as it is the next time. Pixels are not decoded.
func fuzzPicture(f *testing.F, mediaType string, seeds ...[]byte) {
	for _, body := range seeds {
		f.Add(body)
	}
	read := formatOf(mediaType)
	f.Fuzz(func(t *testing.T, body []byte) {
		if Sniff(body) != mediaType || len(body) > 1<<20 {
			return
		}
		once, err := read.parse(body)
		if err != nil || once.check(mediaType) != nil {
			return
		}
		twice, err := read.parse(once.clean)
		if err != nil || !bytes.Equal(once.clean, twice.clean) || once.frames != twice.frames {
			t.Errorf("cleaned again: %v; %x became %x", err, once.clean, twice.clean)
		}
	})
}

func FuzzJPEG(f *testing.F) {
	body := jpegOf(f, photo(9, 9))
	fuzzPicture(f, "image/jpeg", body, segment(segment(body, 0xe1, exif(6)), 0xe2, "ICC_PROFILE\x00\x01\x01x"), segment(body, 0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01abc"))
}
func FuzzPNG(f *testing.F)  { fuzzPicture(f, "image/png", pngOf(f, photo(9, 9))) }
func FuzzGIF(f *testing.F)  { fuzzPicture(f, "image/gif", gifOf(f, 3)) }
func FuzzWebP(f *testing.F) { fuzzPicture(f, "image/webp", stillWebPFile(f), movingWebP(f, 2)) }
