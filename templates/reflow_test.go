package templates

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sort"
	"testing"
	"time"
)

// TestPagesReflow opens every page 320 px wide, in both directions and with
// the largest text, and refuses horizontal scrolling (WCAG 2.2 §1.4.10). It
// needs chromium.
func TestPagesReflow(t *testing.T) {
	for page, what := range probed(t, sampleServer(t), probeReflow, []string{"dir=ltr", "dir=rtl", "dir=ltr&size=xl"}) {
		t.Errorf("%s scrolls sideways at 320 px: %s", page, what)
	}
}

// probed opens the pages of a server, each in some ways, and returns what a
// script says against them.
func probed(t *testing.T, pages http.Handler, script string, ways []string) map[string]string {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	switch {
	case err != nil && os.Getenv("SEEDLING_WALK") == "long":
		t.Fatal("no Chromium here, and SEEDLING_WALK=long wants one")
	case err != nil || testing.Short():
		t.Skip("no chromium, or -short")
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.HandleFunc("/probe", func(w http.ResponseWriter, _ *http.Request) { probe(w, script, ways) })
	mux.HandleFunc("/axe.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "../server/pagetest/testdata/axe.min.js")
	})
	said := make(chan map[string]string, 1)
	mux.HandleFunc("POST /found", func(_ http.ResponseWriter, r *http.Request) {
		found := map[string]string{}
		if err := json.NewDecoder(r.Body).Decode(&found); err != nil {
			t.Errorf("result from the browser: %v", err)
		}
		said <- found
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	ctx, stop := context.WithTimeout(t.Context(), longestProbe)
	defer stop()
	// Not t.TempDir: what the browser's processes still write while they end must
	// not fail the test.
	profile, err := os.MkdirTemp("", "reflow")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile)
	// With a port for debugging it stays until it is stopped.
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--user-data-dir="+profile, srv.URL+"/probe")
	if err := cmd.Start(); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	defer func() { // before its folder is removed
		stop()
		_ = cmd.Wait()
	}()
	select {
	case found := <-said:
		return found
	case <-ctx.Done():
		t.Fatal("the browser did not get through all pages")
		return nil
	}
}

// longestProbe is how long a browser may look at all pages on a busy machine.
const longestProbe = 15 * time.Minute

// probeReflow says which page is wider than its window, with the first element
// that sticks out.
const probeReflow = `async (d, root) => {
  const limit = root.clientWidth;
  if (root.scrollWidth <= limit) return '';
  const out = [...d.querySelectorAll('body *')].find(e => { const b = e.getBoundingClientRect(); return b.width && (b.right > limit + 1 || b.left < -1) && !e.closest('.sr, .skip, .tabs, .tablebox, .trap, svg, .menu > div'); });
  return root.scrollWidth + ' px, ' + (out ? out.outerHTML.slice(0, 120) : '?');
}`

// probeAxe says what axe-core finds by the rules of ui.md §6.1, in a window as
// tall as the page: a bar that sticks would else cover what is not scrolled to.
const probeAxe = `async (d, root) => {
  f.width = 390;
  f.height = root.scrollHeight;
  await new Promise(r => d.head.append(Object.assign(d.createElement('script'), { src: '/axe.js', onload: r })));
  const got = await f.contentWindow.axe.run(d, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
  return got.violations.filter(v => !['heading-order', 'html-lang-valid', 'label-content-name-mismatch'].includes(v.id)).map(v => v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html.slice(0, 160)).join(' | ')).join('; ');
}`

// probe is a page that loads all others into a frame and reports what a script
// says of them.
func probe(w http.ResponseWriter, script string, ways []string) {
	var names []string
	for name := range fullPages() {
		names = append(names, name)
	}
	sort.Strings(names)
	list, _ := json.Marshal(names)
	queries, _ := json.Marshal(ways)
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, `<!doctype html><body><iframe id=f width=320 height=800></iframe><script>
const found = {}, f = document.getElementById('f'), check = %s;
const load = u => new Promise(r => { f.width = 320; f.height = 800; f.onload = r; f.src = u; });
(async () => {
  for (const name of %s) for (const q of %s) {
    await load('/page/' + name + '?' + q);
    const what = await check(f.contentDocument, f.contentDocument.documentElement);
    if (what) found[name + ' ' + q] = what;
  }
  await fetch('/found', { method: 'POST', body: JSON.stringify(found) });
})();
</script>`, script, list, queries)
}
