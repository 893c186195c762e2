package pagetest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"golang.org/x/net/html"
)

// TestEveryLinkAndForm walks all pages as a visitor and as each role: every link
// leads somewhere, every form is answered, nothing fails inside, nothing is
// outside the content security policy, and every message has words.
func TestEveryLinkAndForm(t *testing.T) {
	for _, who := range []string{visitor, member, mod, owner} {
		t.Run(cmp.Or(who, "visitor"), func(t *testing.T) {
			v := newVillage(t)
			c := &crawler{village: v, t: t, who: who, client: v.client(who), kept: 3, seen: map[string]bool{}, shapes: map[string]int{}, forms: map[string]bool{}, tables: messageTables(t)}
			if long() {
				c.kept = 12
			}
			for _, path := range []string{"/", "/home", "/menu", "/explore", "/local", "/search?q=mira", "/settings/profile", "/@mira", "/admin", "/mod"} {
				if status, _ := c.fetch(path, ""); status != http.StatusNotFound {
					c.find(path, "the start")
				}
			}
			c.walk()
			pages := len(c.pages)
			c.submitAll()
			t.Logf("%d pages, %d kinds of forms", pages, len(c.forms))
			if pages < 10 {
				t.Errorf("got %d pages: the walk did not get far", pages)
			}
		})
	}
}

// crawler is somebody who goes everywhere.
type crawler struct {
	*village
	t      *testing.T
	who    string
	client *http.Client
	queue  []link
	kept   int             // how many pages of one shape are opened: of ten thousand posts a few tell it all
	seen   map[string]bool // addresses
	shapes map[string]int  // how many addresses of a shape were opened
	pages  []string        // addresses of HTML pages, in the order of finding
	forms  map[string]bool // shapes of forms that were sent
	tables map[string]bool
}

type link struct{ to, from string }

var number = regexp.MustCompile(`[0-9]+|(?:cursor|back|next|token|key)=[^&]*`)

// shape is an address without what differs from one thing to the next.
func shape(address string) string { return number.ReplaceAllString(address, "N") }

// find notes an address to be opened.
func (c *crawler) find(address, from string) {
	u, err := url.Parse(address)
	if err != nil {
		c.t.Errorf("%s links to %q: %v", from, address, err)
		return
	}
	base, err := url.Parse(c.base + "/" + strings.TrimPrefix(from, "/"))
	c.must(err)
	u = base.ResolveReference(u)
	if !strings.HasPrefix(u.String(), c.base+"/") {
		return // elsewhere
	}
	to := u.RequestURI()
	if c.seen[to] || c.shapes[shape(to)] >= c.kept {
		return
	}
	c.seen[to] = true
	c.shapes[shape(to)]++
	c.queue = append(c.queue, link{to, from})
}

// walk opens everything that was found, and what that leads to.
func (c *crawler) walk() {
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		status, doc := c.fetch(next.to, next.from)
		if status >= 400 {
			c.t.Errorf("%s links to %s, which answers %d", next.from, next.to, status)
		}
		if doc != nil && status == http.StatusOK {
			c.pages = append(c.pages, next.to)
			c.read(next.to, doc)
		}
	}
}

// fetch opens an address. It gives no document for what is no HTML page.
func (c *crawler) fetch(path, from string) (int, *html.Node) {
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.base+path, nil)
	c.must(err)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	return c.do(r, path, from)
}

func (c *crawler) do(r *http.Request, what, from string) (int, *html.Node) {
	resp, err := c.client.Do(r)
	if err != nil {
		c.t.Errorf("%s from %s: %v", what, from, err)
		return 0, nil
	}
	defer resp.Body.Close()
	if to := resp.Header.Get("Location"); to != "" {
		c.find(to, strings.SplitN(what, " ", 2)[0])
		return resp.StatusCode, nil
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if resp.StatusCode >= 500 {
			c.t.Errorf("%s from %s answers %d", what, from, resp.StatusCode)
		}
		return resp.StatusCode, nil
	}
	doc, err := html.Parse(resp.Body)
	c.must(err)
	if resp.StatusCode >= 500 {
		words := textOf(doc)
		c.t.Errorf("%s from %s answers %d: %s", what, from, resp.StatusCode, c.logs.failure(regexp.MustCompile(`[0-9a-f]{8}`).FindString(words)))
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		c.t.Errorf("%s has the policy %q", what, csp)
	}
	return resp.StatusCode, doc
}

// read looks a page over and notes where it leads.
func (c *crawler) read(path string, doc *html.Node) {
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			c.words(path, n.Data)
			continue
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				c.t.Errorf("%s: <%s %s> is outside the policy", path, n.Data, a.Key)
			case a.Key == "src" || a.Key == "poster" || a.Key == "href" && n.Data != "base":
				c.reference(path, n, a.Val)
			}
		}
		if (n.Data == "script" || n.Data == "style") && n.FirstChild != nil {
			c.t.Errorf("%s: <%s> is outside the policy", path, n.Data)
		}
	}
}

func (c *crawler) reference(path string, n *html.Node, to string) {
	loads := n.Data != "a" && attr(n, "rel") != "canonical" && attr(n, "rel") != "alternate"
	if loads && (strings.HasPrefix(to, "http") && !strings.HasPrefix(to, c.base+"/") || strings.HasPrefix(to, "data:")) {
		c.t.Errorf("%s loads %s, outside the policy", path, to)
	}
	if n.Data == "use" || strings.HasPrefix(to, "#") {
		return
	}
	c.find(to, path)
}

var messageKey = regexp.MustCompile(`^\s*([a-z]+)\.[a-z][a-z0-9_.]*\s*$`)

// words finds a message key that has no words.
func (c *crawler) words(path, text string) {
	if m := messageKey.FindStringSubmatch(text); m != nil && c.tables[m[1]] {
		c.t.Errorf("%s shows the message key %s", path, strings.TrimSpace(text))
	}
}

// messageTables are what keys of messages begin with.
func messageTables(t *testing.T) map[string]bool {
	t.Helper()
	src, err := os.ReadFile("../../templates/messages/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(src, &tree); err != nil {
		t.Fatal(err)
	}
	tables := map[string]bool{}
	for name := range tree {
		tables[name] = true
	}
	return tables
}

// submitAll sends each kind of form once, from a page that was opened just
// then, as it stands there.
func (c *crawler) submitAll() {
	for _, path := range c.pages {
		for _, f := range c.formsOf(path) {
			if key := shape(f.action) + " " + f.button; !c.forms[key] {
				c.forms[key] = true
				c.submit(path, f)
			}
		}
	}
	c.walk() // where the forms led
}

// form is a form with the button that sends it.
type form struct {
	action, button string
	values         url.Values
	files          bool // it can have files: multipart
}

// formsOf opens a page and reads its forms, each once for each of its buttons.
func (c *crawler) formsOf(path string) []form {
	status, doc := c.fetch(path, "the forms")
	if doc == nil || status != http.StatusOK {
		return nil
	}
	var list []form
	for n := range doc.Descendants() {
		if n.Data != "button" || attr(n, "type") == "button" {
			continue
		}
		if f, ok := formOf(doc, n, path); ok {
			list = append(list, f)
		}
	}
	return list
}

// formOf is what a button sends; ok is false for forms that only ask.
func formOf(doc, button *html.Node, path string) (f form, ok bool) {
	owner := button.Parent
	for owner != nil && owner.Data != "form" {
		owner = owner.Parent
	}
	if id := attr(button, "form"); id != "" {
		for n := range doc.Descendants() {
			if n.Data == "form" && attr(n, "id") == id {
				owner = n
			}
		}
	}
	if owner == nil || attr(owner, "method") != "post" {
		return f, false
	}
	f.action = cmp.Or(attr(button, "formaction"), attr(owner, "action"), path)
	f.values, f.files = controls(owner), attr(owner, "enctype") == "multipart/form-data"
	if name := attr(button, "name"); name != "" {
		f.button = name + "=" + attr(button, "value")
		f.values.Add(name, attr(button, "value"))
	}
	return f, true
}

func (c *crawler) submit(path string, f form) {
	body, kind := strings.NewReader(f.values.Encode()), "application/x-www-form-urlencoded"
	if f.files {
		body, kind = multiparted(f.values)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+f.action, body)
	c.must(err)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", c.base)
	status, doc := c.do(r, f.action+" "+f.button, path)
	if status == http.StatusNotFound || status == http.StatusGone || status == http.StatusBadRequest {
		c.t.Errorf("the form %s %s of %s is answered with %d", f.action, f.button, path, status)
	}
	if doc != nil {
		c.read(path, doc)
	}
	if status, _ := c.fetch("/home", "the session"); status != http.StatusOK && c.who != visitor {
		c.client = c.village.client(c.who) // logged out: by the form, as it should
	}
}

func multiparted(values url.Values) (*strings.Reader, string) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, list := range values {
		for _, value := range list {
			if err := w.WriteField(name, value); err != nil {
				panic(fmt.Sprintf("a buffer refused a field: %v", err))
			}
		}
	}
	w.Close() // into a buffer
	text, _ := io.ReadAll(&buf)
	return strings.NewReader(string(text)), w.FormDataContentType()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return b.String()
}

// controls are the values that a browser would send for an untouched form.
func controls(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name, kind := attr(n, "name"), attr(n, "type")
		switch {
		case name == "" || hasAttr(n, "disabled"):
		case n.Data == "textarea":
			v.Add(name, strings.TrimPrefix(textOf(n), "\n"))
		case n.Data == "select":
			v.Add(name, chosen(n))
		case n.Data == "input" && (kind == "checkbox" || kind == "radio"):
			if hasAttr(n, "checked") {
				v.Add(name, attr(n, "value"))
			}
		case n.Data == "input" && kind != "file" && kind != "submit":
			v.Add(name, attr(n, "value"))
		}
	}
	return v
}

// chosen is the value of a select: what it says, else its first.
func chosen(n *html.Node) string {
	first, found := "", false
	for o := range n.Descendants() {
		if o.Data == "option" && hasAttr(o, "selected") {
			return attr(o, "value")
		}
		if o.Data == "option" && !found {
			first, found = attr(o, "value"), true
		}
	}
	return first
}
