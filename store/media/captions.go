package media

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// captionType is what captions are kept and served as.
const captionType = "text/vtt"

// TakeCaptions keeps captions that somebody handed in, as WebVTT that holds
// nothing but times and text. SubRip, which most programs write, is taken too.
// What can't be read is a [*RefusedError]. For record see [Files.Take].
func (f *Files) TakeCaptions(ctx context.Context, r io.Reader, record func(File) error) (*Taken, error) {
	clean, err := cleanCaptions(r)
	if err != nil {
		return nil, err
	}
	in := &intake{files: f}
	defer in.discard()
	file, err := in.seal(encoded{clean, captionType})
	if err != nil {
		return nil, err
	}
	if err := record(file); err != nil {
		return nil, err
	}
	return &Taken{File: file, Kind: Captions}, in.keep(ctx)
}

// cleanCaptions reads a file of captions and writes it anew: cues with their
// times and places, without styles, regions and notes.
func cleanCaptions(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, MaxCaptions+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("media: read: %w", err)
	case len(body) == 0:
		return nil, &RefusedError{Problem: Empty}
	case len(body) > MaxCaptions:
		return nil, &RefusedError{Problem: TooLarge, Type: captionType, Limit: MaxCaptions}
	case !utf8.Valid(body):
		return nil, &RefusedError{Problem: Broken, Type: captionType}
	}
	// WebVTT §6.1: what is done with the bytes before they are read.
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(strings.TrimPrefix(string(body), "\ufeff"))
	if !captionsBegin.MatchString(text) {
		return nil, &RefusedError{Problem: Unknown}
	}
	var out bytes.Buffer
	out.WriteString("WEBVTT\n")
	cues := 0
	for block := range strings.SplitSeq(text, "\n\n") {
		if cue := readCue(block); cue != "" {
			out.WriteString("\n" + cue)
			cues++
		}
	}
	if cues == 0 {
		return nil, &RefusedError{Problem: Broken, Type: captionType}
	}
	return out.Bytes(), nil
}

var (
	// captionsBegin is the signature of WebVTT (§4.1), or the number and time
	// with which SubRip begins.
	captionsBegin = regexp.MustCompile(`\A(?:WEBVTT(?:[ \t\n]|\z)|\s*\d+ *\n\d+:\d\d:\d\d[.,]\d{3} *-->)`)

	cueTime    = regexp.MustCompile(`^[ \t]*(?:(\d{1,4}):)?([0-5]\d:[0-5]\d)[.,](\d{3})[ \t]*-->[ \t]*(?:(\d{1,4}):)?([0-5]\d:[0-5]\d)[.,](\d{3})([ \t].*)?$`)
	cueSetting = regexp.MustCompile(`^(?:vertical|line|position|size|align):[a-z0-9.,%-]+$`)
)

// readCue writes one block of the file anew, if it is a cue (WebVTT §4.2.2).
func readCue(block string) string {
	lines := strings.Split(strings.Trim(block, "\n"), "\n")
	if !strings.Contains(lines[0], "-->") { // its name
		lines = lines[1:]
	}
	if len(lines) < 2 {
		return ""
	}
	m := cueTime.FindStringSubmatch(lines[0])
	if m == nil {
		return ""
	}
	from, to := cueMoment(m[1], m[2], m[3]), cueMoment(m[4], m[5], m[6])
	text := strings.TrimSpace(cueText(strings.Join(lines[1:], "\n")))
	if text == "" || len(from) > len(to) || len(from) == len(to) && from >= to {
		return ""
	}
	line := from + " --> " + to
	for _, setting := range strings.Fields(m[7]) {
		if cueSetting.MatchString(setting) {
			line += " " + setting
		}
	}
	return line + "\n" + text + "\n"
}

// cueMoment writes a time with its hours, which WebVTT wants two digits of.
func cueMoment(hours, minutes, thousandths string) string {
	return fmt.Sprintf("%02s:%s.%s", hours, minutes, thousandths)
}

// cueText keeps the text of a cue with who speaks and what stands out; a line
// may not look like that of a time.
func cueText(s string) string {
	var out strings.Builder
	for {
		text, rest, tagged := strings.Cut(s, "<")
		out.WriteString(strings.ReplaceAll(text, ">", "&gt;"))
		if !tagged {
			return out.String()
		}
		tag, after, closed := strings.Cut(rest, ">")
		if !closed {
			out.WriteString("&lt;" + strings.ReplaceAll(rest, "<", "&lt;"))
			return out.String()
		}
		out.WriteString(cueTag(tag))
		s = after
	}
}

// cueTag is a tag as it is kept, "" if it is not.
func cueTag(tag string) string {
	name, closing := strings.CutPrefix(tag, "/")
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	name, _, _ = strings.Cut(words[0], ".")
	switch name {
	case "b", "i", "u", "v", "ruby", "rt":
	default:
		return ""
	}
	switch {
	case closing:
		return "</" + name + ">"
	case name == "v" && len(words) > 1: // §4.2.2: whose voice it is
		return "<v " + strings.ReplaceAll(strings.Join(words[1:], " "), "<", "&lt;") + ">"
	}
	return "<" + name + ">"
}
