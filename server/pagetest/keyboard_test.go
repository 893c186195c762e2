package pagetest

import (
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostTabs is how often the Tab key is pressed before a page counts as one that
// never ends.
const mostTabs = 250

// byKeyboard presses Tab through pages as wide as a desk and as a phone: the
// focus goes in reading order, is seen, and is never under a bar that sticks
// (WCAG 2.2 §2.4.3, §2.4.7, §2.4.11).
func (b *tab) byKeyboard() {
	for _, width := range []int{1280, 390} {
		b.window(width, 700)
		for _, path := range []string{"/home", b.thread, "/compose", "/settings/profile"} {
			b.open(path)
			js[bool](b, shorten)
			stops := 0
			for ; stops < mostTabs; stops++ {
				b.do(chromedp.KeyEvent(kb.Tab))
				if bad := js[string](b, stopCheck); bad == "end" {
					break
				} else if bad != "" {
					b.t.Errorf("%s, %d px, stop %d: %s", path, width, stops, bad)
				}
			}
			if want := js[int](b, stopCount); stops == mostTabs || stops < want {
				b.t.Errorf("%s, %d px: got %d stops of the Tab key, want the %d controls", path, width, stops, want)
			}
		}
	}
	b.quiet()
}

// stopCheck looks at what has the focus, after what had it before.
const stopCheck = `(() => {
  const e = document.activeElement, last = window.lastStop;
  if (!e || e === document.body || e === document.documentElement) return 'end';
  if (last && !(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) return e === window.firstStop ? 'end' : 'it goes back to ' + e.outerHTML.slice(0, 120);
  window.firstStop ??= e;
  window.lastStop = e;
  const name = n => n.outerHTML.slice(0, 120), box = e.getBoundingClientRect(), style = getComputedStyle(e), frame = getComputedStyle(e.closest('.search, .joined, label') ?? e);
  if (style.outlineStyle === 'none' && frame.outlineStyle === 'none' && !e.matches('.composer textarea')) return 'no focus is seen on ' + name(e);
  if (box.bottom < 0 || box.top > innerHeight) return 'the focus is outside the window on ' + name(e);
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const shown = ([x, y]) => { const top = document.elementFromPoint(x, y); return top && (e.contains(top) || top.contains(e) || top.closest('label')?.control === e || e.closest('label')?.contains(top)); };
  if (box.width > 1 && !points.some(shown)) return 'something covers ' + name(e) + ': ' + name(document.elementFromPoint(...points[0]) ?? document.body);
  const above = window.lastTop, same = group => last?.closest(group) === e.closest(group);
  window.lastTop = box.top + scrollY;
  if (last?.closest('main') && e.closest('main') && same('nav') && !(e.closest('.media') && same('.media')) && !e.closest('.ticks, details') && box.bottom + scrollY < above) return 'it stands above the one before, ' + name(last) + ': ' + name(e);
  return '';
})()`

// stopCount is how many controls there are to stop at.
const stopCount = `[...document.querySelectorAll('a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary')].filter(e => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex === 0 && !e.disabled).length`

// backAtThePost presses small buttons where no script runs: the page that
// answers is at the post again, which has the focus, and Tab goes on from there.
func (b *tab) backAtThePost() {
	b.scripts(false)
	b.window(1280, 900)
	for _, path := range []string{"/home", "/@mira", b.thread} {
		for _, action := range []string{"favourite", "bookmark"} {
			b.open(path)
			post := js[string](b, `[...document.querySelectorAll('main article.post')].filter(a => a.checkVisibility() && a.querySelector('.acts [formaction$="/%s"]')).at(2).id`, action)
			b.press(fmt.Sprintf(`#%s .acts [formaction$="/%s"]`, post, action))
			b.until(post+" has the focus", fmt.Sprintf(`location.hash === '#%s' && document.activeElement.id === '%s'`, post, post))
			b.do(chromedp.KeyEvent(kb.Tab))
			if !js[bool](b, `document.getElementById('%s').contains(document.activeElement)`, post) {
				b.t.Errorf("%s: after %s, Tab goes to %s", path, action, js[string](b, `document.activeElement.outerHTML.slice(0, 120)`))
			}
		}
	}
}
