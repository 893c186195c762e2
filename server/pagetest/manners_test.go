package pagetest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// TestHowPagesBehave goes through what ui.md §6 wants of the pages that are
// read most: the timeline, a profile, a thread, the composer and the settings.
// What it wants of every page is in TestPagesInABrowser.
func TestHowPagesBehave(t *testing.T) {
	if !long() {
		t.Skip("only in the long walk")
	}
	browser := newBrowser(t)
	v := newVillage(t)
	for name, test := range map[string]func(*tab){
		"large text and zoom": (*tab).enlarged,
		"right to left":       (*tab).mirrored,
		"the Tab key":         (*tab).byKeyboard,
		"back at the post":    (*tab).backAtThePost,
		"sizes":               (*tab).budgets,
		"arriving in pieces":  (*tab).arriving,
		"the first paint":     (*tab).firstPaint,
		"motion":              (*tab).atRest,
		"forced colours":      (*tab).inForcedColours,
		"print":               (*tab).onPaper,
		"the mockups":         (*tab).likeTheMockups,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(v.newTab(t, browser, member))
		})
	}
}

// medium has the page believe in a medium or in a wish of its reader.
func (b *tab) medium(medium string, wishes ...*emulation.MediaFeature) {
	b.t.Helper()
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: wishes})
}
