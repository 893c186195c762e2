package vocab

import (
	"bytes"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// Public is the collection that stands for everyone (ActivityPub §5.6). Readers
// give it for all three spellings in use.
const Public = "https://www.w3.org/ns/activitystreams#Public"

const asNamespace = "https://www.w3.org/ns/activitystreams#"

// Value is a JSON object of a parsed document. Its methods read one property
// each, whatever shape it came in; what is missing, null, empty or of a useless
// kind gives the zero value. A Value keeps the document it came from alive; the
// strings it gives do not.
type Value struct {
	doc *document
	at  uint32
}

// Parse checks body as JSON and gives its top object. The checks are strict and
// the same for everything foreign: valid UTF-8, one object and nothing behind
// it, no duplicate keys, no NUL, and the limits of this package. The error is a
// [*ParseError]. The caller must not change body afterwards.
func Parse(body []byte) (*Value, error) {
	doc, err := scan(body)
	if err != nil {
		return nil, err
	}
	return &Value{doc: doc}, nil
}

// ShapeError says why a well-formed document cannot be read as what was asked.
type ShapeError struct {
	What   string // "activity", "actor", ...
	Reason string // plain words, safe to send back
}

func (e *ShapeError) Error() string { return "read " + e.What + ": " + e.Reason }

// Raw gives the bytes of the object as received, from brace to brace. They must
// not be changed.
func (v *Value) Raw() []byte {
	n := v.node()
	return v.doc.src[n.start:n.end:n.end]
}

// ID gives the object's id, or "" if it has none that is an http or https URI.
func (v *Value) ID() string { return v.URI("id") }

// Type gives the object's type without a prefix. Of several, the first that is
// known to this package is taken: Mastodon forks add vcard:individual.
func (v *Value) Type() string {
	first := ""
	for e := range v.all("type") {
		name := typeName(e.text())
		if knownTypes[name] {
			return name
		}
		if first == "" {
			first = name
		}
	}
	return first
}

// Has says whether the property is there at all, and not null.
func (v *Value) Has(key string) bool {
	_, ok := v.find(key)
	return ok
}

// Text gives the first text of a property. Language maps are not looked at; see
// [Value.Lang].
func (v *Value) Text(key string) string {
	for e := range v.all(key) {
		if s := e.text(); s != "" {
			return s
		}
	}
	return ""
}

// Lang gives a text and its language tag, from key or from the language map
// beside it (contentMap beside content). The tag is "" if it is not known.
func (v *Value) Lang(key string) (text, language string) {
	text = v.Text(key)
	m, ok := v.child(key + "Map")
	if !ok && text == "" {
		m, ok = v.child(key) // a map where a text belongs
	}
	if !ok {
		return text, ""
	}
	entries := 0
	for lang, e := range m.entries() {
		entries++
		s := e.firstText()
		if s == "" || text != "" && s != text {
			continue
		}
		return s, languageTag(lang)
	}
	if entries == 1 { // the map says what it is, even if it was shortened
		for lang := range m.entries() {
			return text, languageTag(lang)
		}
	}
	return text, ""
}

// URI gives the first http or https URI of a property, be it a string, an
// object with an id or a Link with an href.
func (v *Value) URI(key string) string {
	for e := range v.all(key) {
		if u := e.uri(); u != "" {
			return u
		}
	}
	return ""
}

// URIs gives the URIs of a property, at most limit, each once.
func (v *Value) URIs(key string, limit int) []string {
	var uris []string
	var seen map[string]bool
	for e := range v.all(key) {
		u := e.uri()
		if u == "" || seen[u] {
			continue
		}
		if len(uris) == limit {
			break
		}
		if seen == nil {
			seen = make(map[string]bool)
		}
		seen[u] = true
		uris = append(uris, u)
	}
	return uris
}

// Ref gives the first object a property points to or holds.
func (v *Value) Ref(key string) Ref {
	for e := range v.all(key) {
		if r := e.ref(); !r.IsZero() {
			return r
		}
	}
	return Ref{}
}

// Refs gives the objects a property points to or holds, at most limit.
func (v *Value) Refs(key string, limit int) []Ref {
	var refs []Ref
	for e := range v.all(key) {
		if len(refs) == limit {
			break
		}
		if r := e.ref(); !r.IsZero() {
			refs = append(refs, r)
		}
	}
	return refs
}

// Child gives the first object inside a property, or nil.
func (v *Value) Child(key string) *Value {
	c, ok := v.child(key)
	if !ok {
		return nil
	}
	return &c
}

// Time gives a date, with fractions if it has them, in UTC.
func (v *Value) Time(key string) time.Time {
	return parseTime(v.Text(key))
}

// Bool gives a boolean; the words "true" and "True" count too.
func (v *Value) Bool(key string) bool {
	for e := range v.all(key) {
		switch e.node().kind {
		case kindTrue:
			return true
		case kindFalse:
			return false
		default:
			return strings.EqualFold(e.text(), "true")
		}
	}
	return false
}

// Int gives a number rounded down, or ok false if there is none.
func (v *Value) Int(key string) (n int64, ok bool) {
	f, ok := v.Float(key)
	if !ok || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(math.Floor(f)), true
}

// Float gives a number, or ok false if there is none. Digits in a string count.
func (v *Value) Float(key string) (f float64, ok bool) {
	for e := range v.all(key) {
		return e.float()
	}
	return 0, false
}

// Ref points to an object by its id, or holds it, or both. Whether what it
// holds may be believed is for the caller to decide.
type Ref struct {
	ID       string // "" if the object has none
	Type     string // "" if only the id is known
	Embedded *Value // nil if only the id is known
}

// IsZero says that there is no object.
func (r Ref) IsZero() bool { return r.ID == "" && r.Embedded == nil }

func (v *Value) node() *node { return &v.doc.nodes[v.at] }

// find looks a property up. Plain keys win; then those with the prefix of a
// vocabulary we know (as:sensitive, toot:discoverable).
func (v *Value) find(key string) (Value, bool) {
	n := v.node()
	if n.kind != kindObject {
		return Value{}, false
	}
	nodes := v.doc.nodes
	for k := v.at + 1; k < n.next; k = nodes[k+1].next {
		if v.doc.textIs(k, key) {
			return Value{v.doc, k + 1}, nodes[k+1].kind != kindNull
		}
	}
	if n.prefixed {
		return v.findPrefixed(key)
	}
	return Value{}, false
}

func (v *Value) findPrefixed(key string) (Value, bool) {
	for k := v.at + 1; k < v.node().next; k = v.doc.nodes[k+1].next {
		n := &v.doc.nodes[k]
		if !n.escaped && !bytes.HasSuffix(v.doc.src[n.start:n.end], []byte(key)) {
			continue
		}
		name := v.doc.text(k)
		if stripped := stripPrefix(name); stripped != name && stripped == key {
			return Value{v.doc, k + 1}, v.doc.nodes[k+1].kind != kindNull
		}
	}
	return Value{}, false
}

// textIs compares a string node without copying it.
func (d *document) textIs(i uint32, s string) bool {
	n := &d.nodes[i]
	if n.escaped {
		return d.text(i) == s
	}
	return int(n.end-n.start) == len(s) && string(d.src[n.start:n.end]) == s
}

// all gives the values of a property: those of an array, or the one there is.
func (v *Value) all(key string) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		found, ok := v.find(key)
		if !ok {
			return
		}
		n := found.node()
		if n.kind != kindArray {
			yield(found)
			return
		}
		for i := found.at + 1; i < n.next; i = v.doc.nodes[i].next {
			if v.doc.nodes[i].kind == kindNull {
				continue
			}
			if !yield(Value{v.doc, i}) {
				return
			}
		}
	}
}

// entries gives the keys and values of an object.
func (v *Value) entries() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		n := v.node()
		if n.kind != kindObject {
			return
		}
		for k := v.at + 1; k < n.next; k = v.doc.nodes[k+1].next {
			if !yield(v.doc.text(k), Value{v.doc, k + 1}) {
				return
			}
		}
	}
}

func (v *Value) isObject() bool { return v.node().kind == kindObject }

func (v *Value) child(key string) (Value, bool) {
	for e := range v.all(key) {
		if e.isObject() {
			return e, true
		}
	}
	return Value{}, false
}

// text gives a string, or the one inside {"@value": ...} (kroeg).
func (v *Value) text() string {
	switch v.node().kind {
	case kindString:
		return v.doc.text(v.at)
	case kindObject:
		if inner, ok := v.find("@value"); ok && inner.node().kind == kindString {
			return v.doc.text(inner.at)
		}
	}
	return ""
}

// firstText is text, also of the first entry of an array.
func (v *Value) firstText() string {
	n := v.node()
	if n.kind == kindArray && n.next > v.at+1 {
		return (&Value{v.doc, v.at + 1}).text()
	}
	return v.text()
}

func (v *Value) float() (float64, bool) {
	n := v.node()
	var digits string
	switch n.kind {
	case kindNumber:
		digits = string(v.doc.src[n.start:n.end])
	default:
		digits = v.text()
		if len(digits) > 32 {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(digits, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func (v *Value) uri() string {
	switch v.node().kind {
	case kindString:
		return cleanURI(v.doc.text(v.at))
	case kindObject:
		if id := v.ID(); id != "" {
			return id
		}
		return v.URI("href")
	}
	return ""
}

func (v *Value) ref() Ref {
	switch v.node().kind {
	case kindString:
		return Ref{ID: recipient(v.doc.text(v.at))} // Follow of as:Public asks a relay
	case kindObject:
		e := *v
		return Ref{ID: v.uri(), Type: v.Type(), Embedded: &e}
	}
	return Ref{}
}
