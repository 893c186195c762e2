package server_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// TestALinkGetsACard follows a link from the composer to the card on the page,
// whose picture comes from here.
func TestALinkGetsACard(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 900, 600))); err != nil {
		t.Fatal(err)
	}
	go http.Serve(network.Listen("maps.example"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ridge":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte(`<title>x</title><meta property="og:title" content="The Ridge &lt;b&gt;Walk"><meta property="og:site_name" content="Slow maps">
				<meta property="og:description" content="Eleven quiet kilometres"><meta property="og:image" content="/ridge.png">`))
		case "/ridge.png":
			w.Write(picture.Bytes())
		default:
			http.NotFound(w, r)
		}
	}))
	here := start(t, network, "here.example")
	bob := here.member("bob")
	bob.write("look https://maps.example/ridge#top", "public")
	page := bob.sees("/home", "The Ridge <b>Walk")
	card := find(page.doc, func(n *html.Node) bool { return n.Data == "a" && strings.Contains(attr(n, "class"), "linkcard") })
	if card == nil || attr(card, "href") != "https://maps.example/ridge" || !strings.Contains(attr(card, "rel"), "noreferrer") {
		t.Fatalf("card: %v", card)
	}
	img := find(card, func(n *html.Node) bool { return n.Data == "img" })
	if img == nil {
		t.Fatal("the card has no picture")
	}
	if resp, body := bob.fetchFile(attr(img, "src"), ""); resp.StatusCode != http.StatusOK || len(body) == 0 || !strings.HasPrefix(attr(img, "src"), "/remote/card/") {
		t.Errorf("picture %s: %d", attr(img, "src"), resp.StatusCode)
	}

	bob.open("/settings/appearance")
	bob.submit("/settings/appearance", map[string]string{"link_cards": ""})
	if page := bob.open("/home"); strings.Contains(page.text, "The Ridge <b>Walk") {
		t.Error("the card is shown to a member who wants none")
	}
}

// TestCards holds the entity of a card against what its page said.
func TestCards(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	go http.Serve(network.Listen("maps.example"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<html lang="en"><title>Ridge</title><meta name="author" content="Jo"><meta property="og:image" content="/i.png"><meta property="og:image:alt" content="A ridge">`))
	}))
	here := start(t, network, "here.example")
	browser := here.member("bob")
	bob := here.signIn(browser, "read write")
	post := bob.ask("POST", "/api/v1/statuses", url.Values{"status": {"look https://maps.example/ridge"}}).wants(200)
	if post.at("card") != nil {
		t.Errorf("a card before its page was read: %s", post.body)
	}
	browser.sees("/home", "Ridge")
	at := "/api/v1/statuses/" + post.text("id")
	got := bob.ask("GET", at, nil).wants(200)
	for _, c := range []struct {
		field string
		want  any
	}{
		{"url", "https://maps.example/ridge"}, {"title", "Ridge"}, {"type", "link"}, {"language", "en"}, {"author_name", "Jo"},
		{"html", ""}, {"embed_url", ""}, {"image_description", "A ridge"}, {"description", ""}, {"blurhash", nil}, {"published_at", nil},
	} {
		if v := got.at("card", c.field); v != c.want {
			t.Errorf("card.%s is %v, want %v", c.field, v, c.want)
		}
	}
	if image := got.text("card", "image"); !strings.HasPrefix(image, "https://here.example/remote/card/") {
		t.Errorf("the picture is at %q, want it from here", image)
	}
	if got.text("card", "authors", 0, "name") != "Jo" {
		t.Errorf("authors: %s", got.body)
	}
	if old := bob.ask("GET", at+"/card", nil).wants(200); old.text("title") != "Ridge" {
		t.Errorf("the card alone: %s", old.body)
	}
}
