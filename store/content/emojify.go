package content

import (
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// EmojiPicture is what stands in a text for a custom emoji.
type EmojiPicture struct {
	Path          string // on this server
	Width, Height int    // pixels, for the space that it takes before it is there; 0: square
}

// Shortcodes lists the names that custom emoji may have in a text or in markup,
// rather too many than too few: which of them are emoji is for others to say.
func Shortcodes(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			i := strings.IndexByte(s, ':')
			if i < 0 {
				return
			}
			s = s[i+1:]
			if n := shortcodeLength(s); n > 0 && !yield(s[:n]) {
				return
			}
		}
	}
}

// shortcodeLength is the length of the shortcode that s begins with and that a
// colon ends, or 0.
func shortcodeLength(s string) int {
	for i, r := range s {
		switch {
		case r == ':':
			return i
		case i+utf8.RuneLen(r) > maxShortcode || !shortcodeRune(r):
			return 0
		}
	}
	return 0
}

func shortcodeRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '+' || r == '.'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// Emojify puts pictures in the place of the shortcodes in the text of h that
// picture knows. Tags and code stay as they are, and so does what is glued to a
// letter or digit before it: 12:30:45 is a time.
func Emojify(h HTML, picture func(name string) (EmojiPicture, bool)) HTML {
	w := emojifier{picture: picture}
	rest, code := h.s, 0
	for rest != "" {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			i = len(rest)
		}
		if code > 0 {
			w.out = append(w.out, rest[:i]...)
		} else {
			w.text(rest[:i])
		}
		rest = rest[i:]
		if end := strings.IndexByte(rest, '>'); end >= 0 {
			code = max(code+codeStep(rest[:end]), 0)
			w.out = append(w.out, rest[:end+1]...)
			rest = rest[end+1:]
		} else {
			w.out = append(w.out, rest...)
			rest = ""
		}
	}
	if !w.changed {
		return h
	}
	return HTML{string(w.out)}
}

// codeStep says whether a tag, without its end, begins code (1) or ends it (-1).
func codeStep(tag string) int {
	switch tag {
	case "<code", "<pre":
		return 1
	case "</code", "</pre":
		return -1
	}
	return 0
}

// EscapedLine is one line of plain text as HTML.
func EscapedLine(text string) HTML { return HTML{string(appendEscaped(nil, text))} }

// EmojifyLine makes HTML of one line of plain text, such as a name, with
// pictures for the shortcodes that picture knows.
func EmojifyLine(text string, picture func(name string) (EmojiPicture, bool)) HTML {
	w := emojifier{picture: picture}
	w.text(string(appendEscaped(nil, text)))
	return HTML{string(w.out)}
}

// emojifier writes text with its shortcodes replaced.
type emojifier struct {
	picture func(string) (EmojiPicture, bool)
	out     []byte
	changed bool
}

// text appends escaped text.
func (w *emojifier) text(s string) {
	for {
		i := strings.IndexByte(s, ':')
		if i < 0 {
			w.out = append(w.out, s...)
			return
		}
		n := 0
		if !afterWord(s[:i], w.out) {
			n = shortcodeLength(s[i+1:])
		}
		w.out = append(w.out, s[:i]...)
		if n > 0 {
			if p, ok := w.picture(s[i+1 : i+1+n]); ok {
				w.image(s[i:i+n+2], p)
				s = s[i+n+2:]
				continue
			}
		}
		w.out = append(w.out, ':')
		s = s[i+1:]
	}
}

// afterWord says whether the text before a colon ends with a letter or digit of
// ASCII; scripts that put no spaces between words are not asked for one.
func afterWord(before string, out []byte) bool {
	var c byte
	switch {
	case before != "":
		c = before[len(before)-1]
	case len(out) > 0:
		c = out[len(out)-1]
	}
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// emojiSize is the height in pixels that a picture has before the style sheet
// says better.
const emojiSize = 20

// image appends the picture for a shortcode, which has no character that
// would need escaping.
func (w *emojifier) image(code string, p EmojiPicture) {
	w.changed = true
	width := emojiSize
	if p.Width > 0 && p.Height > 0 {
		width = min(max(p.Width*emojiSize/p.Height, emojiSize/2), 5*emojiSize)
	}
	w.out = append(w.out, `<img class="emoji" src="`...)
	w.out = appendEscaped(w.out, p.Path)
	w.out = append(w.out, `" alt="`+code+`" title="`+code+`" width="`...)
	w.out = strconv.AppendInt(w.out, int64(width), 10)
	w.out = append(w.out, `" height="20" loading="lazy">`...)
}
