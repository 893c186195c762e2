package vocab

import (
	"testing"
	"time"

	"seedling/store"
)

// What is no note says when, where, how long, and what it is about.
func TestFacts(t *testing.T) {
	noon := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		doc  string
		want store.Facts
	}{
		"a note":                   {`{"type":"Note","content":"x"}`, store.Facts{}},
		"a question's end":         {`{"type":"Question","oneOf":[{"type":"Note","name":"a"}],"endTime":"2026-02-01T12:00:00Z"}`, store.Facts{}},
		"an event":                 {`{"type":"Event","name":"x","startTime":"2026-02-01T12:00:00Z","location":"The mill","ical:status":"CANCELLED"}`, store.Facts{Start: noon, Place: "The mill", Cancelled: true}},
		"ISO 8601":                 {`{"type":"Video","name":"x","duration":"PT1M3S"}`, store.Facts{Duration: 63 * time.Second}},
		"seconds":                  {`{"type":"Audio","name":"x","duration":63}`, store.Facts{Duration: 63 * time.Second}},
		"a duration without sense": {`{"type":"Audio","name":"x","duration":-4}`, store.Facts{}},
		"credits":                  {`{"type":"Audio","name":"x","track":{"artist_credit":[{"artist":{"name":"A"}},{"credit":"B of B","artist":{"name":"B"}}]}}`, store.Facts{Artist: "A, B of B"}},
		"the album's artist":       {`{"type":"Audio","name":"x","track":{"album":{"name":"L","artists":[{"name":"A"}]}}}`, store.Facts{Artist: "A", Album: "L"}},
		"a track that is a link":   {`{"type":"Audio","name":"x","track":"https://a.example/t"}`, store.Facts{}},
		"an odd rating":            {`{"type":"Review","name":"x","inReplyToBook":"https://a.example/b","rating":4.26}`, store.Facts{Type: "Review", BookURL: "https://a.example/b", Rating: 4.5}},
		"too good a rating":        {`{"type":"Review","name":"x","inReplyToBook":"https://a.example/b","rating":1e9}`, store.Facts{Type: "Review", BookURL: "https://a.example/b"}},
		"a rating of no book":      {`{"type":"Note","content":"x","rating":4}`, store.Facts{}},
		"pages":                    {`{"type":"Comment","content":"x","inReplyToBook":"https://a.example/b","progress":25,"progressMode":"PG"}`, store.Facts{Type: "Comment", BookURL: "https://a.example/b", Page: 25}},
		"a type that is no word":   {`{"type":"https://a.example/ns#Thing","name":"x"}`, store.Facts{}},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Parse([]byte(`{"id":"https://a.example/1","attributedTo":"https://a.example/u",` + c.doc[1:]))
			if err != nil {
				t.Fatal(err)
			}
			o, err := v.Object()
			if err != nil {
				t.Fatal(err)
			}
			p, err := o.Post("")
			if err != nil {
				t.Fatal(err)
			}
			if p.Facts != c.want {
				t.Errorf("got %+v, want %+v", p.Facts, c.want)
			}
		})
	}
}

// The community of a post is its audience, or the channel beside the author.
func TestGroupOfAPost(t *testing.T) {
	for doc, want := range map[string]string{
		`{"audience":"https://a.example/c/main"}`:                                                                           "https://a.example/c/main",
		`{"audience":["https://www.w3.org/ns/activitystreams#Public","https://a.example/c/main"]}`:                          "https://a.example/c/main",
		`{"audience":"https://www.w3.org/ns/activitystreams#Public"}`:                                                       "",
		`{"audience":"https://a.example/u/followers"}`:                                                                      "",
		`{"attributedTo":[{"type":"Group","id":"https://a.example/channel"},{"type":"Person","id":"https://a.example/u"}]}`: "https://a.example/channel",
		`{"attributedTo":{"type":"Group","id":"https://a.example/channel"}}`:                                                "",
		`{"attributedTo":"https://a.example/u"}`:                                                                            "",
	} {
		v, err := Parse([]byte(`{"id":"https://a.example/1","type":"Note","content":"x",` + doc[1:]))
		if err != nil {
			t.Fatal(err)
		}
		o, err := v.Object()
		if err != nil {
			t.Fatal(err)
		}
		if got := o.group(); got != want {
			t.Errorf("%s: community %q, want %q", doc, got, want)
		}
	}
}
