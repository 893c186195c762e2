package pagetest

import (
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"seedling/store"
	"seedling/store/storetest"
)

// harm is a way in which a script is broken: what is sent in its place.
type harm func(script string) string

// The ways. app.js itself is whole: that it is missing is what no script is.
var (
	// atImport fails before it has done anything.
	atImport harm = func(string) string { return `throw new Error('broken on purpose');` }
	// whenUsed loads, and fails whatever it is asked for.
	whenUsed harm = func(script string) string {
		var b strings.Builder
		for _, m := range exported.FindAllStringSubmatch(script, -1) {
			fmt.Fprintf(&b, "export function %s() { throw new Error('broken on purpose'); }\n", m[1])
		}
		return b.String()
	}
	// inHandlers does what it should, and has handlers that fail each time.
	inHandlers harm = func(script string) string {
		return script + `
for (const kind of ['click', 'keydown', 'focusin', 'focusout', 'input', 'change', 'submit', 'toggle', 'paste', 'visibilitychange'])
  for (const capture of [true, false]) addEventListener(kind, () => { throw new Error('broken on purpose'); }, capture);
setInterval(() => { throw new Error('broken on purpose'); }, 20);`
	}
)

var (
	exported   = regexp.MustCompile(`export (?:async )?(?:function|const) (\w+)`)
	imported   = regexp.MustCompile(`'\./([a-z]+)\.js'`)
	scriptPath = regexp.MustCompile(`^/static/js/([a-z]+)\.`)
)

// sabotage is which scripts of a server arrive broken, and how.
type sabotage struct {
	how   harm
	spare []string // these arrive whole
}

// saboteur stands between a server and its browsers.
type saboteur struct {
	now atomic.Pointer[sabotage]

	hold atomic.Pointer[chan struct{}] // pictures are on their way until it is closed
}

// before is the saboteur's own server; it passes everything on to the one at an
// address.
func (s *saboteur) before(address string) http.Handler {
	to := &url.URL{Scheme: "http", Host: address}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			if scriptPath.MatchString(r.In.URL.Path) {
				r.Out.Header.Del("Accept-Encoding")
			}
		},
		ModifyResponse: s.meddle,
		ErrorLog:       log.New(io.Discard, "", 0), // browsers leave pages half read
	}
}

// meddle has answers wait or break.
func (s *saboteur) meddle(r *http.Response) error {
	if hold := s.hold.Load(); hold != nil && strings.HasPrefix(r.Request.URL.Path, "/media/") {
		select {
		case <-*hold:
		case <-r.Request.Context().Done():
			return r.Request.Context().Err()
		}
	}
	return s.breakScript(r)
}

func (s *saboteur) breakScript(r *http.Response) error {
	m, now := scriptPath.FindStringSubmatch(r.Request.URL.Path), s.now.Load()
	if m == nil || now == nil || m[1] == "app" || slices.Contains(now.spare, m[1]) {
		return nil
	}
	script, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body.Close()
	broken := now.how(string(script))
	r.Body = io.NopCloser(strings.NewReader(broken))
	r.ContentLength = int64(len(broken))
	r.Header.Set("Content-Length", strconv.Itoa(len(broken)))
	return nil
}

// newSabotagedVillage is [newVillage] behind a saboteur.
func newSabotagedVillage(t *testing.T) (*village, *saboteur) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the pages are not walked")
	}
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	behind, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &saboteur{}
	site := &http.Server{Handler: s.before(behind.Addr().String())}
	go site.Serve(front) // until it is closed
	v := newVillageAt(t, "http://localhost:"+strconv.Itoa(front.Addr().(*net.TCPAddr).Port), behind)
	t.Cleanup(func() { site.Close() })
	return v, s
}

// withOwn is a script with all that it loads.
func withOwn(t *testing.T, name string) []string {
	t.Helper()
	all := map[string]bool{}
	for rest := []string{name}; len(rest) > 0; rest = rest[1:] {
		if all[rest[0]] {
			continue
		}
		all[rest[0]] = true
		src, err := os.ReadFile("../../static/js/" + rest[0] + ".js")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range imported.FindAllSubmatch(src, -1) {
			rest = append(rest, string(m[1]))
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// works is what each script adds, seen in a browser.
var works = map[string]func(*tab){
	"place": func(b *tab) {
		b.open("/@olga")
		b.mark()
		state := `document.querySelector('.prof button[formaction="/@olga/follow"]').value`
		was := js[string](b, "%s", state)
		b.press(`.prof button[formaction="/@olga/follow"]`)
		b.until("the button changes in place", fmt.Sprintf("window.marked && %s !== '%s'", state, was))
	},
	"count": func(b *tab) {
		b.open("/compose")
		b.press("form.compose textarea[name=text]")
		js[bool](b, `(() => { const f = document.querySelector('textarea[name=text]'); f.value = 'x'.repeat(f.form.dataset.limit - 3); f.dispatchEvent(new Event('input', { bubbles: true })); return true; })()`)
		b.until("three are left", `document.querySelector('.left')?.innerText.startsWith('3 ')`)
	},
	"draft": func(b *tab) {
		b.open("/compose")
		b.typeText("form.compose textarea[name=text]", "Kept meanwhile")
		b.until("the draft is kept", `Object.keys(localStorage).some(k => k.startsWith('draft '))`)
		js[bool](b, `(localStorage.clear(), true)`)
	},
	"complete": func(b *tab) {
		b.open("/compose")
		b.typeText("form.compose textarea[name=text]", "Hello @mir")
		b.until("there are suggestions", `document.querySelector('[role=listbox] [role=option]')`)
	},
	"upload": func(b *tab) {
		b.open("/compose")
		b.press("form.compose textarea[name=text]")
		js[bool](b, `(window.files = %s, true)`, files(b.t, red))
		b.until("a pasted file arrives", `document.querySelector('form.compose [name=media_id]') ||
  window.bars || !document.querySelector('form.compose textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData: window.files, bubbles: true, cancelable: true })) && (window.bars = true) && false`)
		b.uploaded(1)
	},
	"lightbox": func(b *tab) {
		b.open("/@fay/media")
		b.press(".media.n3 a:has(img)")
		b.until("the picture is shown", `document.querySelector('dialog[open] img')?.naturalWidth > 0`)
	},
	"moves": func(b *tab) {
		b.moving(member)
		b.open("/@fay")
		b.until("it stands still", `document.querySelector('img[data-moves]')?.src.includes('/')`)
		src := `document.querySelector('img[data-moves]').src`
		still, moving := js[string](b, "%s", src), js[string](b, `document.querySelector('a:has(img[data-moves])').href`)
		b.point("img[data-moves]")
		b.until("it moves while it is pointed at", fmt.Sprintf(`%s === '%s'`, src, moving))
		b.point("h1")
		b.until("it stands still again", fmt.Sprintf(`%s === '%s'`, src, still))
	},
	"older": func(b *tab) {
		b.open("/local")
		b.mark()
		b.press(".pager a[rel=next]")
		b.until("there are more", `window.marked && location.search.includes('before=')`)
	},
	"menu": func(b *tab) {
		b.open("/@mira")
		b.press(".acts details.menu summary")
		b.until("it is open", `document.querySelector('details.menu[open]')`)
		b.untilPressing("it closes", kb.Escape, `!document.querySelector('details.menu[open]')`)
	},
	"keys": func(b *tab) {
		b.open("/@mira")
		b.untilPressing("a post has the focus", "j", `document.activeElement.matches('article.post')`)
	},
	"share": func(b *tab) {
		b.open("/@mira")
		b.until("the handle can be copied", `document.querySelector('.prof .copy')`)
	},
	"live": func(b *tab) {
		b.open("/home")
		b.helping("live")
		mira, err := b.db.UserByName(b.t.Context(), mod)
		b.must(err)
		storetest.Post(b.t, b.db, mira.Account, "Fresh, whatever else fails", store.Public)
		b.until("the link counts it", `document.querySelector('a.newpill')`)
	},
	"push": func(b *tab) {
		b.open("/settings/notifications")
		b.until("the switch is offered", `!document.querySelector('form[data-push]').hidden`)
	},
	"passkey": func(b *tab) {
		b.open("/settings/security")
		b.until("the form is offered", `!document.querySelector('form[data-passkey]').hidden`)
	},
}

// untilPressing presses a key until something is true: its script may only be
// on its way at the first time.
func (b *tab) untilPressing(what, key, expression string) {
	b.t.Helper()
	for range maxReloads {
		b.do(chromedp.KeyEvent(key))
		if js[bool](b, "!!(%s)", expression) {
			return
		}
	}
	b.t.Fatalf("%s: it never came true that %s", b.path, what)
}

// TestNoScriptHarmsAnother has all scripts but one fail, at their import or when
// they are used, and that one does its work; then all do theirs while each has
// handlers that fail.
func TestNoScriptHarmsAnother(t *testing.T) {
	if !long() {
		t.Skip("only in the long walk")
	}
	browser := newBrowser(t)
	v, saboteur := newSabotagedVillage(t)
	try := func(what, script string, s sabotage) {
		t.Run(what+", "+script, func(t *testing.T) {
			saboteur.now.Store(&s)
			b := v.newTab(t, browser, member)
			b.window(1280, 900)
			works[script](b)
		})
	}
	for _, script := range slices.Sorted(maps.Keys(works)) {
		spare := withOwn(t, script)
		try("the others fail at import", script, sabotage{atImport, spare})
		try("the others fail when used", script, sabotage{whenUsed, spare})
		try("every handler fails", script, sabotage{inHandlers, nil})
	}
}

// TestPagesWorkWhenEveryScriptFails goes through a member's day where all that
// app.js asks for fails: each step is a page then, as without scripts.
func TestPagesWorkWhenEveryScriptFails(t *testing.T) {
	browser := newBrowser(t)
	ways := map[string]harm{"when used": whenUsed}
	if long() {
		ways["at import"] = atImport
	}
	for name, how := range ways {
		t.Run(name, func(t *testing.T) {
			v, saboteur := newSabotagedVillage(t)
			saboteur.now.Store(&sabotage{how: how})
			b := v.newTab(t, browser, member)
			b.window(390, 900)
			b.write()
			b.actOnPosts(false)
			b.vote(false)
			b.follow(false)
			b.open("/local")
			b.leave(".pager a[rel=next]")
			b.until("the older posts are there", `location.search.includes('before=')`)
			b.open("/@fay/media")
			b.press(".media.n3 a:has(img)")
			b.until("the picture itself is open", `document.images.length === 1 && !document.querySelector('main')`)
			if !strings.Contains(strings.Join(b.heard(), " "), "broken on purpose") {
				t.Error("no script has failed")
			}
		})
	}
}
