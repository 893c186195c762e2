package server_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/store"
)

// attach posts through the composer with a file.
func (b *browser) attach(text, name string, file []byte, alt string) {
	b.t.Helper()
	b.open("/compose")
	form := find(b.page.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == "/posts" })
	values := formValues(form)
	values.Set("text", text)
	values.Set("action", "add-media")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("csrf", values.Get("csrf"))
	values.Del("csrf")
	values.Del("media")
	for field, list := range values {
		for _, v := range list {
			w.WriteField(field, v)
		}
	}
	part, err := w.CreateFormFile("media", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	w.Close()
	r, err := http.NewRequest(http.MethodPost, b.base+"/posts", &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", b.base)
	b.do(r)
	field := find(b.page.doc, func(n *html.Node) bool { return strings.HasPrefix(attr(n, "name"), "alt-") })
	if field == nil {
		b.t.Fatalf("the file is not in the composer: %.500s", b.page.text)
	}
	b.submit("/posts", map[string]string{"action": "post", attr(field, "name"): alt})
}

// fetchFile gets a file of a page, in the range given or whole.
func (b *browser) fetchFile(path, byteRange string) (*http.Response, []byte) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if byteRange != "" {
		r.Header.Set("Range", byteRange)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, body
}

// TestAPictureReachesTheOtherServer follows a photo from the composer of one
// server to the page of another, which serves its own copy.
func TestAPictureReachesTheOtherServer(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob := here.member("alice"), there.member("bob")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")

	m := image.NewRGBA(image.Rect(0, 0, 1000, 800))
	for i := range 800_000 {
		m.Set(i%1000, i/1000, color.RGBA{uint8(i), uint8(i / 7), uint8(i / 1000), 255})
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, m, nil); err != nil {
		t.Fatal(err)
	}
	bob.attach("the boat", "boat.jpg", photo.Bytes(), "A boat under two lamps")
	seen := alice.sees("/home", "the boat")
	img := find(seen.doc, func(n *html.Node) bool { return n.Data == "img" && attr(n, "alt") == "A boat under two lamps" })
	if img == nil {
		t.Fatalf("the picture is not on the page: %.600s", seen.text)
	}
	path := attr(img, "src")
	if !strings.HasPrefix(path, "/remote/attachment/") {
		t.Fatalf("the picture is at %s, want a copy here", path)
	}
	resp, small := alice.fetchFile(path, "")
	if c, err := jpeg.DecodeConfig(bytes.NewReader(small)); err != nil || c.Width != 640 || resp.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("small variant: %d %+v, %v, %q", resp.StatusCode, c, err, resp.Header.Get("Content-Type"))
	}
	full := strings.TrimSuffix(path, "?small=1")
	if resp, part := alice.fetchFile(full, "bytes=2-9"); resp.StatusCode != http.StatusPartialContent || !bytes.Equal(part, photo.Bytes()[2:10]) {
		t.Errorf("a range: %d, %x", resp.StatusCode, part)
	}
	if resp, _ := alice.fetchFile(full[:len(full)-3]+"AAA", ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a guessed address answers %d", resp.StatusCode)
	}

	id := bob.ownPost("the boat")
	bob.open("/posts/" + id + "/delete")
	bob.submit("/posts/"+id+"/delete", nil)
	alice.seesNot("/home", "the boat")
	if resp, _ := alice.fetchFile(full, ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the picture of a deleted post answers %d", resp.StatusCode)
	}
}

// TestAnUploadThatStopsHalfwayLeavesNothing breaks the connection in the middle
// of a file.
func TestAnUploadThatStopsHalfwayLeavesNothing(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here := start(t, network, "here.example")
	browser := here.member("bob")
	bob := here.signIn(browser, "write")
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 400, 300)), nil); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, photo.Len() / 2, photo.Len()} { // the last lacks but the end of the form
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreateFormFile("file", "boat.jpg")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(photo.Bytes()[:size])
		r, err := http.NewRequest(http.MethodPost, browser.base+"/api/v2/media", io.MultiReader(&form, lost{}))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Header.Set("Authorization", "Bearer "+bob.token)
		if resp, err := browser.client.Do(r); err == nil {
			resp.Body.Close()
			t.Errorf("after %d bytes the answer is %d, want none", size, resp.StatusCode)
		}
	}
	check, err := here.db.VerifyMedia(t.Context(), true, func(f store.MediaFinding) { t.Errorf("finding %+v", f) })
	if err != nil || check.Files != 0 {
		t.Errorf("%d files are kept, %v", check.Files, err)
	}
}

// lost is the end of a connection that broke.
type lost struct{}

func (lost) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
