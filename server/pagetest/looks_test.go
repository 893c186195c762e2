package pagetest

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// TestPagesInABrowser opens every page as a visitor and as each role and looks
// at it as ui.md §6 wants: nothing wider than the window at 320, 768 and 1280
// px, in both directions; no violation that axe-core finds, in both themes; the
// focus visible wherever it is; the console silent. Everybody has a window of
// their own, and they look at the same time.
func TestPagesInABrowser(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	everybody := []string{owner, mod, member, visitor}
	if !long() {
		everybody = []string{owner, visitor}
	}
	var seen seen
	for _, who := range everybody {
		t.Run(cmp.Or(who, "visitor"), func(t *testing.T) {
			t.Parallel()
			b := v.newTab(t, browser, who)
			pages, looked := v.pagesFor(t, who), 0
			for _, path := range pages {
				if !long() && !mainPage.MatchString(path) {
					continue
				}
				b.open(path)
				if seen.first(shape(path)+" "+js[string](b, build)) || looked == 0 { // the first for the frame around it
					b.look()
					looked++
				}
			}
			t.Logf("%d of %d pages were looked at", looked, len(pages))
		})
	}
}

// seen are the pages that somebody looked at. What two people see alike is
// looked at once.
type seen struct {
	mu   sync.Mutex
	keys map[string]bool
}

// first says whether nobody has looked at it yet.
func (s *seen) first(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil {
		s.keys = map[string]bool{}
	}
	known := s.keys[key]
	s.keys[key] = true
	return !known
}

// build is what a page is made of within its frame and without its words: the
// kinds of its elements.
const build = `[...new Set([...document.querySelectorAll('main *')].map(e => e.tagName + '.' + e.getAttribute('class')))].sort().join(' ')`

// mainPage are the pages that are looked at each time; the rest in the long walk.
var mainPage = regexp.MustCompile(`^/(|login|join|about|home|notifications|compose|menu|settings/(profile|appearance|security)|admin(/settings)?|mod/reports.*|@mira(/[0-9]+)?|posts/[0-9]+/react)$`)

// pagesFor are the pages that somebody finds, one of each kind.
func (v *village) pagesFor(t *testing.T, who string) []string {
	t.Helper()
	c := &crawler{village: v, t: t, who: who, client: v.client(who), kept: 3, seen: map[string]bool{}, shapes: map[string]int{}, tables: messageTables(t)}
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
	if waiting := js[[]string](b, waitingCheck); len(waiting) > 0 {
		b.t.Errorf("%s: the page is here, and these rows still wait for their end: %s", b.path, strings.Join(waiting, "\n  "))
	}
	js[bool](b, shorten)
	if unseen := js[[]string](b, focusCheck); len(unseen) > 0 {
		b.t.Errorf("%s: the focus can't be seen on %s", b.path, strings.Join(unseen, "\n  "))
	}
	for _, way := range []struct {
		theme string
		width int
	}{{"light", 1280}, {"dark", 390}} {
		b.tall(way.width)
		js[bool](b, `(document.documentElement.dataset.theme = '%s', true)`, way.theme)
		b.accessible(fmt.Sprintf("%s, %s, %d px", b.path, way.theme, way.width))
	}
	b.quiet()
}

// tall makes the window so wide and as tall as the page is then: a bar that
// sticks to its end would else cover what is only not scrolled to.
func (b *tab) tall(width int) {
	b.t.Helper()
	b.window(width, 900)
	b.window(width, max(900, js[int](b, "document.documentElement.scrollHeight")))
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

// waitingCheck names what the style sheet still hides: rows show when all of
// them has arrived.
const waitingCheck = `[...document.querySelectorAll('body *:not([data-passkey], [data-passkey] *)')].filter(e => getComputedStyle(e).visibility !== 'visible').map(e => e.outerHTML.slice(0, 160)).slice(0, 5)`

// shorten takes out of every list what is built like three that stay: of two
// thousand emoji a few tell it all, and axe-core takes its time over each.
const shorten = `(() => {
  const build = e => [e, ...e.querySelectorAll('*')].map(n => n.tagName + '.' + n.getAttribute('class')).join(' ');
  for (const list of document.querySelectorAll('ul, ol, .feed, .ticks, tbody, select')) {
    const known = {};
    for (const e of [...list.children]) {
      const kind = build(e);
      known[kind] = (known[kind] ?? 0) + 1;
      if (known[kind] > 3 && !e.contains(document.activeElement)) e.remove();
    }
  }
  return true;
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
