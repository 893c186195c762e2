package templates

import (
	"golang.org/x/text/language"
)

// Language is one that the pages are written in.
type Language struct {
	Code string // BCP 47, and the name of its catalogue
	Name string // in the language itself
	Dir  string // ltr or rtl
}

// fallback is the language of whoever reads none of ours.
const fallback = "en"

// languages are those that there is a catalogue of, the fallback first.
var languages = []Language{
	{fallback, "English", "ltr"},
	{"de", "Deutsch", "ltr"},
	{"es", "Español", "ltr"},
	{"fr", "Français", "ltr"},
	{"ar", "العربية", "rtl"},
}

// Languages are those that the pages are written in.
func Languages() []Language { return languages }

// MatchLanguage finds the language that fits a reader best: the one they chose,
// if there is one, else by the Accept-Language header (RFC 9110 §12.5.4) of
// their browser.
func MatchLanguage(chosen, accept string) Language {
	for _, l := range languages {
		if l.Code == chosen {
			return l
		}
	}
	if accept == "" || len(accept) > maxAcceptLanguage {
		return languages[0]
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(wanted) == 0 {
		return languages[0]
	}
	_, i, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return languages[0]
	}
	return languages[i]
}

// maxAcceptLanguage bounds the bytes of a header that are worth reading.
const maxAcceptLanguage = 200

var matcher = newMatcher()

func newMatcher() language.Matcher {
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		tags[i] = language.MustParse(l.Code)
	}
	return language.NewMatcher(tags)
}
