package pagetest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// mockupTolerance is how many px a box may be off: a bar to scroll by, another
// font of the machine.
const mockupTolerance = 4

// likeTheMockups holds where things stand against the drawings that the design
// began with, and leaves pictures of the pages in .shots for people. It compares
// the edges of boxes, which the design set, and not pixels, which every font
// changes.
func (b *tab) likeTheMockups() {
	file, err := os.ReadFile("testdata/mockup_boxes.json")
	b.must(err)
	var drawn map[string]map[string][2]float64 // page and width, selector: left edge and width
	b.must(json.Unmarshal(file, &drawn))
	stranger := b.newTab(b.t, b.browser, visitor)
	for _, page := range []struct {
		name, path string
		b          *tab
	}{{"home", "/home", b}, {"profile", "/@mira", stranger}, {"thread", b.thread, b}} {
		for _, width := range []int{1280, 390} {
			page.b.window(width, 900)
			page.b.open(page.path)
			boxes := drawn[fmt.Sprint(page.name, " ", width)]
			if len(boxes) == 0 {
				b.t.Fatalf("%s at %d px is not among the drawings", page.name, width)
			}
			for selector, want := range boxes {
				got := js[[]float64](page.b, boxOf, quote(selector))
				if len(got) != 2 || off(got[0], want[0]) || off(got[1], want[1]) {
					b.t.Errorf("%s, %d px, %s: got left edge and width %v, want %v", page.path, width, selector, got, want)
				}
			}
			for _, theme := range []string{"light", "dark"} {
				page.b.shoot(page.name, theme, width)
			}
		}
	}
}

func off(got, want float64) bool { return got < want-mockupTolerance || got > want+mockupTolerance }

// boxOf is where the first visible box of a selector stands: its left edge and its width.
const boxOf = `(() => {
  const e = [...document.querySelectorAll(%s)].find(e => e.checkVisibility() && e.getBoundingClientRect().width > 1), box = e?.getBoundingClientRect();
  return box ? [box.left, box.width] : [];
})()`

// shoot leaves one of the page in .shots, which git ignores.
func (b *tab) shoot(name, theme string, width int) {
	b.t.Helper()
	js[bool](b, `(document.documentElement.dataset.theme = '%s', true)`, theme)
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	b.must(err)
	dir := filepath.Join("..", "..", ".shots")
	b.must(os.MkdirAll(dir, 0o755))
	b.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("walk-%s-%s-%d.png", name, theme, width)), shot, 0o644))
}
