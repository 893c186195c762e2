package templates

import (
	"bytes"
	"errors"
	"html/template"
	"maps"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// bothWays renders a page with its program and with html/template.
func bothWays(t testing.TB, s *Set, p Page) (compiled, interpreted string, errs [2]error) {
	t.Helper()
	e, err := s.edition(p.frame().Lang)
	if err != nil {
		t.Fatal(err)
	}
	var ours, theirs bytes.Buffer
	errs[0] = s.Render(&ours, p)
	errs[1] = e.root.ExecuteTemplate(&theirs, p.name(), p)
	return ours.String(), theirs.String(), errs
}

// compare holds the two against each other: the same bytes, or both an error.
func compare(t testing.TB, s *Set, p Page) {
	t.Helper()
	ours, theirs, errs := bothWays(t, s, p)
	switch {
	case (errs[0] == nil) != (errs[1] == nil):
		t.Errorf("%s: compiled: %v, interpreted: %v", p.name(), errs[0], errs[1])
	case errs[0] == nil && ours != theirs:
		at := 0
		for at < min(len(ours), len(theirs)) && ours[at] == theirs[at] {
			at++
		}
		t.Errorf("%s differs at byte %d: compiled …%.80q, interpreted …%.80q", p.name(), at, ours[at:], theirs[at:])
	}
}

func compareAll(t *testing.T, s *Set, change func(Page) Page) {
	for kind, pages := range map[string]map[string]Page{"full": fullPages(), "empty": emptyPages(), "parts": sampleParts()} {
		for name, p := range pages {
			t.Run(kind+"/"+name, func(t *testing.T) { compare(t, s, change(p)) })
		}
	}
}

func sampleParts() map[string]Page {
	frame := testFrame(true)
	return map[string]Page{
		"post":   PostPart{Frame: frame, Post: samplePosts()[0], Focus: true},
		"follow": FollowPart{Frame: frame, Person: samplePeople()[0]},
	}
}

// TestCompiledPagesAreTheSame renders every page in every language both ways.
func TestCompiledPagesAreTheSame(t *testing.T) {
	s := newTestSet(t)
	for _, l := range languages {
		t.Run(l.Code, func(t *testing.T) {
			compareAll(t, s, func(p Page) Page {
				f := *p.frame()
				f.Lang, f.Dir = l.Code, l.Dir
				return withFrame(p, &f)
			})
		})
	}
}

func withFrame(p Page, f *Frame) Page {
	v := reflect.New(reflect.TypeOf(p)).Elem()
	v.Set(reflect.ValueOf(p))
	v.FieldByName("Frame").Set(reflect.ValueOf(f))
	return v.Interface().(Page)
}

// hostile are texts that some place of a page has to escape, or refuse.
var hostile = []string{
	"", "\x00", `"><script>alert('1')</script>`, "javascript:alert(1)", "JaVaScRiPt:x", "//evil.example/a b?c=d&e=f+g#h",
	"https://x.example/%41%zz/ü'(1)", "mailto:a@b.example", "a, b 2x, javascript:x 3x", "\xff\xfe<b>\xc3", "\ufdd0\uffff\u2028`{{.}}",
	`<b title="x>&amp;">&lt;i</b> <!-- c --> & more`, "data:text/html,<i>", "/a:b", ":", "x:/y", "http:x", "https://a'b",
}

// TestHostilePagesAreTheSame puts the same hostile text in place of every text
// of every page, and renders them both ways.
func TestHostilePagesAreTheSame(t *testing.T) {
	s := newTestSet(t)
	for _, text := range hostile {
		t.Run(template.URLQueryEscaper(text), func(t *testing.T) {
			compareAll(t, s, func(p Page) Page { return poisoned(p, text) })
		})
	}
}

// poisoned is a copy of p with all its texts replaced. The language of the frame
// stays, since it says which templates are meant.
func poisoned(p Page, text string) Page {
	v := poison(reflect.ValueOf(p), text).Interface().(Page)
	v.frame().Lang = p.frame().Lang
	return v
}

func poison(v reflect.Value, text string) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.String:
		c.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.Field(i).Set(poison(v.Field(i), text))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			c.Set(reflect.New(v.Type().Elem()))
			c.Elem().Set(poison(v.Elem(), text))
		}
	case reflect.Interface:
		if !v.IsNil() {
			c.Set(poison(v.Elem(), text))
		}
	case reflect.Slice:
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(poison(v.Index(i), text))
		}
	}
	return c
}

// TestPagesAreCompiledOnceForAll renders pages at the same time that nobody
// asked for yet.
func TestPagesAreCompiledOnceForAll(t *testing.T) {
	s := newTestSet(t)
	pages := fullPages()
	want := renderString(t, newTestSet(t), pages["home"])
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for p := range maps.Values(pages) {
				if err := s.Render(&bytes.Buffer{}, p); err != nil {
					t.Error(err)
				}
			}
			var b bytes.Buffer
			if err := s.Render(&b, pages["home"]); err != nil || b.String() != want {
				t.Errorf("home is another page: %v", err)
			}
		})
	}
	wait.Wait()
}

// samples are for templates that no page has.
type samples struct {
	Text   string
	Number int
	Nobody *Account
	Any    any
	List   []string
}

func (samples) Panics() string         { panic("no way") }
func (samples) Fails() (string, error) { return "", errors.New("sorry") }

var sampleFuncs = template.FuncMap{
	"panics": func() string { panic("no way") },
	"fails":  func(string) (string, error) { return "", errors.New("sorry") },
	"name":   func(a Account) string { return a.User },
	"t":      func(key string, args ...any) string { return key },
}

func compileSource(t *testing.T, src string) (*template.Template, *program, error) {
	t.Helper()
	root, err := template.New("").Option("missingkey=error").Funcs(sampleFuncs).New("page").Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	if err := inlineAttrs(root); err != nil {
		return root, nil, err
	}
	c, err := newCompiler(root, sampleFuncs)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.page("page")
	return root, p, err
}

// TestCompilerRefusesWhatItDoesNotKnow has what is right for html/template but
// was never thought about here.
func TestCompilerRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, src := range []string{
		`<script>let a = {{.Text}}</script>`, `<p style="color: {{.Text}}">`, `<p title={{.Text}}>`, `<p {{.Text}}="x">`, `<p onclick="{{.Text}}">`, `<!-- x --><p title='{{.Text}}' {{.Text}}>`,
		`{{printf "%s" .Text}}`, `{{.Text | print}}`, `{{slice .Text 1}}`, `{{1.5}}`, `{{.Text.Method "a"}}`, `{{html .Text}}`, `{{nil}}`, `{{t}}`, `{{not}}`,
		`{{range .List}}{{break}}{{end}}`, `{{range .List}}{{continue}}{{end}}`, `{{if $x := .Text}}{{$x}}{{end}}`, `{{$x := ""}}{{range $x = .List}}{{end}}`,
		`<p {{template "inside" .}}>{{define "inside"}}title="{{.Text}}"{{end}}`, `<p {{template "x-attrs" .Text}}>{{define "x-attrs"}}title="{{.}}"{{end}}`, `<p {{template "x-attrs" .}}>{{define "x-attrs"}}title="{{$.Text}}"{{end}}`,
	} {
		if _, p, err := compileSource(t, src); err == nil {
			t.Errorf("%s was compiled: %v", src, p)
		}
	}
}

// TestCompiledTemplatesFailAsInterpretedOnes has data that does not fit.
func TestCompiledTemplatesFailAsInterpretedOnes(t *testing.T) {
	for _, src := range []string{
		"{{.Nothing}}", "{{.Nobody.User}}", "{{.Any.User}}", "{{.Number.User}}", "{{.Panics}}", "{{.Fails}}", "{{panics}}", "{{fails .Text}}", "{{fails .Number}}", "{{name .Nobody}}", "{{name .Any}}",
		"{{range .Number.User}}{{end}}", "{{range .Text}}{{end}}", "{{range .Nobody}}{{end}}", "{{index .List 9}}", "{{index .Any 0}}", "{{len .Number}}", "{{len .Nobody}}", "{{if eq .Text 1}}{{end}}", "{{if gt .Text .Number}}{{end}}", "{{t .Number}}",
		"{{with .Any}}{{end}}{{.Any.X}}", `{{template "a" .Any}}{{define "a"}}{{.X}}{{end}}`, `{{template "a"}}{{define "a"}}{{.X}}{{end}}`,
	} {
		root, p, err := compileSource(t, src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		ours := new(run).execute(p, samples{})
		theirs := root.ExecuteTemplate(&bytes.Buffer{}, "page", samples{})
		if ours == nil || theirs == nil || !strings.HasPrefix(ours.Error(), "in ") {
			t.Errorf("%s: compiled: %v, interpreted: %v", src, ours, theirs)
		}
	}
}

// TestCompiledTemplatesGiveTheSame has what our pages do rarely or not yet.
func TestCompiledTemplatesGiveTheSame(t *testing.T) {
	type dots struct {
		samples
		Somebody *Account
		People   []Account
		Boxed    []any
		HTML     template.HTML
		URL      template.URL
		Rune     rune
		Big      uint64
		Share    float64
		Err      error
	}
	dot := dots{samples: samples{Text: `a<b>"'`, Number: -5, List: []string{"x", "<y>"}, Any: samples{Text: "in"}}, Somebody: &Account{User: "mira", Host: "x.example"},
		People: []Account{{User: "a", Bot: true}, {User: "b"}}, Boxed: []any{1, "two", nil, template.HTML("<b>"), &Account{User: "c"}}, HTML: `<b title="x">&amp;</b>`, URL: "javascript:ok", Rune: 'x', Big: 7, Share: 1.5, Err: errors.New("<oh>")}
	for _, src := range []string{
		"{{.}}", "{{.Text}}{{.Number}}{{.Nobody}}{{.Any}}{{.List}}{{.HTML}}{{.URL}}{{.Rune}}{{.Big}}{{.Share}}{{.Err}}{{.Somebody}}", `<a href="{{.URL}}" title="{{.HTML}}">{{.Share}}</a><textarea>{{.HTML}}</textarea>`, `<a href="{{.Number}}?x={{.Text}}&y={{.HTML}}">{{true}}{{1}}{{"<"}}</a>`,
		`{{range $i, $p := .People}}{{$i}}{{$p.Handle}}{{.Bot}}{{else}}none{{end}}{{range .Any.List}}{{else}}none{{end}}`, "{{range .Boxed}}[{{.}}]{{end}}{{range index .Boxed 2}}{{else}}none{{end}}", "{{range $x := .List}}{{$x}}{{.}}{{$.Number}}{{end}}",
		`{{$a := "x"}}{{if .Text}}{{$a = "y"}}{{$b := $a}}{{$b}}{{end}}{{$a}}{{range .List}}{{$a = .}}{{end}}{{$a}}{{with .Text}}{{$a := .}}{{$a}}{{end}}{{$a}}`,
		`{{with .Nobody}}{{.User}}{{else with .Somebody}}{{.User}}{{else}}x{{end}}{{if .Nobody}}{{else if .Big}}big{{end}}{{if .Share}}s{{end}}{{if .Any}}a{{end}}{{if .Err}}e{{end}}`,
		`{{or .Nobody .Text}}{{and .Text .Number}}{{or "" 0}}{{not .Text}}{{eq .Number 1 -5}}{{ne .Text "x"}}{{ge .Number -5}}{{gt .Number -5}}{{len .List}}{{len .Text}}{{index .List 1}}{{index .Boxed 3}}{{print 1 2 "a" .Number .Nobody}}{{print .Text}}`,
		`{{name .Somebody}}{{name (index .People 0)}}{{(index .People 1).User}}{{t .Text .Any nil}}{{.Somebody.Handle}}{{.Any.Text}}`,
		`{{template "a" .People}}{{define "a"}}{{range .}}{{template "b" .}}{{end}}{{end}}{{define "b"}}{{$.User}}{{template "c"}}{{end}}{{define "c"}}{{.}}{{end}}`,
		`{{define "n"}}{{.Number}}{{with .Any}}{{template "n" .}}{{end}}{{end}}{{template "n" .}}`, `<p{{template "x-attrs" .}}>{{define "x-attrs"}}{{if .Text}} title="{{.Text}}"{{end}}{{template "y-attrs" .}}{{end}}{{define "y-attrs"}}{{with .Text}} id="{{.}}"{{end}}{{end}}`,
		"{{/* nothing */}}{{- if false}}{{end -}} a <!-- gone --> b",
	} {
		root, p, err := compileSource(t, src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		var r run
		var want bytes.Buffer
		if err := r.execute(p, dot); err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if err := root.ExecuteTemplate(&want, "page", dot); err != nil {
			t.Errorf("%s: interpreted: %v", src, err)
		}
		if got := string(r.out); got != want.String() {
			t.Errorf("%s\n got %s\nwant %s", src, got, want.String())
		}
	}
}

// TestEndlessTemplatesEnd has a template that never stops calling itself.
func TestEndlessTemplatesEnd(t *testing.T) {
	_, p, err := compileSource(t, `{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := new(run).execute(p, samples{}); !errors.Is(err, errTooDeep) {
		t.Errorf("got %v, want %v", err, errTooDeep)
	}
}

// FuzzPlaces puts any text in every kind of place that pages have values in, as
// text and as markup, and compares what is written with html/template's.
func FuzzPlaces(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, int64(len(text)))
	}
	var src strings.Builder
	for _, place := range places {
		src.WriteString(place.before + "{{.Text}}{{.HTML}}{{.URL}}{{.Number}}{{.Pointer}}" + place.after)
		src.WriteString(place.before + "{{.Text}}" + place.after + place.before + "{{print .Text}}" + place.after + place.before + "{{.Number}}" + place.after)
	}
	root := template.Must(template.New("page").Parse(src.String()))
	c, err := newCompiler(root, nil)
	if err != nil {
		f.Fatal(err)
	}
	p, err := c.page("page")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, number int64) {
		dot := struct {
			Text    string
			HTML    template.HTML
			URL     template.URL
			Number  int64
			Pointer *string
		}{text, template.HTML(text), template.URL(text), number, &text}
		var r run
		var want bytes.Buffer
		if err := r.execute(p, dot); err != nil {
			t.Fatal(err)
		}
		if err := root.ExecuteTemplate(&want, "page", dot); err != nil {
			t.Fatal(err)
		}
		if got := string(r.out); got != want.String() {
			t.Errorf("%q\n got %s\nwant %s", text, got, want.String())
		}
	})
}
