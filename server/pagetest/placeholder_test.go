package pagetest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// TestPicturesOnTheirWay opens a post whose pictures do not come yet: one colour
// stands in their place, and with scripts what their blurhash tells, until they
// are there (ui.md §4.3, §5).
func TestPicturesOnTheirWay(t *testing.T) {
	browser := newBrowser(t)
	v, saboteur := newSabotagedVillage(t)
	for _, on := range []bool{false, true} {
		t.Run(fmt.Sprintf("scripts %v", on), func(t *testing.T) {
			hold := make(chan struct{})
			saboteur.hold.Store(&hold)
			b := v.newTab(t, browser, member)
			b.scripts(on)
			b.window(1280, 900)
			b.goTo("/@fay/media")
			b.until("each place has its colour", `document.querySelectorAll('.media.n3 figure').length === 3 &&
  [...document.querySelectorAll('.media.n3 figure')].every(f => { const a = f.querySelector('svg rect').getBoundingClientRect(), b = f.getBoundingClientRect();
    return /^#[0-9a-f]{6}$/.test(f.querySelector('rect').getAttribute('fill')) && Math.abs(a.width - b.width) < 1 && Math.abs(a.height - b.height) < 1; })`)
			if on {
				b.until("the blurhashes are drawn", `document.querySelectorAll('.media.n3 canvas').length === 3`)
				if worst := js[float64](b, canvasCheck); worst > 8 {
					t.Errorf("a canvas is %v off what the server draws of the same blurhash, want at most 8 of 255", worst)
				}
			}
			close(hold)
			b.until("the pictures are there", `[...document.querySelectorAll('.media.n3 img')].every(i => i.complete && i.naturalWidth) && !document.querySelector('.media canvas')`)
			b.quiet()
		})
	}
}

// goTo begins to open a page, and does not wait for all of it.
func (b *tab) goTo(path string) {
	b.t.Helper()
	b.open("/about")
	b.path = path
	command(b, page.Navigate, page.NavigateParams{URL: b.base + path})
	b.until("the page begins", fmt.Sprintf(`location.pathname === %s`, quote(path)))
}

// canvasCheck compares each canvas with the server's picture of its blurhash,
// and gives the largest difference.
const canvasCheck = `(async () => {
  let worst = 0;
  for (const img of document.querySelectorAll('.media.n3 img')) {
    const canvas = img.closest('a').querySelector('canvas'), other = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
    const name = btoa(img.dataset.blurhash).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    other.getContext('2d').drawImage(await createImageBitmap(await (await fetch('/blur/' + name + '.png')).blob()), 0, 0);
    const [a, b] = [canvas, other].map(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data);
    a.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - b[i])); });
  }
  return worst;
})()`
