package content

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Sanitise makes a foreign HTML fragment safe. It keeps the elements,
// attributes and classes that posts in the Fediverse use (policy.go), unwraps
// others, removes scripts, styles and embedded documents with their content,
// and balances what is left. Headings begin at h3, an image becomes its
// alternative text, a formula its TeX, a table lines of text, and every link opens in a new tab
// with rel="nofollow noopener noreferrer", before which the tokens me and tag
// are kept.
//
// The result is its own normal form: sanitising it again, or parsing and
// rendering it, gives the same bytes. So what was checked is what a browser
// will see. More than 1 MiB, 64 levels or 10,000 elements are not kept.
func Sanitise(foreign string) HTML {
	if isPlainASCII(foreign) && len(foreign) <= maxOutput-reserve {
		return HTML{foreign}
	}
	return sanitise(foreign, false)
}

// isPlainASCII reports whether s is text that Sanitise would not change.
func isPlainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x7f, dropped(rune(c)), c == '<', c == '>', c == '&', c == '\'', c == '"':
			return false
		}
	}
	return true
}

// sanitise does the work of Sanitise. With own set the fragment is one that
// this package rendered: its mentions and hashtags are links of ours, and keep
// the form that other servers expect of them.
func sanitise(fragment string, own bool) HTML {
	fragment = cut(fragment, maxInput)
	s := sanitiser{z: html.NewTokenizer(strings.NewReader(fragment)), own: own}
	s.w.out = make([]byte, 0, len(fragment)+len(fragment)/4+64)
	for !s.w.full && s.next() {
	}
	s.endFormula()
	return s.w.finish()
}

// sanitiser walks over the tags of a fragment. It needs no tree: that is the
// writer's business.
type sanitiser struct {
	z     *html.Tokenizer
	w     writer
	own   bool
	attrs []byte

	removing string // the element whose content is being removed
	nested   int    // how many more of them are open within it
	formula  *formula
}

func (s *sanitiser) next() bool {
	switch s.z.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		switch {
		case s.removing != "":
		case s.formula != nil:
			s.formula.write(s.z.Text())
		default:
			s.w.writeText(string(s.z.Text()))
		}
	case html.StartTagToken:
		s.start(false)
	case html.SelfClosingTagToken:
		s.start(true)
	case html.EndTagToken:
		s.end()
	}
	return true
}

func (s *sanitiser) start(selfClosing bool) {
	tag, hasAttr := s.z.TagName()
	e := elements[string(tag)]
	if s.removing != "" {
		if string(tag) == s.removing && !selfClosing {
			s.nested++
		}
		return
	}
	if s.formula != nil {
		s.startWithin(string(tag), hasAttr, selfClosing)
		return
	}
	switch e.role {
	case unwrapped:
	case mathematics:
		s.startFormula(hasAttr, selfClosing)
	case removed:
		s.remove(string(tag), selfClosing)
	case separator:
		s.w.want(lineGap)
	case cell:
		s.w.want(cellGap)
	case lineBreak:
		s.w.lineBreak()
	case rule:
		s.w.rule()
	case image:
		s.w.writeText(s.readAttrs(hasAttr).alt)
	default:
		s.open(string(tag), e, hasAttr)
	}
}

// remove starts to leave out everything until the end tag of name. The slash
// of <svg/> means something; the one of <script/> does not.
func (s *sanitiser) remove(name string, selfClosing bool) {
	if selfClosing && !isRawText(name) {
		return
	}
	s.removing, s.nested = name, 0
}

// isRawText names the elements whose content the tokenizer takes as text.
func isRawText(name string) bool {
	switch name {
	case "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "title", "textarea", "xmp":
		return true
	}
	return false
}

func (s *sanitiser) end() {
	tag, _ := s.z.TagName()
	if s.removing != "" {
		if string(tag) != s.removing {
			return
		}
		if s.nested--; s.nested < 0 {
			s.removing = ""
		}
		return
	}
	if s.formula != nil {
		s.endWithin(string(tag))
		return
	}
	e := elements[string(tag)]
	switch e.role {
	case unwrapped, mathematics, removed, image, rule, cell:
	case separator:
		s.w.want(lineGap)
	case lineBreak: // </br> is one, says the HTML standard
		s.w.lineBreak()
	default:
		s.w.end(string(tag), e.role)
	}
}

// open starts an element that stays, if its attributes allow it: a link without
// an address and a span that marks nothing are unwrapped.
func (s *sanitiser) open(input string, e element, hasAttr bool) {
	a := s.readAttrs(hasAttr)
	s.attrs = s.attrs[:0]
	switch e.name {
	case "a":
		if a.href == "" {
			s.w.ghost(input, e.role)
			return
		}
		s.linkAttrs(a)
	case "span":
		inLink := s.w.within(isAnchor)
		s.spanAttrs(a, inLink)
		if len(s.attrs) == 0 && !inLink { // in a mention it holds the name
			s.w.ghost(input, e.role)
			return
		}
	case "p":
		s.attr("class", joinClasses(a.classes&quoteInline))
	case "ol":
		s.number("start", a.start)
		if a.reversed {
			s.attrs = append(s.attrs, ` reversed=""`...)
		}
	case "li":
		s.number("value", a.value)
	}
	s.w.open(input, e, s.attrs)
}

func (s *sanitiser) linkAttrs(a attributes) {
	s.attr("href", a.href)
	s.attr("class", joinClasses(a.classes&^linkOnlyClasses))
	if s.own && a.classes&(classMention|classHashtag) != 0 {
		if a.tag {
			s.attr("rel", "tag")
		}
		return
	}
	rel := foreignRel
	if a.tag {
		rel = "tag " + rel
	}
	if a.me {
		rel = "me " + rel
	}
	s.attr("title", a.title)
	s.attr("rel", rel)
	s.attr("target", "_blank")
}

func (s *sanitiser) spanAttrs(a attributes, inLink bool) {
	if !inLink {
		a.classes &^= linkOnlyClasses
	}
	s.attr("class", joinClasses(a.classes))
	if a.noTranslate {
		s.attr("translate", "no")
	}
}

// attr adds an attribute, unless it is empty.
func (s *sanitiser) attr(name, value string) {
	if value == "" {
		return
	}
	s.attrs = append(append(append(s.attrs, ' '), name...), `="`...)
	s.attrs = append(appendEscaped(s.attrs, value), '"')
}

func (s *sanitiser) number(name string, n *int) {
	if n != nil {
		s.attr(name, strconv.Itoa(*n))
	}
}

// attributes are those that some element may keep, checked.
type attributes struct {
	href         string // "" unless safe
	title, alt   string
	classes      classSet
	me, tag      bool // tokens of rel
	noTranslate  bool
	reversed     bool
	start, value *int
}

// readAttrs reads the attributes of the current tag. The first of a name
// counts, as it does for a browser.
func (s *sanitiser) readAttrs(hasAttr bool) attributes {
	var a attributes
	var seen uint
	for hasAttr {
		var key, value []byte
		key, value, hasAttr = s.z.TagAttr()
		bit := attrBit(key)
		if bit == 0 || seen&bit != 0 {
			continue
		}
		seen |= bit
		a.set(string(key), value)
	}
	return a
}

func attrBit(key []byte) uint {
	for i, name := range [...]string{"href", "class", "rel", "title", "alt", "translate", "start", "value", "reversed"} {
		if string(key) == name {
			return 1 << i
		}
	}
	return 0
}

func (a *attributes) set(key string, value []byte) {
	switch key {
	case "href":
		a.href, _ = cleanURL(string(value))
	case "class":
		a.classes = parseClasses(value)
	case "rel":
		a.setRel(value)
	case "title":
		a.title = oneLine(value)
	case "alt":
		a.alt = string(value)
	case "translate":
		a.noTranslate = string(value) == "no"
	case "start":
		a.start = parseNumber(value)
	case "value":
		a.value = parseNumber(value)
	case "reversed":
		a.reversed = true
	}
}

func (a *attributes) setRel(value []byte) {
	for token := range bytes.FieldsSeq(value) {
		a.me = a.me || bytes.EqualFold(token, []byte("me"))
		a.tag = a.tag || bytes.EqualFold(token, []byte("tag"))
	}
}

// oneLine makes the text of a title attribute.
func oneLine(value []byte) string {
	s := strings.Join(strings.Fields(cleanText(string(value), maxTitle)), " ")
	return strings.TrimSpace(cut(s, maxTitle))
}

func parseNumber(value []byte) *int {
	n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil || n < -1e6 || n > 1e6 {
		return nil
	}
	return &n
}

// classSet has one bit for each of classes.
type classSet uint16

const (
	quoteInline classSet = 1 << (iota + 8) // the places in classes
	classMention
	classHashtag
	classInvisible
	classEllipsis

	linkOnlyClasses = classInvisible | classEllipsis
)

func parseClasses(value []byte) classSet {
	var set classSet
	for token := range bytes.FieldsSeq(value) {
		for i, name := range classes {
			if string(token) == name {
				set |= 1 << i
			}
		}
	}
	return set
}

func joinClasses(set classSet) string {
	var joined string
	for i, name := range classes {
		switch {
		case set&(1<<i) == 0:
		case joined == "":
			joined = name
		default:
			joined += " " + name
		}
	}
	return joined
}
