package content

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ValidTag reports whether name, without its #, can be a hashtag: letters,
// digits and underscores of any script, with at least one letter; within it
// also middle dots and joiners, which some languages write inside of words.
func ValidTag(name string) bool {
	return utf8.ValidString(name) && name != "" && tagEnd(name, 0) == len(name)
}

// FoldTag returns the form in which hashtags are compared: NFKC with case
// folded, so that #Straße is #STRASSE and full-width letters are plain ones,
// and without the joiners that nobody sees (UAX #31 §5, NFKC_Casefold).
func FoldTag(name string) string {
	if isASCIIWord(name) {
		return strings.ToLower(name)
	}
	name = norm.NFKC.String(strings.ToValidUTF8(name, ""))
	name = norm.NFKC.String(cases.Fold().String(name))
	return strings.Map(func(r rune) rune {
		if r == zwj || r == zwnj {
			return -1
		}
		return r
	}, name)
}

func isASCIIWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
