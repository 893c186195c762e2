package templates

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func newTestSet(t testing.TB) *Set {
	t.Helper()
	s, err := New(Config{Asset: testAsset})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// testAsset knows the files that exist in static/.
func testAsset(name string) string {
	if _, err := os.Stat(filepath.Join("..", "static", name)); err != nil {
		return ""
	}
	return "/static/" + name
}

func renderString(t testing.TB, s *Set, p Page) string {
	t.Helper()
	var buf bytes.Buffer
	if err := s.Render(&buf, p); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// TestEveryPageIsSound renders every page, full and empty, and checks the
// rules of ui.md §6.9 and §6.10.
func TestEveryPageIsSound(t *testing.T) {
	s := newTestSet(t)
	seen := map[string]bool{}
	for kind, pages := range map[string]map[string]Page{"full": fullPages(), "empty": emptyPages()} {
		for name, p := range pages {
			seen[p.name()] = true
			t.Run(kind+"/"+name, func(t *testing.T) {
				checkPage(t, renderString(t, s, p))
			})
		}
	}
	files, _ := filepath.Glob("pages/*.html")
	if len(files) != len(seen) {
		t.Errorf("%d page files, but %d pages rendered: %v", len(files), len(seen), seen)
	}
}

// checkPage holds one document against the rules.
func checkPage(t *testing.T, doc string) {
	t.Helper()
	checkBalance(t, doc)
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	c := &checker{t: t, ids: map[string]int{}}
	c.walk(root)
	if c.h1 != 1 {
		t.Errorf("got %d h1, want 1", c.h1)
	}
	for id, n := range c.ids {
		if n > 1 {
			t.Errorf("id %q is there %d times", id, n)
		}
	}
	for _, ref := range c.refs {
		if c.ids[ref] == 0 {
			t.Errorf("reference to id %q, which is not there", ref)
		}
	}
	if c.title == "" || strings.HasPrefix(c.title, " ") {
		t.Errorf("title %q", c.title)
	}
	for _, bad := range []string{"ZgotmplZ", "<no value>", "%!", "@icon"} {
		if strings.Contains(doc, bad) {
			t.Errorf("page contains %q", bad)
		}
	}
}

// checker walks a document and gathers what is wrong.
type checker struct {
	t     *testing.T
	ids   map[string]int
	refs  []string
	h1    int
	title string
}

func (c *checker) walk(n *html.Node) {
	if n.Type == html.ElementNode {
		c.element(n)
	}
	if n.Type == html.TextNode {
		if key := bareKey.FindString(n.Data); key != "" {
			c.t.Errorf("text shows a message key: %q", key)
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child)
	}
}

// bareKey finds a key that was not put into words.
var bareKey = regexp.MustCompile(`^\s*(nav|post|form|error|settings|admin|profile|compose|notifications|join|about|visibility|role|timeline|thread)\.[a-z_.]+\s*$`)

func (c *checker) element(n *html.Node) {
	for _, a := range n.Attr {
		c.attribute(n, a)
	}
	switch n.Data {
	case "h1":
		c.h1++
	case "title":
		if n.FirstChild != nil && n.Namespace == "" {
			c.title = n.FirstChild.Data
		}
	case "script", "style":
		if src, _ := attr(n, "src"); n.Data == "style" || src == "" || n.FirstChild != nil {
			c.t.Errorf("inline <%s>", n.Data)
		}
	case "img":
		for _, need := range []string{"alt", "width", "height"} {
			if _, ok := attr(n, need); !ok {
				c.t.Errorf("img %v has no %s", n.Attr, need)
			}
		}
	case "form":
		if m, _ := attr(n, "method"); m == "post" && !hasToken(n) {
			c.t.Errorf("form %v has no csrf field", n.Attr)
		}
	case "input", "select", "textarea":
		c.control(n)
	case "button", "a", "summary":
		if label, _ := attr(n, "aria-label"); label == "" && strings.TrimSpace(textOf(n)) == "" {
			c.t.Errorf("<%s %v> has no name", n.Data, n.Attr)
		}
	}
}

func (c *checker) attribute(n *html.Node, a html.Attribute) {
	switch {
	case a.Key == "id":
		c.ids[a.Val]++
	case a.Key == "style" || strings.HasPrefix(a.Key, "on") && a.Key != "on":
		c.t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
	case a.Key == "for" || a.Key == "form" || a.Key == "aria-labelledby":
		c.refs = append(c.refs, a.Val)
	case a.Key == "aria-describedby":
		c.refs = append(c.refs, strings.Fields(a.Val)...)
	case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
		c.refs = append(c.refs, a.Val[1:])
	case (a.Key == "src" || a.Key == "href") && a.Val == "" && n.Data != "a" && n.Data != "img":
		c.t.Errorf("<%s> has an empty %s", n.Data, a.Key)
	}
}

// control checks that a form control has a label.
func (c *checker) control(n *html.Node) {
	if kind, _ := attr(n, "type"); kind == "hidden" {
		return
	}
	id, _ := attr(n, "id")
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return
		}
	}
	if id == "" {
		c.t.Errorf("<%s %v> has no label", n.Data, n.Attr)
		return
	}
	root := n
	for root.Parent != nil {
		root = root.Parent
	}
	if !hasLabel(root, id) {
		c.t.Errorf("<%s id=%q> has no label", n.Data, id)
	}
}

func hasLabel(n *html.Node, id string) bool {
	if v, _ := attr(n, "for"); n.Data == "label" && v == id {
		return true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if hasLabel(child, id) {
			return true
		}
	}
	return false
}

func hasToken(n *html.Node) bool {
	if name, _ := attr(n, "name"); n.Data == "input" && name == "csrf" {
		return true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if hasToken(child) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if alt, ok := attr(n, "alt"); ok {
		return alt
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(textOf(child))
	}
	return b.String()
}

var void = map[string]bool{"meta": true, "link": true, "img": true, "input": true, "br": true, "hr": true, "base": true}

// checkBalance holds the tags as written against each other: the parser would
// mend what does not match.
func checkBalance(t *testing.T, doc string) {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(doc))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("never closed: %v", open)
			}
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			if tag := string(name); !void[tag] {
				open = append(open, tag)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("</%s> closes %v", name, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}

// TestPeoplesTextIsEscaped puts markup into every field that people fill.
func TestPeoplesTextIsEscaped(t *testing.T) {
	s := newTestSet(t)
	const evil = `"><script>alert(1)</script>`
	a := Account{ID: 1, DisplayName: evil, User: "x", URL: "/@x", Avatar: "/avatars/1.svg"}
	p := Post{ID: 1, URL: "/@x/1", Origin: "javascript:alert(1)", Author: a, ContentWarning: evil, Visibility: "public", Lang: evil, Created: ago(0),
		Attachments: []Attachment{{Kind: "image", URL: "javascript:alert(1)", Alt: evil}}, BoostedBy: &a, ReplyTo: &ReplyRef{Name: evil, URL: "javascript:x"}}
	c := sampleComposer("c", false)
	c.Text = evil
	for _, page := range []Page{
		HomePage{Frame: testFrame(true), Kind: "home", Posts: []Post{p}, Composer: &c},
		ThreadPage{Frame: testFrame(true), Post: p},
		PeoplePage{Frame: testFrame(true), Title: "people.boosts", People: []AccountCard{{Account: a, Bio: evil}}},
	} {
		doc := renderString(t, s, page)
		if strings.Contains(doc, "<script>") || strings.Contains(doc, `"javascript:`) {
			t.Errorf("%s shows markup of people as its own", page.name())
		}
	}
}

// TestNothingElseDeclaresHTMLSafe finds conversions to html/template's trusted
// types outside the one place where they belong.
func TestNothingElseDeclaresHTMLSafe(t *testing.T) {
	conversion := regexp.MustCompile(`template\.(HTML|HTMLAttr|JS|JSStr|CSS|URL|Srcset)\(`)
	found := map[string]int{}
	for _, dir := range []string{".", "../server/web", "../static"} {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(conversion.FindAll(src, -1)); n > 0 {
				found[filepath.ToSlash(file)] = n
			}
		}
	}
	if len(found) > 1 || found["../server/web/view.go"] > 1 {
		t.Errorf("conversions to trusted types: got %v, want one in server/web/view.go", found)
	}
}

// twentyPosts is a home page as it usually is.
func twentyPosts() HomePage {
	page := fullPages()["home"].(HomePage)
	posts := page.Posts
	for len(page.Posts) < 20 {
		page.Posts = append(page.Posts, posts...)
	}
	page.Posts = page.Posts[:20]
	return page
}

// TestPagesAreRenderedWithFewAllocations counts what the budget of a page's time
// stands on, since time itself depends on the machine: html/template needs 14,000
// allocations for this page, and calling one function of a post by reflection
// hundreds.
func TestPagesAreRenderedWithFewAllocations(t *testing.T) {
	s, page := newTestSet(t), twentyPosts()
	const limit = 2500
	var buf bytes.Buffer
	n := testing.AllocsPerRun(10, func() {
		buf.Reset()
		if err := s.Render(&buf, page); err != nil {
			t.Fatal(err)
		}
	})
	if n > limit {
		t.Errorf("a home page of 20 posts took %.0f allocations, want at most %d", n, limit)
	}
}

func BenchmarkHome(b *testing.B) {
	s, page := newTestSet(b), twentyPosts()
	var buf bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		if err := s.Render(&buf, page); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(buf.Len()), "bytes")
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newTestSet(b)
	}
}
