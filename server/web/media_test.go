package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// picturePNG is a small picture with a secret in its metadata.
func picturePNG(t *testing.T, c color.Color) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 30, 20))
	for i := range 600 {
		m.Set(i%30, i/30, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	p := b.Bytes()
	return append(append(bytes.Clone(p[:33]), "\x00\x00\x00\x0ctEXtGPS\x0052.1NGPS\x8a\x8a\x8a\x8a"...), p[33:]...)
}

type sentFile struct {
	field, name string
	body        []byte
}

// send sends the form that posts to action with files, and with the named fields changed.
func (s *screen) send(action string, files []sentFile, changes ...string) *screen {
	s.p.t.Helper()
	v := s.fields(action)
	for i := 0; i+1 < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return s.p.postFiles(action, v, files)
}

func (p *person) postFiles(path string, v url.Values, files []sentFile) *screen {
	p.t.Helper()
	var b strings.Builder
	form := multipart.NewWriter(&b)
	form.WriteField("csrf", v.Get("csrf"))
	v.Del("csrf")
	for name, values := range v {
		for _, value := range values {
			form.WriteField(name, value)
		}
	}
	for _, f := range files {
		w, err := form.CreateFormFile(f.field, f.name)
		if err == nil {
			_, err = w.Write(f.body)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	form.Close()
	return p.do("POST", path, form.FormDataContentType(), b.String())
}

// pictures are the addresses of what a page shows under /media/.
func (s *screen) pictures() (list []string) {
	for n := range s.doc.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "a") {
			if src := attr(n, "src") + attr(n, "href"); strings.HasPrefix(src, "/media/") {
				list = append(list, src)
			}
		}
	}
	return list
}

// TestPostingPictures goes the way of somebody without scripts: two files with
// the text, one of them wrong; the reminder; descriptions; the post.
func TestPostingPictures(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/compose").wants(200, "Pictures, sound and video")
	page = page.send("/posts", []sentFile{{"media", "red.svg", picturePNG(t, color.RGBA{255, 0, 0, 255})}, {"media", "evil.png", []byte("<svg onload=alert(1)>")},
		{"media", "blue.png", picturePNG(t, color.RGBA{0, 0, 255, 255})}}, "text", "Two colours", "action", "post")
	page.wants(422, "evil.png is of no type that is accepted", "Two colours")
	if got := page.fields("/posts")["media_id"]; len(got) != 2 {
		t.Fatalf("form keeps %v, want two files", got)
	}
	page = page.submit("/posts", "action", "post").wants(422, "A picture has no description", "Post without")
	ids := page.fields("/posts")["media_id"]
	page = page.submit("/posts", "action", "up-media-"+ids[1], "alt-"+ids[0], "red").wants(200)
	if got := page.fields("/posts"); got["media_id"][0] != ids[1] || got.Get("alt-"+ids[0]) != "red" {
		t.Errorf("after moving the second file up: %v", got)
	}
	page.submit("/posts", "action", "post", "alt-"+ids[1], "blue", "focus-"+ids[1], "0.8,0").wants(303)
	home := p.get("/home").wants(200, "Two colours", "ALT", "blue")
	p.get("/settings/posting").wants(200, "On 1 of your 1 posts with pictures")
	if !strings.Contains(home.body, `class="fx9 fy5"`) {
		t.Error("the focal point is not on the page")
	}
	for _, path := range home.pictures() {
		file := p.get(path).wants(200)
		for header, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'; sandbox"} {
			if got := file.header.Get(header); got != want {
				t.Errorf("%s of a picture: got %q, want %q", header, got, want)
			}
		}
		if strings.Contains(file.body, "GPS") {
			t.Error("the picture tells where it was taken")
		}
	}
	if n := len(home.pictures()); n != 4 {
		t.Errorf("page names %d files, want two links and two pictures", n)
	}
}

func TestFilesNeedAToken(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	if got := p.postFiles("/posts", url.Values{"csrf": {"wrong"}}, []sentFile{{"media", "a.png", picturePNG(t, color.Black)}}).status; got != 403 {
		t.Errorf("got %d, want 403", got)
	}
}

func TestAvatarAndBanner(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/settings/profile")
	page.send("/settings/profile", []sentFile{{"avatar", "me.png", picturePNG(t, color.White)}, {"header", "x.png", []byte("no picture")}}).
		wants(422, "x.png is of no type that is accepted")
	p.get("/settings/profile").send("/settings/profile", []sentFile{{"header", "wide.png", picturePNG(t, color.Black)}}, "avatar_alt", "A hat").wants(303)
	u, err := s.db.UserByName(t.Context(), "olga")
	if err != nil || u.Account.AvatarURL == "" || u.Account.HeaderURL == "" || u.Account.Pictures.AvatarAlt != "A hat" {
		t.Fatalf("account: %+v, %v", u.Account, err)
	}
	if got := len(p.get("/@olga").wants(200).pictures()); got < 2 {
		t.Errorf("profile shows %d pictures of its own", got)
	}
	p.get("/settings/profile").send("/settings/profile", nil, "avatar_remove", "1").wants(303)
	if u, err = s.db.UserByName(t.Context(), "olga"); err != nil || u.Account.AvatarURL != "" {
		t.Errorf("after removing: %+v, %v", u.Account.AvatarURL, err)
	}
}

// TestAFileIsReplacedAndGetsAPicture keeps the description of a file that gives
// way to another, and gives a sound a picture.
func TestAFileIsReplacedAndGetsAPicture(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	wav := []byte("RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x08\x00\x00\x00\x80\x90\x80\x70\x80\x90\x80\x70")
	page := p.get("/compose").send("/posts", []sentFile{{"media", "a.png", picturePNG(t, color.Black)}, {"media", "b.wav", wav}}, "text", "x", "action", "add-media").wants(200)
	ids := page.fields("/posts")["media_id"]
	if len(ids) != 2 {
		t.Fatalf("the form has %v", ids)
	}
	page = page.send("/posts", []sentFile{{"replace-" + ids[0], "c.png", picturePNG(t, color.White)}, {"still-" + ids[1], "d.png", picturePNG(t, color.RGBA{9, 200, 9, 255})}},
		"alt-"+ids[0], "A square", "focus-"+ids[0], "0.8,0", "action", "add-media").wants(200)
	now := page.fields("/posts")
	if got := now["media_id"]; len(got) != 2 || got[0] == ids[0] || got[1] != ids[1] || now.Get("alt-"+got[0]) != "A square" || now.Get("focus-"+got[0]) != "0.8,0" {
		t.Errorf("after replacing the first: %v", now)
	}
	olga, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	list, err := s.db.Media(t.Context(), olga.Account.ID, positive(ids[1]))
	if err != nil || len(list) != 1 || list[0].Small.IsZero() {
		t.Errorf("the sound has no picture: %v, %v", list, err)
	}
	page.send("/posts", []sentFile{{"replace-" + ids[1], "e.png", []byte("<svg>")}}, "action", "add-media").wants(422, "e.png is of no type that is accepted")
	other := s.member("mira")
	other.get("/compose").send("/posts", []sentFile{{"still-" + ids[1], "d.png", picturePNG(t, color.White)}}, "text", "x", "action", "add-media").wants(422)
}
