package content

import (
	"html"
	"strings"
)

// Relink gives the links of h other addresses: to is called with each one, and
// where it reports true its answer is put in the place, if that is a web
// address or a path on this server. All else stays as it is. It is cheap enough
// to be called for every post of a page.
func Relink(h HTML, to func(href string) (string, bool)) HTML {
	const start = `<a href="` // no text of ours holds a < that is not a tag
	var b strings.Builder
	rest := h.s
	for {
		i := strings.Index(rest, start)
		if i < 0 {
			break
		}
		i += len(start)
		end := strings.IndexByte(rest[i:], '"')
		if end < 0 {
			break
		}
		if href, ok := newAddress(rest[i:i+end], to); ok {
			b.WriteString(rest[:i])
			b.WriteString(href)
		} else {
			b.WriteString(rest[:i+end])
		}
		rest = rest[i+end:]
	}
	if len(rest) == len(h.s) {
		return h
	}
	b.WriteString(rest)
	return HTML{b.String()}
}

// newAddress returns what to makes of the escaped address, escaped.
func newAddress(escaped string, to func(string) (string, bool)) (string, bool) {
	href := escaped
	if strings.IndexByte(escaped, '&') >= 0 {
		href = html.UnescapeString(escaped)
	}
	href, ok := to(href)
	if !ok {
		return "", false
	}
	if href, ok = cleanTarget(href); !ok {
		return "", false
	}
	return string(appendEscaped(nil, href)), true
}

// cleanTarget accepts what cleanURL does, and paths of this server. A path must
// not begin with two slashes, of either kind, since browsers take what follows
// for a host.
func cleanTarget(href string) (string, bool) {
	if !strings.HasPrefix(href, "/") {
		return cleanURL(href)
	}
	href = escapeURL(stripURL(href))
	if strings.HasPrefix(href, "//") || len(href) > maxURL {
		return "", false
	}
	return href, true
}
