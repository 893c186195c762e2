// Package templates turns page structs into HTML: the template files, the
// functions they call, and every word that people read (messages/*.toml).
//
// It is a leaf: it knows nothing of the store, of requests or of sessions, and
// only server/web imports it. server/web fills one of the Page structs (read
// [Page] and [Frame] first, then post.go and account.go for the parts that
// many pages share) and calls [Set.Render].
//
// html/template parses the files and places the escapers; what it made of a page
// is then compiled to functions, which write the same bytes in a fifth of the
// time (compile.go).
//
// Nothing here declares text to be safe HTML. Fields of type template.HTML are
// filled in one place, server/web/view.go, from the type that store/content
// alone can make; a test looks for other conversions. Templates hold no words:
// they name messages with t, tm and around.
package templates

import (
	"cmp"
	"embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

//go:embed *.html parts/*.html pages/*.html
var sources embed.FS

// Config says what the templates need from outside.
type Config struct {
	// Asset gives the URL of a static file by its plain name ("seedling.css"),
	// or an empty string if there is none.
	Asset func(name string) string
}

// Set is all pages in every language that there is a catalogue of. It is safe
// for concurrent use.
type Set struct {
	config   Config
	editions map[string]*edition // by language
	pool     sync.Pool           // of *run
}

// edition is all pages in one language, parsed when the first page in it is
// wanted.
//
// The pages share one template name space instead of having one set each: the
// layout and the parts are then parsed and escaped once, not once for each of
// the pages, which keeps the start and the memory small. Each page names its
// head and foot itself, so nothing is overridden.
type edition struct {
	once  sync.Once
	root  *template.Template
	words *Catalogue
	err   error

	mu       sync.Mutex // guards compiler
	compiler *compiler
}

// New parses every template in English; the other languages follow when they
// are asked for. An error means that the binary was built wrong.
func New(c Config) (*Set, error) {
	s := &Set{config: c, editions: map[string]*edition{}}
	s.pool.New = func() any { return new(run) }
	for _, l := range languages {
		s.editions[l.Code] = &edition{}
	}
	if _, err := s.edition(fallback); err != nil {
		return nil, err
	}
	return s, nil
}

// edition is that of lang, or the English one where there is none.
func (s *Set) edition(lang string) (*edition, error) {
	e := s.editions[lang]
	if e == nil {
		e = s.editions[fallback]
	}
	e.once.Do(func() { e.err = e.load(cmp.Or(lang, fallback), s.config) })
	return e, e.err
}

func (e *edition) load(lang string, c Config) error {
	words, err := LoadCatalogue(lang)
	if err != nil {
		return err
	}
	if lang != fallback {
		english, err := LoadCatalogue(fallback)
		if err != nil {
			return err
		}
		words.fill(english)
	}
	return e.parseAll(words, c)
}

// parseAll parses every template with the words of one language.
func (e *edition) parseAll(words *Catalogue, c Config) error {
	e.words = words
	funcs := e.funcs(c)
	e.root = template.New("").Option("missingkey=error").Funcs(funcs)
	err := fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return e.parse(name, c)
	})
	if err != nil {
		return fmt.Errorf("load templates: %w", err)
	}
	if err := inlineAttrs(e.root); err != nil {
		return fmt.Errorf("load templates: %w", err)
	}
	e.compiler, err = newCompiler(e.root, funcs)
	return err
}

// page is the program of a page, compiled when the first of them is wanted.
func (e *edition) page(name string) (*program, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.compiler.page(name)
}

// Words is the English catalogue.
func (s *Set) Words() *Catalogue { return s.editions[fallback].words }

// WordsIn is the catalogue of a language, or the English one.
func (s *Set) WordsIn(lang string) *Catalogue {
	e, err := s.edition(lang)
	if err != nil {
		return s.Words()
	}
	return e.words
}

// Render writes p as a whole HTML document to w, in the language of its frame.
// Nothing is written if the template fails, so the caller can still answer with
// an error page.
func (s *Set) Render(w io.Writer, p Page) error {
	e, err := s.edition(p.frame().Lang)
	if err != nil {
		return err
	}
	program, err := e.page(p.name())
	if err != nil {
		return err
	}
	r := s.pool.Get().(*run)
	if err := r.execute(program, p); err != nil {
		return fmt.Errorf("render page %s: %w", p.name(), err)
	}
	_, err = w.Write(r.out)
	s.recycle(r)
	return err
}

// maxPooled keeps one giant page from holding its memory for ever.
const maxPooled = 512 << 10

func (s *Set) recycle(r *run) {
	if cap(r.out) > maxPooled {
		return
	}
	r.reset()
	s.pool.Put(r)
}

func (e *edition) parse(name string, c Config) error {
	src, err := sources.ReadFile(name)
	if err != nil {
		return err
	}
	text, err := e.expand(string(src), c)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = e.root.New(name).Parse(text)
	return err
}

var (
	iconMark   = regexp.MustCompile(`@icon\(([a-z]+)((?: [a-z-]+)*)\)`)
	constWords = regexp.MustCompile(`\{\{t "([a-z0-9_.]+)"\}\}`)
	lineStart  = regexp.MustCompile(`\n[\t ]*`)
)

// expand replaces what is the same on every rendering before the template is
// parsed: icons, written @icon(name class...), and messages without arguments.
// A page has hundreds of them, and as text they cost nothing. Both come from our
// own files, and the words are escaped for text and for quoted attributes, the
// only places where templates have them. Line starts lose their indentation,
// since nobody reads it in the page.
func (e *edition) expand(src string, c Config) (string, error) {
	sprite := c.Asset("icons.svg")
	src = iconMark.ReplaceAllStringFunc(src, func(mark string) string {
		m := iconMark.FindStringSubmatch(mark)
		return `<svg class="i` + m[2] + `" aria-hidden="true"><use href="` + sprite + `#` + m[1] + `"/></svg>`
	})
	var missing error
	src = constWords.ReplaceAllStringFunc(src, func(mark string) string {
		key := constWords.FindStringSubmatch(mark)[1]
		if !e.words.Has(key) {
			missing = fmt.Errorf("no message %q", key)
		}
		// Braces would open a template action.
		return strings.ReplaceAll(html.EscapeString(e.words.T(key)), "{", "&#123;")
	})
	return lineStart.ReplaceAllString(src, "\n"), missing
}
