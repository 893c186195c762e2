package content

import (
	"bytes"
	"strings"
)

// writer builds safe HTML. Whatever it is told, in whatever order, its output
// is balanced and of the shapes below, which an HTML parser takes as they are,
// without moving, closing or adding anything. So a browser sees the tree that
// was checked, and a second pass changes nothing:
//
//   - a block (paragraph, container, list) never stands within a paragraph or
//     a ruby; opening one closes them,
//   - li stands within a list, rt and rp within a ruby, a never within an a,
//   - pre does not begin with a line feed, which a parser would drop,
//   - no empty element is left, except li.
type writer struct {
	out     []byte
	stack   []opened
	pending gap  // wanted before the next inline content
	text    bool // inline content stands since the last block tag or line break
	count   int  // elements so far
	full    bool // nothing more fits; the rest is ignored
}

// opened is an element whose end tag is still to come. One without a name is a
// ghost: it was unwrapped, and stands there to take its end tag.
type opened struct {
	input  string // name in the input, which its end tag will have
	name   string // name in the output
	role   role
	start  int  // where its start tag begins in out
	inside int  // where its content begins in out
	text   bool // writer.text before it
}

// gap is what separates a text from the one before when the tags between them
// are unwrapped.
type gap uint8

const (
	noGap gap = iota
	cellGap
	lineGap
)

// reserve is what the end tags of everything open may need.
const reserve = maxDepth * len("</blockquote>")

func (w *writer) fits(n int) bool {
	if len(w.out)+n > maxOutput-reserve {
		w.full = true
	}
	return !w.full
}

// writeText appends s as text.
func (w *writer) writeText(s string) {
	if w.full || s == "" {
		return
	}
	blank := strings.TrimLeft(s, " \t\n\r") == ""
	if w.pending != noGap && w.text && blank {
		return
	}
	if !blank {
		w.fillGap()
	}
	if bytes.HasSuffix(w.out, []byte("<pre>")) {
		s = strings.TrimLeftFunc(s, func(r rune) bool { return r == '\n' || dropped(r) })
	}
	w.appendText(s)
	w.text = w.text || !blank
}

// appendText writes as much of s as fits.
func (w *writer) appendText(s string) {
	if w.full {
		return
	}
	const longest = len("&amp;") // of what one byte can become
	if len(w.out)+longest*len(s) <= maxOutput-reserve {
		w.out = appendEscaped(w.out, s)
		return
	}
	for s != "" {
		esc, size, plain := escapeAt(s)
		if plain {
			esc = s[:size]
		}
		if !w.fits(len(esc)) {
			return
		}
		w.out = append(w.out, esc...)
		s = s[size:]
	}
}

// fillGap writes the separator that is due, if there is something to separate.
func (w *writer) fillGap() {
	due := w.pending
	w.pending = noGap
	switch {
	case !w.text || due == noGap:
	case due == cellGap:
		w.appendText(" | ")
	case w.countElement() && w.fits(len("<br/>")):
		w.out = append(w.out, "<br/>"...)
		w.text = false
	default:
		w.appendText(" ")
	}
}

func (w *writer) want(g gap) {
	w.pending = max(w.pending, g)
}

// countElement reports whether one more element is allowed.
func (w *writer) countElement() bool {
	if w.count >= maxElements {
		return false
	}
	w.count++
	return true
}

// lineBreak writes a br.
func (w *writer) lineBreak() {
	w.fillGap()
	if w.countElement() && w.fits(len("<br/>")) {
		w.out = append(w.out, "<br/>"...)
	} else {
		w.appendText(" ")
	}
	w.text = false
}

// rule writes an hr, or a line break where a block cannot stand.
func (w *writer) rule() {
	if w.within(isPre) {
		w.want(lineGap)
		return
	}
	w.closeParagraph()
	w.pending, w.text = noGap, false
	if w.countElement() && w.fits(len("<hr/>")) {
		w.out = append(w.out, "<hr/>"...)
	}
}

// open begins the element e, known as input to the end tag that will come, with
// the attributes attrs (escaped, each with a space before it).
func (w *writer) open(input string, e element, attrs []byte) {
	switch e.role {
	case anchor:
		if !w.closeAnchor() {
			w.ghost(input, e.role)
			return
		}
	case rubyPart:
		if !w.closeTo(isRuby) {
			w.ghost(input, e.role)
			return
		}
	case paragraph, container, list, item:
		if w.within(isPre) {
			w.want(lineGap)
			w.ghost(input, e.role)
			return
		}
		e = w.openBlock(e)
	}
	if e.role == inline || e.role == anchor || e.role == ruby {
		w.fillGap()
	}
	w.push(input, e, attrs)
}

// openBlock closes what a block cannot stand in, and returns what e becomes at
// this place: an item outside of a list is a paragraph.
func (w *writer) openBlock(e element) element {
	w.closeParagraph()
	if e.role == item && !w.closeTo(isList) {
		e = elements["p"]
	}
	w.pending = noGap
	return e
}

func (w *writer) push(input string, e element, attrs []byte) {
	if len(w.stack) >= maxDepth || !w.fits(len(e.name)+len(attrs)+2) || !w.countElement() {
		if isBlock(e.role) {
			w.want(lineGap)
		}
		return
	}
	o := opened{input: input, name: e.name, role: e.role, start: len(w.out), text: w.text}
	w.out = append(append(w.out, '<'), e.name...)
	w.out = append(append(w.out, attrs...), '>')
	o.inside = len(w.out)
	w.stack = append(w.stack, o)
	if isBlock(e.role) {
		w.text = false
	}
}

func (w *writer) ghost(input string, r role) {
	if len(w.stack) < maxDepth {
		w.stack = append(w.stack, opened{input: input, role: r})
	}
}

// end takes the end tag of the input element named input. It closes the nearest
// one that is open, and what was left open in it; but an inline element or a
// paragraph is not looked for beyond the block that it would have to stand in,
// nor an item beyond its list.
func (w *writer) end(input string, r role) {
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := &w.stack[i]
		if o.input == input {
			w.closeFrom(i)
			return
		}
		if o.name != "" && stopsEnd(o.role, r) {
			break
		}
	}
	if isBlock(r) {
		w.want(lineGap)
	}
}

// stopsEnd reports whether the search for what an end tag of role r closes
// stops at an open element of role o.
func stopsEnd(o, r role) bool {
	switch r {
	case container, list:
		return false
	case item:
		return o == list
	}
	return o == container || o == list || o == item
}

// closeFrom writes the end tags of everything open from index i on.
func (w *writer) closeFrom(i int) {
	for len(w.stack) > i {
		o := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		w.close(o)
	}
}

func (w *writer) close(o opened) {
	switch {
	case o.name == "":
		if isBlock(o.role) {
			w.want(lineGap)
		}
	case len(w.out) == o.inside && o.role != item: // empty: take it back
		w.out = w.out[:o.start]
		w.text = o.text
		if isBlock(o.role) {
			w.want(lineGap)
		}
	default:
		w.out = append(append(append(w.out, "</"...), o.name...), '>')
		if isBlock(o.role) {
			w.pending, w.text = noGap, false
		}
	}
}

// closeParagraph closes the paragraph or ruby that is open, if there is one;
// by the rules above no block can be within it.
func (w *writer) closeParagraph() {
	for i := range w.stack {
		if o := w.stack[i]; o.name != "" && (o.role == paragraph || o.role == ruby) {
			w.closeFrom(i)
			return
		}
	}
}

// closeAnchor makes room for a link. It closes one that is open, as a parser
// would, and reports false if blocks within that one are still open.
func (w *writer) closeAnchor() bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		if o := w.stack[i]; o.name != "" && o.role == anchor {
			return w.closeInline(i)
		}
	}
	return true
}

// closeInline closes from index i on, unless that would close a block.
func (w *writer) closeInline(i int) bool {
	for _, o := range w.stack[i:] {
		if o.name != "" && (isBlock(o.role) || o.role == rubyPart) {
			return false
		}
	}
	w.closeFrom(i)
	return true
}

// closeTo closes what is open within the nearest element that match accepts. It
// reports false, having done nothing, if there is none nearer than a block.
func (w *writer) closeTo(match func(opened) bool) bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		o := w.stack[i]
		if o.name == "" {
			continue
		}
		if match(o) {
			w.closeFrom(i + 1)
			return true
		}
		if o.role == container || o.role == paragraph {
			return false
		}
	}
	return false
}

func (w *writer) within(match func(opened) bool) bool {
	for _, o := range w.stack {
		if o.name != "" && match(o) {
			return true
		}
	}
	return false
}

func isPre(o opened) bool    { return o.name == "pre" }
func isRuby(o opened) bool   { return o.role == ruby }
func isList(o opened) bool   { return o.role == list }
func isAnchor(o opened) bool { return o.role == anchor }

func isBlock(r role) bool { return r >= paragraph && r <= item }

// finish closes everything and returns the fragment.
func (w *writer) finish() HTML {
	w.closeFrom(0)
	return HTML{string(w.out)}
}
