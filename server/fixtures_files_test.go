package server_test

import (
	"bytes"
	"cmp"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// showsFiles checks that every file of a post is in its page, described, and
// that its bytes come from here: readers' addresses reach no other server.
func (c *scene) showsFiles(p *page, o document) {
	c.Helper()
	wanted := slices.Clone(c.want.brings)
	for i, address := range wanted {
		wanted[i] = c.rename(address)
	}
	for _, one := range asList(o["attachment"]) {
		file, _ := one.(map[string]any)
		address := document(file).fileAddress()
		switch family := document(file).family(); {
		case address == "" || file["type"] == "Link":
		case family == "":
			if find(p.doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == address }) == nil {
				c.Errorf("%s does not link to the file %s", p.path, address)
			}
		default:
			wanted = append(wanted, address)
			c.describes(p, document(file), family)
		}
	}
	if len(wanted) > 0 {
		c.bringsHere(p, wanted)
	}
}

// bringsHere opens all files in a page, each of which is a picture on its server.
func (c *scene) bringsHere(p *page, wanted []string) {
	c.Helper()
	bringsHere(c.T, c.mira, p, wanted, c.peer)
}

func bringsHere(t *testing.T, b *browser, p *page, wanted []string, peer func(uri string) *fedtest.Server) {
	t.Helper()
	for _, address := range wanted {
		peer(address).Handle(requestURI(t, address), pixel(), "image/png")
	}
	for _, source := range sources(p.doc) {
		b.open(source)
		if !strings.HasPrefix(source, "/") {
			t.Errorf("%s has readers load %s", p.path, source)
		}
	}
	for _, address := range wanted {
		asked := peer(address).Requests(func(q *fedtest.Request) bool { return q.Method == http.MethodGet && q.Path == requestURI(t, address) })
		if len(asked) == 0 {
			t.Errorf("%s does not bring the file %s: %v", p.path, address, sources(p.doc))
		}
	}
}

// describes checks that what a file says of itself is in the page.
func (c *scene) describes(p *page, file document, family string) {
	c.Helper()
	words := strings.Join(strings.Fields(cmp.Or(file.text("summary"), file.text("name"))), " ")
	if words == "" {
		return
	}
	said := find(p.doc, func(n *html.Node) bool {
		what := attr(n, "alt") + attr(n, "aria-label")
		return slices.Contains([]string{"img", "audio", "video"}, n.Data) && strings.Join(strings.Fields(what), " ") == words
	})
	if said == nil {
		c.Errorf("%s does not describe the %s as %q", p.path, family, words)
	}
}

// sources are the files that a page shows or plays.
func sources(doc *html.Node) []string {
	var list []string
	find(doc, func(n *html.Node) bool {
		for _, key := range []string{"src", "poster"} {
			if slices.Contains([]string{"img", "source", "video"}, n.Data) && attr(n, key) != "" {
				list = append(list, attr(n, key))
			}
		}
		return false
	})
	return list
}

// fileAddress is where a file is, however it says so.
func (d document) fileAddress() string {
	for _, one := range asList(d["url"]) {
		switch v := one.(type) {
		case string:
			return v
		case map[string]any:
			return document(v).text("href")
		}
	}
	return ""
}

// family is image, audio or video, or "" for a file that pages can't show.
func (d document) family() string {
	kind := cmp.Or(d.text("mediaType"), strings.ToLower(d.text("type")))
	for _, one := range asList(d["url"]) {
		if link, ok := one.(map[string]any); ok && d.text("mediaType") == "" {
			kind = cmp.Or(document(link).text("mediaType"), kind)
		}
	}
	family, _, _ := strings.Cut(kind, "/")
	if u, err := url.Parse(d.fileAddress()); err == nil && family == "document" {
		family = map[string]string{".png": "image", ".jpg": "image", ".jpeg": "image", ".gif": "image", ".webp": "image"}[path.Ext(u.Path)]
	}
	if !slices.Contains([]string{"image", "audio", "video"}, family) {
		return ""
	}
	return family
}

// pixel is a small picture.
func pixel() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))) // a buffer takes all
	return b.Bytes()
}
