package server_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// TestALinkGetsACard follows a link from the composer to the card on the page,
// whose picture comes from here.
func TestALinkGetsACard(t *testing.T) {
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
