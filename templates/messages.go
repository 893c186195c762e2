package templates

import (
	"embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed messages/*.toml
var catalogues embed.FS

// Msg is a message that is yet to be put into words: a key of the catalogue
// and its arguments, name and value by turns. Handlers return these, never
// sentences. A value may itself be a Msg.
type Msg struct {
	Key  string
	Args []any
}

// M is short for a Msg: M("flash.followed", "name", "Mira").
func M(key string, args ...any) Msg { return Msg{Key: key, Args: args} }

// IsZero says whether there is no message.
func (m Msg) IsZero() bool { return m.Key == "" }

// Catalogue holds the words of one language, compiled so that a look-up is one
// map access and one pass over the pieces.
type Catalogue struct {
	tag      language.Tag
	messages map[string]*message
	group    string // between thousands
	grouped  int    // the fewest digits that are grouped
}

// message has one form per plural category; without plurals only Other.
type message struct {
	plural bool
	forms  [6][]piece // indexed by plural.Form
}

// piece is literal text, or the name of an argument.
type piece struct {
	text string
	arg  bool
}

// LoadCatalogue reads messages/LANG.toml. Tables nest into keys joined by
// dots; a table with the key "other" is a message with plural forms (CLDR
// categories), chosen by the argument n.
func LoadCatalogue(lang string) (*Catalogue, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf("load messages: language %q: %w", lang, err)
	}
	var tree map[string]any
	if _, err := toml.DecodeFS(catalogues, "messages/"+lang+".toml", &tree); err != nil {
		return nil, fmt.Errorf("load messages %s: %w", lang, err)
	}
	c := &Catalogue{tag: tag, messages: map[string]*message{}}
	if err := c.flatten("", tree); err != nil {
		return nil, fmt.Errorf("load messages %s: %w", lang, err)
	}
	c.group = c.T("number.group")
	if c.grouped, err = strconv.Atoi(c.T("number.grouped")); err != nil {
		return nil, fmt.Errorf("load messages %s: number.grouped: %w", lang, err)
	}
	return c, nil
}

// fill takes the messages that c lacks from another language: a word in English
// is better than a page that can't be shown. Plural forms that this language
// does not have fall back to "other".
func (c *Catalogue) fill(from *Catalogue) {
	for key, m := range from.messages {
		if c.messages[key] == nil {
			c.messages[key] = m
		}
	}
}

// Has says whether key exists.
func (c *Catalogue) Has(key string) bool { return c.messages[key] != nil }

// T is the message called key with its arguments (name and value by turns) put
// in. Numbers are written with separators. An unknown key is returned as it
// is: a test finds those, and a reader can still guess what was meant.
func (c *Catalogue) T(key string, args ...any) string {
	m := c.messages[key]
	if m == nil {
		return key
	}
	pieces := m.forms[plural.Other]
	if m.plural {
		pieces = m.choose(c.tag, argument(args, "n"))
	}
	if len(pieces) == 1 && !pieces[0].arg {
		return pieces[0].text
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.arg {
			b.WriteString(c.format(argument(args, p.text)))
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// TM puts a Msg into words.
func (c *Catalogue) TM(m Msg) string { return c.T(m.Key, m.Args...) }

// Around is the message split at the placeholder {name}: what stands before
// and after it. Templates use it where the placeholder is a link or bold.
func (c *Catalogue) Around(key, name string, args ...any) Halves {
	const mark = "\x00"
	before, after, _ := strings.Cut(c.T(key, append(args, name, mark)...), mark)
	return Halves{before, after}
}

// Halves is the text on both sides of a placeholder.
type Halves struct{ Before, After string }

// Part is a stretch of a message: text, or the place of an argument that the
// template fills with more than text.
type Part struct{ Text, Slot string }

// Parts is the message split at the placeholders that slots names, separated by
// spaces, in the order of the language.
func (c *Catalogue) Parts(key, slots string, args ...any) (parts []Part) {
	const mark = "\x00"
	for slot := range strings.FieldsSeq(slots) {
		args = append(args, slot, mark+slot+mark)
	}
	for i, text := range strings.Split(c.T(key, args...), mark) {
		switch {
		case i%2 == 1:
			parts = append(parts, Part{Slot: text})
		case text != "":
			parts = append(parts, Part{Text: text})
		}
	}
	return parts
}

// Number writes n with the language's separator between thousands. Some
// languages leave numbers of four digits as they are (CLDR: minimum grouping
// digits).
func (c *Catalogue) Number(n int64) string {
	s, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		s, sign = s[1:], "-"
	}
	if len(s) < c.grouped {
		return sign + s
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(c.group)
		}
		b.WriteRune(digit)
	}
	return b.String()
}

func (c *Catalogue) format(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return c.Number(int64(v))
	case int64:
		return c.Number(v)
	case Msg:
		return c.TM(v)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

func (m *message) choose(tag language.Tag, n any) []piece {
	var count int
	switch n := n.(type) {
	case int:
		count = n
	case int64:
		count = int(n % 1_000_000_000) // the categories look at the last digits only
	}
	form := plural.Cardinal.MatchPlural(tag, count, 0, 0, 0, 0)
	if m.forms[form] == nil {
		form = plural.Other
	}
	return m.forms[form]
}

// argument finds the value that follows name in args.
func argument(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

func (c *Catalogue) flatten(prefix string, tree map[string]any) error {
	for name, v := range tree {
		key := prefix + name
		switch v := v.(type) {
		case string:
			c.messages[key] = &message{forms: [6][]piece{plural.Other: split(v)}}
		case map[string]any:
			if err := c.flattenTable(key, v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s: %T is not a message", key, v)
		}
	}
	return nil
}

func (c *Catalogue) flattenTable(key string, table map[string]any) error {
	if _, ok := table["other"].(string); !ok {
		return c.flatten(key+".", table)
	}
	m := &message{plural: true}
	for category, v := range table {
		form, known := pluralForms[category]
		text, isText := v.(string)
		if !known || !isText {
			return fmt.Errorf("%s.%s: not a plural form", key, category)
		}
		m.forms[form] = split(text)
	}
	c.messages[key] = m
	return nil
}

// split cuts "Follow {name}" into its pieces.
func split(s string) []piece {
	var pieces []piece
	for {
		before, rest, ok := strings.Cut(s, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return append(pieces, piece{text: s})
		}
		if before != "" {
			pieces = append(pieces, piece{text: before})
		}
		pieces = append(pieces, piece{text: name, arg: true})
		if s = after; s == "" {
			return pieces
		}
	}
}
