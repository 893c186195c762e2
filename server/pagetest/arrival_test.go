package pagetest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/page"
	"golang.org/x/net/html"
)

// arriving checks that nothing moves while a page arrives, whatever piece of it
// is painted first: on a slow network or a busy machine many are.
func (b *tab) arriving() {
	slow := b.behindProxy()
	for _, path := range []string{"/home", "/@mira", b.thread, "/notifications", "/explore", "/settings/profile"} {
		for _, width := range []int{1280, 390} {
			b.window(width, 900)
			slow.open(b, path)
			if got := js[cost](b, costCheck); got.Shift > 0 {
				b.t.Errorf("%s, %d px: got a layout shift of %f while it came in %d pieces, want 0: %s", path, width, got.Shift, slow.pieces.Load(), strings.Join(got.Moved, "\n  "))
			}
		}
	}
}

// proxy stands before a server and hands out its pages in pieces, the next when
// the last was painted.
type proxy struct {
	base   string
	drawn  chan struct{}
	pieces atomic.Int64 // of the last page
}

// drawnPath is where a page says that it was painted.
const drawnPath = "/drawn"

// tellDrawn has a page say that it was painted, after each growth.
const tellDrawn = `new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => fetch('` + drawnPath + `', { method: 'POST' })))))
  .observe(document, { childList: true, subtree: true })`

// behindProxy starts one before the server of the window, until the test ends.
func (b *tab) behindProxy() *proxy {
	b.t.Helper()
	server, err := url.Parse(b.base)
	b.must(err)
	p := &proxy{drawn: make(chan struct{}, 1)}
	forward := &httputil.ReverseProxy{FlushInterval: -1, ModifyResponse: p.slowly, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(server)
		r.Out.Host = server.Host
		r.Out.Header.Del("Accept-Encoding")
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != drawnPath {
			forward.ServeHTTP(w, r)
			return
		}
		select {
		case p.drawn <- struct{}{}:
		default:
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	b.t.Cleanup(func() {
		front.CloseClientConnections() // streams would go on
		front.Close()
	})
	p.base = strings.Replace(front.URL, "127.0.0.1", "localhost", 1)
	command(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: tellDrawn})
	return p
}

// slowly has a page read in pieces.
func (p *proxy) slowly(r *http.Response) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Header.Del("Content-Length")
	r.ContentLength = -1
	rest := cut(text)
	p.pieces.Store(int64(len(rest)))
	r.Body = io.NopCloser(&pieces{rest: rest, drawn: p.drawn})
	return nil
}

// longestArrival is how long a page in pieces may take on a busy machine.
const longestArrival = 3 * time.Minute

// open shows a page of the server by way of the proxy.
func (p *proxy) open(b *tab, path string) {
	b.t.Helper()
	b.path = path
	command(b, page.Navigate, page.NavigateParams{URL: p.base + path})
	deadline, tick := time.Now().Add(longestArrival), time.NewTicker(30*time.Millisecond)
	defer tick.Stop()
	for {
		here, err := evaluate[bool](b, "location.href === '"+p.base+path+"' && document.readyState === 'complete'")
		if here {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s did not arrive in %d pieces (%v)", path, p.pieces.Load(), err)
		}
		<-tick.C
	}
}

// pieces is a page that is read piece by piece.
type pieces struct {
	rest  [][]byte
	drawn <-chan struct{}
	begun bool
}

// longestFrame is how long a piece waits for the one before: some are not
// painted, as one that only ends an element.
const longestFrame = 100 * time.Millisecond

func (p *pieces) Read(into []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	if p.begun {
		select {
		case <-p.drawn:
		case <-time.After(longestFrame):
		}
	}
	p.begun = true
	n := copy(into, p.rest[0])
	if p.rest[0] = p.rest[0][n:]; len(p.rest[0]) == 0 {
		p.rest = p.rest[1:]
	}
	return n, nil
}

// cut cuts a page before its elements: of those of one name and class before the
// first few, since the twentieth post moves as the first does.
func cut(text []byte) (out [][]byte) {
	var piece []byte
	known, inBody := map[string]int{}, false
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return append(out, piece)
		}
		raw := bytes.Clone(z.Raw())
		if kind == html.StartTagToken {
			token := z.Token()
			name := token.Data
			for _, a := range token.Attr {
				if a.Key == "class" {
					name += "." + a.Val
				}
			}
			inBody = inBody || token.Data == "body"
			if known[name]++; inBody && known[name] <= 3 {
				out, piece = append(out, piece), nil
			}
		}
		piece = append(piece, raw...)
	}
}
