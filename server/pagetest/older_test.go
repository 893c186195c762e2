package pagetest

import "testing"

// TestPagesInAnOlderBrowser shows the main pages as a browser does that knows no
// container queries, such as those of ten-year-old phones: one column and the
// bar at the bottom on a phone, and nothing wider than the window. The browser
// here knows them, so it is given a style sheet in which it does not.
func TestPagesInAnOlderBrowser(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	b := v.newTab(t, browser, member)
	for _, path := range []string{"/home", v.thread, "/@mira", "/compose", "/notifications", "/settings/profile"} {
		b.window(390, 844)
		b.open(path)
		js[bool](b, makeOlder)
		if shown := js[[]string](b, `['.side-nav', '.bottom'].filter(s => getComputedStyle(document.querySelector(s)).display !== 'none')`); len(shown) != 1 || shown[0] != ".bottom" {
			t.Errorf("%s, 390 px: %q are shown, want the bar at the bottom alone", path, shown)
		}
		for _, width := range []int{320, 390, 768, 1280} {
			b.window(width, 900)
			if wide := js[string](b, reflowCheck, "ltr", width); wide != "" {
				t.Errorf("%s, %d px: it is wider than the window: %s", path, width, wide)
			}
		}
	}
	b.quiet()
}

// makeOlder takes container queries out of the page's style sheet.
const makeOlder = `(async () => {
  const link = document.querySelector('link[rel=stylesheet]');
  const css = await (await fetch(link.href)).text();
  const older = new CSSStyleSheet();
  older.replaceSync(css.replaceAll('@container ', '@unknown ').replaceAll('@supports not (container-type', '@supports (container-type'));
  document.adoptedStyleSheets = [older];
  link.disabled = true;
  return true;
})()`
