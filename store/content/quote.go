package content

import (
	"regexp"
	"strings"
)

// StripQuote takes out of h the line that tells readers on servers without
// quotes what is quoted: whatever is marked quote-inline, or else a last line
// that is "RE:" and a link, as Misskey writes. Where the quoted post is shown,
// the line would say it twice. What [Relink] made must not be given to it.
func StripQuote(h HTML) HTML {
	s, found := cutMarked(h.s)
	if !found {
		s, found = cutLastLine(h.s)
	}
	if !found {
		return h
	}
	return Sanitise(s) // elements that are empty now go
}

// WithQuote adds to h the line that tells readers on servers without quotes
// what is quoted; [StripQuote] takes it out again. An address that is no link
// adds nothing.
func WithQuote(h HTML, address string) HTML {
	address, ok := cleanURL(address)
	if !ok {
		return h
	}
	link := string(appendEscaped(nil, address))
	line := `<span class="quote-inline"><br/><br/>RE: <a href="` + link + `">` + link + `</a></span>`
	if body, ok := strings.CutSuffix(h.s, "</p>"); ok {
		return HTML{body + line + "</p>"}
	}
	return HTML{h.s + "<p>" + line + "</p>"}
}

// cutMarked removes the elements of the class quote-inline.
func cutMarked(s string) (rest string, found bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], "quote-inline")
		if i < 0 {
			return s, found
		}
		from += i
		start := strings.LastIndexByte(s[:from], '<')
		if start < 0 || strings.IndexByte(s[start:from], '>') >= 0 || !markedTag(s[start:]) { // a word of the text, or of an address
			from += len("quote-inline")
			continue
		}
		end := start + elementLen(s[start:])
		before := trimBreaks(s[:start])
		s, from, found = before+s[end:], len(before), true
	}
}

// markedTag says whether s begins with a start tag of the class quote-inline
// that is no link: a link is cut only with what stands around it.
func markedTag(s string) bool {
	tag := s[:strings.IndexByte(s, '>')+1]
	if !strings.HasPrefix(tag, "<span") && !strings.HasPrefix(tag, "<p") {
		return false
	}
	_, class, ok := strings.Cut(tag, ` class="`)
	if !ok {
		return false
	}
	class, _, _ = strings.Cut(class, `"`)
	for name := range strings.FieldsSeq(class) {
		if name == "quote-inline" {
			return true
		}
	}
	return false
}

// elementLen is the length of the element that s begins with. HTML is balanced
// and holds no < but those of tags.
func elementLen(s string) int {
	depth, at := 0, 0
	for {
		i := strings.IndexByte(s[at:], '<')
		if i < 0 {
			return len(s)
		}
		at += i
		end := strings.IndexByte(s[at:], '>')
		if end < 0 {
			return len(s)
		}
		tag := s[at : at+end+1]
		at += end + 1
		switch {
		case strings.HasPrefix(tag, "</"):
			depth--
		case !strings.HasSuffix(tag, "/>"):
			depth++
		}
		if depth == 0 {
			return at
		}
	}
}

var (
	// lastLink is a link with nothing but end tags behind it: those are its group.
	lastLink = regexp.MustCompile(`^<a [^>]*>(?:[^<]|<span[^>]*>|</span>)*</a>((?:</[a-z0-9]+>)*)$`)
	// quoteWord is a line before that link which has but one word.
	quoteWord = regexp.MustCompile(`(?:^|<br/>|<p>|<span>|</p>)\s*((?:RE|Re|QT|RT|RN):?\s*(</span>)?\s*)$`)
)

// wordBytes is as much as quoteWord may have to look at.
const wordBytes = 64

// cutLastLine removes a last line like "RE: https://a.example/1".
func cutLastLine(s string) (rest string, found bool) {
	start := strings.LastIndex(s, "<a ")
	if start < 0 {
		return s, false
	}
	ends := lastLink.FindStringSubmatch(s[start:])
	if ends == nil {
		return s, false
	}
	from := max(start-wordBytes, 0)
	word := quoteWord.FindStringSubmatchIndex(s[from:start])
	if word == nil || word[0] == 0 && from > 0 && s[from] != '<' { // the beginning of the window is not that of the text
		return s, false
	}
	inner := ""
	if word[4] >= 0 {
		inner = "</span>"
	}
	return trimBreaks(s[:from+word[2]]) + inner + ends[1], true
}

// trimBreaks takes line breaks and white space off the end of s.
func trimBreaks(s string) string {
	for {
		cut := strings.TrimSuffix(strings.TrimRight(s, " \t\n\r\u00a0"), "<br/>")
		if cut == s {
			return s
		}
		s = cut
	}
}
