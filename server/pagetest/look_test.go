package pagetest

import "testing"

// TestTheChosenLookIsSeenAtOnce: with scripts the page of appearance is its own
// sample (ui.md §3.8), and what was not saved is gone with it.
func TestTheChosenLookIsSeenAtOnce(t *testing.T) {
	browser := newBrowser(t)
	b := newVillage(t).newTab(t, browser, member)
	b.scripts(true)
	b.window(1280, 900)
	b.open("/settings/appearance")
	b.helping("look")
	choose := func(what string) {
		js[bool](b, `(document.querySelector(%s).click(), true)`, quote(what))
	}
	choose("[name=theme][value=dark]")
	choose("[name=accent][value=rose]")
	choose("[name=avatars][value=round]")
	choose("[name=hide_counts]")
	b.until("the page looks as chosen", `(d => d.theme === 'dark' && d.accent === 'rose' && d.avatars === 'round' && d.counts === 'off')(document.documentElement.dataset)`)
	choose("[name=accent][value=green]")
	choose("[name=hide_counts]")
	b.until("the usual is no choice", `!('accent' in document.documentElement.dataset) && !('counts' in document.documentElement.dataset)`)
	b.open("/settings/appearance")
	b.until("nothing was saved", `!('avatars' in document.documentElement.dataset)`)
	b.quiet()
}
