package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"
)

// TestCoversBecomePosters: the picture that sound and films carry is shown for
// them, and leaves the file like all tags.
func TestCoversBecomePosters(t *testing.T) {
	cover := segment(jpegOf(t, photo(900, 900)), 0xfe, secret)
	size := func(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
	all := streams()
	picture := size(3) + size(10) + "image/jpeg" + size(0) + string(make([]byte, 16)) + size(len(cover)) + string(cover)
	flac := string(all["FLAC"][:42]) + "\x06" + size(len(picture))[1:] + picture + string(all["FLAC"][42:])
	apic := "\x00image/jpeg\x00\x03\x00" + string(cover)
	tag := "APIC" + size(len(apic)) + "\x00\x00" + apic
	n := len(tag)
	mp3 := "ID3\x03\x00\x00" + string([]byte{byte(n >> 21), byte(n>>14) & 0x7f, byte(n>>7) & 0x7f, byte(n) & 0x7f}) + tag + string(all["MP3"][19:])
	covr := box("udta", box("meta", words(0), box("ilst", box("covr", box("data", words(13, 0), cover)))))
	for name, body := range map[string][]byte{
		"FLAC": []byte(flac), "MP3": []byte(mp3),
		"MP4": film("M4V ", box("stsz", words(0, 0, 1, uint32(len(secret)))), covr),
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			got := take(t, f, body)
			if got.Small.IsZero() || got.Blurhash == "" || len(got.Color) != 7 {
				t.Fatalf("taken: %+v", got)
			}
			small := content(t, f, got.Small)
			m, _, err := image.Decode(bytes.NewReader(small))
			if err != nil || m.Bounds().Dx() != smallSide || bytes.Contains(small, []byte("GPS")) {
				t.Errorf("the cover: %v", err)
			}
			if kept := content(t, f, got.File); bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("\xff\xd8\xff")) {
				t.Error("the tags are still in the file")
			}
		})
	}
	broken := bytes.Replace([]byte(mp3), cover[20:900], make([]byte, 880), 1)
	if got := take(t, open(t), broken); !got.Small.IsZero() {
		t.Errorf("a broken cover became %+v", got.Small)
	}
}
