package pagetest

import (
	"strings"

	"github.com/chromedp/chromedp"
)

// enlarged shows pages at 400 % in a window of 1280 by 1024 px (WCAG 2.2
// §1.4.10), and with the largest text (§1.4.4): nothing scrolls sideways, no
// words are cut off, no two controls lie on each other.
func (b *tab) enlarged() {
	for _, path := range []string{"/home", b.thread, "/@mira", "/compose", "/settings/profile", "/notifications"} {
		b.open(path)
		b.do(chromedp.EmulateViewport(320, 256, chromedp.EmulateScale(4)))
		b.uncut("400 %", 320)
		js[bool](b, `(document.documentElement.dataset.text = 'xl', true)`)
		for _, width := range []int{390, 1280} {
			b.window(width, 900)
			b.uncut("largest text", width)
		}
	}
	b.quiet()
}

func (b *tab) uncut(how string, width int) {
	b.t.Helper()
	if wide := js[string](b, reflowCheck, "ltr", width); wide != "" {
		b.t.Errorf("%s, %s, %d px: it is wider than the window: %s", b.path, how, width, wide)
	}
	if cut := js[[]string](b, cutCheck); len(cut) > 0 {
		b.t.Errorf("%s, %s, %d px:\n  %s", b.path, how, width, strings.Join(cut, "\n  "))
	}
}

// cutCheck names boxes that cut off words without saying so by an ellipsis or
// by a bar to scroll, and controls that cover each other.
const cutCheck = `(() => {
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (!e.innerText?.trim() || box.width < 2 || !e.checkVisibility() || e.closest('.sr, .skip, .trap, .topbar.sub ~ .shell .pagehead > h1')) continue;
    const hides = v => v === 'hidden' || v === 'clip', meant = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    const words = [...e.querySelectorAll('*')].filter(n => n.checkVisibility() && !n.closest('.sr, svg, .tabs, .tablebox') && [...n.childNodes].some(c => c.nodeType === 3 && c.data.trim()));
    const out = n => { const r = n.getBoundingClientRect(); return r.width > 1 && (hides(style.overflowX) && (r.right > box.right + 2 || r.left < box.left - 2) || hides(style.overflowY) && (r.bottom > box.bottom + 2 || r.top < box.top - 2)); };
    if ((hides(style.overflowX) || hides(style.overflowY)) && !meant && words.some(out)) bad.push('cut off: ' + e.outerHTML.slice(0, 140));
  }
  const controls = [...document.querySelectorAll('main :is(a.btn, button, input:not([type=hidden]), select, textarea, summary)')].filter(e => e.checkVisibility() && !e.closest('.sr, .trap, .alt'));
  controls.forEach((e, i) => {
    const a = e.getBoundingClientRect(), next = controls[i + 1]?.getBoundingClientRect();
    if (next && !e.contains(controls[i + 1]) && Math.min(a.right, next.right) - Math.max(a.left, next.left) > 2 && Math.min(a.bottom, next.bottom) - Math.max(a.top, next.top) > 2)
      bad.push('covered: ' + e.outerHTML.slice(0, 100) + ' by ' + controls[i + 1].outerHTML.slice(0, 100));
  });
  return bad.slice(0, 5);
})()`
