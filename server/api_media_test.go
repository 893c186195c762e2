package server_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// upload sends a picture with fields beside it.
func (c *client) upload(method, path, name string, fields ...string) *answer {
	c.t.Helper()
	var body, picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 64, 48))); err != nil {
		c.t.Fatal(err)
	}
	parts := multipart.NewWriter(&body)
	file, err := parts.CreateFormFile(name, "x.png")
	if err != nil {
		c.t.Fatal(err)
	}
	file.Write(picture.Bytes())
	for i := 0; i+1 < len(fields); i += 2 {
		parts.WriteField(fields[i], fields[i+1])
	}
	parts.Close()
	return c.send(method, path, body.String(), "Content-Type", parts.FormDataContentType())
}

// TestPictures uploads, describes and posts a picture, and changes the avatar.
func TestPictures(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	c, other := in.signIn(in.member("mira"), "read write"), in.signIn(in.member("fay"), "read write")
	in.app().upload("POST", "/api/v2/media", "file").wants(401)
	c.upload("POST", "/api/v2/media", "nothing").wants(422)
	a := c.upload("POST", "/api/v2/media", "file", "description", "a square", "focus", "0.5,-0.25").wants(200)
	if a.text("type") != "image" || a.text("description") != "a square" || a.at("meta", "original", "width") != 64.0 || a.at("meta", "focus", "x") != 0.5 || a.text("blurhash") == "" {
		t.Errorf("uploaded: %s", a.body)
	}
	id := a.text("id")
	other.ask("GET", "/api/v1/media/"+id, nil).wants(404)
	other.ask("PUT", "/api/v1/media/"+id, url.Values{"description": {"x"}}).wants(404)
	other.ask("POST", "/api/v1/statuses", url.Values{"status": {"mine now"}, "media_ids[]": {id}}).wants(422)
	if a := c.ask("PUT", "/api/v1/media/"+id, url.Values{"description": {"a rectangle"}}).wants(200); a.text("description") != "a rectangle" || a.at("meta", "focus", "y") != -0.25 {
		t.Errorf("described: %s", a.body)
	}
	post := c.ask("POST", "/api/v1/statuses", url.Values{"media_ids[]": {id}}).wants(200)
	if post.text("media_attachments", 0, "id") != id || post.text("media_attachments", 0, "description") != "a rectangle" || !strings.HasPrefix(post.text("media_attachments", 0, "url"), "https://here.example/media/") {
		t.Errorf("posted: %s", post.body)
	}
	c.ask("DELETE", "/api/v1/media/"+id, nil).wants(422)
	c.ask("DELETE", "/api/v1/statuses/"+post.text("id"), nil).wants(200)
	again := c.ask("POST", "/api/v1/statuses", url.Values{"media_ids[]": {id}}).wants(200) // delete and re-draft
	if again.text("media_attachments", 0, "description") != "a rectangle" {
		t.Errorf("posted again: %s", again.body)
	}
	c.ask("DELETE", "/api/v1/statuses/"+again.text("id")+"?delete_media=true", nil).wants(200)
	c.ask("POST", "/api/v1/statuses", url.Values{"media_ids[]": {id}}).wants(422)
	loose := c.upload("POST", "/api/v2/media", "file").wants(200).text("id")
	c.ask("DELETE", "/api/v1/media/"+loose, nil).wants(200)
	c.ask("GET", "/api/v1/media/"+loose, nil).wants(404)

	before := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).text("avatar")
	after := c.upload("PATCH", "/api/v1/accounts/update_credentials", "avatar", "display_name", "Mira", "avatar_description", "me").wants(200)
	if after.text("avatar") == before || after.text("display_name") != "Mira" || after.text("avatar_description") != "me" {
		t.Errorf("with an avatar: %s", after.body)
	}
	if a := c.ask("DELETE", "/api/v1/profile/avatar", nil).wants(200); a.text("avatar") != before {
		t.Errorf("without: %s", a.body)
	}
	c.ask("DELETE", "/api/v1/profile/header", nil).wants(200)
}
