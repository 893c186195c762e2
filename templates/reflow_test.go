package templates

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"sort"
	"testing"
)

// TestPagesReflow opens every page 320 px wide, in both directions and with
// the largest text, and refuses horizontal scrolling (WCAG 2.2 §1.4.10). It
// needs chromium.
func TestPagesReflow(t *testing.T) {
	reflows(t, sampleServer(t), []string{"dir=ltr", "dir=rtl", "dir=ltr&size=xl"})
}

// reflows opens the pages of a server, each in some ways.
func reflows(t *testing.T, pages http.Handler, ways []string) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil || testing.Short() {
		t.Skip("no chromium, or -short")
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.HandleFunc("/probe", func(w http.ResponseWriter, _ *http.Request) { probe(w, ways) })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--dump-dom", srv.URL+"/probe")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("chromium does not run here: %v", err)
	}
	m := regexp.MustCompile(`(?s)<pre>(.*?)</pre>`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("no result from the browser: %.300s", out)
	}
	var wide map[string]string
	if err := json.Unmarshal([]byte(html.UnescapeString(string(m[1]))), &wide); err != nil {
		t.Fatalf("result from the browser: %v: %.300s", err, m[1])
	}
	if wide["done"] == "" {
		t.Fatal("the browser did not get through all pages")
	}
	delete(wide, "done")
	for page, what := range wide {
		t.Errorf("%s scrolls sideways at 320 px: %s", page, what)
	}
}

// probe is a page that loads all others into a frame and reports which of them
// are wider than it, with the first element that sticks out.
func probe(w http.ResponseWriter, ways []string) {
	var names []string
	for name := range fullPages() {
		names = append(names, name)
	}
	sort.Strings(names)
	list, _ := json.Marshal(names)
	queries, _ := json.Marshal(ways)
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, `<!doctype html><body><iframe id=f width=320 height=800></iframe><pre></pre><script>
const wide = {}, f = document.getElementById('f');
const load = u => new Promise(r => { f.onload = r; f.src = u; });
(async () => {
  for (const name of %s) for (const q of %s) {
    await load('/page/' + name + '?' + q);
    const d = f.contentDocument, root = d.documentElement, limit = root.clientWidth;
    if (root.scrollWidth <= limit) continue;
    const out = [...d.querySelectorAll('body *')].find(e => { const b = e.getBoundingClientRect(); return b.width && (b.right > limit + 1 || b.left < -1) && !e.closest('.sr, .skip, .tabs, .tablebox, .trap, svg, .menu > div'); });
    wide[name + ' ' + q] = root.scrollWidth + ' px, ' + (out ? out.outerHTML.slice(0, 120) : '?');
  }
  wide.done = 'yes';
  document.querySelector('pre').textContent = JSON.stringify(wide);
})();
</script>`, list, queries)
}
