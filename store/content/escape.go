package content

import (
	"strings"
	"unicode/utf8"
)

// appendEscaped appends s as HTML text or as the inside of a quoted attribute.
// It escapes the same five characters in the same spelling as html.Render, so
// that our output is its own normal form, and leaves out what [dropped] names.
func appendEscaped(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		esc, size, plain := escapeAt(s[i:])
		if !plain {
			dst = append(append(dst, s[from:i]...), esc...)
			from = i + size
		}
		i += size
	}
	return append(dst, s[from:]...)
}

// escapeAt looks at the first character of s, which has size bytes. If it is
// not plain, esc replaces it.
func escapeAt(s string) (esc string, size int, plain bool) {
	c := s[0]
	if c >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			return "\uFFFD", 1, false
		}
		return "", n, !dropped(r)
	}
	switch c {
	case '&':
		return "&amp;", 1, false
	case '\'':
		return "&#39;", 1, false
	case '<':
		return "&lt;", 1, false
	case '>':
		return "&gt;", 1, false
	case '"':
		return "&#34;", 1, false
	}
	return "", 1, !dropped(rune(c))
}

// dropped reports whether r has no place in a text: control characters, and
// the two bidi overrides, which no language needs and which only serve to show
// a text other than the one that is there.
func dropped(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	}
	return r == '\u202d' || r == '\u202e'
}

// cleanText makes source text fit to be scanned: cut to limit bytes, valid
// UTF-8, lines ended by \n, nothing that is dropped.
func cleanText(s string, limit int) string {
	s = cut(s, limit)
	if isClean(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\r' {
			return '\n'
		}
		if dropped(r) {
			return -1
		}
		return r // Map gives U+FFFD for invalid bytes
	}, s)
}

func isClean(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || dropped(rune(c)) {
			return false
		}
	}
	return true
}

// cut shortens s to at most limit bytes without splitting a character.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
