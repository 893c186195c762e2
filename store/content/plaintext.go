package content

import (
	"html"
	"strings"
)

// PlainText returns the text of h for places without markup: notifications,
// titles, meta tags. A line break and the end of an item become a line feed,
// the end of a paragraph two. A link that shows a shortened address gives the
// whole one. The result still needs escaping wherever HTML is written.
func PlainText(h HTML) string {
	var b strings.Builder
	b.Grow(len(h.s))
	for s := h.s; s != ""; {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		end := strings.IndexByte(s[i:], '>') // > is escaped in attributes
		if end < 0 {
			break
		}
		b.WriteString(spaceOf(s[i+1 : i+end]))
		s = s[i+end+1:]
	}
	return strings.TrimSpace(squeeze(html.UnescapeString(b.String())))
}

// spaceOf returns the space that the tag stands for.
func spaceOf(tag string) string {
	switch tag {
	case "br/", "/li", "p", "pre", "ul", "blockquote", "h3", "h4", "h5", "h6":
		return "\n"
	case "/p", "/pre", "/blockquote", "/h3", "/h4", "/h5", "/h6", "/ul", "/ol", "hr/":
		return "\n\n"
	}
	return ""
}

// squeeze leaves no more than two line feeds in a row, nor spaces before one.
func squeeze(s string) string {
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	blank := 0
	for _, line := range lines {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			blank++
		} else {
			blank = 0
		}
		if blank < 2 {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// Excerpt returns the first max graphemes of the text of h on one line, with an
// ellipsis after them if there are more.
func Excerpt(h HTML, max int) string { return Shorten(PlainText(h), max) }

// Shorten is the beginning of a text as written, in one line.
func Shorten(text string, max int) string {
	line := strings.Join(strings.Fields(text), " ")
	n := prefixLen(line, max)
	if n == len(line) {
		return line
	}
	return strings.TrimSpace(line[:n]) + "…"
}
