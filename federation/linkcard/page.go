package linkcard

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"seedling/store"
)

// page is what the head of an HTML document says.
type page struct {
	card     store.Card
	creator  string // fediverse:creator: a handle
	embedURL string // of its oEmbed document, as JSON; "" if it names none
}

// parse reads the head of a document. Bytes that are no HTML give an empty page.
func parse(body []byte, contentType string, base *url.URL) *page {
	h := &head{base: base, meta: map[string]string{}}
	text, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil { // an encoding that is not known: most of them agree on ASCII
		text = bytes.NewReader(body)
	}
	h.read(html.NewTokenizer(text))
	return h.page()
}

// head gathers what a document says, the first word on each thing.
type head struct {
	base     *url.URL
	language string
	title    string
	meta     map[string]string // by property or name, folded
	embedURL string
}

func (h *head) read(z *html.Tokenizer) {
	for range maxTokens {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom == atom.Body {
				return
			}
			h.element(t, z)
		}
	}
}

func (h *head) element(t html.Token, z *html.Tokenizer) {
	switch t.DataAtom {
	case atom.Html:
		h.language = value(t, "lang")
	case atom.Base:
		if at := h.resolve(value(t, "href")); at != "" {
			h.base, _ = url.Parse(at)
		}
	case atom.Title:
		if h.title == "" && z.Next() == html.TextToken {
			h.title = string(z.Text())
		}
	case atom.Meta:
		h.metaElement(t)
	case atom.Link:
		if h.embedURL == "" && hasWord(value(t, "rel"), "alternate") && strings.EqualFold(value(t, "type"), "application/json+oembed") {
			h.embedURL = h.resolve(value(t, "href"))
		}
	}
}

// metaElement notes a meta element: Open Graph has its names in property, most
// others in name, and pages mix the two up.
func (h *head) metaElement(t html.Token) {
	said := strings.TrimSpace(value(t, "content"))
	if said == "" {
		return
	}
	for _, attribute := range []string{"property", "name", "itemprop"} {
		name := strings.ToLower(strings.TrimSpace(value(t, attribute)))
		if _, known := h.meta[name]; name != "" && !known {
			h.meta[name] = said
		}
	}
}

func value(t html.Token, attribute string) string {
	for _, a := range t.Attr {
		if a.Key == attribute {
			return a.Val
		}
	}
	return ""
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// resolve makes a web address of one in the page; "" if it is none.
func (h *head) resolve(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return ""
	}
	u, err := h.base.Parse(ref)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}

// first is the first thing that is said under one of these names.
func (h *head) first(names ...string) string {
	for _, n := range names {
		if said := h.meta[n]; said != "" {
			return said
		}
	}
	return ""
}

// page sorts what was gathered: Open Graph (ogp.me), then Twitter cards, then
// plain HTML.
func (h *head) page() *page {
	p := &page{embedURL: h.embedURL, creator: h.meta["fediverse:creator"]}
	c := &p.card
	c.Kind = store.CardPage
	if c.Title = h.first("og:title", "twitter:title"); c.Title == "" {
		c.Title = h.title
	}
	c.Description = h.first("og:description", "twitter:description", "description")
	c.Site = h.first("og:site_name", "application-name")
	c.Language = h.language
	c.AuthorName = h.first("author", "article:author_name", "dc.creator")
	c.AuthorURL = h.resolve(onlyAddress(h.meta["article:author"]))
	c.ImageURL = h.resolve(h.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"))
	c.ImageAlt = h.first("og:image:alt", "twitter:image:alt")
	c.ImageWidth, c.ImageHeight = pixels(h.meta["og:image:width"]), pixels(h.meta["og:image:height"])
	c.PublishedAt, _ = time.Parse(time.RFC3339, h.first("article:published_time", "datepublished"))
	return p
}

// onlyAddress is s if it is an address: article:author may also be a name.
func onlyAddress(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

func pixels(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > maxPictured {
		return 0
	}
	return n
}
