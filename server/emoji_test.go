package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/store"
)

// addEmoji gives a server a custom emoji, a square of one colour.
func (in *instance) addEmoji(name string, c color.Color) {
	in.t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 24, 24))
	for i := range 24 * 24 {
		picture.Set(i%24, i/24, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		in.t.Fatal(err)
	}
	if _, err := in.db.AddEmoji(context.Background(), store.EmojiInfo{Name: name, Category: "Garden"}, &b); err != nil {
		in.t.Fatalf("add emoji %s: %v", name, err)
	}
}

// emoji lists the pictures that a page shows for a shortcode.
func (p *page) emoji(code string) (sources []string) {
	find(p.doc, func(n *html.Node) bool {
		if n.Data == "img" && attr(n, "class") == "emoji" && (attr(n, "title") == code || attr(n, "alt") == code) {
			sources = append(sources, attr(n, "src"))
		}
		return false
	})
	return sources
}

// seesEmoji waits until a page shows at least n pictures for a shortcode, and
// looks at them: each must be a picture of this server.
func (b *browser) seesEmoji(path, code string, n int) *page {
	b.t.Helper()
	p := b.waitFor(path, "show "+code+" as a picture", func(p *page) bool { return len(p.emoji(code)) >= n })
	for _, src := range p.emoji(code) {
		if !strings.HasPrefix(src, "/") {
			b.t.Fatalf("%s shows %s from %s, want this server", path, code, src)
		}
		resp, err := b.client.Get(b.base + src)
		if err != nil {
			b.t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if _, err := png.Decode(bytes.NewReader(body)); resp.StatusCode != http.StatusOK || err != nil {
			b.t.Fatalf("%s: got %d, %v, want a picture", src, resp.StatusCode, err)
		}
	}
	return p
}

// TestCustomEmojiBetweenServers walks an emoji of one server through a name, a
// post, a warning and a reaction to the pages of another, which has one of the
// same shortcode.
func TestCustomEmojiBetweenServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "a.example"), start(t, network, "b.example")
	here.addEmoji("seed", color.RGBA{0, 255, 0, 255})
	there.addEmoji("seed", color.RGBA{255, 0, 0, 255})
	alice, bob := here.member("alice"), there.member("bob")

	alice.open("/settings/profile")
	alice.submit("/settings/profile", map[string]string{"display_name": "Alice :seed:"})
	bob.open("/search?q=@alice@a.example")
	bob.seesEmoji("/@alice@a.example", ":seed:", 1)
	bob.press("/@alice@a.example/follow")
	alice.sees("/notifications", "bob")

	t.Log("a post, not its code, and a warning")
	alice.open("/compose")
	alice.submit("/posts", map[string]string{"text": "look :seed: but not at `:seed:` today", "cw": "green :seed:", "format": "markdown", "visibility": "public"})
	own := alice.seesEmoji("/home", ":seed:", 3) // name, warning, text
	p := bob.seesEmoji("/home", ":seed:", 3)
	if got, want := len(p.emoji(":seed:")), len(own.emoji(":seed:")); got != want {
		t.Errorf("bob sees %d pictures, alice %d", got, want)
	}
	for _, src := range p.emoji(":seed:") {
		if !strings.HasPrefix(src, "/remote/emoji/") {
			t.Errorf("alice's emoji is %s at bob's, want that of her server", src)
		}
	}

	t.Log("a reaction, and joining in")
	bob.open("/home")
	id := bob.page.postID("look")
	bob.open("/posts/" + id + "/react")
	bob.pressEmoji(":seed:")
	bob.seesChip("/@alice@a.example/"+id, ":seed:", "1*")
	thread := "/@alice/" + alice.ownPost("look")
	alice.waitFor(thread, "show bob's emoji", func(p *page) bool { return p.counts(":seed@b.example:") == "1" })
	alice.pressEmoji(":seed@b.example:")
	alice.seesChip(thread, ":seed@b.example:", "2*")
	alice.seesEmoji(thread+"/reactions", ":seed:", 1)

	t.Log("what is published")
	doc := fetchJSON(t, alice, "/ap/emoji/seed")
	if doc["type"] != "Emoji" || doc["name"] != ":seed:" || doc["updated"] == nil {
		t.Errorf("got %v, want the document of :seed:", doc)
	}

	t.Log("disabled, it is its name again")
	e, err := here.db.OwnEmoji(context.Background(), "seed")
	if err != nil {
		t.Fatal(err)
	}
	if err := here.db.EnableEmoji(context.Background(), e.ID, false); err != nil {
		t.Fatal(err)
	}
	if p := alice.open("/home"); len(p.emoji(":seed:")) > 0 {
		t.Error("a disabled emoji is shown as a picture")
	}
}

func fetchJSON(t *testing.T, b *browser, path string) (doc map[string]any) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/activity+json")
	resp, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		t.Fatalf("%s: got %d, %v", path, resp.StatusCode, err)
	}
	return doc
}
