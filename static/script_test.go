package static

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// TestScriptsNameEachOtherByHash holds what a script loads against what is served.
func TestScriptsNameEachOtherByHash(t *testing.T) {
	f := newTestFiles(t)
	loads := regexp.MustCompile(`(?:from|import\() ?'([^']+)'`)
	for name, url := range f.urls {
		if !strings.HasSuffix(name, ".js") {
			continue
		}
		for _, m := range loads.FindAllSubmatch(f.assets[url].plain, -1) {
			if f.assets[string(m[1])] == nil {
				t.Errorf("%s loads %s, which is not served", name, m[1])
			}
		}
	}
}

func TestScriptsInACircleAreRefused(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"itself": {"js/a.js": {Data: []byte(`import './a.js'`)}},
		"two":    {"js/a.js": {Data: []byte(`import './b.js'`)}, "js/b.js": {Data: []byte(`import './a.js'`)}},
		"nobody": {"js/a.js": {Data: []byte(`import './b.js'`)}},
	} {
		if _, err := newFiles(files); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// TestScriptsStayPlain holds the rules of ui.md §5: nothing from elsewhere,
// nothing made into code or markup from text, every script small.
func TestScriptsStayPlain(t *testing.T) {
	const most = 8 << 10
	f := newTestFiles(t)
	for name, url := range f.urls {
		if !strings.HasSuffix(name, ".js") {
			continue
		}
		src := string(f.assets[url].plain)
		if len(src) > most {
			t.Errorf("%s has %d bytes, want at most %d", name, len(src), most)
		}
		for _, bad := range []string{"eval(", "new Function", "innerHTML", "insertAdjacentHTML", "document.write", "http://", "https://", ".style."} {
			if strings.Contains(src, bad) {
				t.Errorf("%s contains %s", name, bad)
			}
		}
	}
}
