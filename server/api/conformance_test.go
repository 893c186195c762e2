package api

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	routeLine = regexp.MustCompile(`t\.(?:on|upload|early)\("([A-Z]+)", "([^"]+)"`)
	tableLine = regexp.MustCompile(`(?m)^\| ([A-Z]+) \| (\S+) \| (.+) \|$`)
	testName  = regexp.MustCompile(`\bTest[A-Z]\w*`)
)

// TestConformanceTable holds the table of documented methods against the routes
// and the tests that it names.
func TestConformanceTable(t *testing.T) {
	routes := map[string]bool{"POST v1/apps": true, "GET v1/apps/verify_credentials": true, "GET v1/streaming": true} // of packages oauth and live
	for _, source := range read(t, "*.go") {
		for _, m := range routeLine.FindAllStringSubmatch(source, -1) {
			routes[m[1]+" "+m[2]] = true
		}
	}
	tests := strings.Join(append(read(t, "../*_test.go"), read(t, "*_test.go")...), "\n")
	table, err := os.ReadFile("CONFORMANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, m := range tableLine.FindAllStringSubmatch(string(table), -1) {
		method := m[1] + " " + m[2]
		if listed[method] = true; routes[method] == (m[3] == "not built" || strings.HasPrefix(m[3], "removed") || strings.HasPrefix(m[3], "not here")) {
			t.Errorf("%s: the table says %q; routed: %v", method, m[3], routes[method])
		}
		for _, name := range testName.FindAllString(m[3], -1) {
			if !strings.Contains(tests, "func "+name+"(") {
				t.Errorf("%s: there is no %s", method, name)
			}
		}
	}
	for method := range routes {
		if !listed[method] {
			t.Errorf("%s is not in the table", method)
		}
	}
}

func read(t *testing.T, glob string) []string {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	return texts
}
