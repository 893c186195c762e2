package static

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func newTestFiles(t *testing.T) *Files {
	t.Helper()
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func serve(f *Files, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w.Result()
}

func TestURLCarriesHash(t *testing.T) {
	f := newTestFiles(t)
	if got := f.URL("seedling.css"); !regexp.MustCompile(`^/static/seedling\.[0-9a-f]{10}\.css$`).MatchString(got) {
		t.Errorf("got %q", got)
	}
	if got := f.URL("img/banner.svg"); !strings.HasPrefix(got, "/static/img/banner.") {
		t.Errorf("got %q", got)
	}
	if got := f.URL("nothing.css"); got != "" {
		t.Errorf("unknown file: got %q, want nothing", got)
	}
}

func TestServe(t *testing.T) {
	f := newTestFiles(t)
	url := f.URL("seedling.css")
	plain := serve(f, "GET", url)
	body, _ := io.ReadAll(plain.Body)
	packed := serve(f, "GET", url, "Accept-Encoding", "br, gzip;q=0.5")
	zr, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, _ := io.ReadAll(zr); !bytes.Equal(body, unpacked) || len(body) == 0 {
		t.Error("the compressed form differs from the plain one")
	}
	if plain.Header.Get("ETag") == packed.Header.Get("ETag") {
		t.Error("both encodings have the same ETag")
	}
	for name, want := range map[string]string{
		"Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable",
		"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding", "Content-Encoding": "gzip",
	} {
		if got := packed.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestServeConditionsAndRefusals(t *testing.T) {
	f := newTestFiles(t)
	url := f.URL("icons.svg")
	etag := serve(f, "GET", url).Header.Get("ETag")
	for _, test := range []struct {
		name, method, path string
		header             []string
		want               int
	}{
		{"head", "HEAD", url, nil, 200},
		{"same etag", "GET", url, []string{"If-None-Match", `"x", W/` + etag}, 304},
		{"other etag", "GET", url, []string{"If-None-Match", `"x"`}, 200},
		{"old hash", "GET", "/static/icons.0000000000.svg", nil, 404},
		{"no hash", "GET", "/static/icons.svg", nil, 404},
		{"out of the folder", "GET", "/static/../embed.go", nil, 404},
		{"post", "POST", url, nil, 405},
	} {
		res := serve(f, test.method, test.path, test.header...)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != test.want {
			t.Errorf("%s: got %d, want %d", test.name, res.StatusCode, test.want)
		}
		if (test.want == 304 || test.method == "HEAD") && len(body) > 0 {
			t.Errorf("%s: got a body of %d bytes", test.name, len(body))
		}
	}
	if got := serve(f, "GET", url, "Accept-Encoding", "gzip;q=0").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("gzip refused by the browser: got %q", got)
	}
}

// TestFirstViewIsSmall holds the budget of ui.md §1.6, with every script there
// is, though most are loaded when they are first wanted.
func TestFirstViewIsSmall(t *testing.T) {
	f := newTestFiles(t)
	total := 0
	for name, url := range f.urls {
		if name != "seedling.css" && name != "icons.svg" && !strings.HasSuffix(name, ".js") {
			continue
		}
		n := len(f.assets[url].gzip)
		if n == 0 {
			n = len(f.assets[url].plain)
		}
		t.Logf("%s: %d bytes compressed", name, n)
		total += n
	}
	if total == 0 || total > 50_000 {
		t.Errorf("style sheet, icons and scripts: got %d bytes compressed, want at most 50 KB", total)
	}
}

// TestStyleSheetLoadsNothingUnknown holds every url() of the style sheet
// against the files there are.
func TestStyleSheetLoadsNothingUnknown(t *testing.T) {
	css, err := files.ReadFile("seedling.css")
	if err != nil {
		t.Fatal(err)
	}
	f := newTestFiles(t)
	for _, m := range regexp.MustCompile(`url\(["']?([^)"']+)`).FindAllSubmatch(css, -1) {
		if f.URL(string(m[1])) == "" {
			t.Errorf("the style sheet loads %s, which does not exist", m[1])
		}
	}
	if bytes.Contains(css, []byte("@import")) || bytes.Contains(css, []byte("http")) {
		t.Error("the style sheet loads something from elsewhere")
	}
	if a, b := bytes.Count(css, []byte("{")), bytes.Count(css, []byte("}")); a != b {
		t.Errorf("%d opening and %d closing braces", a, b)
	}
}

// TestFewWeightsOfType: a browser looks up a font for each weight before it
// paints, which took a quarter of the layout when there were thirteen.
func TestFewWeightsOfType(t *testing.T) {
	css, err := files.ReadFile("seedling.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`font(?:-weight)?: *(\d{3}|bold\w*)\b[^;]*`).FindAllSubmatch(css, -1) {
		if string(m[1]) != "400" {
			t.Errorf("%s: want 400 or one of the tokens --w-*", m[0])
		}
	}
}

// TestTheStyleSheetIsTightened: what it says to a browser stays.
func TestTheStyleSheetIsTightened(t *testing.T) {
	for in, want := range map[string]string{
		"/* a */\na , b > c {\n  margin: 0 auto;\n  /* b */ content: \" { ; }  \";\n}\n":         `a,b > c{margin: 0 auto;content: " { ; }  ";}`,
		"@media (width > 1rem) and (x) { a :is(b, c)::after { inline-size: calc(1px + 2px); } }": `@media (width > 1rem) and (x){a :is(b,c)::after{inline-size: calc(1px + 2px);}}`,
	} {
		if got := string(tighten([]byte(in))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	css, err := files.ReadFile("seedling.css")
	if err != nil {
		t.Fatal(err)
	}
	if got := tighten(css); len(got) > len(css)*19/20 || bytes.Count(got, []byte("{")) != bytes.Count(css, []byte("{")) {
		t.Errorf("%d bytes became %d", len(css), len(got))
	}
}

// TestDrawingsAreWellFormed parses every SVG and looks for script and style.
func TestDrawingsAreWellFormed(t *testing.T) {
	f := newTestFiles(t)
	drawings := map[string][]byte{"avatar": Avatar(1, "Ünal"), "avatar without name": Avatar(2, "")}
	for name := range f.urls {
		if strings.HasSuffix(name, ".svg") {
			drawings[name], _ = files.ReadFile(name)
		}
	}
	for name, svg := range drawings {
		ids := map[string]bool{}
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if start.Name.Local == "script" || start.Name.Local == "style" || start.Name.Local == "foreignObject" {
				t.Errorf("%s contains <%s>", name, start.Name.Local)
			}
			for _, a := range start.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("%s has the attribute %s", name, a.Name.Local)
				}
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("%s has the id %q twice", name, a.Value)
				} else if a.Name.Local == "id" {
					ids[a.Value] = true
				}
			}
		}
	}
}

func TestAvatarIsDeterministicAndEscaped(t *testing.T) {
	if !bytes.Equal(Avatar(42, ""), Avatar(42, "")) {
		t.Error("the same id gave two pictures")
	}
	different := map[string]bool{}
	for id := int64(1000); id < 1040; id++ {
		different[string(Avatar(id, ""))] = true
	}
	if len(different) < 20 {
		t.Errorf("40 neighbouring ids gave only %d pictures", len(different))
	}
	if svg := string(Avatar(1, `<&"`)); strings.Contains(svg, "<&") || strings.Contains(svg, "<text") {
		t.Errorf("a name without letters: got %s", svg)
	}
}

// TestOlderBrowsersGetTheNarrowLayout: each rule for a width has a copy for
// browsers without container queries, and no width is asked for in a way that
// those do not read.
func TestOlderBrowsersGetTheNarrowLayout(t *testing.T) {
	const in = `a{b:c}@container page (max-width: 2rem){a{content:"}{"}d{e:f}}g{h:i}`
	const want = `a{b:c}@container page (max-width: 2rem){a{content:"}{"}d{e:f}}` +
		`@supports not (container-type:inline-size){@media (max-width: 2rem){a{content:"}{"}d{e:f}}}g{h:i}`
	if got := string(withOlder([]byte(in))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	css, err := files.ReadFile("seedling.css")
	if err != nil {
		t.Fatal(err)
	}
	got := withOlder(tighten(css))
	if rules, copies := bytes.Count(got, []byte("@container")), bytes.Count(got, []byte("@supports not (container-type:inline-size){@media (m")); rules == 0 || rules != copies {
		t.Errorf("%d rules for widths have %d copies", rules, copies)
	}
}
