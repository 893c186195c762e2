package templates

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// pseudo makes an invented language of the English words: a third longer, every
// letter with an accent, and written from right to left. What is not in the
// catalogue stays plain, and what can't grow breaks.
func pseudo(t *testing.T) *Set {
	t.Helper()
	s := newTestSet(t)
	words, err := LoadCatalogue(fallback)
	if err != nil {
		t.Fatal(err)
	}
	for key, m := range words.messages {
		if strings.HasPrefix(key, "number.") {
			continue
		}
		for form, pieces := range m.forms {
			m.forms[form] = accented(pieces)
		}
	}
	e := &edition{}
	e.once.Do(func() { e.err = e.parseAll(words, s.config) })
	if e.err != nil {
		t.Fatal(e.err)
	}
	s.editions["x-pseudo"] = e
	return s
}

var accents = strings.NewReplacer("a", "á", "e", "ë", "i", "ï", "o", "ø", "u", "ü", "c", "ç", "n", "ñ", "s", "š", "y", "ý", "A", "Å", "E", "Ë", "I", "Ï", "O", "Ø", "S", "Š")

func accented(pieces []piece) []piece {
	var list []piece
	length := 0
	for _, p := range pieces {
		if !p.arg {
			length += len(p.text)
			p.text = accents.Replace(p.text)
		}
		list = append(list, p)
	}
	if length == 0 {
		return list
	}
	return append(list, piece{text: strings.Repeat(" ẽẽ", (length+8)/9)})
}

// TestPseudoLocale opens every page in the invented language 320 px wide, and in
// the long walk asks axe-core about them (ui.md §6.15).
func TestPseudoLocale(t *testing.T) {
	s := pseudo(t)
	pages := samplePages(t, s, func(f *Frame, r *http.Request) { f.Lang, f.Dir, f.Theme = "x-pseudo", "rtl", r.FormValue("theme") })
	for page, what := range probed(t, pages, probeReflow, []string{"dir=rtl"}) {
		t.Errorf("%s scrolls sideways at 320 px: %s", page, what)
	}
	if os.Getenv("SEEDLING_WALK") != "long" {
		return
	}
	for page, what := range probed(t, pages, probeAxe, []string{"theme=light", "theme=dark"}) {
		t.Errorf("%s: %s", page, what)
	}
}
