package vocab

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// ParseError says why a document was refused by [Parse]. It is the sender's
// fault: answer 400.
type ParseError struct {
	Reason string // plain words, safe to send back
	Offset int    // in bytes from the start
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("parse JSON at byte %d: %s", e.Offset, e.Reason)
}

// Reasons of a [ParseError].
const (
	reasonTooLong     = "the document is too long"
	reasonUTF8        = "the text is not valid UTF-8"
	reasonNotObject   = "the document is not one JSON object"
	reasonEnd         = "the document ends too early"
	reasonTrailing    = "there is something after the object"
	reasonDepth       = "the values are nested too deeply"
	reasonValues      = "there are too many values"
	reasonMembers     = "an object has too many keys"
	reasonDuplicate   = "a key occurs twice in one object"
	reasonKey         = "a key is expected here"
	reasonColon       = "a colon is expected here"
	reasonComma       = "a comma or the end of the list is expected here"
	reasonValue       = "a value is expected here"
	reasonNumber      = "the number is malformed"
	reasonNumberRange = "the number is too large"
	reasonControl     = "a string holds a bare control character"
	reasonEscape      = "a string holds a malformed escape"
	reasonSurrogate   = "a string holds half of a surrogate pair"
	reasonNUL         = "a string holds a NUL character"
)

type kind uint8

const (
	kindNull kind = iota
	kindFalse
	kindTrue
	kindNumber
	kindString
	kindArray
	kindObject
)

// node is one value or key of a document. The nodes lie in document order, so
// that the children of node i are those from i+1 up to its next; in an object
// keys and values alternate.
type node struct {
	start, end uint32 // its bytes; of a string, those between the quotes
	next       uint32 // the index of the node after it and all below it
	kind       kind
	escaped    bool // string: holds a backslash; object: one of its keys does
	prefixed   bool // object: one of its keys holds a colon
}

// document is a checked JSON text and the nodes found in it.
type document struct {
	src   []byte
	nodes []node
}

// scanner checks src against RFC 8259 and notes down the nodes in one pass.
// What it lets through is the same for every JSON parser: no duplicate keys, no
// lone surrogates, no numbers beyond a float64.
type scanner struct {
	document
	pos    int
	depth  int
	values int
}

func scan(src []byte) (*document, error) {
	if len(src) > MaxDocumentBytes {
		return nil, &ParseError{reasonTooLong, MaxDocumentBytes}
	}
	if !utf8.Valid(src) {
		return nil, &ParseError{reasonUTF8, validPrefix(src)}
	}
	s := &scanner{document: document{src: src, nodes: make([]node, 0, 16+len(src)/20)}}
	if s.peek() != '{' {
		return nil, s.fail(reasonNotObject)
	}
	if err := s.object(); err != nil {
		return nil, err
	}
	if s.peek(); s.pos < len(src) {
		return nil, s.fail(reasonTrailing)
	}
	return &s.document, nil
}

// validPrefix counts the bytes before the first that is not UTF-8.
func validPrefix(src []byte) int {
	n := 0
	for n < len(src) {
		r, size := utf8.DecodeRune(src[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

func (s *scanner) fail(reason string) error {
	if s.pos >= len(s.src) && reason != reasonNotObject {
		reason = reasonEnd
	}
	return &ParseError{reason, s.pos}
}

// peek skips white space and gives the byte there, or 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; c {
		case ' ', '\n', '\t', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// open notes a node that starts at start and gives its index.
func (s *scanner) open(k kind, start int) int {
	s.nodes = append(s.nodes, node{start: uint32(start), kind: k})
	return len(s.nodes) - 1
}

// close ends node i at the current position.
func (s *scanner) close(i, end int) {
	s.nodes[i].end = uint32(end)
	s.nodes[i].next = uint32(len(s.nodes))
}

func (s *scanner) value() error {
	if s.values++; s.values > MaxValues {
		return s.fail(reasonValues)
	}
	switch c := s.peek(); c {
	case '{':
		return s.object()
	case '[':
		return s.array()
	case '"':
		return s.string()
	case 't':
		return s.word("true", kindTrue)
	case 'f':
		return s.word("false", kindFalse)
	case 'n':
		return s.word("null", kindNull)
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return s.number()
		}
		return s.fail(reasonValue)
	}
}

func (s *scanner) word(word string, k kind) error {
	if !bytes.HasPrefix(s.src[s.pos:], []byte(word)) {
		return s.fail(reasonValue)
	}
	i := s.open(k, s.pos)
	s.pos += len(word)
	s.close(i, s.pos)
	return nil
}

func (s *scanner) enter() error {
	if s.depth++; s.depth > MaxDepth {
		return s.fail(reasonDepth)
	}
	return nil
}

func (s *scanner) object() error {
	if err := s.enter(); err != nil {
		return err
	}
	i := s.open(kindObject, s.pos)
	keys := 0
	s.pos++
	for first := true; ; first = false {
		done, err := s.separator('}', first)
		if err != nil {
			return err
		}
		if done {
			break
		}
		if keys++; keys > MaxMembers {
			return s.fail(reasonMembers)
		}
		if err := s.key(i); err != nil {
			return err
		}
		if err := s.value(); err != nil {
			return err
		}
	}
	s.close(i, s.pos)
	s.depth--
	return s.distinct(i, keys)
}

func (s *scanner) array() error {
	if err := s.enter(); err != nil {
		return err
	}
	i := s.open(kindArray, s.pos)
	s.pos++
	for first := true; ; first = false {
		done, err := s.separator(']', first)
		if err != nil {
			return err
		}
		if done {
			break
		}
		if err := s.value(); err != nil {
			return err
		}
	}
	s.close(i, s.pos)
	s.depth--
	return nil
}

// separator reads the closing byte, which ends the list, or the comma between
// two entries.
func (s *scanner) separator(closing byte, first bool) (done bool, err error) {
	c := s.peek()
	switch {
	case c == closing:
		s.pos++
		return true, nil
	case first:
		return false, nil
	case c != ',':
		return false, s.fail(reasonComma)
	}
	s.pos++
	return false, nil
}

// key reads a key and its colon, and marks the object it belongs to.
func (s *scanner) key(object int) error {
	if s.peek() != '"' {
		return s.fail(reasonKey)
	}
	k := len(s.nodes)
	if err := s.string(); err != nil {
		return err
	}
	n := s.nodes[k]
	s.nodes[object].escaped = s.nodes[object].escaped || n.escaped
	if !s.nodes[object].prefixed {
		s.nodes[object].prefixed = n.escaped || bytes.IndexByte(s.src[n.start:n.end], ':') >= 0
	}
	if s.peek() != ':' {
		return s.fail(reasonColon)
	}
	s.pos++
	return nil
}

func (s *scanner) string() error {
	s.pos++
	i := s.open(kindString, s.pos)
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case c == '"':
			s.close(i, s.pos)
			s.pos++
			return nil
		case c == '\\':
			s.nodes[i].escaped = true
			if err := s.escape(); err != nil {
				return err
			}
		case c < ' ':
			return s.fail(reasonControl)
		default:
			s.pos++
		}
	}
	return s.fail(reasonEnd)
}

// escape reads one escape. A surrogate must be followed by its other half: what
// parsers make of a lone one differs, and so would the meaning of the document.
func (s *scanner) escape() error {
	if s.pos+1 >= len(s.src) {
		s.pos = len(s.src)
		return s.fail(reasonEnd)
	}
	switch s.src[s.pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos += 2
		return nil
	case 'u':
	default:
		return s.fail(reasonEscape)
	}
	r, ok := hex4(s.src[s.pos+2:])
	switch {
	case !ok:
		return s.fail(reasonEscape)
	case r == 0:
		return s.fail(reasonNUL)
	case r < 0xD800 || r > 0xDFFF:
		s.pos += 6
		return nil
	}
	low, ok := lowSurrogate(s.src[s.pos+6:])
	if r > 0xDBFF || !ok || low == 0 {
		return s.fail(reasonSurrogate)
	}
	s.pos += 12
	return nil
}

// lowSurrogate reads the \uDC00 to \uDFFF that b begins with.
func lowSurrogate(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	r, ok := hex4(b[2:])
	return r, ok && r >= 0xDC00 && r <= 0xDFFF
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (s *scanner) number() error {
	i := s.open(kindNumber, s.pos)
	start := s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	whole := s.pos
	if s.digits() == 0 || s.src[whole] == '0' && s.pos > whole+1 {
		return s.fail(reasonNumber)
	}
	long := s.pos-whole > 300
	if s.pos < len(s.src) && s.src[s.pos] == '.' {
		s.pos++
		if s.digits() == 0 {
			return s.fail(reasonNumber)
		}
	}
	if s.pos < len(s.src) && s.src[s.pos]|0x20 == 'e' {
		long = true
		s.pos++
		if s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-') {
			s.pos++
		}
		if s.digits() == 0 {
			return s.fail(reasonNumber)
		}
	}
	if long { // only these can be beyond a float64
		if _, err := strconv.ParseFloat(string(s.src[start:s.pos]), 64); err != nil {
			return s.fail(reasonNumberRange)
		}
	}
	s.close(i, s.pos)
	return nil
}

// digits skips digits and counts them.
func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

// fewKeys is up to how many keys comparing each with each is cheaper than a map.
const fewKeys = 48

// distinct refuses the object at index i if two of its keys are equal: one
// parser takes the first, another the last (attackers choose between them).
func (s *scanner) distinct(i, keys int) error {
	if keys < 2 {
		return nil
	}
	if keys > fewKeys || s.nodes[i].escaped {
		return s.distinctMap(i, keys)
	}
	var seen [fewKeys][]byte
	n := 0
	for k := i + 1; k < len(s.nodes); k = int(s.nodes[k+1].next) {
		key := s.src[s.nodes[k].start:s.nodes[k].end]
		for _, other := range seen[:n] {
			if len(other) == len(key) && bytes.Equal(other, key) {
				return &ParseError{reasonDuplicate, int(s.nodes[k].start)}
			}
		}
		seen[n] = key
		n++
	}
	return nil
}

func (s *scanner) distinctMap(i, keys int) error {
	seen := make(map[string]struct{}, keys)
	for k := i + 1; k < len(s.nodes); k = int(s.nodes[k+1].next) {
		key := s.text(uint32(k))
		if _, ok := seen[key]; ok {
			return &ParseError{reasonDuplicate, int(s.nodes[k].start)}
		}
		seen[key] = struct{}{}
	}
	return nil
}

// text decodes the string node i. It always copies, so that a name kept in a
// cache does not keep the whole document.
func (d *document) text(i uint32) string {
	n := d.nodes[i]
	raw := d.src[n.start:n.end]
	if !n.escaped {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for len(raw) > 0 {
		cut := bytes.IndexByte(raw, '\\')
		if cut < 0 {
			break
		}
		out = append(out, raw[:cut]...)
		out, raw = unescape(out, raw[cut+1:])
	}
	return string(append(out, raw...))
}

// unescape appends the meaning of the escape that raw begins with, whose
// backslash is gone already, and gives what follows. The scanner has checked it.
func unescape(out, raw []byte) (appended, rest []byte) {
	switch c := raw[0]; c {
	case 'b':
		return append(out, '\b'), raw[1:]
	case 'f':
		return append(out, '\f'), raw[1:]
	case 'n':
		return append(out, '\n'), raw[1:]
	case 'r':
		return append(out, '\r'), raw[1:]
	case 't':
		return append(out, '\t'), raw[1:]
	case 'u':
		r, _ := hex4(raw[1:])
		raw = raw[5:]
		if r >= 0xD800 && r <= 0xDBFF {
			low, _ := lowSurrogate(raw)
			r = (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
			raw = raw[6:]
		}
		return utf8.AppendRune(out, r), raw
	default:
		return append(out, c), raw[1:]
	}
}
