package templates

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"
)

// sink writes values into one kind of place in a page, as html/template's
// escapers for that place do, byte for byte.
//
// What is plain it writes itself: whole numbers, and texts that these places
// either show as they are or with &#34; and its like. Everything else, be it of
// another type or with a byte that needs more thought, html/template escapes:
// sample is a template of its, with nothing but a value in such a place.
type sink struct {
	// plain appends s to out, or says no, and then what it appended is dropped.
	plain  func(out []byte, s string) ([]byte, bool)
	markup bool // template.HTML goes out as it is

	sample        *template.Template
	before, after int // length of what the sample writes around the value
}

// places is an example of each kind of place that our templates have values in,
// with how plain texts are written there.
var places = []struct {
	before, after string
	plain         func(out []byte, s string) ([]byte, bool)
	markup        bool
}{
	{"<p>", "</p>", appendText, true},
	{`<p title="`, `"></p>`, appendText, false},
	{"<textarea>", "</textarea>", appendText, false},
	{`<a href="`, `"></a>`, appendURL, false},
	{`<a href="/`, `"></a>`, appendURLPart, false},
	{`<a href="/?a=`, `"></a>`, appendQuery, false},
	{`<img srcset="`, `">`, appendNothing, false},
}

// newSinks makes a sink of each kind, under the names of the escapers that
// html/template puts there, joined.
func newSinks() (map[string]*sink, error) {
	sinks := map[string]*sink{}
	for _, place := range places {
		sample, err := template.New("").Parse(place.before + "{{.}}" + place.after)
		if err != nil {
			return nil, err
		}
		if err := sample.Execute(io.Discard, ""); err != nil {
			return nil, err
		}
		name, err := escapersOf(sample)
		if err != nil {
			return nil, err
		}
		sinks[name] = &sink{plain: place.plain, markup: place.markup, sample: sample, before: len(place.before), after: len(place.after)}
	}
	return sinks, nil
}

// escapersOf are the names of the escapers in a sample that was escaped.
func escapersOf(sample *template.Template) (string, error) {
	for _, n := range sample.Tree.Root.Nodes {
		if action, ok := n.(*parse.ActionNode); ok {
			_, escapers := cutEscapers(action.Pipe.Cmds)
			return escapers, nil
		}
	}
	return "", fmt.Errorf("no value in the sample %s", sample.Tree.Root)
}

// escaperPrefix begins the names that html/template gives to its escapers.
const escaperPrefix = "_html_template_"

// cutEscapers parts what a pipeline computes from the escapers at its end.
func cutEscapers(commands []*parse.CommandNode) (rest []*parse.CommandNode, escapers string) {
	n := len(commands)
	for n > 0 && strings.HasPrefix(commands[n-1].String(), escaperPrefix) {
		n--
	}
	names := make([]string, 0, len(commands)-n)
	for _, cmd := range commands[n:] {
		names = append(names, strings.TrimPrefix(cmd.String(), escaperPrefix))
	}
	return commands[:n], strings.Join(names, "|")
}

var (
	stringType = reflect.TypeFor[string]()
	markupType = reflect.TypeFor[template.HTML]()
	intType    = reflect.TypeFor[int]()
	int64Type  = reflect.TypeFor[int64]()
)

// print writes what e gives.
func (s *sink) print(e expr) step {
	if e.text != nil {
		return func(r *run, dot reflect.Value) { s.text(r, e.text(r, dot)) }
	}
	return func(r *run, dot reflect.Value) { s.write(r, e.value(r, dot)) }
}

func (s *sink) write(r *run, v reflect.Value) {
	if !v.IsValid() {
		s.escape(r, nil)
		return
	}
	switch t := v.Type(); {
	case t == stringType:
		s.text(r, v.String())
	case t == intType || t == int64Type:
		r.out = strconv.AppendInt(r.out, v.Int(), 10)
	case t == markupType && s.markup:
		r.out = append(r.out, v.String()...)
	default:
		s.escape(r, v.Interface())
	}
}

func (s *sink) text(r *run, text string) {
	out, ok := s.plain(r.out, text)
	if !ok {
		s.escape(r, text)
		return
	}
	r.out = out
}

// escape writes v as html/template does.
func (s *sink) escape(r *run, v any) {
	var b bytes.Buffer
	if err := s.sample.Execute(&b, v); err != nil {
		panic(failure{err})
	}
	r.out = append(r.out, b.Bytes()[s.before:b.Len()-s.after]...)
}

// entities are what stands for a byte in text and in quoted attributes.
var entities = [256]string{0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"}

func appendText(out []byte, s string) ([]byte, bool) {
	written := 0
	for i := range len(s) {
		if entity := entities[s[i]]; entity != "" {
			out = append(append(out, s[written:i]...), entity...)
			written = i + 1
		}
	}
	return append(out, s[written:]...), true
}

// appendURL takes a whole address that can only be of our own pages, or of the
// web's: no other scheme gets through.
func appendURL(out []byte, s string) ([]byte, bool) {
	if strings.Contains(s, ":") && !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		return out, false
	}
	return appendURLPart(out, s)
}

// appendURLPart takes what stays as it is in an address (RFC 3986 §2), but for
// what an attribute needs an entity for.
func appendURLPart(out []byte, s string) ([]byte, bool) {
	return appendOnly(out, s, "!#$&*+,/:;=?@[]")
}

// appendQuery takes what stays as it is in a part of a query.
func appendQuery(out []byte, s string) ([]byte, bool) { return appendOnly(out, s, "") }

// appendNothing leaves all to html/template.
func appendNothing(out []byte, s string) ([]byte, bool) { return out, false }

// appendOnly takes texts of unreserved characters (RFC 3986 §2.3) and those in
// reserved.
func appendOnly(out []byte, s, reserved string) ([]byte, bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
		case strings.IndexByte(reserved, c) < 0:
			return out, false
		}
	}
	return appendText(out, s)
}
