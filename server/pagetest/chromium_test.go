package pagetest

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// axe is axe-core: it says what people with assistive technology will miss.
//
//go:embed testdata/axe.min.js
var axe string

// chromium finds the browser. Where none is, the tests are skipped, except
// where everything is to be walked.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no browser is started")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if long() {
		t.Fatal("no Chromium here, and SEEDLING_WALK=long wants one")
	}
	t.Skip("NOT TESTED: there is no Chromium here. Install the package chromium to open the pages in a browser.")
	return ""
}

// newBrowser starts Chromium until the test ends.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.ExecPath(chromium(t)), chromedp.NoSandbox))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return ctx
}

// tab is somebody at a window of a browser.
type tab struct {
	*village
	t       *testing.T
	ctx     context.Context
	browser context.Context // where others can have windows too
	who     string
	path    string
	told    map[string]bool // violations that were reported: once is enough
	how     looks           // set by wear

	mu       sync.Mutex
	messages []string // errors of the console
	missed   int      // see missedScripts
	warnings []string // see heard
}

// newTab opens a window for somebody, with cookies of their own.
func (v *village) newTab(t *testing.T, browser context.Context, who string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{village: v, t: t, ctx: ctx, browser: browser, who: who, told: map[string]bool{}}
	if err := chromedp.Do(ctx); err != nil { // opens the window, for as long as ctx lives
		t.Fatalf("open a window: %v", err)
	}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.hear(m)
		}
	}()
	if who != visitor {
		cookie := v.session(who)
		command(b, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: v.base})
	}
	return b
}

// hear notes what the console says.
func (b *tab) hear(m chromedp.ConsoleMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.Type == chromedp.ConsoleWarning {
		b.warnings = append(b.warnings, m.Text)
	}
	switch {
	case strings.Contains(m.Text, "dynamically imported module"): // the first script says so, and goes on
		b.missed++
	case m.Type == chromedp.ConsoleError || m.IsException():
		b.messages = append(b.messages, m.Text+" ("+m.URL+")")
	}
}

// heard is what the console was warned of.
func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.warnings)
}

// missedScripts is how many scripts could not be loaded by another.
func (b *tab) missedScripts() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.missed
}

// longestStep is how long one thing may take in a browser on a busy machine.
const longestStep = 20 * time.Second

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, longestStep)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", b.path, err)
	}
}

// command gives the browser an order of its protocol.
func command[P, R any](b *tab, order cdp.Command[P, R], params P) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, order, params)
		return err
	}))
}

// scripts turns them on or off, from the next page on.
func (b *tab) scripts(on bool) {
	b.t.Helper()
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// open shows a page.
func (b *tab) open(path string) {
	b.t.Helper()
	b.path = path
	b.do(chromedp.Navigate(b.base + path))
}

// offline takes the network away, or gives it back.
func (b *tab) offline(yes bool) {
	b.t.Helper()
	command(b, network.Enable, network.EnableParams{})
	var rules []*network.Conditions
	if yes {
		rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	}
	command(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: rules})
}

// window makes it this large.
func (b *tab) window(width, height int) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(int64(width), int64(height)))
}

// js evaluates an expression, a promise too.
func js[T any](b *tab, expression string, args ...any) T {
	b.t.Helper()
	v, err := evaluate[T](b, fmt.Sprintf(expression, args...))
	if err != nil {
		b.t.Fatalf("%s: %v in %.300s", b.path, err, expression)
	}
	return v
}

func evaluate[T any](b *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, longestStep)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// until waits for something to be true on the page, or on the one that takes its
// place meanwhile.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	deadline := time.Now().Add(longestStep)
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := evaluate[bool](b, fmt.Sprintf("!!(document.body && (%s))", expression))
		if ok {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s (at %s): it never came true that %s (%v); the page says: %.600s", b.path, js[string](b, "location.href"), what, err, js[string](b, "document.body.innerText"))
		}
		<-tick.C
	}
}

// helping waits until an enhancement is at work: that its file has come is not
// enough, since it runs only when what it imports is here too.
func (b *tab) helping(script string) {
	b.t.Helper()
	file := fmt.Sprintf(`performance.getEntriesByType('resource').find(r => r.name.includes('/js/%s.'))?.name`, script)
	b.until("the script "+script+" is there", file)
	js[bool](b, `import(%s).then(() => new Promise(done => setTimeout(done, 0, true)))`, file)
}

// quiet fails the test for every error that the console has had since. What the
// page itself answered, 422 for a form, is not one, nor is what a test blocked.
func (b *tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.messages {
		if !strings.Contains(m, "the server responded with a status of 4") && !strings.Contains(m, "ERR_BLOCKED_BY_CLIENT") {
			b.t.Errorf("%s: the console says %s", b.path, m)
		}
	}
	b.messages = nil
}
