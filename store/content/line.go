package content

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Count returns the length of text as people count it: in graphemes, so that a
// family emoji is one, and an accent none of its own.
func Count(text string) int { return uniseg.GraphemeClusterCount(text) }

// CleanLine makes one line of a text from outside, such as a display name or a
// title: valid UTF-8 in NFC, white space as single spaces, no control
// characters, nothing invisible that changes how its surroundings read, and at
// most max graphemes. The result still needs escaping wherever HTML is written.
func CleanLine(s string, max int) string {
	s = norm.NFC.String(strings.Map(lineRune, strings.ToValidUTF8(s, "")))
	var b strings.Builder
	state, n := -1, 0
	for rest := strings.Join(strings.Fields(s), " "); rest != "" && n < max; n++ {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		b.WriteString(shortCluster(cluster))
	}
	return strings.TrimSpace(b.String())
}

// lineRune returns what becomes of r in a line, or -1 if it goes.
func lineRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r),
		r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', // bidi embeddings, overrides, isolates
		r >= '\u2060' && r <= '\u2064', r == '\u200b', r == '\ufeff', r == '\u00ad', // zero width
		r == '\u3164', r == '\uffa0', // fillers: letters that look like nothing
		r >= '\ufff0' && r <= '\ufffb', r >= 0xe0000 && r <= 0xe0001:
		return -1
	}
	return r
}

// shortCluster cuts a character with dozens of accents, which would cover the
// lines above it, to its letter.
func shortCluster(cluster string) string {
	if len(cluster) <= maxCluster {
		return cluster
	}
	_, n := utf8.DecodeRuneInString(cluster)
	return cluster[:n]
}
