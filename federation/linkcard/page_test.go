package linkcard

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seedling/store"
)

func TestWhatPagesSayOfThemselves(t *testing.T) {
	base, _ := url.Parse("https://site.example/a/page")
	published := time.Date(2026, 3, 14, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		rule, contentType, in string
		want                  page
	}{
		{"Open Graph before all else", "text/html", `<html lang="de"><head><title>Plain</title><meta property="og:title" content="Tea &amp; cake"><meta name="twitter:title" content="T">
			<meta name="description" content="plain"><meta property="og:description" content="A cup"><meta property="og:site_name" content="Site"><meta property="og:image" content="/i.png">
			<meta property="og:image:width" content="640"><meta property="og:image:height" content="999999999"><meta property="og:image:alt" content="A cup"><meta property="article:published_time" content="2026-03-14T08:00:00Z">
			<meta name="fediverse:creator" content="@mira@here.example"><link rel="alternate" type="application/json+oembed" href="/o?u=1">`,
			page{card: store.Card{Kind: store.CardPage, Title: "Tea & cake", Description: "A cup", Site: "Site", Language: "de", ImageURL: "https://site.example/i.png", ImageWidth: 640, ImageAlt: "A cup", PublishedAt: published},
				creator: "@mira@here.example", embedURL: "https://site.example/o?u=1"}},
		{"Twitter cards, under property too", "text/html; charset=utf-8", `<meta property="twitter:title" content="T"><meta name="twitter:description" content="D"><meta name="twitter:image" content="//cdn.example/x.jpg">`,
			page{card: store.Card{Kind: store.CardPage, Title: "T", Description: "D", ImageURL: "https://cdn.example/x.jpg"}}},
		{"plain HTML", "text/html", `<title>Only &lt;this&gt;</title><meta name=description content=that><meta name=author content="Jo"><base href="https://cdn.example/x/"><link rel="alternate" type="application/json+oembed" href="o">`,
			page{card: store.Card{Kind: store.CardPage, Title: "Only <this>", Description: "that", AuthorName: "Jo"}, embedURL: "https://cdn.example/x/o"}},
		{"charset of the header", "text/html; charset=iso-8859-1", "<title>Caf\xe9</title>", page{card: store.Card{Kind: store.CardPage, Title: "Café"}}},
		{"charset of the document", "text/html", "<meta charset=shift_jis><title>\x93\xfa\x96{</title>", page{card: store.Card{Kind: store.CardPage, Title: "日本"}}},
		{"charset that is unknown", "text/html; charset=klingon", "<title>Tea</title>", page{card: store.Card{Kind: store.CardPage, Title: "Tea"}}},
		{"nothing of the body, nor script addresses", "text/html", `<head><meta property="og:image" content="javascript:alert(1)"><meta property="article:author" content="javascript:x"></head><body><meta property="og:title" content="no"><title>no</title>`,
			page{card: store.Card{Kind: store.CardPage}}},
		{"no HTML at all", "text/html", "\x00\xff\xfe<<<>>><title", page{card: store.Card{Kind: store.CardPage}}},
	} {
		got := parse([]byte(c.in), c.contentType, base)
		if d := cmp.Diff(&c.want, got, cmp.AllowUnexported(page{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, d)
		}
	}
}

func TestEmbedFillsWhatIsMissingAndGivesNoMarkup(t *testing.T) {
	p := &page{card: store.Card{Title: "Mine"}}
	p.addEmbed(parseEmbed([]byte(`{"type":"video","title":"Theirs","author_name":"Jo","author_url":"javascript:alert(1)","provider_name":"Tube",
		"thumbnail_url":"https://tube.example/t.jpg","html":"<script>alert(1)</script>","width":"640","url":7}`)))
	want := store.Card{Title: "Mine", AuthorName: "Jo", Site: "Tube", ImageURL: "https://tube.example/t.jpg"}
	if d := cmp.Diff(want, p.card); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{"", "null garbage", "[1]", `{"title":`} {
		if p.addEmbed(parseEmbed([]byte(bad))); p.card != want {
			t.Errorf("after %q: %+v", bad, p.card)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<title>x</title><meta property="og:image" content="/x">`), "text/html; charset=utf-16")
	f.Add([]byte(`<base href="//"><link rel=alternate type=application/json+oembed href="?">`), "")
	base, _ := url.Parse("https://site.example/a/page")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p := parse(body, contentType, base)
		p.addEmbed(parseEmbed(body))
		for _, a := range []string{p.card.ImageURL, p.embedURL, p.card.AuthorURL} {
			if a != "" && !strings.HasPrefix(a, "http://") && !strings.HasPrefix(a, "https://") {
				t.Errorf("%q is no web address", a)
			}
		}
	})
}
