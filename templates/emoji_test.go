package templates

import (
	"slices"
	"strings"
	"testing"
)

// TestPickerEmojiHaveNames holds the emoji of the picker against their names, in
// each language.
func TestPickerEmojiHaveNames(t *testing.T) {
	s := newTestSet(t)
	for _, l := range languages {
		words, err := LoadCatalogue(l.Code) // as it is, without what English fills in
		if err != nil {
			t.Fatal(err)
		}
		named, meant := map[string]bool{}, map[string]string{}
		for key := range words.messages {
			if e, ok := strings.CutPrefix(key, emojiNames); ok {
				named[e] = true
			}
		}
		for _, g := range s.EmojiGroups(l.Code, "") {
			if !words.Has(g.Title) {
				t.Errorf("%s: the group %s has no heading", l.Code, g.Title)
			}
			for _, e := range g.Emoji {
				name := words.EmojiName(e)
				if !named[e] {
					t.Errorf("%s: %s has no name, or is there twice", l.Code, e)
				}
				if meant[name] != "" {
					t.Errorf("%s: %s and %s are both called %q", l.Code, e, meant[name], name)
				}
				meant[name] = e
				delete(named, e)
			}
		}
		if len(meant) < 200 || len(named) > 0 {
			t.Errorf("%s: %d emoji; names without a place: %v", l.Code, len(meant), named)
		}
	}
}

func TestEmojiAreFoundByTheirNames(t *testing.T) {
	s := newTestSet(t)
	for _, test := range []struct{ lang, query, want string }{
		{"en", "seedl", "🌱"}, {"en", "HEART green", "💚"}, {"en", "no such thing", ""}, {"nowhere", "seedl", "🌱"},
		{"de", "spross", "🌱"}, {"de", "HERZ grün", "💚"}, {"de", "herz grun", "💚"}, {"de", "seedling", "🌱"}, {"de", "brote", ""},
		{"es", "corazon verde", "💚"}, {"es", "FLOR DE CEREZO", "🌸"}, {"es", "arcoiris bandera", "🏳️‍🌈"},
		{"fr", "cœur vert", "💚"}, {"fr", "coeur vert", "💚"}, {"fr", "tete de mort", "💀"}, {"fr", "érable", "🍁"},
		{"ar", "قلب أخضر", "💚"}, {"ar", "شتلة", "🌱"}, {"ar", "heart green", "💚"},
	} {
		var found []string
		for _, g := range s.EmojiGroups(test.lang, test.query) {
			found = append(found, g.Emoji...)
		}
		if test.want == "" && len(found) > 0 || test.want != "" && !slices.Contains(found, test.want) || len(found) > 5 {
			t.Errorf("%s: %q finds %q, want %q", test.lang, test.query, found, test.want)
		}
	}
}
