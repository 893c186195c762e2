package content

import (
	"html"
	"strings"
)

// FirstLink returns the first web address that h links to for its own sake, or
// "": not a person, a hashtag, or what is only there for readers on servers
// without quotes. Links without a class to tell are told by their text, which
// begins with @ or #. It is cheap enough to be called for every post.
func FirstLink(h HTML) string {
	const start = `<a href="` // no text of ours holds a < that is not a tag
	for s := h.s; ; {
		i := strings.Index(s, start)
		if i < 0 {
			return ""
		}
		before := s[:i]
		s = s[i+len(start):]
		escaped, tag, ok := strings.Cut(s, `"`)
		if !ok {
			return ""
		}
		tag, text, ok := strings.Cut(tag, ">")
		if !ok {
			return ""
		}
		href := html.UnescapeString(escaped)
		if webAddress(href) && !namesSomeone(tag, text) && !strings.HasSuffix(trimWord(before), `class="quote-inline">`) {
			return href
		}
	}
}

func webAddress(href string) bool {
	return strings.HasPrefix(href, "https://") || strings.HasPrefix(href, "http://")
}

// namesSomeone says whether a link is a mention or a hashtag, by its attributes
// and by what follows its start tag.
func namesSomeone(tag, text string) bool {
	if _, class, ok := strings.Cut(tag, ` class="`); ok {
		class, _, _ = strings.Cut(class, `"`)
		for name := range strings.FieldsSeq(class) {
			if name == "mention" || name == "hashtag" {
				return true
			}
		}
	}
	for strings.HasPrefix(text, "<span") {
		_, text, _ = strings.Cut(text, ">")
	}
	return strings.HasPrefix(text, "@") || strings.HasPrefix(text, "#")
}

// trimWord takes the line breaks and the "RE:" of [WithQuote] off the end.
func trimWord(s string) string {
	s = strings.TrimSuffix(s, "RE: ")
	return strings.TrimSuffix(strings.TrimSuffix(s, "<br/>"), "<br/>")
}
