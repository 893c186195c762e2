package templates

import (
	"slices"
	"strings"
	"testing"
)

// TestPickerEmojiHaveNames holds the emoji of the picker against their names.
func TestPickerEmojiHaveNames(t *testing.T) {
	s := newTestSet(t)
	named := map[string]bool{}
	for key := range s.Words().messages {
		if e, ok := strings.CutPrefix(key, "emoji.name."); ok {
			named[e] = true
		}
	}
	n := 0
	for _, g := range s.EmojiGroups("") {
		if !s.Words().Has(g.Title) {
			t.Errorf("the group %s has no heading", g.Title)
		}
		for _, e := range g.Emoji {
			n++
			if !named[e] {
				t.Errorf("%s has no name, or is there twice", e)
			}
			delete(named, e)
		}
	}
	if n < 200 || len(named) > 0 {
		t.Errorf("%d emoji; names without a place: %v", n, named)
	}
}

func TestEmojiAreFoundByTheirNames(t *testing.T) {
	s := newTestSet(t)
	for query, want := range map[string]string{"seedl": "🌱", "HEART green": "💚", "no such thing": ""} {
		var found []string
		for _, g := range s.EmojiGroups(query) {
			found = append(found, g.Emoji...)
		}
		if want == "" && len(found) > 0 || want != "" && !slices.Contains(found, want) || len(found) > 5 {
			t.Errorf("%q finds %q, want %q", query, found, want)
		}
	}
}
