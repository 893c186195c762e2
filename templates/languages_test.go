package templates

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// TestEveryLanguageIsComplete holds each catalogue against the English one:
// the same keys, the same placeholders, and every plural form that the language
// has.
func TestEveryLanguageIsComplete(t *testing.T) {
	files, err := fs.Glob(catalogues, "messages/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(languages) {
		t.Errorf("%d catalogues, but %d languages are offered", len(files), len(languages))
	}
	english, err := LoadCatalogue(fallback)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range languages {
		t.Run(l.Code, func(t *testing.T) {
			words, err := LoadCatalogue(l.Code)
			if err != nil {
				t.Fatal(err)
			}
			compareCatalogues(t, words, english)
		})
	}
}

func compareCatalogues(t *testing.T, words, english *Catalogue) {
	t.Helper()
	for key, want := range english.messages {
		got := words.messages[key]
		switch {
		case got == nil:
			if !strings.HasPrefix(key, emojiNames) {
				t.Errorf("%s is missing", key)
			}
		case got.plural != want.plural:
			t.Errorf("%s has plural forms: %v, want %v", key, got.plural, want.plural)
		default:
			compareForms(t, key, words.tag, got, want)
		}
	}
	for key := range words.messages {
		if !english.Has(key) {
			t.Errorf("%s is not in English", key)
		}
	}
}

func compareForms(t *testing.T, key string, tag language.Tag, got, want *message) {
	t.Helper()
	needed := placeholders(want.forms[plural.Other])
	for form, pieces := range got.forms {
		if pieces == nil {
			continue
		}
		have := placeholders(pieces)
		for name := range have {
			if !needed[name] {
				t.Errorf("%s: placeholder {%s} is not in English", key, name)
			}
		}
		for name := range needed {
			// "one post" may do without its number.
			if !have[name] && !(name == "n" && got.plural && plural.Form(form) != plural.Other) {
				t.Errorf("%s: placeholder {%s} is missing", key, name)
			}
		}
	}
	if got.plural {
		for _, form := range formsOf(tag) {
			if got.forms[form] == nil {
				t.Errorf("%s: plural form %d is missing", key, form)
			}
		}
	}
}

func placeholders(pieces []piece) map[string]bool {
	names := map[string]bool{}
	for _, p := range pieces {
		if p.arg {
			names[p.text] = true
		}
	}
	return names
}

// formsOf are the plural categories that whole numbers below a million have in
// a language.
func formsOf(tag language.Tag) []plural.Form {
	forms := map[plural.Form]bool{}
	for n := range 200 {
		forms[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
	}
	return slices.Sorted(maps.Keys(forms))
}

// TestMatchLanguage says which language a reader gets.
func TestMatchLanguage(t *testing.T) {
	for _, test := range []struct{ chosen, accept, want string }{
		{"", "", "en"},
		{"en", "xx", "en"},
		{"", "en-GB,en;q=0.8", "en"},
		{"", "tlh", "en"},
		{"nonsense", "en", "en"},
		{"", strings.Repeat("en,", 500), "en"},
		{"", "\x00;;q=", "en"},
	} {
		if got := MatchLanguage(test.chosen, test.accept).Code; got != test.want {
			t.Errorf("MatchLanguage(%q, %q) = %s, want %s", test.chosen, test.accept, got, test.want)
		}
	}
}

// TestMomentsInTheReadersZone shows one moment to readers elsewhere.
func TestMomentsInTheReadersZone(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		zone *time.Location
		half bool
		want string
	}{
		{time.UTC, false, "31 December 2026, 23:30 UTC"},
		{time.FixedZone("", 2*3600), false, "1 January 2027, 01:30 UTC+2"},
		{time.FixedZone("", -5*3600), true, "31 December 2026, 6:30 pm UTC-5"},
		{time.FixedZone("", 13*3600), true, "1 January 2027, 12:30 pm UTC+13"},
		{time.FixedZone("", 3600), true, "1 January 2027, 12:30 am UTC+1"},
	} {
		if got := c.Date(Moment{At: at, Now: at.In(test.zone), Half: test.half}); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
