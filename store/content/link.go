package content

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const foreignRel = "nofollow noopener noreferrer"

// cleanURL returns raw as the address of a link: absolute, of an allowed
// scheme, free of characters that browsers strip or read in their own way. It
// is its own normal form. ok is false, and clean empty, if raw must not become a
// link.
func cleanURL(raw string) (clean string, ok bool) {
	raw = strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' })
	if len(raw) > maxURL {
		return "", false
	}
	scheme, rest, found := strings.Cut(stripURL(raw), ":")
	if !found || !validAfter(scheme, rest) {
		return "", false
	}
	if clean = escapeURL(strings.ToLower(scheme) + ":" + rest); len(clean) > maxURL {
		return "", false
	}
	return clean, true
}

// stripURL removes the characters that the URL standard removes before it
// looks for the scheme ("java\nscript:"), and other control characters with
// them.
func stripURL(s string) string {
	if isClean(s) && !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || dropped(r) {
			return -1
		}
		return r
	}, s)
}

// validAfter reports whether a link may have this scheme and what follows its
// colon; web addresses need a host, since "https:x" is relative to the page.
func validAfter(scheme, rest string) bool {
	for _, s := range schemes {
		if !strings.EqualFold(s, scheme) {
			continue
		}
		if s == "mailto" || s == "xmpp" {
			return rest != "" && !strings.HasPrefix(rest, "//")
		}
		host, found := strings.CutPrefix(rest, "//")
		return found && host != "" && !strings.ContainsRune(`/\?#:@`, rune(host[0]))
	}
	return false
}

// escapeURL writes what may not stand in a URL as percent escapes. Letters of
// all scripts stay, as people wrote them.
func escapeURL(s string) string {
	if strings.IndexFunc(s, mustEscape) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !mustEscape(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(string(r)) {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func mustEscape(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || strings.ContainsRune("\"<>\\^`{|}", r)
	}
	return r == utf8.RuneError || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// appendLink appends a link to href that shows address: without its scheme, and
// shortened after 30 graphemes, but never within the host, which is what tells
// the reader where it leads.
func appendLink(dst []byte, href, address string) []byte {
	return appendRelLink(dst, href, address, foreignRel)
}

func appendRelLink(dst []byte, href, address, rel string) []byte {
	dst = append(dst, `<a href="`...)
	dst = appendEscaped(dst, href)
	dst = append(append(append(dst, `" rel="`...), rel...), `" target="_blank">`...)
	hidden, shown, rest := shorten(address)
	dst = appendSpan(dst, "invisible", hidden)
	if rest == "" {
		dst = appendEscaped(dst, shown)
	} else {
		dst = appendSpan(dst, "ellipsis", shown)
		dst = appendSpan(dst, "invisible", rest)
	}
	return append(dst, "</a>"...)
}

// OwnLink is a link from a profile to another page of its owner: it says so
// (rel="me"), for that page to be believed when it links back. What is not an
// address of the web stays plain text.
func OwnLink(address string) HTML {
	href, ok := cleanURL(address)
	if !ok || !isWebURL(href) {
		return HTML{string(appendEscaped(nil, address))}
	}
	return HTML{string(appendRelLink(nil, href, address, "me "+foreignRel))}
}

func appendSpan(dst []byte, class, text string) []byte {
	if text == "" {
		return dst
	}
	dst = append(append(append(dst, `<span class="`...), class...), `">`...)
	return append(appendEscaped(dst, text), "</span>"...)
}

func shorten(address string) (hidden, shown, rest string) {
	if i := strings.Index(address, "://"); i >= 0 {
		hidden, address = address[:i+3], address[i+3:]
	}
	if len(address) > 4 && strings.EqualFold(address[:4], "www.") {
		hidden, address = hidden+address[:4], address[4:]
	}
	n := prefixLen(address, shownURL)
	if host := strings.IndexAny(address, "/?#"); host > n {
		n = host
	} else if host < 0 {
		n = len(address)
	}
	return hidden, address[:n], address[n:]
}

// prefixLen returns the length in bytes of the first max graphemes of s.
func prefixLen(s string, max int) int {
	rest, state := s, -1
	for i := 0; i < max && rest != ""; i++ {
		_, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
	}
	return len(s) - len(rest)
}

// isWebURL reports whether s, found in a text, names a host to link to.
func isWebURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	host := u.Hostname()
	return strings.IndexFunc(host, isWord) >= 0 && !strings.Contains(host, "..")
}
