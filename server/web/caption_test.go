package web

import (
	"image/color"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/store"
	"seedling/store/storetest"
)

const spokenVTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nListen\n"

// tracks are the captions that a page offers.
func (s *screen) tracks() (list []*html.Node) {
	for n := range s.doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "track" {
			list = append(list, n)
		}
	}
	return list
}

// TestCaptionsOfASound goes from the composer to the page, and through an edit.
func TestCaptionsOfASound(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	page := p.get("/compose").send("/posts", []sentFile{{"media", "a.wav", tinyWAV}}, "text", "A sound", "action", "add-media").wants(200)
	id := page.fields("/posts")["media_id"][0]
	page = page.send("/posts", []sentFile{{"caption-" + id, "a.vtt", []byte("<script>")}}, "action", "add-media")
	page.wants(422, "a.vtt is of no type that is accepted")
	page = page.send("/posts", []sentFile{{"caption-" + id, "a.vtt", []byte(spokenVTT)}}, "action", "add-media", "captionlang-"+id, "de").wants(200, "Remove the captions in Deutsch")
	page.submit("/posts", "action", "post").wants(303)
	olga, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	posts, err := s.db.ProfileTimeline(t.Context(), olga.Account.ID, store.ProfilePosts, store.AsMember(olga.Account.ID), store.Cursor{})
	s.must(err)
	post := p.get(in("/@olga/%", posts.Posts[0].ID))
	tracks := post.tracks()
	if len(tracks) != 1 || attr(tracks[0], "srclang") != "de" || attr(tracks[0], "label") != "Deutsch" || tracks[0].Parent.Data != "video" || attr(tracks[0].Parent, "aria-label") != "Sound" {
		t.Fatalf("the page has tracks %v: %.900s", tracks, post.body)
	}
	file := s.person().get(attr(tracks[0], "src")).wants(200, "WEBVTT", "Listen")
	for name, want := range map[string]string{"Content-Type": "text/vtt; charset=utf-8", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"} {
		if got := file.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}

	// An edit that takes the German ones off and brings French ones and a picture.
	edit := in("/posts/%/edit", posts.Posts[0].ID)
	p.get(edit).wants(200).send(edit, []sentFile{{"caption-" + id, "b.srt", []byte("1\n00:00:00,000 --> 00:00:01,000\nOuïs\n")}, {"still-" + id, "c.png", picturePNG(t, color.Black)}},
		"nocaption-"+id, "de", "captionlang-"+id, "fr", "action", "post").wants(303)
	post = p.get(in("/@olga/%", posts.Posts[0].ID))
	if tracks = post.tracks(); len(tracks) != 1 || attr(tracks[0], "srclang") != "fr" || attr(tracks[0].Parent, "poster") == "" {
		t.Errorf("after the edit the page has tracks %v: %.900s", tracks, post.body)
	}
}

func TestCaptionsOfAFilmElsewhereComeFromHere(t *testing.T) {
	s, _ := newVillage(t)
	vera := storetest.Remote(t, s.db, "vera@tube.example")
	post := storetest.Receive(t, s.db, vera, "https://tube.example/1", "<p>A film</p>", func(r *store.RemotePost) {
		r.Attachments = []*store.Attachment{{Kind: store.AttachedVideo, URL: "https://tube.example/a.mp4", MediaType: "video/mp4",
			Captions: []store.Caption{{Language: "br", Name: "Breton", URL: "https://tube.example/br.vtt"}, {Language: "tlh", Name: "Klingon", URL: "https://tube.example/tlh.vtt"}}}}
	})
	tracks := s.member("olga").get(in(vera.Path()+"/%", post.ID)).wants(200).tracks()
	if len(tracks) != 2 || attr(tracks[0], "label") != "Brezhoneg" || attr(tracks[1], "label") != "Klingon" || !strings.HasPrefix(attr(tracks[1], "src"), "/remote/caption/") {
		t.Errorf("the page has tracks %v", tracks)
	}
}
