package httpsig

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// This file reads that part of RFC 8941 (structured fields) which the headers
// of RFC 9421 and RFC 9530 use: dictionaries of items and inner lists. Where
// the RFC lets the last of two equal keys win, we refuse: readers would differ.

type kind int

const (
	kindBool kind = iota
	kindInt
	kindString
	kindToken
	kindBytes
	kindList
)

// item is a value with its parameters. text holds the characters of a string
// or token, the bytes of a byte sequence, the digits of a number, "1" or "0".
type item struct {
	kind   kind
	text   string
	list   []item // of an inner list
	params []param
}

type param struct {
	name  string
	value item
}

// member is one entry of a dictionary.
type member struct {
	key  string
	item item
}

// param returns the named parameter.
func (i item) param(name string) (item, bool) {
	for _, p := range i.params {
		if p.name == name {
			return p.value, true
		}
	}
	return item{}, false
}

var errStructured = refuse("a structured header cannot be read (RFC 8941)")

// reader walks over the text of a header.
type reader struct {
	rest string
}

func parseDictionary(text string) ([]member, error) {
	if len(text) > maxHeader {
		return nil, refuse("a structured header is too long")
	}
	r := &reader{strings.Trim(text, " ")}
	var members []member
	for r.rest != "" {
		m, err := r.member()
		if err != nil {
			return nil, err
		}
		for _, other := range members {
			if other.key == m.key {
				return nil, refuse("a structured header has a key twice")
			}
		}
		members = append(members, m)
		r.space()
		if r.rest == "" {
			break
		}
		if !r.take(',') {
			return nil, errStructured
		}
		if r.space(); r.rest == "" { // a comma at the end
			return nil, errStructured
		}
	}
	return members, nil
}

func (r *reader) member() (member, error) {
	key, ok := r.key()
	if !ok {
		return member{}, errStructured
	}
	if !r.take('=') {
		return member{}, errStructured // a bare key means true: of no use to us
	}
	value, err := r.itemOrList()
	return member{key, value}, err
}

func (r *reader) itemOrList() (item, error) {
	if !r.take('(') {
		return r.item()
	}
	list := item{kind: kindList}
	for {
		spaced := r.spaces()
		if r.take(')') {
			break
		}
		if len(list.list) > 0 && !spaced || len(list.list) == maxCovered {
			return item{}, errStructured
		}
		i, err := r.item()
		if err != nil {
			return item{}, err
		}
		list.list = append(list.list, i)
	}
	var err error
	list.params, err = r.params()
	return list, err
}

func (r *reader) item() (item, error) {
	i, err := r.bare()
	if err != nil {
		return item{}, err
	}
	i.params, err = r.params()
	return i, err
}

func (r *reader) params() ([]param, error) {
	var params []param
	for r.take(';') {
		r.spaces()
		name, ok := r.key()
		if !ok || len(params) == maxParams {
			return nil, errStructured
		}
		for _, p := range params {
			if p.name == name {
				return nil, refuse("a structured header has a parameter twice")
			}
		}
		value := item{kind: kindBool, text: "1"}
		if r.take('=') {
			var err error
			if value, err = r.bare(); err != nil {
				return nil, err
			}
		}
		params = append(params, param{name, value})
	}
	return params, nil
}

func (r *reader) bare() (item, error) {
	if r.rest == "" {
		return item{}, errStructured
	}
	switch c := r.rest[0]; {
	case c == '"':
		return r.quoted()
	case c == ':':
		return r.bytes()
	case c == '?':
		return r.boolean()
	case c == '-' || isDigit(c):
		return r.integer()
	case isAlpha(c) || c == '*':
		text := r.while(func(c byte) bool { return isAlpha(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-.^_`|~:/", c) >= 0 })
		return item{kind: kindToken, text: text}, nil
	}
	return item{}, errStructured
}

func (r *reader) quoted() (item, error) {
	var b strings.Builder
	for i := 1; i < len(r.rest); i++ {
		c := r.rest[i]
		switch {
		case c == '"':
			r.rest = r.rest[i+1:]
			return item{kind: kindString, text: b.String()}, nil
		case c == '\\':
			i++
			if i == len(r.rest) || r.rest[i] != '"' && r.rest[i] != '\\' {
				return item{}, errStructured
			}
			c = r.rest[i]
		case c < ' ' || c > '~':
			return item{}, errStructured
		}
		b.WriteByte(c)
	}
	return item{}, errStructured
}

func (r *reader) bytes() (item, error) {
	encoded, rest, ok := strings.Cut(r.rest[1:], ":")
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil {
		return item{}, errStructured
	}
	r.rest = rest
	return item{kind: kindBytes, text: string(decoded)}, nil
}

func (r *reader) boolean() (item, error) {
	if len(r.rest) < 2 || r.rest[1] != '0' && r.rest[1] != '1' {
		return item{}, errStructured
	}
	i := item{kind: kindBool, text: r.rest[1:2]}
	r.rest = r.rest[2:]
	return i, nil
}

func (r *reader) integer() (item, error) {
	sign := ""
	if r.take('-') {
		sign = "-"
	}
	digits := r.while(isDigit)
	n, err := strconv.ParseInt(sign+digits, 10, 64)
	if err != nil || len(digits) > 15 || strings.HasPrefix(r.rest, ".") {
		return item{}, errStructured
	}
	return item{kind: kindInt, text: strconv.FormatInt(n, 10)}, nil
}

func (r *reader) key() (string, bool) {
	if r.rest == "" || !(r.rest[0] >= 'a' && r.rest[0] <= 'z' || r.rest[0] == '*') {
		return "", false
	}
	return r.while(func(c byte) bool {
		return c >= 'a' && c <= 'z' || isDigit(c) || strings.IndexByte("_-.*", c) >= 0
	}), true
}

func (r *reader) while(ok func(byte) bool) string {
	n := 0
	for n < len(r.rest) && ok(r.rest[n]) {
		n++
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}

func (r *reader) take(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// spaces skips spaces, space also tabs; spaces reports whether there were any.
func (r *reader) spaces() bool {
	before := len(r.rest)
	r.rest = strings.TrimLeft(r.rest, " ")
	return len(r.rest) < before
}

func (r *reader) space() { r.rest = strings.TrimLeft(r.rest, " \t") }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// String writes an item as RFC 8941 §4.1 does, which is what gets signed.
func (i item) String() string {
	var b strings.Builder
	i.write(&b)
	return b.String()
}

func (i item) write(b *strings.Builder) {
	switch i.kind {
	case kindBool:
		b.WriteString("?" + i.text)
	case kindString:
		b.WriteString(`"` + strings.ReplaceAll(strings.ReplaceAll(i.text, `\`, `\\`), `"`, `\"`) + `"`)
	case kindBytes:
		b.WriteString(":" + base64.StdEncoding.EncodeToString([]byte(i.text)) + ":")
	case kindList:
		b.WriteByte('(')
		for n, inner := range i.list {
			if n > 0 {
				b.WriteByte(' ')
			}
			inner.write(b)
		}
		b.WriteByte(')')
	default:
		b.WriteString(i.text)
	}
	for _, p := range i.params {
		b.WriteString(";" + p.name)
		if p.value.kind != kindBool || p.value.text != "1" {
			b.WriteByte('=')
			p.value.write(b)
		}
	}
}
