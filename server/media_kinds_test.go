package server_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// secretDevice stands in the tags of the files in testdata/media that can have
// some, beside a place.
const secretDevice = "SecretDevice"

// TestEachKindOfFileReachesTheOtherServer follows a real file of each kind from
// the composer to the page of another server: it plays there, from there, and
// tells neither place nor device.
func TestEachKindOfFileReachesTheOtherServer(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob := here.member("alice"), there.member("bob")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")
	for name, kind := range map[string]struct{ element, mediaType, magic string }{
		"picture.jpg":  {"img", "image/jpeg", "\xff\xd8\xff"},
		"picture.png":  {"img", "image/png", "\x89PNG"},
		"picture.gif":  {"img", "image/gif", "GIF8"},
		"picture.webp": {"img", "image/webp", "RIFF"},
		"film.mp4":     {"video", "video/mp4", "\x00\x00\x00"},
		"film.mov":     {"video", "video/quicktime", "\x00\x00\x00"},
		"film.webm":    {"video", "video/webm", "\x1aE\xdf\xa3"},
		"sound.mp3":    {"audio", "audio/mpeg", ""},
		"sound.ogg":    {"audio", "audio/ogg", "OggS"},
		"sound.opus":   {"audio", "audio/ogg", "OggS"},
		"sound.flac":   {"audio", "audio/flac", "fLaC"},
		"sound.wav":    {"audio", "audio/wav", "RIFF"},
	} {
		t.Run(name, func(t *testing.T) {
			alice.t, bob.t = t, t
			file, err := os.ReadFile(filepath.Join("testdata", "media", name))
			if err != nil {
				t.Fatal(err)
			}
			text := "Listen or look: " + name
			bob.attach(text, name, file, "About "+name)
			id := bob.ownPost(text)
			alice.sees("/home", text)
			path := ""
			alice.waitFor("/home", "show the file", func(p *page) bool {
				path = fileOf(p, kind.element, "About "+name)
				return path != ""
			})
			if !strings.HasPrefix(path, "/remote/attachment/") {
				t.Fatalf("the file is at %s, want a copy of this server", path)
			}
			resp, body := alice.fetchFile(strings.TrimSuffix(path, "?small=1"), "")
			if got := resp.Header.Get("Content-Type"); got != kind.mediaType || !bytes.HasPrefix(body, []byte(kind.magic)) {
				t.Errorf("it comes as %q, beginning with %q", got, body[:min(8, len(body))])
			}
			for _, secret := range []string{secretDevice, "+52.52", "52.5200"} {
				if bytes.Contains(body, []byte(secret)) {
					t.Errorf("it still holds %q", secret)
				}
			}
			bob.open("/posts/" + id + "/delete")
			bob.submit("/posts/"+id+"/delete", nil)
		})
	}
}

// fileOf is the address of the picture, sound or video that is described so.
func fileOf(p *page, element, words string) string {
	n := find(p.doc, func(n *html.Node) bool {
		return n.Data == element && (attr(n, "alt") == words || attr(n, "aria-label") == words || attr(n, "title") == words)
	})
	if n == nil {
		return ""
	}
	if address := attr(n, "src"); address != "" {
		return address
	}
	if source := find(n, func(n *html.Node) bool { return n.Data == "source" }); source != nil {
		return attr(source, "src")
	}
	return ""
}
