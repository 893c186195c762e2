package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/store"
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

// tinyWAV is a sound of eight samples.
var tinyWAV = []byte("RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x08\x00\x00\x00\x80\x90\x80\x70\x80\x90\x80\x70")

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
	page.submit("/posts", "action", "post", "alt-"+ids[1], "blue", "left-"+ids[1], "90", "right-"+ids[1], "20").wants(422, "give four numbers from 0 to 100").
		submit("/posts", "action", "post", "left-"+ids[1], "80", "right-"+ids[1], "100").wants(303)
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
	p.get("/settings/profile").send("/settings/profile", []sentFile{{"header", "wide.png", picturePNG(t, color.Black)}}, "avatar_alt", "A cap").wants(303)
	p.get("/settings/profile").send("/settings/profile", nil, "avatar_alt", "A hat", "header_alt", "A field").wants(303)
	u, err := s.db.UserByName(t.Context(), "olga")
	if err != nil || u.Account.AvatarURL == "" || u.Account.HeaderURL == "" || u.Account.Pictures.AvatarAlt != "A hat" || u.Account.Pictures.HeaderAlt != "A field" {
		t.Fatalf("account: %+v, %v", u.Account, err)
	}
	if got := len(p.get("/@olga").wants(200).pictures()); got < 2 {
		t.Errorf("profile shows %d pictures of its own", got)
	}
	p.get("/settings/profile").send("/settings/profile", nil, "avatar_remove", "1").wants(303)
	if u, err = s.db.UserByName(t.Context(), "olga"); err != nil || u.Account.AvatarURL != "" {
		t.Errorf("after removing: %+v, %v", u.Account.AvatarURL, err)
	}
	p.get("/settings/profile").send("/settings/profile", nil, "avatar_alt", "A scarf").wants(422, "There is no picture yet").holds(`value="A scarf"`)
	p.get("/welcome/1").send("/welcome/1", nil, "avatar_alt", "A scarf").wants(422, "There is no picture yet").holds(`value="A scarf"`)
}

// TestAFileIsReplacedAndGetsAPicture keeps the description of a file that gives
// way to another, and gives a sound a picture.
func TestAFileIsReplacedAndGetsAPicture(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/compose").send("/posts", []sentFile{{"media", "a.png", picturePNG(t, color.Black)}, {"media", "b.wav", tinyWAV}}, "text", "x", "action", "add-media").wants(200)
	ids := page.fields("/posts")["media_id"]
	if len(ids) != 2 {
		t.Fatalf("the form has %v", ids)
	}
	page = page.send("/posts", []sentFile{{"replace-" + ids[0], "c.png", picturePNG(t, color.White)}, {"still-" + ids[1], "d.png", picturePNG(t, color.RGBA{9, 200, 9, 255})}},
		"alt-"+ids[0], "A square", "left-"+ids[0], "80", "right-"+ids[0], "100", "action", "add-media").wants(200)
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

// TestAnEditChangesTheFilesOfAPost gives a sound on a post another picture and
// words, and replaces a picture, and loses nothing.
func TestAnEditChangesTheFilesOfAPost(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/compose").send("/posts", []sentFile{{"media", "a.png", picturePNG(t, color.Black)}, {"media", "b.wav", tinyWAV}}, "text", "A tone", "action", "add-media").wants(200)
	ids := page.fields("/posts")["media_id"]
	page.submit("/posts", "action", "post", "alt-"+ids[0], "Night", "alt-"+ids[1], "A hum").wants(303)
	olga, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	posts, err := s.db.ProfileTimeline(t.Context(), olga.Account.ID, store.ProfilePosts, store.AsMember(olga.Account.ID), store.Cursor{})
	s.must(err)
	before := posts.Posts[0]
	edit := "/posts/" + strconv.FormatInt(before.ID, 10) + "/edit"

	page = p.get(edit).wants(200)
	page = page.send(edit, []sentFile{{"replace-" + ids[0], "c.png", picturePNG(t, color.White)}, {"still-" + ids[1], "d.png", picturePNG(t, color.RGBA{9, 200, 9, 255})}}, "action", "add-media").wants(200)
	if v, err := s.db.PostVisibleTo(t.Context(), before.ID, store.Viewer{}); err != nil || v.Attachments[1].PreviewURL != "" {
		t.Errorf("before it is saved the post shows %+v, %v", v.Attachments[1], err)
	}
	page.submit(edit, "action", "post").wants(303)
	v, err := s.db.PostVisibleTo(t.Context(), before.ID, store.Viewer{})
	if err != nil || len(v.Attachments) != 2 {
		t.Fatalf("after the edit: %+v, %v", v, err)
	}
	if a := v.Attachments[0]; a.Description != "Night" || a.URL == before.Attachments[0].URL {
		t.Errorf("the picture: got %q at %s, want the same words for another file", a.Description, a.URL)
	}
	if a := v.Attachments[1]; a.Description != "A hum" || a.URL != before.Attachments[1].URL || a.PreviewURL == "" {
		t.Errorf("the sound: got %+v, want the same file with a picture", a)
	}
}

// TestFocus reads the four fields, which say more exactly than the classes of a
// card where the middle is.
func TestFocus(t *testing.T) {
	for _, c := range []struct {
		name, had string
		box       [4]string
		want      string
		wrong     bool
	}{
		{name: "untouched, exact", had: "0.123,-0.456", box: focusBox("0.123,-0.456"), want: "0.123,-0.456"},
		{name: "moved", had: "0,0", box: [4]string{"0", "0", "50", "50"}, want: "-0.5,0.5"},
		{name: "a corner", had: "0,0", box: [4]string{"100", "100", "100", "100"}, want: "1,-1"},
		{name: "emptied", had: "0.5,0.5", want: "0,0"},
		{name: "broken before", had: "7,x", box: focusBox("0,0"), want: "0,0"},
		{name: "right before left", had: "0,0", box: [4]string{"60", "0", "40", "10"}, want: "0,0", wrong: true},
		{name: "outside", had: "0,0", box: [4]string{"0", "0", "101", "10"}, want: "0,0", wrong: true},
		{name: "not a number", had: "0,0", box: [4]string{"NaN", "0", "10", "10"}, want: "0,0", wrong: true},
	} {
		r := &request{form: url.Values{"focus-1": {c.had}}}
		for i, f := range boxFields {
			r.form.Set(f+"1", c.box[i])
		}
		if got, ok := r.focus("1", "0.9,0.9"); got != c.want || ok == c.wrong {
			t.Errorf("%s: got %s, %v, want %s, %v", c.name, got, ok, c.want, !c.wrong)
		}
	}
	if got, ok := (&request{form: url.Values{}}).focus("1", "0.9,0.9"); got != "0.9,0.9" || !ok {
		t.Errorf("without fields: got %s, %v, want what was kept", got, ok)
	}
}

// TestAStaleEditKeepsTheWordsOfItsFiles changes the description of a picture in
// two tabs and nothing else: the second is not taken for the first sent twice.
func TestAStaleEditKeepsTheWordsOfItsFiles(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/compose").send("/posts", []sentFile{{"media", "a.png", picturePNG(t, color.Black)}}, "text", "A sky", "action", "add-media").wants(200)
	alt := "alt-" + page.fields("/posts").Get("media_id")
	page.submit("/posts", "action", "post", alt, "Night").wants(303)
	olga, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	posts, err := s.db.ProfileTimeline(t.Context(), olga.Account.ID, store.ProfilePosts, store.AsMember(olga.Account.ID), store.Cursor{})
	s.must(err)
	edit := "/posts/" + strconv.FormatInt(posts.Posts[0].ID, 10) + "/edit"

	first, second := p.get(edit), p.get(edit)
	s.pass(time.Minute)
	first.submit(edit, "action", "post", alt, "Night over a field", "cw", "Dark").wants(303)
	first.submit(edit, "action", "post", alt, "Night over a field", "cw", "Dark").wants(303) // a double click
	s.pass(time.Minute)
	stale := second.submit(edit, "action", "post", alt, "Night over a lake", "cw", "Dark").wants(409, "Night over a field", "Dark")
	if got := stale.fields(edit).Get(alt); got != "Night over a lake" {
		t.Errorf("the description of the second tab: got %q", got)
	}
	stale.submit(edit, "action", "post").wants(303)
	p.get(edit).wants(200, "Night over a lake")
}
