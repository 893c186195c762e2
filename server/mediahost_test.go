package server_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"seedling/federation/fedtest"
	"seedling/server"
)

// TestFilesFromAHostOfTheirOwn: pages, apps and other servers are told the host
// of media, which answers with files alone; old addresses go on working.
func TestFilesFromAHostOfTheirOwn(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here := startWith(t, network, "here.example", func(c *server.Config) { c.MediaHost = "files.example" })
	network.Alias("files.example", "here.example")
	alice, client := here.member("alice"), network.Client()
	get := func(address string, headers ...string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 30))); err != nil {
		t.Fatal(err)
	}
	alice.attach("a grey square", "a.png", picture.Bytes(), "Grey")

	alice.sees("/@alice", "a grey square")
	resp, page := get("https://here.example/@alice")
	file := regexp.MustCompile(`https://files\.example/media/[0-9a-f]{64}\.png`).FindString(page)
	post := regexp.MustCompile(`/@alice/[0-9]+`).FindString(page)
	if file == "" || post == "" {
		t.Fatalf("the page names no file at the host of media: %.2000s", page)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "img-src 'self' https://files.example;") || !strings.Contains(csp, "media-src 'self' https://files.example;") {
		t.Errorf("the policy of the page: %s", csp)
	}
	if _, document := get("https://here.example"+post, "Accept", "application/activity+json"); !strings.Contains(document, file) {
		t.Errorf("other servers are told %s", document)
	}
	if _, answer := get("https://here.example/api/v1/timelines/public?local=true"); !strings.Contains(answer, file) {
		t.Errorf("apps are told %s", answer)
	}

	for _, address := range []string{file, strings.Replace(file, "files.example", "here.example", 1)} {
		if resp, body := get(address, "Cookie", "a=b"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "\x89PNG") || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, %d bytes, cookie %q", address, resp.StatusCode, len(body), resp.Header.Get("Set-Cookie"))
		}
	}
	for _, path := range []string{"/", "/@alice", post, "/login", "/api/v1/instance", "/.well-known/webfinger?resource=acct:alice@here.example", "/static/x", "/live"} {
		if resp, _ := get("https://files.example" + path); resp.StatusCode != http.StatusNotFound || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("files.example%s answers %d with cookie %q, want 404 and none", path, resp.StatusCode, resp.Header.Get("Set-Cookie"))
		}
	}
}
