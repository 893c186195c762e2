package content

import "strings"

// Format says how a source text is to be read.
type Format string

// The formats. They are stored and sent as they are here.
const (
	Plain    Format = "plain"
	Markdown Format = "markdown"
)

// Source is a text as its author wrote it. Any format but Markdown is read as
// plain text, and so is Markdown of more than 32 KiB or 4,000 marks.
type Source struct {
	Text   string
	Format Format
}

// isMarkdown reports whether src is to be parsed as Markdown. goldmark takes
// time in the square of unmatched marks: seconds for 100 kB of "*a_".
func (src Source) isMarkdown() bool {
	if src.Format != Markdown || len(src.Text) > maxMarkdown {
		return false
	}
	marks := 0
	for i := range len(src.Text) {
		if strings.IndexByte("*_~[>", src.Text[i]) >= 0 {
			marks++
		}
	}
	return marks <= maxMarks
}

// Found is what a text names, in order, each once.
type Found struct {
	Mentions []Handle
	Tags     []string // without #, as written the first time
	Links    []string // web addresses as Render will link to them
}

// Resolver says what Render makes of the names it finds. A name whose function
// is nil, or which it does not know, stays text. The addresses must be
// absolute, since the HTML is sent to other servers too.
type Resolver struct {
	Mention func(Handle) (url string, ok bool)
	Tag     func(name string) (url string)
}

// Find returns what the text names, before anything is resolved: exactly what
// Render will ask its Resolver for.
func Find(src Source) Found {
	c := collector{seen: make(map[string]bool)}
	if src.isMarkdown() {
		findMarkdown(src.Text, c.add)
	} else {
		scan(cleanText(src.Text, maxSource), c.add)
	}
	return c.all
}

// collector gathers what is found, each once.
type collector struct {
	all  Found
	seen map[string]bool
}

func (c *collector) add(f found) {
	switch f.kind {
	case mention:
		if c.isNew(f.handle.fold().String()) {
			c.all.Mentions = append(c.all.Mentions, f.handle)
		}
	case hashtag:
		if c.isNew("#" + FoldTag(f.text)) {
			c.all.Tags = append(c.all.Tags, f.text)
		}
	case webLink:
		if c.isNew(f.href) {
			c.all.Links = append(c.all.Links, f.href)
		}
	}
}

func (c *collector) isNew(key string) bool {
	if c.seen[key] {
		return false
	}
	c.seen[key] = true
	return true
}

// Render turns what a member wrote into HTML. Mentions, hashtags and links get
// the markup that Mastodon and others look for. At most 128 KiB are read.
func Render(src Source, r Resolver) HTML {
	if src.isMarkdown() {
		return renderMarkdown(src.Text, r)
	}
	return renderPlain(src.Text, r)
}

// SanitisePlain turns a foreign text/plain body into paragraphs, with its web
// addresses as links. Names in it stay text: what they mean is known to its
// server only.
func SanitisePlain(foreign string) HTML {
	return renderPlain(foreign, Resolver{})
}

func renderPlain(text string, r Resolver) HTML {
	text = strings.TrimSpace(cleanText(text, maxSource))
	if text == "" {
		return HTML{}
	}
	out := append(make([]byte, 0, 2*len(text)+64), "<p>"...)
	scan(text, func(f found) {
		if f.kind == plainText {
			out = appendLines(out, f.text)
		} else {
			out = r.append(out, f)
		}
	})
	return HTML{string(append(out, "</p>"...))}
}

// appendLines appends text within a paragraph: blank lines begin a new one,
// other line ends become br.
func appendLines(dst []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			return appendEscaped(dst, s)
		}
		dst = appendEscaped(dst, strings.TrimRight(s[:i], " \t"))
		space := s[i : len(s)-len(strings.TrimLeft(s[i:], " \t\n"))]
		if strings.Count(space, "\n") == 1 {
			dst = append(dst, "<br/>"...)
		} else {
			dst = append(dst, "</p><p>"...)
		}
		s = s[i+strings.LastIndexByte(space, '\n')+1:]
	}
}

// append appends the markup of f.
func (r Resolver) append(dst []byte, f found) []byte {
	href := r.address(f)
	switch {
	case href == "" && f.kind == hashtag:
		return appendEscaped(append(dst, '#'), f.text)
	case href == "":
		return appendEscaped(dst, f.text)
	case f.kind == mention:
		dst = append(dst, `<span class="h-card" translate="no"><a href="`...)
		dst = append(appendEscaped(dst, href), `" class="u-url mention">@<span>`...)
		return append(appendEscaped(dst, f.handle.Username), "</span></a></span>"...)
	case f.kind == hashtag:
		dst = append(dst, `<a href="`...)
		dst = append(appendEscaped(dst, href), `" class="mention hashtag" rel="tag">#<span>`...)
		return append(appendEscaped(dst, f.text), "</span></a>"...)
	}
	return appendLink(dst, href, f.text)
}

// address returns what f links to, or "".
func (r Resolver) address(f found) string {
	var to string
	switch {
	case f.kind == webLink:
		return f.href
	case f.kind == mention && r.Mention != nil:
		var ok bool
		if to, ok = r.Mention(f.handle); !ok {
			return ""
		}
	case f.kind == hashtag && r.Tag != nil:
		to = r.Tag(f.text)
	}
	to, _ = cleanURL(to)
	return to
}
