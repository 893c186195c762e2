package pagetest

import (
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

// atRest reads pages as somebody who wants no motion: by their system's setting,
// and by their own in the appearance of the pages.
func (b *tab) atRest() {
	b.open("/home")
	if len(js[[]string](b, motionCheck)) == 0 {
		b.t.Error("nothing moves for those who have no wish: the check sees nothing")
	}
	for _, how := range []string{"the system's", "their own"} {
		for _, path := range []string{"/home", b.thread, "/@mira", "/compose", "/settings/appearance"} {
			if how == "the system's" {
				b.medium("", &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
			} else {
				b.medium("")
			}
			b.open(path)
			if how == "their own" {
				js[bool](b, `(document.documentElement.dataset.motion = 'less', true)`)
			}
			if moving := js[[]string](b, motionCheck); len(moving) > 0 {
				b.t.Errorf("%s moves against %s wish: %s", path, how, strings.Join(moving, "\n  "))
			}
		}
	}
}

// motionCheck names what moves, and what would if it were hovered: since a mouse
// is in one place only, the style sheet is laid over the page once more, with
// its rules for what is hovered said of everything.
const motionCheck = `(() => {
  const hovered = new CSSStyleSheet();
  hovered.replaceSync([...document.styleSheets].flatMap(s => [...s.cssRules]).map(r => r.cssText).join('\n').replaceAll(':hover', ':not(.never)'));
  document.adoptedStyleSheets = [hovered];
  const still = v => v.split(',').every(s => parseFloat(s) === 0), bad = document.getAnimations().map(a => 'animation ' + (a.animationName ?? a.transitionProperty));
  for (const e of document.querySelectorAll('*')) {
    const s = getComputedStyle(e);
    if (s.animationName !== 'none' || !still(s.transitionDuration) || s.scrollBehavior === 'smooth') bad.push(e.outerHTML.slice(0, 120));
  }
  return bad.slice(0, 5);
})()`

// inForcedColours reads pages as somebody whose system chooses all colours:
// what is pressed or current is told apart by more than a colour.
func (b *tab) inForcedColours() {
	b.medium("", &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	for _, width := range []int{1280, 390} {
		b.window(width, 900)
		for _, path := range []string{"/home", b.thread, "/@mira", "/bookmarks", "/settings/profile"} {
			b.open(path)
			if !js[bool](b, `matchMedia('(forced-colors: active)').matches`) {
				b.t.Fatal("the browser forces no colours")
			}
			if alike := js[[]string](b, stateCheck); len(alike) > 0 {
				b.t.Errorf("%s, %d px: without its colours this looks like its neighbours:\n  %s", path, width, strings.Join(alike, "\n  "))
			}
		}
	}
}

// stateCheck names controls that are on, or the current one of several, and
// have no outline to say so.
const stateCheck = `[...document.querySelectorAll('[aria-pressed=true], :is(.nav, .tabs, .bottom) a[aria-current]')]
  .filter(e => e.checkVisibility() && getComputedStyle(e).outlineStyle === 'none').map(e => e.outerHTML.slice(0, 120)).slice(0, 5)`

// onPaper prints a thread that is read in the dark: its words and nothing to
// press, dark on white.
func (b *tab) onPaper() {
	b.open(b.thread)
	b.until("there are replies", `document.querySelectorAll('article.post .body').length > 2`)
	b.medium("print", &emulation.MediaFeature{Name: "prefers-color-scheme", Value: "dark"})
	for _, theme := range []string{"", "dark"} {
		js[bool](b, `(document.documentElement.dataset.theme = '%s', true)`, theme)
		if bad := js[[]string](b, paperCheck); len(bad) > 0 {
			b.t.Errorf("%s, theme %q, on paper:\n  %s", b.path, theme, strings.Join(bad, "\n  "))
		}
	}
}

// paperCheck names what should not be on paper, and words that are missing or
// too light for it.
const paperCheck = `(() => {
  const bad = [];
  for (const e of document.querySelectorAll('nav, .acts, form:not(.pollform), button:not(.chip), .btn, input, textarea, .topbar, .side, .foot a, .skip'))
    if (e.checkVisibility() && e.getBoundingClientRect().height) bad.push('still there: ' + e.outerHTML.slice(0, 100));
  const light = color => { const n = color.match(/[\d.]+/g).map(Number); return .2126 * n[0] + .7152 * n[1] + .0722 * n[2]; };
  for (const e of document.querySelectorAll('article.post :is(.body p, .who b, .h, time)')) {
    if (!e.checkVisibility()) bad.push('missing: ' + e.outerHTML.slice(0, 100));
    else if (light(getComputedStyle(e).color) > 110) bad.push('too light: ' + getComputedStyle(e).color + ' ' + e.outerHTML.slice(0, 100));
  }
  return bad.slice(0, 6);
})()`
