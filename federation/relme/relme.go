// Package relme reads pages of the web for links that say "this is me too"
// (microformats.org/wiki/rel-me): <a rel="me"> and <link rel="me">. What links
// back to a profile belongs to whoever owns the profile.
//
// It knows nothing of the store and fetches nothing. It may import x/net/html
// alone. Read [Links] first.
package relme

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of what is read of a page.
const (
	// MaxPage is how many bytes of a page are looked at.
	MaxPage = 1 << 20

	maxLinks = 200
	maxHref  = 2_000 // bytes
)

// Links lists where a page at base says that its owner is, too: the addresses
// of its rel="me" links, absolute, in their order.
func Links(base string, page []byte) []string {
	at, err := url.Parse(base)
	if err != nil {
		return nil
	}
	var links []string
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), MaxPage)]))
	for len(links) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return links
		case html.StartTagToken, html.SelfClosingTagToken:
			if link := readLink(z, at); link != "" {
				links = append(links, link)
			}
		}
	}
	return links
}

// readLink is the address of the tag that z stands at, if it is a rel="me" link.
func readLink(z *html.Tokenizer, base *url.URL) string {
	name, more := z.TagName()
	if tag := atom.Lookup(name); tag != atom.A && tag != atom.Link {
		return ""
	}
	var href string
	me := false
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "href":
			href = strings.TrimSpace(string(value))
		case "rel":
			for _, token := range strings.Fields(string(value)) {
				me = me || strings.EqualFold(token, "me")
			}
		}
	}
	if !me || href == "" || len(href) > maxHref {
		return ""
	}
	u, err := base.Parse(href)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.String()
}

// Back says whether one of links leads to one of the addresses of a profile. A
// slash at the end and a fragment make no difference, nor does the case of the
// host.
func Back(links []string, profile ...string) bool {
	for _, link := range links {
		for _, p := range profile {
			if p != "" && plain(link) == plain(p) {
				return true
			}
		}
	}
	return false
}

func plain(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Fragment, u.Host = "", strings.ToLower(u.Host)
	return strings.TrimSuffix(u.String(), "/")
}
