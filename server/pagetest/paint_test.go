package pagetest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// fast3G is the profile "3G Fast" of WebPageTest: 1.6 Mbit/s down, 768 kbit/s
// up, 150 ms there and back.
var fast3G = &network.Conditions{Latency: 150, DownloadThroughput: 1_600_000 / 8, UploadThroughput: 768_000 / 8, ConnectionType: "cellular3g"}

// mostBeforePaint is how much a browser may have to read before it can paint:
// the page and the style sheet. With two times there and back that is 0.43 s by
// fast3G, of the half second that ui.md §6.8 allows; what a browser itself takes,
// leastPaint shows.
const mostBeforePaint = 26_000 // bytes, packed

// firstPaint looks at what stands between a reader and the first paint. How long
// it takes in milliseconds is said and not asserted: it is the machine's too.
func (b *tab) firstPaint() {
	command(b, network.Enable, network.EnableParams{})
	command(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	command(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{fast3G}})
	b.window(390, 900)
	least := b.leastPaint()
	for _, path := range []string{"/home", "/@mira", b.thread} {
		var painted, read []float64 // ms
		bytes := 0
		for range 5 {
			got := b.paint(b.base + path)
			painted, read, bytes = append(painted, got.Painted), append(read, got.Read), got.Bytes
			if len(got.Blocking) != 1 || !strings.HasSuffix(got.Blocking[0], ".css") {
				b.t.Errorf("%s: the first paint waits for %q, want the style sheet alone", path, got.Blocking)
			}
			if got.Bytes == 0 || got.Bytes > mostBeforePaint {
				b.t.Errorf("%s: the first paint waits for %d bytes, want 1 to %d", path, got.Bytes, mostBeforePaint)
			}
		}
		slices.Sort(painted)
		slices.Sort(read)
		b.t.Logf("%s by 3G Fast, %d bytes: the style sheet is there after %.0f ms, the first paint after %.0f ms (medians; %.0f the best), %.2f times that of a page of one word with a style sheet (%.0f ms)",
			path, bytes, read[2], painted[2], painted[0], painted[2]/least, least)
	}
}

// leastPaint is the raw limit of the machine: the median of a page of one word
// with a style sheet of one rule.
func (b *tab) leastPaint() float64 {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/style.css" {
			w.Header().Set("Content-Type", "text/css")
			io.WriteString(w, "p { color: green }")
			return
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<!doctype html><title>Least</title><link rel="stylesheet" href="/style.css"><p>Hello`)
	}))
	defer server.Close()
	var painted []float64
	for range 5 {
		painted = append(painted, b.paint(server.URL).Painted)
	}
	slices.Sort(painted)
	return painted[2]
}

// paint opens a page until it is painted.
func (b *tab) paint(address string) beforePaint {
	b.path = address
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(address))
	b.until("it is painted", `performance.getEntriesByName('first-contentful-paint').length`)
	return js[beforePaint](b, paintCheck)
}

// beforePaint is what paintCheck found.
type beforePaint struct {
	Painted, Read float64
	Blocking      []string
	Bytes         int
}

const paintCheck = `(() => {
  const blocking = performance.getEntriesByType('resource').filter(r => r.renderBlockingStatus === 'blocking');
  return {
    Painted: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    Read: Math.max(...blocking.map(r => r.responseEnd)),
    Blocking: blocking.map(r => new URL(r.name).pathname),
    Bytes: [...performance.getEntriesByType('navigation'), ...blocking].reduce((sum, r) => sum + r.encodedBodySize, 0),
  };
})()`
