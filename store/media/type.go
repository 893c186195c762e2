package media

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// Kind is how a file is shown.
type Kind int

// The kinds of files.
const (
	Other Kind = iota
	Picture
	Video
	Sound
	Captions // of sound and video
)

// types are what is kept, with the end of the name under which each is served.
// Nothing else is ever served as what it says of itself.
var types = []struct {
	name, ext string
	kind      Kind
}{
	{"image/jpeg", ".jpg", Picture},
	{"image/png", ".png", Picture},
	{"image/gif", ".gif", Picture},
	{"image/webp", ".webp", Picture},
	{"image/avif", ".avif", Picture},
	{"video/mp4", ".mp4", Video},
	{"video/quicktime", ".mov", Video},
	{"video/webm", ".webm", Video},
	{"audio/webm", ".weba", Sound},
	{"audio/mpeg", ".mp3", Sound},
	{"audio/ogg", ".ogg", Sound},
	{"video/ogg", ".ogv", Video},
	{"audio/flac", ".flac", Sound},
	{"audio/wav", ".wav", Sound},
	{"audio/mp4", ".m4a", Sound},
	{captionType, ".vtt", Captions},
}

// Ext is the end of the name of a file of a type: ".jpg". It is ".bin" for
// types that are not known.
func Ext(mediaType string) string {
	for _, t := range types {
		if t.name == mediaType {
			return t.ext
		}
	}
	return ".bin"
}

// KindOf says how a file of a type is shown.
func KindOf(mediaType string) Kind {
	for _, t := range types {
		if t.name == mediaType {
			return t.kind
		}
	}
	return Other
}

// Accepted are the types that uploads may have, for the file field of a form
// and for clients that ask.
func Accepted() []string {
	return []string{"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/quicktime", "video/webm",
		"audio/webm", "audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4"}
}

// unreadable are pictures that are known and can't be decoded here: who hands
// one in is told what it is.
var unreadable = map[string]string{
	"image/avif": "AVIF", "image/heic": "HEIC", "image/jxl": "JPEG XL", "image/tiff": "TIFF", "image/bmp": "BMP",
}

// Sniff tells the type of a file from its first bytes, whatever its name says;
// "" is unknown. HTML, SVG, scripts and archives are never known.
func Sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return "image/gif"
	case bytes.HasPrefix(head, []byte("RIFF")) && len(head) >= 12:
		return sniffRIFF(string(head[8:12]))
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return sniffBrand(head)
	case bytes.HasPrefix(head, []byte("\x1aE\xdf\xa3")):
		return sniffEBML(head)
	case bytes.HasPrefix(head, []byte("OggS")):
		return sniffOgg(head)
	case bytes.HasPrefix(head, []byte("fLaC")):
		return "audio/flac"
	case bytes.HasPrefix(head, []byte("ID3")), isMPEGFrame(head):
		return "audio/mpeg"
	case len(head) >= 12 && slices.Contains([]string{"moov", "mdat", "wide", "free", "skip"}, string(head[4:8])) && head[0] == 0:
		return "video/quicktime" // an old one, without ftyp
	}
	return sniffUnreadable(head)
}

// sniffUnreadable knows pictures that can't be decoded here: JPEG XL (ISO/IEC
// 18181-2 §9), TIFF (6.0 §2) and BMP, whose header is as long as one of its
// versions.
func sniffUnreadable(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\x0a")), bytes.HasPrefix(head, []byte("\x00\x00\x00\x0cJXL \r\n\x87\n")):
		return "image/jxl"
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return "image/tiff"
	case len(head) >= 18 && string(head[:2]) == "BM" && slices.Contains([]byte{12, 40, 52, 56, 64, 108, 124}, head[14]):
		return "image/bmp"
	}
	return ""
}

func sniffRIFF(form string) string {
	switch form {
	case "WEBP":
		return "image/webp"
	case "WAVE":
		return "audio/wav"
	}
	return ""
}

// sniffBrand reads the brands of ISO/IEC 14496-12 §4.3.
func sniffBrand(head []byte) string {
	size := int(binary.BigEndian.Uint32(head))
	brands := string(head[8:min(max(size, 12), len(head))])
	major := brands[:4]
	switch {
	case major == "avif" || major == "avis":
		return "image/avif"
	case major == "heic" || major == "heix" || major == "heim" || major == "heis" || major == "hevc" || major == "mif1" || major == "msf1":
		if strings.Contains(brands, "avif") {
			return "image/avif"
		}
		return "image/heic"
	case major == "qt  ":
		return "video/quicktime"
	case strings.HasPrefix(major, "M4A") || strings.HasPrefix(major, "M4B"):
		return "audio/mp4"
	}
	return "video/mp4"
}

func sniffEBML(head []byte) string {
	if bytes.Contains(head[:min(len(head), 64)], []byte("webm")) {
		return "video/webm"
	}
	return ""
}

func sniffOgg(head []byte) string {
	first := head[min(28, len(head)):min(64, len(head))]
	switch {
	case bytes.HasPrefix(first, []byte("\x80theora")):
		return "video/ogg"
	case bytes.HasPrefix(first, []byte("\x01vorbis")), bytes.HasPrefix(first, []byte("OpusHead")), bytes.HasPrefix(first, []byte("\x7fFLAC")):
		return "audio/ogg"
	}
	return ""
}

// isMPEGFrame looks for the header of a frame of MPEG audio, layer III.
func isMPEGFrame(head []byte) bool {
	return len(head) >= 4 && head[0] == 0xff && head[1]&0xe6 == 0xe2 && head[2]>>4 != 15 && head[2]>>4 != 0 && head[2]>>2&3 != 3
}
