package vocab

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse parses anything and reads it as everything. What Parse accepts must
// be JSON to encoding/json too, and no reader may panic or exceed a limit.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"type":["a",{"@value":"Note"}],"id":{"id":{"href":"https://a.example"}},"url":[{"tag":{"url":[{}]}}],"icon":[[1]],"@context":[{"@language":[]}]}`))
	f.Add([]byte(`{"a":"\ud83e\udd8a","\u0062":[1e5,-0.1,true,null,[]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := Parse(body)
		if err != nil {
			return
		}
		var m map[string]any
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		for key, value := range m {
			if s, ok := value.(string); ok && v.Text(key) != s {
				t.Fatalf("%q: got %q, want %q", key, v.Text(key), s)
			}
		}
		readAll(t, v, 3)
	})
}

// readAll reads v, and what it holds, as everything it might be.
func readAll(t *testing.T, v *Value, depth int) {
	if a, err := v.Actor(); err == nil {
		checkURIs(t, a.ID, a.Inbox, a.URL, a.IconURL, a.PublicKeyID, a.MovedTo)
	}
	if o, err := v.Object(); err == nil {
		o.Visibility("https://a.example/followers")
		checkURIs(t, o.ID, o.URL, o.QuoteURI, o.Media().Href, o.Author().ID)
		if !utf8.ValidString(o.Title() + o.ContentWarning() + o.Content) {
			t.Fatal("a text is not UTF-8")
		}
		for _, a := range o.Attachments {
			checkURIs(t, a.URL)
		}
	}
	if c, err := v.Collection(); err == nil && len(c.Items) > MaxItems {
		t.Fatal("too many items")
	}
	_, _ = v.PublicKey("")
	if a, err := v.Activity(); err == nil {
		for _, r := range a.Objects {
			if r.Embedded != nil && depth > 0 {
				readAll(t, r.Embedded, depth-1)
			}
		}
		if _, err := Accept(Envelope{ID: almaID, Actor: almaID}, a.Raw); err != nil {
			t.Fatalf("what was read cannot be sent back: %v", err)
		}
	}
}

func checkURIs(t *testing.T, uris ...string) {
	for _, uri := range uris {
		if uri != "" && (!strings.HasPrefix(uri, "http") || len(uri) > MaxURIBytes || cleanURI(uri) != uri) {
			t.Fatalf("%q is not a clean URI", uri)
		}
	}
}

func FuzzWebFinger(f *testing.F) {
	f.Add([]byte(`{"subject":"acct:a@a.example","aliases":["https://a.example/@a"],"links":[{"rel":"self","type":"application/activity+json","href":"https://a.example/1"}]}`))
	f.Add([]byte(`{"subject":"a","links":[{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://a.example/?{uri}"},{"properties":null}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		w, err := ReadWebFinger(body)
		if err != nil {
			return
		}
		w.Handle()
		checkURIs(t, w.Self, w.ProfilePage)
		if w.Subscribe != "" && !strings.Contains(w.Subscribe, "{uri}") {
			t.Fatalf("%q has no placeholder", w.Subscribe)
		}
	})
}

func FuzzNodeInfo(f *testing.F) {
	f.Add([]byte(`{"version":"2.1","software":{"name":"A","version":"1"},"usage":{"users":{"total":1}},"metadata":{"nodeName":"x"}}`))
	f.Add([]byte(`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://a.example/2.0"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if href, err := ReadNodeInfoLinks(body); err == nil {
			checkURIs(t, href)
		}
		if n, err := ReadNodeInfo(body); err == nil && (n.Users < -1 || n.Software != strings.ToLower(n.Software)) {
			t.Fatalf("got %+v", n)
		}
	})
}
