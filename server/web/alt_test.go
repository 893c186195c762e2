package web

import (
	"image/color"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/store"
)

// pictured makes a member post a picture.
func pictured(t *testing.T, s *site, name, alt string) *store.Post {
	t.Helper()
	by, err := s.db.UserByName(t.Context(), name)
	s.must(err)
	m, err := s.db.Upload(t.Context(), store.Upload{OwnerID: by.Account.ID, Body: strings.NewReader(string(picturePNG(t, color.White))), MediaText: store.MediaText{Description: alt}})
	s.must(err)
	p, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: by.Account.ID, MediaIDs: []int64{m.ID}})
	s.must(err)
	return p
}

// suggestion is the address on a page by which a suggestion is accepted or
// declined.
func (s *screen) suggestion(do string) string {
	s.p.t.Helper()
	for n := range s.doc.Descendants() {
		for _, name := range []string{"action", "formaction"} {
			if at := attr(n, name); n.Type == html.ElementNode && strings.HasPrefix(at, "/suggestions/") && strings.HasSuffix(at, do) {
				return at
			}
		}
	}
	s.p.t.Fatalf("nothing to %s on %s", do, s.words())
	return ""
}

// TestADescriptionIsSuggestedAndTaken goes from the menu of a card over the
// notification to the edited post.
func TestADescriptionIsSuggestedAndTaken(t *testing.T) {
	s, _ := newVillage(t)
	post := pictured(t, s, "olga", "")
	page := altPath(post.ID)
	mira, olga := s.member("mira"), s.member("olga")
	if s.person().get(page).status != 303 {
		t.Error("a visitor is shown the page")
	}
	if !strings.Contains(mira.get("/@olga").wants(200, "Suggest a description").body, `href="`+page+`"`) {
		t.Error("the menu of the card does not lead to the page")
	}
	mira.get(page).wants(200, "It has no description.").submit(page, "text", " ").wants(422, "Write what is in the file.")
	mira.get(page).submit(page, "text", strings.Repeat("é", 1501)).wants(422, "at most 1,500 characters", "éé")
	for _, text := range []string{"A whit squar", "A white square"} {
		mira.get(page).submit(page, "text", text).wants(303)
	}
	olga.get("/notifications").wants(200, "suggests a description for a file on your post", "Look at it")
	own := olga.get(page).wants(200, "suggests", "A white square")
	mira.post(own.suggestion("/accept"), own.fields(own.suggestion("/accept"))).lacks("is on your post")
	own.submit(own.suggestion("/accept"), "text", strings.Repeat("x", 1501)).wants(422, "at most 1,500")
	own.submit(own.suggestion("/accept")).wants(303)
	if got := olga.get("/@olga").wants(200, "edited"); !strings.Contains(got.body, `alt="A white square"`) {
		t.Error("the card does not have the description")
	}

	mira.get(page).submit(page, "text", "A pale square").wants(303)
	decline := olga.get(page).wants(200, "A pale square").suggestion("/decline")
	olga.post(decline, own.fields(own.suggestion("/accept"))).wants(303)
	olga.get(page).wants(200, "Nothing is suggested for this file.").lacks("A pale square")
}
