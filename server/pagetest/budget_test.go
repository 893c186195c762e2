package pagetest

import (
	"strings"

	"github.com/chromedp/cdproto/network"
)

// What a first view of a page may cost (ui.md §6.8).
const (
	mostDress    = 50 << 10 // bytes of style sheet, scripts and icons, packed
	mostHTML     = 20 << 10 // bytes of a page of 20 posts, packed
	mostRequests = 8        // without pictures
)

// cost is what the browser saw of a first view.
type cost struct {
	HTML, Dress int
	Requests    []string // without pictures
	Elsewhere   []string // what came from other hosts
	Shift       float64  // cumulative layout shift
	Moved       []string // what shifted
}

// budgets opens pages with nothing in the cache.
func (b *tab) budgets() {
	command(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	for _, path := range []string{"/home", "/@mira", b.thread} {
		for _, width := range []int{1280, 390} {
			b.window(width, 900)
			got := b.costs(path)
			if got.HTML == 0 || got.HTML > mostHTML {
				b.t.Errorf("%s: got %d bytes of HTML, want 1 to %d", path, got.HTML, mostHTML)
			}
			if got.Dress == 0 || got.Dress > mostDress {
				b.t.Errorf("%s: got %d bytes of style, scripts and icons, want 1 to %d", path, got.Dress, mostDress)
			}
			if len(got.Requests) > mostRequests {
				b.t.Errorf("%s: got %d requests, want at most %d: %s", path, len(got.Requests), mostRequests, strings.Join(got.Requests, " "))
			}
			if len(got.Elsewhere) > 0 {
				b.t.Errorf("%s loads from elsewhere: %s", path, strings.Join(got.Elsewhere, " "))
			}
			if got.Shift > 0 {
				b.t.Errorf("%s, %d px: got a layout shift of %f, want 0: %s", path, width, got.Shift, strings.Join(got.Moved, "\n  "))
			}
		}
	}
}

// costs opens a page and measures it: of three loads the first in which nothing
// moved. What moves while a page comes in pieces, arriving looks at.
func (b *tab) costs(path string) (got cost) {
	for range 3 {
		b.open(path)
		b.until("the scripts are here", `performance.getEntriesByType('resource').some(r => r.name.includes('/js/live.'))`)
		if got = js[cost](b, costCheck); got.Shift == 0 {
			break
		}
	}
	return got
}

// costCheck adds up what the browser measured. It lets two frames be drawn
// first, so that what shifts late has shifted. The script that draws blurhashes
// comes only where a picture is late, and counts as the picture's.
const costCheck = `(async () => {
  for (let i = 0; i < 2; i++) await new Promise(drawn => requestAnimationFrame(drawn));
  const shifts = [];
  const observer = new PerformanceObserver(list => shifts.push(...list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  shifts.push(...observer.takeRecords());
  const page = performance.getEntriesByType('navigation')[0], rest = performance.getEntriesByType('resource');
  const dress = rest.filter(r => /\/static\/(.*\.(css|js)|icons\.[^/]*\.svg)$/.test(new URL(r.name).pathname));
  const picture = r => /^(img|image|input|video)$/.test(r.initiatorType) || /\.(png|svg)$/.test(new URL(r.name).pathname) && !dress.includes(r);
  return {
    HTML: page.encodedBodySize, Dress: dress.reduce((sum, r) => sum + r.encodedBodySize, 0),
    Requests: [page, ...rest.filter(r => !picture(r) && !/\/js\/blur\./.test(r.name))].map(r => new URL(r.name).pathname),
    Elsewhere: rest.map(r => r.name).filter(name => !name.startsWith(location.origin + '/')),
    Moved: shifts.flatMap(s => (s.sources ?? []).map(m => (m.node?.outerHTML ?? m.node?.nodeName ?? '').slice(0, 160) + ' from ' + [m.previousRect.x, m.previousRect.y, m.previousRect.width, m.previousRect.height] + ' to ' + [m.currentRect.x, m.currentRect.y, m.currentRect.width, m.currentRect.height])),
    Shift: shifts.filter(s => !s.hadRecentInput).reduce((sum, s) => sum + s.value, 0),
  };
})()`
