package relme_test

import (
	"slices"
	"strings"
	"testing"

	"seedling/federation/relme"
)

func TestLinksAreThoseThatSayMe(t *testing.T) {
	for name, c := range map[string]struct {
		page string
		want []string
	}{
		"an anchor":             {`<p><a href="https://a.example/@alice" rel="me">`, []string{"https://a.example/@alice"}},
		"a link in the head":    {`<head><link rel=me href=https://a.example/@alice></head>`, []string{"https://a.example/@alice"}},
		"among others":          {`<a rel="nofollow ME noopener" href='https://a.example/'>`, []string{"https://a.example/"}},
		"relative":              {`<a rel=me href="/@alice">`, []string{"https://b.example/@alice"}},
		"entities":              {`<a rel=me href="https://a.example/?a=1&amp;b=2">`, []string{"https://a.example/?a=1&b=2"}},
		"another rel":           {`<a rel="home" href="https://a.example/">`, nil},
		"part of a word":        {`<a rel="mentor" href="https://a.example/">`, nil},
		"without an address":    {`<a rel="me">`, nil},
		"in a comment":          {`<!-- <a rel="me" href="https://a.example/"> -->`, nil},
		"in a script":           {`<script>"<a rel=me href=https://a.example/>"</script>`, nil},
		"an address of no host": {`<a rel=me href="mailto:a@b.example">`, nil},
		"another element":       {`<area rel=me href="https://a.example/">`, nil},
		"no page":               {"", nil},
		"a very long address":   {`<a rel=me href="https://a.example/` + strings.Repeat("x", 3000) + `">`, nil},
	} {
		if got := relme.Links("https://b.example/blog/", []byte(c.page)); !slices.Equal(got, c.want) {
			t.Errorf("%s: Links(%q) = %q, want %q", name, c.page, got, c.want)
		}
	}
	if got := relme.Links("https://b.example/", []byte(strings.Repeat(`<a rel=me href=/x>`, 1000))); len(got) != 200 {
		t.Errorf("a page of 1,000 links: %d were read, want 200", len(got))
	}
}

func TestBackLeadsToTheProfile(t *testing.T) {
	profile := []string{"https://a.example/@alice", "https://a.example/ap/actors/1", ""}
	for link, want := range map[string]bool{
		"https://a.example/@alice": true, "https://A.example/@alice/": true, "https://a.example/@alice#x": true,
		"https://a.example/ap/actors/1": true, "https://a.example/@alice2": false, "http://a.example/@alice": false,
		"https://a.example.evil.example/@alice": false, "": false,
	} {
		if got := relme.Back([]string{link}, profile...); got != want {
			t.Errorf("Back(%q) = %v, want %v", link, got, want)
		}
	}
}

func FuzzLinks(f *testing.F) {
	f.Add(`<a rel="me" href="https://a.example/">`)
	f.Add(`<link rel=me href=//x`)
	f.Fuzz(func(t *testing.T, page string) {
		for _, link := range relme.Links("https://b.example/", []byte(page)) {
			if strings.ContainsAny(link, " \n\"<>") {
				t.Errorf("Links(%q) has %q", page, link)
			}
		}
	})
}
