package vocab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/superseriousbusiness/activity/streams"
	as "github.com/superseriousbusiness/activity/streams/vocab"
)

// tree is the map form of a document that we send.
type tree = map[string]any

// Document is something that can be sent, alone or as the object of Create,
// Update and Delete: [ActorDoc], [NoteDoc], [VoteDoc] and [TombstoneDoc].
type Document interface {
	JSON() ([]byte, error)
	build() (tree, error)
}

// BuildError says that a document we meant to send lacks a field or has one that
// cannot be sent, mostly because it is not a URI. It is a mistake of the caller.
type BuildError struct {
	What  string // the type of the document
	Field string
	Value string
}

func (e *BuildError) Error() string {
	return fmt.Sprintf("build %s: %s is missing or of no use: %q", e.What, e.Field, e.Value)
}

// uriCheck collects the first field of a document that is not a URI.
type uriCheck struct {
	what string
	err  error
}

// need asks for an http or https URI.
func (c *uriCheck) need(field, uri string) {
	if c.err == nil && cleanURI(uri) == "" {
		c.err = &BuildError{c.what, field, uri}
	}
}

// allow asks for an http or https URI or nothing.
func (c *uriCheck) allow(field, uri string) {
	if uri != "" {
		c.need(field, uri)
	}
}

func (c *uriCheck) all(field string, uris []string) {
	for _, uri := range uris {
		c.need(field, uri)
	}
}

// iri makes a URL that activity/streams writes exactly as given. A parsed URL
// would be written back normalised, and the ids of others must keep each byte.
func iri(s string) *url.URL {
	scheme, rest, _ := strings.Cut(s, ":")
	return &url.URL{Scheme: scheme, Opaque: rest}
}

func idOf(s string) as.JSONLDIdProperty {
	id := streams.NewJSONLDIdProperty()
	id.Set(iri(s))
	return id
}

// serialize turns an object of the library into a map without @context, which
// finish adds at the end for the whole document.
func serialize(t as.Type) (tree, error) {
	m, err := streams.Serialize(t)
	if err != nil {
		return nil, fmt.Errorf("serialize %s: %w", t.GetTypeName(), err)
	}
	delete(m, "@context")
	return m, nil
}

// lists makes arrays of properties that the library writes bare when they hold
// one value (or not at all when none): GoToSocial is known to trip others that
// way.
func lists(m tree, keys ...string) {
	for _, key := range keys {
		switch v := m[key].(type) {
		case nil:
			m[key] = []any{}
		case []any, []tree, []string:
		default:
			m[key] = []any{v}
		}
	}
}

// setTime writes a date with milliseconds, which the library would drop: two
// posts of one second keep their order that way.
func setTime(m tree, key string, t time.Time) {
	if !t.IsZero() {
		m[key] = t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
}

func setText(m tree, key, value string) {
	if value != "" {
		m[key] = value
	}
}

func setTrue(m tree, key string, value bool) {
	if value {
		m[key] = true
	}
}

// finish adds the context and writes m. HTML stays readable: escaping < and > is
// only needed inside web pages.
func finish(m tree, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	m["@context"] = contextOf(m)
	return marshal(m)
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// embed reads a whole document to put it inside another. Its @context goes: the
// outer one covers our own terms, and a stranger's must not be sent on.
func embed(body []byte) (tree, error) {
	if _, err := Parse(body); err != nil {
		return nil, fmt.Errorf("embed document: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var m tree
	if err := dec.Decode(&m); err != nil {
		return nil, fmt.Errorf("embed document: %w", err)
	}
	delete(m, "@context")
	return m, nil
}
