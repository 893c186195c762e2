package server_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// browser is a person without JavaScript: it opens pages, fills in their forms
// and presses their buttons, with whatever hidden fields these carry.
type browser struct {
	t      testing.TB
	client *http.Client
	base   string
	page   *page
	broken bool // the server is meant to fail: answers of 500 and more are looked at
}

// page is what the browser shows.
type page struct {
	status int
	path   string
	doc    *html.Node
	text   string
}

func newBrowser(t testing.TB, base string, transport http.RoundTripper) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: base, client: &http.Client{Jar: jar, Transport: transport, Timeout: 20 * time.Second}}
}

func (b *browser) do(r *http.Request) *page {
	b.t.Helper()
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	doc, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		b.t.Fatalf("%s is not HTML: %v", r.URL, err)
	}
	p := &page{status: resp.StatusCode, path: resp.Request.URL.RequestURI(), doc: doc}
	p.text = strings.Join(strings.Fields(textOf(doc)), " ")
	if p.status >= 500 && !b.broken {
		b.t.Fatalf("%s %s answered %d: %.300s", r.Method, r.URL, p.status, p.text)
	}
	b.page = p
	return p
}

// open shows a page.
func (b *browser) open(path string) *page {
	b.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.base + path
	}
	r, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

// submit fills in the form of the page with this action and sends it.
func (b *browser) submit(action string, fields map[string]string) *page {
	b.t.Helper()
	form := find(b.page.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == action })
	if form == nil {
		b.t.Fatalf("%s has no form for %s: %.500s", b.page.path, action, b.page.text)
	}
	values := formValues(form)
	for name, value := range fields {
		if _, known := values[name]; !known && find(form, func(n *html.Node) bool { return attr(n, "name") == name }) == nil {
			b.t.Fatalf("the form %s of %s has no field %s", action, b.page.path, name)
		}
		if value == "" {
			values.Del(name)
		} else {
			values.Set(name, value)
		}
	}
	return b.post(action, values)
}

// press presses the button of the page that leads to this address.
func (b *browser) press(address string) *page {
	b.t.Helper()
	button := find(b.page.doc, func(n *html.Node) bool { return n.Data == "button" && attr(n, "formaction") == address })
	if button == nil {
		b.t.Fatalf("%s has no button for %s: %.500s", b.page.path, address, b.page.text)
	}
	form := find(b.page.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "id") == attr(button, "form") })
	if form == nil {
		b.t.Fatalf("the button %s of %s has no form", address, b.page.path)
	}
	values := formValues(form)
	if name := attr(button, "name"); name != "" {
		values.Set(name, attr(button, "value"))
	}
	return b.post(address, values)
}

func (b *browser) post(address string, values url.Values) *page {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+address, strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	return b.do(r)
}

// sees waits until a page holds all texts, as a person who reloads it.
func (b *browser) sees(path string, texts ...string) *page {
	b.t.Helper()
	return b.waitFor(path, "show "+strings.Join(texts, ", "), func(p *page) bool {
		return p.status == http.StatusOK && !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(p.text, s) })
	})
}

// seesNot waits until a page holds none of the texts.
func (b *browser) seesNot(path string, texts ...string) *page {
	b.t.Helper()
	return b.waitFor(path, "not show "+strings.Join(texts, ", "), func(p *page) bool {
		return !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(p.text, s) })
	})
}

// gets waits until a page answers with a status.
func (b *browser) gets(path string, status int) *page {
	b.t.Helper()
	return b.waitFor(path, "answer "+http.StatusText(status), func(p *page) bool { return p.status == status })
}

func (b *browser) waitFor(path, what string, ok func(*page) bool) *page {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		p := b.open(path)
		if ok(p) {
			return p
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s%s did not %s; it answers %d: %.1500s", b.base, path, what, p.status, p.text)
		}
		<-tick.C
	}
}

// link is the address of the first link of the page whose address holds a text.
func (p *page) link(part string) string {
	n := find(p.doc, func(n *html.Node) bool { return n.Data == "a" && strings.Contains(attr(n, "href"), part) })
	if n == nil {
		return ""
	}
	return attr(n, "href")
}

// postID is the id of the post whose card holds a text.
func (p *page) postID(text string) string {
	card := find(p.doc, func(n *html.Node) bool { return n.Data == "article" && strings.Contains(textOf(n), text) })
	return strings.TrimPrefix(attr(card, "id"), "p")
}

func find(n *html.Node, ok func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && ok(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := find(c, ok); found != nil {
			return found
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if n.Data == "script" || n.Data == "style" || n.Data == "svg" {
		return ""
	}
	if n.Data == "img" && attr(n, "class") == "emoji" {
		return attr(n, "alt")
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
		if c.Type == html.ElementNode && c.Data != "span" && c.Data != "a" && c.Data != "img" && c.Data != "b" && c.Data != "bdi" {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// formValues are the values that a browser would send for an untouched form.
func formValues(form *html.Node) url.Values {
	values := url.Values{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		name := attr(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "" || has(n, "disabled"):
		case n.Data == "textarea":
			values.Add(name, strings.TrimPrefix(textOf(n), "\n"))
		case n.Data == "select":
			option := find(n, func(o *html.Node) bool { return o.Data == "option" && has(o, "selected") })
			if option == nil {
				option = find(n, func(o *html.Node) bool { return o.Data == "option" })
			}
			values.Add(name, attr(option, "value"))
		case n.Data == "input":
			kind := attr(n, "type")
			if kind != "checkbox" && kind != "radio" || has(n, "checked") {
				values.Add(name, attr(n, "value"))
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(form)
	return values
}
