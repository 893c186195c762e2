package content

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Bounds of what may stand for an emoji: the longest sequence in use (a kiss of
// two people with skin tones) has 35 bytes.
const (
	maxEmoji     = 64 // bytes
	maxShortcode = 64 // bytes
)

// Runes that join and change emoji (UTS #51 §1.4).
const (
	textStyle    = '\ufe0e'
	emojiStyle   = '\ufe0f'
	joiner       = '\u200d'
	keycap       = '\u20e3'
	firstTone    = '\U0001f3fb'
	lastTone     = '\U0001f3ff'
	firstFlag    = '\U0001f1e6' // regional indicators: two of them are a flag
	lastFlag     = '\U0001f1ff'
	firstTag     = '\U000e0020' // flags of regions are spelled in tags
	cancelTag    = '\U000e007f'
	minTags      = 3 // a region's code and the end
	maxJoined    = 10
	keycapDigits = "0123456789#*"
)

// Emoji reads s as one Unicode emoji. It returns the fully-qualified form
// (UTS #51 ED-18), so that a heart is the same whether or not its sender adds
// U+FE0F. One grapheme alone is not enough, letters are that too; uniseg knows
// the graphemes but does not say which of them are emoji, hence the tables.
func Emoji(s string) (string, bool) {
	if s == "" || len(s) > maxEmoji || !utf8.ValidString(s) {
		return "", false
	}
	e := emojiReader{rest: []rune(s)}
	if !e.keycap() && !e.flag() && !e.sequence() || len(e.rest) > 0 {
		return "", false
	}
	out := e.out.String()
	return out, uniseg.GraphemeClusterCount(out) == 1
}

// emojiReader takes one emoji off rest and writes it to out.
type emojiReader struct {
	rest []rune
	out  strings.Builder
}

// next takes one rune if ok holds for it.
func (e *emojiReader) next(ok func(rune) bool) bool {
	if len(e.rest) == 0 || !ok(e.rest[0]) {
		return false
	}
	e.out.WriteRune(e.rest[0])
	e.rest = e.rest[1:]
	return true
}

func is(want rune) func(rune) bool { return func(r rune) bool { return r == want } }

// skipStyle drops a variation selector.
func (e *emojiReader) skipStyle() {
	if len(e.rest) > 0 && (e.rest[0] == emojiStyle || e.rest[0] == textStyle) {
		e.rest = e.rest[1:]
	}
}

func (e *emojiReader) keycap() bool {
	if !e.next(func(r rune) bool { return r < utf8.RuneSelf && strings.ContainsRune(keycapDigits, r) }) {
		return false
	}
	e.skipStyle()
	e.out.WriteRune(emojiStyle)
	return e.next(is(keycap))
}

func (e *emojiReader) flag() bool {
	for range 2 {
		if !e.next(func(r rune) bool { return r >= firstFlag && r <= lastFlag }) {
			return false
		}
	}
	return true
}

// sequence reads emoji joined to one: a family, a flag with a rainbow.
func (e *emojiReader) sequence() bool {
	for range maxJoined {
		if !e.element() {
			return false
		}
		if !e.next(is(joiner)) {
			return true
		}
	}
	return false
}

// element reads one emoji with its skin tone, style or tags.
func (e *emojiReader) element() bool {
	if len(e.rest) == 0 {
		return false
	}
	base := e.rest[0]
	if !e.next(func(r rune) bool { return unicode.Is(emojiRunes, r) }) {
		return false
	}
	e.skipStyle()
	switch {
	case e.next(func(r rune) bool { return r >= firstTone && r <= lastTone }):
	case !unicode.Is(emojiByDefault, base):
		e.out.WriteRune(emojiStyle)
	}
	return e.tags()
}

// tags reads the letters of a region after a black flag, if there are any.
func (e *emojiReader) tags() bool {
	n := 0
	for e.next(func(r rune) bool { return r >= firstTag && r < cancelTag }) {
		n++
	}
	return n == 0 || n >= minTags && e.next(is(cancelTag))
}

// Shortcode reads the name of a custom emoji as others write it: blobcat or
// :blobcat:. Misskey adds where it is from, :blobcat@host:, with a dot for its
// own; a host is returned in lower case, and "" for the dot.
func Shortcode(s string) (name, host string, ok bool) {
	name, host, _ = strings.Cut(strings.Trim(s, ":"), "@")
	if name == "" || len(name) > maxShortcode || len(host) > maxHost {
		return "", "", false
	}
	for _, r := range name {
		if !shortcodeRune(r) {
			return "", "", false
		}
	}
	if host == "." {
		host = ""
	}
	return name, strings.ToLower(host), true
}
