package server_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fixturesDir holds captured payloads of other systems. They are not part of
// this repository; the test is skipped where they are not laid out beside it.
const fixturesDir = "../../shared/fixtures"

// payloadsDir holds small payloads of our own, in the shapes of other systems.
const payloadsDir = "testdata/payloads"

// expectation is what one payload is to lead to, beside what its kind and its
// own text say. Addresses are those of the payload as it stands in its file.
type expectation struct {
	// mute says why nothing is shown yet. The payload must be answered, with
	// 2xx or 4xx, and the pages must go on working.
	mute string

	as     string // is played like a payload of this kind
	us     string // this address stands for our member
	groups string // this address is a Group
	follow bool   // our member follows its actor first
	closed bool   // an actor whom nobody can follow any more
	status int    // of the answer; 0: 202
	inner  string // type of the activity that an Undo names by its id alone
	patch  map[string]any
	play   func(*scene) // instead of what its kind does
	rfc    bool         // signs as RFC 9421 says, not as the draft before it

	title, text string // instead of what the payload says
	lang        string // of the text
	sees, hides []string
	brings      []string // files beside the attachments that the page has from its server
}

// TestFixtures feeds the payloads that other systems really sent to one running
// server, through its inbox and its pages, and looks at what a member then sees.
func TestFixtures(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile(filepath.Join(fixturesDir, "INDEX.tsv"))
	if os.IsNotExist(err) {
		t.Skip("the payloads of other systems are not beside this repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		columns := strings.Split(line, "\t")
		file, kind := columns[0], columns[2]
		seen[file] = true
		if kind == "actor" {
			doc := readDocument(t, filepath.Join(fixturesDir, file))
			s.shapes[doc.text("id")] = doc
		}
	}
	for file := range expectations {
		if !seen[file] {
			t.Errorf("the table names %s, which is not in the index", file)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		columns := strings.Split(line, "\t")
		file, kind := columns[0], columns[2]
		if slices.Contains([]string{"webfinger", "nodeinfo", "collection"}, kind) {
			continue // read by tests of vocab; they are never delivered
		}
		t.Run(strings.TrimSuffix(file, ".json"), func(t *testing.T) {
			s.play(t, kind, readDocument(t, filepath.Join(fixturesDir, file)), expectations[file])
		})
	}
}

// TestPayloads does the same with payloads of our own, one Create in the shape
// of each system.
func TestPayloads(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(payloadsDir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no payloads: %v", err)
	}
	s := newStage(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if _, known := payloads[name]; !known {
			t.Errorf("%s is not in the table", file)
		}
		t.Run(name, func(t *testing.T) {
			s.play(t, "create", readDocument(t, file), payloads[name])
		})
	}
	if len(files) != len(payloads) {
		t.Errorf("%d payloads, but %d in the table", len(files), len(payloads))
	}
}

// document is a JSON object as it was sent.
type document map[string]any

func readDocument(t *testing.T, path string) document {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var doc document
	if err := decoder.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

func (d document) text(key string) string {
	s, _ := d[key].(string)
	return s
}

// id is the id of a property: a string, an object, or the first of a list.
func (d document) id(key string) string { return idOf(d[key]) }

func idOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return cmp.Or(document(v).text("id"), document(v).text("href"))
	case document:
		return v.text("id")
	case []any:
		for _, item := range v {
			if id := idOf(item); id != "" {
				return id
			}
		}
	}
	return ""
}

// object is the embedded object, or nil.
func (d document) object() document {
	o, _ := d["object"].(map[string]any)
	return o
}

// innermost is the object in the innermost activity.
func (d document) innermost() document {
	for d.object() != nil {
		d = d.object()
	}
	return d
}

// with copies a document and sets properties of the copy; nil removes.
func (d document) with(changes map[string]any) document {
	all := document{}
	for _, from := range []map[string]any{d, changes} {
		for key, value := range from {
			if all[key] = value; value == nil {
				delete(all, key)
			}
		}
	}
	return all
}

// rewrite copies a value with every string outside of contexts replaced.
func rewrite(v any, do func(string) string) any {
	switch v := v.(type) {
	case string:
		return do(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = rewrite(v[i], do)
		}
		return list
	case document:
		return document(rewrite(map[string]any(v), do).(map[string]any))
	case map[string]any:
		all := map[string]any{}
		for key, value := range v {
			if key != "@context" {
				value = rewrite(value, do)
			}
			all[key] = value
		}
		return all
	}
	return v
}

// everyID calls do for each address of the given properties, at any depth.
func everyID(v any, keys []string, do func(key, uri, kind string)) {
	switch v := v.(type) {
	case document:
		everyID(map[string]any(v), keys, do)
	case map[string]any:
		for key, value := range v {
			if key == "@context" {
				continue
			}
			if slices.Contains(keys, key) {
				for _, one := range asList(value) {
					m, _ := one.(map[string]any)
					do(key, idOf(one), document(m).text("type"))
				}
			}
			everyID(value, keys, do)
		}
	case []any:
		for _, item := range v {
			everyID(item, keys, do)
		}
	}
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}
