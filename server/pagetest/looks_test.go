package pagetest

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestPagesInABrowser opens every page as a visitor and as each role and looks
// at it as ui.md §6 wants: nothing wider than the window at 320, 768 and 1280
// px, in both directions; no violation that axe-core finds, in both themes; the
// focus visible wherever it is; the console silent.
func TestPagesInABrowser(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	looked := map[string]bool{}
	everybody := []string{owner, mod, member, visitor}
	if !long() {
		everybody = []string{owner, visitor}
	}
	for _, who := range everybody {
		t.Run(cmp.Or(who, "visitor"), func(t *testing.T) {
			b := v.newTab(t, browser, who)
			for _, path := range v.pagesFor(t, who) {
				if key := shape(path); mainPage.MatchString(path) && !looked[key+who] || long() && !looked[key+who] {
					looked[key+who] = true
					b.open(path)
					b.look()
				}
			}
			t.Logf("%d pages so far", len(looked))
		})
	}
}

// mainPage are the pages that are looked at each time; the rest in the long walk.
var mainPage = regexp.MustCompile(`^/(|login|join|about|home|notifications|compose|menu|settings/(profile|appearance|security)|admin/settings|mod/reports.*|@mira(/[0-9]+)?|posts/[0-9]+/react)$`)

// pagesFor are the pages that somebody finds, one of each kind.
func (v *village) pagesFor(t *testing.T, who string) []string {
	t.Helper()
	c := &crawler{village: v, who: who, client: v.client(who), seen: map[string]bool{}, shapes: map[string]int{}, tables: messageTables(t)}
	for _, path := range []string{"/", "/home", "/menu", "/local", "/search?q=mira", "/search?q=nobodyatall", "/@mira", "/login", "/join"} {
		c.find(path, "the start")
	}
	c.walk()
	var one []string
	kinds := map[string]bool{}
	for _, path := range c.pages {
		if !kinds[shape(path)] {
			kinds[shape(path)] = true
			one = append(one, path)
		}
	}
	return one
}

// look checks the page that is open.
func (b *tab) look() {
	b.t.Helper()
	for _, width := range []int{320, 768, 1280} {
		b.window(width, 900)
		for _, dir := range []string{"ltr", "rtl"} {
			if wide := js[string](b, reflowCheck, dir, width); wide != "" {
				b.t.Errorf("%s, %d px, %s: it is wider than the window: %s", b.path, width, dir, wide)
			}
		}
		js[bool](b, `(document.documentElement.dir = 'ltr', true)`)
	}
	if unseen := js[[]string](b, focusCheck); len(unseen) > 0 {
		b.t.Errorf("%s: the focus can't be seen on %s", b.path, strings.Join(unseen, "\n  "))
	}
	widths := []int{1280}
	if long() {
		widths = append(widths, 390)
	}
	for _, theme := range []string{"light", "dark"} {
		for _, width := range widths {
			b.window(width, max(900, js[int](b, "document.documentElement.scrollHeight")))
			js[bool](b, `(document.documentElement.dataset.theme = '%s', true)`, theme)
			b.accessible(fmt.Sprintf("%s, %s, %d px", b.path, theme, width))
		}
	}
	b.quiet()
}

// accessible asks axe-core about the page.
func (b *tab) accessible(where string) {
	b.t.Helper()
	if !js[bool](b, "!!window.axe") {
		js[bool](b, "%s\n;true", axe)
	}
	for _, violation := range js[[]string](b, axeCheck) {
		if kind := number.ReplaceAllString(violation, "N"); !b.told[kind] {
			b.told[kind] = true
			b.t.Errorf("%s: %s", where, violation)
		}
	}
}

// reflowCheck names the first element that sticks out of a window.
const reflowCheck = `(() => {
  const root = document.documentElement;
  root.dir = '%s';
  const limit = %d;
  if (root.scrollWidth <= limit) return '';
  const out = [...document.querySelectorAll('body *')].find(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > limit + 1 || box.left < -1) && !e.closest('.sr, .skip, .tabs, .tablebox, svg, .menu > div');
  });
  return root.scrollWidth + ' px, ' + (out ? out.outerHTML.slice(0, 160) : 'nothing sticks out');
})()`

// focusCheck walks the controls in their order, as the Tab key would, and names
// those on which the focus makes no difference, and any that ask for a place of
// their own in the order.
const focusCheck = `(() => {
  document.activeElement.blur();
  const bad = [], look = e => [e, e.parentElement].map(n => getComputedStyle(n)).map(s => [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor].join()).join();
  const list = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => e.checkVisibility({ visibilityProperty: true }));
  for (const e of list) {
    if (e.tabIndex > 0) bad.push('tabindex ' + e.outerHTML.slice(0, 120));
    const before = look(e);
    e.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement === e && look(e) === before && !e.matches('.skip')) bad.push(e.outerHTML.slice(0, 120));
    e.blur();
  }
  return bad.slice(0, 5);
})()`

// axeCheck runs axe-core with the rules of ui.md §6.1. The order of headings
// within what people wrote is theirs.
const axeCheck = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
  .then(r => r.violations.filter(v => v.id !== 'heading-order' || v.nodes.some(n => !document.querySelector(n.target[0])?.closest('.body, .bio'))).map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '')).join(' | ')))`
