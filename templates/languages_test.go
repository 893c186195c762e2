package templates

import (
	"io/fs"
	"maps"
	"os"
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
			t.Errorf("%s is missing", key)
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

// TestNumbersDatesAndPluralsByLanguage writes the same things in each language.
func TestNumbersDatesAndPluralsByLanguage(t *testing.T) {
	first, ninth := time.Date(2026, 5, 1, 14, 5, 0, 0, time.UTC), time.Date(2025, 12, 9, 0, 0, 0, 0, time.UTC)
	now := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		lang                string
		numbers             map[int64]string
		firstDay, day, full string
		days                map[int]string
	}{
		{"en", map[int64]string{0: "0", 999: "999", 1234: "1,234", 12345: "12,345", 1234567: "1,234,567", -1234: "-1,234"},
			"1 May", "9 December 2025", "1 May 2026, 14:05 UTC", map[int]string{0: "0 days left", 1: "1 day left", 2: "2 days left"}},
		{"de", map[int64]string{999: "999", 1234: "1.234", 12345: "12.345", -1234: "-1.234"},
			"1. Mai", "9. Dezember 2025", "1. Mai 2026, 14:05 UTC", map[int]string{0: "noch 0 Tage", 1: "noch 1 Tag", 2: "noch 2 Tage"}},
		{"fr", map[int64]string{999: "999", 1234: "1234", 12345: "12\u202f345", 1234567: "1\u202f234\u202f567", -1234: "-1234", -12345: "-12\u202f345"},
			"1er mai", "9 décembre 2025", "1er mai 2026 à 14:05 UTC", map[int]string{0: "encore 0 jour", 1: "encore 1 jour", 2: "encore 2 jours"}},
		{"es", map[int64]string{999: "999", 1234: "1234", 12345: "12.345", -123456: "-123.456"},
			"1 de mayo", "9 de diciembre de 2025", "1 de mayo de 2026, 14:05 UTC", map[int]string{0: "quedan 0 días", 1: "queda 1 día", 2: "quedan 2 días"}},
		{"ar", map[int64]string{999: "999", 1234: "1,234", 12345: "12,345"},
			"1 مايو", "9 ديسمبر 2025", "1 مايو 2026، 14:05 UTC",
			map[int]string{0: "بقي 0 يوم", 1: "بقي يوم واحد", 2: "بقي يومان", 3: "بقي 3 أيام", 10: "بقي 10 أيام", 11: "بقي 11 يومًا", 99: "بقي 99 يومًا", 100: "بقي 100 يوم", 103: "بقي 103 أيام"}},
	} {
		c, err := LoadCatalogue(test.lang)
		if err != nil {
			t.Fatal(err)
		}
		for n, want := range test.numbers {
			if got := c.Number(n); got != want {
				t.Errorf("%s: %d is %q, want %q", test.lang, n, got, want)
			}
		}
		for n, want := range test.days {
			if got := c.T("time.days_left", "n", n); got != want {
				t.Errorf("%s: %d days are %q, want %q", test.lang, n, got, want)
			}
		}
		for got, want := range map[string]string{
			c.Day(Moment{At: first, Now: now}): test.firstDay, c.Day(Moment{At: ninth, Now: now}): test.day, c.Date(Moment{At: first, Now: now}): test.full,
		} {
			if got != want {
				t.Errorf("%s: got %q, want %q", test.lang, got, want)
			}
		}
	}
}

// TestOneThingHasOneName: words that a language has another one for, in which the
// same thing is called everywhere else.
func TestOneThingHasOneName(t *testing.T) {
	for lang, words := range map[string][]string{
		"de": {"Zeitleiste", "Besucher", "Mailadresse", " je Zeile"},
		"es": {"línea de tiempo", "líneas de tiempo", "un canal", "Solo un propietario", "para unirse aparecen"},
		"fr": {"courriel"},
		"ar": {"طلبات التسجيل"},
	} {
		text, err := os.ReadFile("messages/" + lang + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if strings.Contains(string(text), word) {
				t.Errorf("%s says %q", lang, word)
			}
		}
	}
}
