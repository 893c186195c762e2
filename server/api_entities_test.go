package server_test

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// field is one of an entity, as the table in api/CONFORMANCE.md writes it.
type field struct {
	name, kind  string
	list        bool
	null, gone  bool // may be null, may be absent
	never       bool // always null, empty or absent
	seen        bool // with a value
	seenNull    bool
	seenWithout bool
}

// entityTable is the documentation's entities, and what was seen of them.
type entityTable struct {
	t        *testing.T
	entities map[string][]*field
	met      map[string]bool
}

var entityRow = regexp.MustCompile(`(?m)^\| ([A-Z][\w:]*) \| ([^|]+ [^|]+) \| .*\|$`)

// readEntities reads the table of fields.
func readEntities(t *testing.T) *entityTable {
	t.Helper()
	text, err := os.ReadFile("api/CONFORMANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text2, ok := strings.Cut(string(text), "## Fields of entities")
	if !ok {
		t.Fatal("there is no table of fields")
	}
	table := &entityTable{t: t, entities: map[string][]*field{}, met: map[string]bool{}}
	for _, m := range entityRow.FindAllStringSubmatch(text2, -1) {
		for _, part := range strings.Split(m[2], ", ") {
			table.entities[m[1]] = append(table.entities[m[1]], readField(t, m[1], part))
		}
	}
	if len(table.entities) < 60 {
		t.Fatalf("only %d entities were read", len(table.entities))
	}
	return table
}

func readField(t *testing.T, entity, text string) *field {
	t.Helper()
	name, kind, ok := strings.Cut(text, " ")
	if !ok {
		t.Fatalf("%s: %q is no field", entity, text)
	}
	f := &field{}
	name, f.gone = strings.CutPrefix(name, "~")
	f.name = strings.TrimPrefix(name, "+")
	kind, f.never = strings.CutSuffix(kind, "=")
	kind, f.null = strings.CutSuffix(kind, "?")
	if strings.HasPrefix(kind, "[") {
		f.list, kind = true, strings.Trim(kind, "[]")
	}
	f.kind = kind
	return f
}

// scalars are the types of values that are no entities.
var scalars = map[string]func(any) bool{
	"id":         matches(`^[1-9]\d*$`),
	"digits":     matches(`^\d+$`),
	"string":     matches(``),
	"url":        matches(`^(https|wss)://[^/ ]+\S*$|^urn:`),
	"time":       matches(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`),
	"day0":       matches(`^\d{4}-\d\d-\d\dT00:00:00\.000Z$`),
	"day":        matches(`^\d{4}-\d\d-\d\d$`),
	"visibility": matches(`^(public|unlisted|private|direct)$`),
	"bool":       func(v any) bool { _, ok := v.(bool); return ok },
	"number":     func(v any) bool { _, ok := v.(float64); return ok },
	"int":        func(v any) bool { n, ok := v.(float64); return ok && n == math.Trunc(n) },
	"{}":         func(v any) bool { _, ok := v.(map[string]any); return ok },
}

func matches(pattern string) func(any) bool {
	re := regexp.MustCompile(pattern)
	return func(v any) bool {
		text, ok := v.(string)
		return ok && re.MatchString(text)
	}
}

// holds checks an entity, and all that is in it, against the table.
func (e *entityTable) holds(entity string, v any, where string) {
	e.t.Helper()
	object, ok := v.(map[string]any)
	if !ok {
		e.t.Errorf("%s is no object but %v", where, v)
		return
	}
	fields, ok := e.entities[entity]
	if !ok {
		e.t.Fatalf("the table has no %s", entity)
	}
	e.met[entity] = true
	for name := range object {
		if !slices.ContainsFunc(fields, func(f *field) bool { return f.name == name }) {
			e.t.Errorf("%s: the table does not know %s.%s", where, entity, name)
		}
	}
	for _, f := range fields {
		value, there := object[f.name]
		e.field(f, value, there, where+"."+f.name)
	}
}

func (e *entityTable) field(f *field, v any, there bool, where string) {
	e.t.Helper()
	list, isList := v.([]any)
	switch {
	case !there:
		if f.seenWithout = true; !f.gone {
			e.t.Errorf("%s is missing", where)
		}
	case v == nil:
		if f.seenNull = true; !f.null {
			e.t.Errorf("%s is null", where)
		}
	case f.list && !isList:
		e.t.Errorf("%s is no list but %v", where, v)
	case f.list:
		for i, one := range list {
			f.seen = true
			e.value(f.kind, one, fmt.Sprint(where, "[", i, "]"))
		}
	default:
		f.seen = true
		e.value(f.kind, v, where)
	}
}

func (e *entityTable) value(kind string, v any, where string) {
	e.t.Helper()
	is, ok := scalars[kind]
	if !ok {
		e.holds(kind, v, where)
		return
	}
	if !is(v) {
		e.t.Errorf("%s is no %s but %v", where, kind, v)
	}
}

// in checks an answer that is an entity, and returns it.
func (e *entityTable) in(entity string, a *answer) *answer {
	e.t.Helper()
	e.holds(entity, a.wants(200).value, a.what+" "+entity)
	return a
}

// all checks an answer that is a list of at least one entity, and returns it.
func (e *entityTable) all(entity string, a *answer) *answer {
	e.t.Helper()
	list, ok := a.wants(200).value.([]any)
	if !ok || len(list) == 0 {
		e.t.Errorf("%s is no list with an entry: %.300s", a.what, a.body)
	}
	for i, v := range list {
		e.holds(entity, v, fmt.Sprint(a.what, " ", entity, "[", i, "]"))
	}
	return a
}

// complete checks that all was seen, and what is optional both ways.
func (e *entityTable) complete() {
	e.t.Helper()
	for entity, fields := range e.entities {
		if !e.met[entity] {
			e.t.Errorf("%s was met nowhere", entity)
			continue
		}
		for _, f := range fields {
			switch {
			case f.never && f.seen && f.kind != "bool":
				e.t.Errorf("%s.%s has a value, the table says never", entity, f.name)
			case f.never:
			case !f.seen:
				e.t.Errorf("%s.%s was never seen with a value", entity, f.name)
			case f.null && !f.seenNull:
				e.t.Errorf("%s.%s may be null, which was never seen", entity, f.name)
			case f.gone && !f.seenWithout:
				e.t.Errorf("%s.%s may be absent, which was never seen", entity, f.name)
			}
		}
	}
}

// TestEntitiesHaveEveryField holds what a running instance answers against the
// table of entities, each with everything and with as little as possible.
func TestEntitiesHaveEveryField(t *testing.T) {
	t.Parallel()
	e := readEntities(t)
	s := newEntityStage(t)
	for _, walk := range []func(*entityTable){s.site, s.people, s.posts, s.told, s.lists, s.staff, s.apps} {
		walk(e)
	}
	e.complete()
}

// form makes the parameters of a request from names and values.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func inHours(n int) string {
	return time.Now().Add(time.Duration(n) * time.Hour).UTC().Format(time.RFC3339)
}

// eventually asks again until a job is done.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for late := time.Now().Add(30 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("%s did not come", what)
		}
	}
}
