package pagetest

import (
	"fmt"
	"testing"
)

// TestTheCurrentTopicIsInSight: on a phone the row of topics stands where the
// current one is seen (ui.md §4.3), in both directions, with scripts and without.
func TestTheCurrentTopicIsInSight(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	for _, on := range []bool{false, true} {
		t.Run(fmt.Sprintf("scripts %v", on), func(t *testing.T) {
			b := v.newTab(t, browser, member)
			b.scripts(on)
			b.window(390, 800)
			for _, path := range []string{"/settings/profile", "/settings/security", "/settings/migration"} {
				b.open(path)
				b.until("the current topic is in sight", `(at => at.left >= 0 && at.right <= innerWidth)(document.querySelector('.topics > [aria-current]').getBoundingClientRect()) && scrollY === 0`)
			}
			b.quiet()
		})
	}
}
