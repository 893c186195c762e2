package web

import (
	"bytes"
	"image/color"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/store"
	"seedling/store/storetest"
)

// TestNothingTypedIsLost has a post fail for each reason there is. Text,
// warning, picture and its description are in the answer, and pressing once
// more, with what was wrong put right, posts them (ui.md §6.11).
func TestNothingTypedIsLost(t *testing.T) {
	picture := picturePNG(t, color.White)
	limit := map[string]string{"picture_limit": "1"}
	for _, test := range []struct {
		reason   string
		settings map[string]string
		happens  func(*site, *store.Post)    // between the opening of the form and its sending
		change   func(url.Values) []sentFile // of what is sent
		status   int
		mend     []string
	}{
		{reason: "the text is too long", change: func(v url.Values) []sentFile { v.Set("text", strings.Repeat("frog ", 2000)); return nil }, status: 422, mend: []string{"text", "Kept"}},
		{reason: "the file is too large", settings: limit, change: func(url.Values) []sentFile {
			return []sentFile{{"media", "large.png", append(bytes.Clone(picture), make([]byte, 2<<20)...)}}
		}, status: 422},
		{reason: "the file is none", change: func(url.Values) []sentFile { return []sentFile{{"media", "a.png", []byte("no picture")}} }, status: 422},
		{reason: "the post that it answers is deleted", happens: func(s *site, parent *store.Post) {
			s.must(s.db.DeletePost(s.t.Context(), parent.AccountID, parent.ID))
		}, status: 422},
		{reason: "its author blocks", happens: func(s *site, parent *store.Post) { s.must(s.db.Block(s.t.Context(), parent.AccountID, s.id("sam"))) }, status: 422},
		{reason: "the session has ended", happens: func(s *site, _ *store.Post) {
			s.must(s.db.EndOtherSessions(s.t.Context(), s.id("sam"), 0))
		}, status: 403},
		{reason: "the session has ended, and a file is sent", happens: func(s *site, _ *store.Post) {
			s.must(s.db.EndOtherSessions(s.t.Context(), s.id("sam"), 0))
		}, change: func(url.Values) []sentFile { return []sentFile{{"media", "b.png", picture}} }, status: 403},
		{reason: "the token is wrong", change: func(v url.Values) []sentFile { v.Set("csrf", "stale"); return nil }, status: 403},
		{reason: "the token is wrong, and a file is sent", change: func(v url.Values) []sentFile {
			v.Set("csrf", "stale")
			return []sentFile{{"media", "b.png", picture}}
		}, status: 403},
		{reason: "the server was started again", happens: func(s *site, _ *store.Post) { s.restart() }, status: 303},
	} {
		t.Run(test.reason, func(t *testing.T) {
			t.Parallel()
			s, c := newVillage(t)
			for key, value := range test.settings {
				s.set(key, value)
			}
			parent := storetest.Post(t, s.db, c.fay, "The parent", store.Public)
			p := s.member("sam")
			form := p.get(in("/compose?reply_to=%", parent.ID)).send("/posts", []sentFile{{"media", "a.png", picture}}, "action", "add-media").wants(200).fields("/posts")
			typed := map[string]string{"text": "Kept, <all> of \"it\"\n\nto the end", "cw": "Warned", "visibility": "followers", "alt-" + form.Get("media_id"): "White & small", "media_id": form.Get("media_id")}
			for name, value := range typed {
				form.Set(name, value)
			}
			form.Set("action", "post")
			if test.happens != nil {
				test.happens(s, parent)
			}
			var files []sentFile
			if test.change != nil {
				if files = test.change(form); form.Get("text") != typed["text"] {
					typed["text"] = form.Get("text")
				}
			}
			answer := p.postFiles("/posts", form, files)
			if answer.status != test.status {
				t.Fatalf("got status %d, want %d: %s", answer.status, test.status, answer.words())
			}
			s.postedAtLast(answer, typed, test.mend)
		})
	}
}

// postedAtLast looks for what was typed in the answer to a failed post, and
// presses the button there.
func (s *site) postedAtLast(answer *screen, typed map[string]string, mend []string) {
	s.t.Helper()
	if answer.has("/login") {
		answer = answer.submit("/login", "login", "sam", "password", storetest.Password).wants(303)
		answer = answer.p.get(answer.location).wants(200, "saved as a draft")
	}
	if answer.status != 303 {
		got := answer.fields("/posts")
		for name, want := range typed {
			if got.Get(name) != want {
				s.t.Errorf("%s came back as %.60q, want %.60q", name, got.Get(name), want)
			}
		}
		answer.submit("/posts", append(slices.Clone(mend), "action", "post")...).wants(303)
	}
	list, err := s.db.PostsOf(s.t.Context(), s.id("sam"), store.AccountPosts{}, store.Viewer{AccountID: s.id("sam")}, store.Cursor{Limit: 5})
	s.must(err)
	if len(list.Posts) != 1 || list.Posts[0].ContentWarning != "Warned" || len(list.Posts[0].Attachments) != 1 || list.Posts[0].Attachments[0].Description != "White & small" {
		s.t.Errorf("posted at last: %d posts, want one with its warning, picture and description: %+v", len(list.Posts), list.Posts)
	}
}

// has says whether the page has a form that posts to action.
func (s *screen) has(action string) bool {
	for n := range s.doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attr(n, "action") == action && attr(n, "method") == "post" {
			return true
		}
	}
	return false
}

// TestATextThatIsTooLargeComesBackAsFarAsItWasRead: in both kinds of forms, cut
// between two characters, and with nothing to press that would send it again.
func TestATextThatIsTooLargeComesBackAsFarAsItWasRead(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	form := p.get("/compose").fields("/posts")
	form.Set("text", "It began <so>.\n"+strings.Repeat("ä", maxFormBytes))
	for kind, answer := range map[string]*screen{"plain": p.post("/posts", form), "with files": p.postFiles("/posts", form, nil)} {
		answer.wants(413, "larger than 1,024 KB", "The beginning of your text", "Your text, so that it is not lost").lacks("Press")
		_, kept, _ := strings.Cut(answer.body, `<textarea id="kept"`)
		kept, _, _ = strings.Cut(kept, "</textarea>")
		if !strings.Contains(kept, "It began &lt;so&gt;.\nä") || !strings.HasSuffix(kept, "ä") || len(kept) > maxFormBytes+200 {
			t.Errorf("%s: of the text came back %d bytes", kind, len(kept))
		}
		if strings.Contains(answer.body, `action="/posts"`) {
			t.Errorf("%s: the form can be sent again", kind)
		}
	}
	form.Set("text", "short")
	form.Set("cw", strings.Repeat("w", maxFormBytes))
	p.post("/posts", form).wants(413, "larger than 1,024 KB")
	p.post("/posts", url.Values{"csrf": form["csrf"], "cw": {strings.Repeat("%", maxFormBytes)}}).wants(413, "larger than 1,024 KB").lacks("Your text")
}
