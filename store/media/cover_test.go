package media

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"testing"
)

// oggPages is a packet on as many pages as it needs.
func oggPages(seq uint32, packet string) (pages []byte) {
	for done := false; !done; seq++ {
		n := min(len(packet), 255*255)
		segments := bytes.Repeat([]byte{255}, n/255)
		if done = n == len(packet) && len(segments) < 255; done {
			segments = append(segments, byte(n%255))
		}
		b := append([]byte("OggS\x00\x00"), make([]byte, 8)...)
		b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(append(b, 7, 0, 0, 0), seq), 0)
		b = append(append(append(b, byte(len(segments))), segments...), packet[:n]...)
		binary.LittleEndian.PutUint32(b[22:], oggSum(0, b))
		pages, packet = append(pages, b...), packet[n:]
	}
	return pages
}

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
	little := func(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }
	comment := "METADATA_BLOCK_PICTURE=" + base64.StdEncoding.EncodeToString([]byte(picture))
	pages := bytes.SplitAfter(oggFile(), []byte("OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"))
	opus := bytes.Join([][]byte{pages[0], oggPages(1, "OpusTags"+little(3)+"abc"+little(2)+little(len(secret))+secret+little(len(comment))+comment), oggPage(90, 96_000, "sound")}, nil)
	block := "\x86" + size(len(picture))[1:] + picture
	oggFLAC := bytes.Join([][]byte{oggFLACFile()[:27+1+51], oggPage(1, 0, "\x04\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00"), oggPages(2, block), oggPage(90, 88_200, "\xff\xf8 sound")}, nil)
	for name, body := range map[string][]byte{
		"FLAC": []byte(flac), "MP3": []byte(mp3), "Opus": opus, "FLAC in Ogg": oggFLAC,
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
