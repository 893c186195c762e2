package vocab

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestShapesOfOneText(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                                   "",
		`{"name":null}`:                        "",
		`{"name":""}`:                          "",
		`{"name":[]}`:                          "",
		`{"name":7}`:                           "",
		`{"name":{}}`:                          "",
		`{"name":"a"}`:                         "a",
		`{"name":["a","b"]}`:                   "a",
		`{"name":[null,"","b"]}`:               "b",
		`{"name":{"@value":"a"}}`:              "a",
		`{"as:name":"a"}`:                      "a",
		`{"as:name":"a","name":"b"}`:           "b",
		`{"vcard:name":"a"}`:                   "",
		`{"n\u0061me":"a"}`:                    "a",
		`{"@graph":[{"name":"a"}]}`:            "",
		`{"@context":{"n":"as:name"},"n":"a"}`: "",
	} {
		if got := mustParse(t, []byte(in)).Text("name"); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestCleanURI(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x":                 "https://a.example/x",
		" https://a.example ":                 "https://a.example",
		"HTTPS://A.Example/X?Y#Z":             "https://a.example/X?Y#Z",
		"http://a.example:8080/":              "http://a.example:8080/",
		"https://[2001:db8::1]/a":             "https://[2001:db8::1]/a",
		"https://a.example/ü":                 "https://a.example/ü",
		"https://a.example/@b@c":              "https://a.example/@b@c",
		"https://bücher.example/":             "https://bücher.example/",
		"":                                    "",
		"a.example":                           "",
		"//a.example/":                        "",
		"https:///x":                          "",
		"https://:80/x":                       "",
		"ftp://a.example/":                    "",
		"javascript://a.example/%0aalert(1)":  "",
		"did:key:z6Mk":                        "",
		"acct:a@a.example":                    "",
		"https://a.example@evil.example/":     "",
		"https://a.example\\@evil.example/":   "",
		"https://a.example/ x":                "",
		"https://a.example/\x01":              "",
		"https://a.example/\"onload":          "",
		"https://a.example/" + longPath(2031): "",
	} {
		if got := cleanURI(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if in := "https://a.example/" + longPath(2030); cleanURI(in) != in {
		t.Error("a URI of the greatest length was refused")
	}
}

func longPath(n int) string { return strings.Repeat("x", n) }

func TestPublicHasThreeSpellings(t *testing.T) {
	for _, spelling := range []string{Public, "as:Public", "Public"} {
		o := object(t, `"to":"`+spelling+`"`)
		if got := o.Visibility(""); got != VisibilityPublic {
			t.Errorf("to %s: got %s, want public", spelling, got)
		}
	}
}

// object reads a Note with the given properties.
func object(t *testing.T, properties string) *Object {
	t.Helper()
	in := `{"id":"https://a.example/1","type":"Note",` + properties + `}`
	if strings.HasPrefix(properties, `"type"`) {
		in = `{"id":"https://a.example/1",` + properties + `}`
	}
	o, err := mustParse(t, []byte(in)).Object()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestVisibility(t *testing.T) {
	const followers = "https://a.example/followers"
	tests := []struct {
		properties string
		want       Visibility
	}{
		{`"to":["as:Public"],"cc":["` + followers + `"]`, VisibilityPublic},
		{`"to":["` + followers + `"],"cc":["as:Public"]`, VisibilityUnlisted},
		{`"to":["` + followers + `"]`, VisibilityFollowers},
		{`"cc":["https://b.example/1","` + followers + `"]`, VisibilityFollowers},
		{`"to":["https://A.example/followers"]`, VisibilityFollowers},
		{`"to":["https://b.example/followers"]`, VisibilityDirect},
		{`"to":["https://a.example/#Public"]`, VisibilityDirect}, // Akkoma: this server only
		{`"audience":"as:Public"`, VisibilityDirect},
		{`"to":"https://b.example/1"`, VisibilityDirect},
		{`"to":[]`, VisibilityDirect},
	}
	for _, tt := range tests {
		if got := object(t, tt.properties).Visibility(followers); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.properties, got, tt.want)
		}
	}
	if got := object(t, `"to":""`).Visibility(""); got != VisibilityDirect {
		t.Errorf("unknown followers: got %s, want direct", got)
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct {
		properties, content, language string
	}{
		{`"content":"a"`, "a", ""},
		{`"content":"a","contentMap":{"de":"a"}`, "a", "de"},
		{`"content":"a","contentMap":{"en":"b","de":"a"}`, "a", "de"},
		{`"content":"a","contentMap":{"en":"b","de":"c"}`, "a", ""},
		{`"content":"a","contentMap":{"en":"b"}`, "a", "en"},
		{`"contentMap":{"en":"b"}`, "b", "en"},
		{`"content":null,"contentMap":{"und":"b"}`, "b", ""},
		{`"content":{"en":"b"}`, "b", "en"},
		{`"contentMap":{"<script>":"b"}`, "b", ""},
		{`"content":"a","language":{"identifier":"fr","name":"French"}`, "a", "fr"},
		{`"content":"a","language":"pt-BR"`, "a", "pt-BR"},
		{`"content":"a","@context":["x",{"@language":"nl"}]`, "a", "nl"},
		{`"content":"a","@context":["x",{"@language":"und"}]`, "a", ""},
	}
	for _, tt := range tests {
		o := object(t, tt.properties)
		if o.Content != tt.content || o.Language != tt.language {
			t.Errorf("%s: got %q in %q, want %q in %q", tt.properties, o.Content, o.Language, tt.content, tt.language)
		}
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 5, 1, 10, 20, 30, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"2026-05-01T10:20:30Z":             at,
		"2026-05-01T12:20:30+02:00":        at,
		"2026-05-01T12:20:30+0200":         at,
		"2026-05-01T10:20:30.123456+00:00": at.Add(123456 * time.Microsecond),
		"2026-05-01T10:20:30":              at,
		"2026-05-01 10:20:30Z":             at,
		"2026-05-01T10:20Z":                at.Add(-30 * time.Second),
		"2026-05-01":                       time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC),
		"0000-00-00":                       {},
		"0001-01-01T00:00:00Z":             {},
		"1969-12-31T23:59:59Z":             {},
		"2200-01-01T00:00:00Z":             {},
		"9999-12-31T23:59:59Z":             {},
		"yesterday":                        {},
		"":                                 {},
	} {
		if got := parseTime(in); !got.Equal(want) {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"PT113S": 113 * time.Second, "PT1H2M3.5S": time.Hour + 2*time.Minute + 3500*time.Millisecond,
		"P1D": 24 * time.Hour, "P1DT1S": 24*time.Hour + time.Second, "P0D": 0,
		"": 0, "P": 0, "PT": 0, "113": 0, "PT-1S": 0, "P-1D": 0, "PT99999999H": 0, "PTxS": 0,
	} {
		if got := parseDuration(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestTypes(t *testing.T) {
	for in, want := range map[string]string{
		`"Note"`:                              "Note",
		`"as:Note"`:                           "Note",
		`"` + asNamespace + `Note"`:           "Note",
		`["vcard:individual","Person"]`:       "Person",
		`["Person","vcard:individual"]`:       "Person",
		`"litepub:EmojiReact"`:                "EmojiReact",
		`"GeneratedNote"`:                     "GeneratedNote",
		`["bookwyrm:Work","Unknown"]`:         "bookwyrm:Work",
		`[]`:                                  "",
		`null`:                                "",
		`"` + strings.Repeat("x", 9999) + `"`: "",
	} {
		if got := mustParse(t, []byte(`{"type":`+in+`}`)).Type(); got != want {
			t.Errorf("%.40s: got %q, want %q", in, got, want)
		}
	}
}

func TestNumbersAndBooleans(t *testing.T) {
	v := mustParse(t, []byte(`{"a":3.9,"b":"12","c":1e300,"d":"x","e":"True","f":[true],"g":{"@value":"False"},"h":-2}`))
	for key, want := range map[string]int64{"a": 3, "b": 12, "h": -2} {
		if got, ok := v.Int(key); got != want || !ok {
			t.Errorf("%s: got %d, %v, want %d", key, got, ok, want)
		}
	}
	for _, key := range []string{"c", "d", "e", "missing"} {
		if got, ok := v.Int(key); ok {
			t.Errorf("%s: got %d, want none", key, got)
		}
	}
	for key, want := range map[string]bool{"a": false, "e": true, "f": true, "g": false, "missing": false} {
		if got := v.Bool(key); got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}

func TestRefs(t *testing.T) {
	v := mustParse(t, []byte(`{"object":["https://a.example/1",{"id":"https://a.example/2","type":"Note"},
		{"type":"Note"},null,"",7,{"type":"Link","href":"https://a.example/3"}]}`))
	var got []string
	for _, r := range v.Refs("object", 10) {
		got = append(got, r.Type+" "+r.ID)
	}
	want := []string{" https://a.example/1", "Note https://a.example/2", "Note ", "Link https://a.example/3"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := len(v.Refs("object", 2)); got != 2 {
		t.Errorf("limit 2: got %d", got)
	}
	if got := string(v.Refs("object", 10)[1].Embedded.Raw()); got != `{"id":"https://a.example/2","type":"Note"}` {
		t.Errorf("raw bytes: got %s", got)
	}
}

func TestClip(t *testing.T) {
	if got := clipRunes("größe", 3); got != "grö" {
		t.Errorf("runes: got %q", got)
	}
	if got := clipBytes("größe", 3); got != "gr" {
		t.Errorf("bytes: got %q", got)
	}
	if got := clipRunes("größe", 5) + clipBytes("größe", 7); got != "größegröße" {
		t.Errorf("short enough: got %q", got)
	}
}
