package templates

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
)

// TestEveryMessageExistsAndIsUsed compares the catalogue with the keys that
// the templates and the Go code name.
func TestEveryMessageExistsAndIsUsed(t *testing.T) {
	words, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	used, prefixes := usedKeys(t)
	for key, where := range used {
		if !words.Has(key) {
			t.Errorf("%s names the message %q, which does not exist", where, key)
		}
	}
	var unused []string
	for key := range words.messages {
		if used[key] == "" && !hasPrefix(key, prefixes) {
			unused = append(unused, key)
		}
	}
	sort.Strings(unused)
	if len(unused) > 0 {
		t.Errorf("messages that nothing names:\n%s", strings.Join(unused, "\n"))
	}
}

var (
	templateKey    = regexp.MustCompile(`(?:\bt|around|parts|"label"|"hint") "([a-z0-9_.]+)"`)
	templatePrefix = regexp.MustCompile(`print "([a-z_]+\.[a-z_]*)" `)
	// A key in Go stands in M("key", refuse(status, "key", mistake("field", "key",
	// a Key, Label or Hint field, or alone in a table.
	goKey    = regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9_]+)+)"`)
	goPrefix = regexp.MustCompile(`"([a-z]+\.[a-z0-9_.]*[_.])"`)
)

// usedKeys gathers the keys in templates and, from Go code, every string that
// names an existing table. Messages for handlers (flash, error, lookup, ...)
// are looked for in server/web; a computed key counts for its prefix.
func usedKeys(t *testing.T) (used map[string]string, prefixes []string) {
	t.Helper()
	used = map[string]string{"number.group": "messages.go", "number.grouped": "messages.go"}
	for _, glob := range []string{"*.html", "parts/*.html", "pages/*.html", "*.go", "../server/web/*.go"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			prefixes = append(prefixes, collect(used, file, string(src))...)
		}
	}
	return used, append(prefixes, reserved...)
}

// reserved are tables whose messages belong to handlers; a message of them may
// be there before its handler.
var reserved = []string{"flash.", "error.", "lookup.", "login.", "join.", "browser.", "setup.", "settings.", "admin.", "month.m", "visibility.", "role.", "confirm.", "compose.", "people.", "post.started", "post.you", "away.", "profile.tab_", "notifications.", "search.tab_", "relays.", "scope.", "policy.", "keys.", "script."}

func collect(used map[string]string, file, src string) (prefixes []string) {
	key, prefix := templateKey, templatePrefix
	if strings.HasSuffix(file, ".go") {
		key, prefix = goKey, goPrefix
	}
	for _, m := range key.FindAllStringSubmatch(src, -1) {
		if strings.HasSuffix(m[1], "_") || strings.HasSuffix(file, ".go") && !messageTable(m[1]) {
			continue
		}
		used[m[1]] = file
	}
	for _, m := range prefix.FindAllStringSubmatch(src, -1) {
		prefixes = append(prefixes, m[1])
	}
	return prefixes
}

// messageTable says whether a string in Go looks like a message key and not
// like a file or host name.
func messageTable(s string) bool {
	table, _, _ := strings.Cut(s, ".")
	switch table {
	case "flash", "error", "join", "login", "lookup", "compose", "confirm", "settings", "time", "thread", "profile", "timeline", "notifications", "away", "people", "browser", "setup", "admin", "search", "leave", "media", "waiting", "migration", "delivery", "federation", "relays", "input", "mute", "options", "said", "folded", "lists", "tags", "filters", "second", "why", "report", "reports", "apps", "emoji", "announcements", "houserules", "feeds", "alt", "members", "password", "overview", "data", "collections", "storage", "backup", "selftest", "size", "welcome", "invites":
		return true
	}
	return false
}

func hasPrefix(key string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

func TestCatalogue(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ got, want string }{
		{c.T("thread.replies", "n", 1), "1 reply"},
		{c.T("thread.replies", "n", 1204), "1,204 replies"},
		{c.T("thread.replies", "n", int64(2)), "2 replies"},
		{c.T("time.full", "date", "{time}", "time", "now", "zone", "UTC"), "{time}, now UTC"},
		{c.TM(M("confirm.block", "name", M("nav.home"))), "Block Home?"},
		{c.T("no.such.key"), "no.such.key"},
		{c.T("post.by"), "Post by "},
		{c.Number(0), "0"}, {c.Number(999), "999"}, {c.Number(1000), "1,000"}, {c.Number(123456), "123,456"}, {c.Number(1234567), "1,234,567"}, {c.Number(-1234), "-1,234"}, {c.Number(-123), "-123"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
	if h := c.Around("post.boosted_by", "name"); h.Before != "" || h.After != " boosted" {
		t.Errorf("around: got %q", h)
	}
}

func TestAgo(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range map[time.Duration]string{
		-time.Hour: "now", 59 * time.Second: "now", time.Minute: "1 min", 59 * time.Minute: "59 min", 23 * time.Hour: "23 h",
		25 * time.Hour: "yesterday", 49 * time.Hour: "2 days", 8 * 24 * time.Hour: "6 March", 100 * 24 * time.Hour: "4 December 2025",
	} {
		if got := c.Ago(ago(d)); got != want {
			t.Errorf("%v ago: got %q, want %q", d, got, want)
		}
	}
}

// TestIconsExist holds the icons that templates draw against the sprite.
func TestIconsExist(t *testing.T) {
	sprite, err := os.ReadFile("../static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, glob := range []string{"*.html", "parts/*.html", "pages/*.html"} {
		files, _ := filepath.Glob(glob)
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range iconMark.FindAllStringSubmatch(string(src), -1) {
				if !strings.Contains(string(sprite), `<symbol id="`+m[1]+`"`) {
					t.Errorf("%s draws the icon %q, which is not in the sprite", file, m[1])
				}
			}
			if n := strings.Count(string(src), "@icon("); n != len(iconMark.FindAllString(string(src), -1)) {
				t.Errorf("%s has an icon mark that is not understood", file)
			}
		}
	}
}
