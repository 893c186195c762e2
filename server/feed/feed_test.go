package feed_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"seedling/server/feed"
)

func sample() *feed.Feed {
	at := time.Date(2026, 3, 14, 12, 0, 0, 0, time.FixedZone("", 3600))
	return &feed.Feed{ID: "https://a.example/@alice", Title: "Alice & <co>", Self: "https://a.example/@alice.atom", Page: "https://a.example/@alice", About: "Moss", Icon: "https://a.example/1.png", Updated: at,
		Entries: []feed.Entry{{ID: "https://a.example/ap/posts/1", Title: "Hello\x01", Page: "https://a.example/@alice/1", Author: "Alice", AuthorPage: "https://a.example/@alice",
			HTML: `<p>a & b]]></p>`, Published: at, Updated: at.Add(time.Hour), Files: []feed.File{{URL: "https://a.example/m.png", Type: "image/png", Length: 7}, {URL: "https://a.example/m.ogg", Type: "audio/ogg"}}}}}
}

func TestBothFormsAreWellFormedAndWhole(t *testing.T) {
	f := sample()
	for name, c := range map[string]struct {
		write func() ([]byte, error)
		want  []string
	}{
		"atom": {f.Atom, []string{`<feed xmlns="http://www.w3.org/2005/Atom">`, `<updated>2026-03-14T12:00:00Z</updated>`, `rel="self"`, `rel="enclosure" type="image/png" href="https://a.example/m.png" length="7"`, `type="html">&lt;p&gt;a &amp; b]]&gt;&lt;/p&gt;`, `Alice &amp; &lt;co&gt;`}},
		"rss":  {f.RSS, []string{`<rss version="2.0"`, `<pubDate>Sat, 14 Mar 2026 11:00:00 +0000</pubDate>`, `isPermaLink="false">https://a.example/ap/posts/1<`, `<enclosure url="https://a.example/m.ogg" type="audio/ogg" length="0">`, `<atom:link rel="self"`}},
	} {
		body, err := c.write()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, want := range c.want {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s lacks %s: %s", name, want, body)
			}
		}
		d := xml.NewDecoder(strings.NewReader(string(body)))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s is not well-formed: %v", name, err)
			}
		}
	}
}
