package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestSmallActionsAreUndone ends things without scripts, and presses the button
// of the sentence that says so.
func TestSmallActionsAreUndone(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "moss", store.Public)
	id := strconv.FormatInt(post.ID, 10)
	s.must(s.db.Bookmark(t.Context(), c.fay.ID, post.ID))
	_, err := s.db.FollowTag(t.Context(), c.fay.ID, "moss")
	s.must(err)
	p := s.member("fay")
	token := p.get("/home").fields("")
	for _, test := range []struct{ path, back, off, on, told, again string }{
		{"/@mira/follow", "/@mira", "0", "1", "You no longer follow mira", "You follow mira now"},
		{"/@mira/mute", "/@mira", "1", "0", "mira is muted", "mira is not muted any more"},
		{"/tags/moss/follow", "/tags", "0", "1", "You do not follow #moss any more", "Posts with #moss come to your home now"},
		{"/posts/" + id + "/bookmark", "/bookmarks", "0", "1", "The bookmark is removed", "moss"},
	} {
		form := url.Values{"csrf": token["csrf"], "back": {test.back}, "on": {test.off}, "until": {"ever"}}
		page := p.get(p.post(test.path, form).wants(http.StatusSeeOther).location).wants(http.StatusOK, test.told, "Undo")
		p.get(page.press(test.path).wants(http.StatusSeeOther).location).wants(http.StatusOK, test.again).lacks("Undo")
	}
	rel, err := s.db.Relation(t.Context(), c.fay.ID, c.mira.ID)
	s.must(err)
	if !rel.Following || rel.Muting {
		t.Errorf("after all was undone: %+v", rel)
	}
}

// TestAFlashOffersNoOtherButton shows cookies that this server did not make.
func TestAFlashOffersNoOtherButton(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("fay")
	here, _ := url.Parse(storetest.URL)
	for path, offered := range map[string]bool{
		"/@mira/follow": true, "/settings/delete": false, "/@mira/block": false, "//elsewhere.example/@mira/follow": false, "https://elsewhere.example/@mira/follow": false, "/@mira/follow\n": false, "": false,
	} {
		flash := `{"Msg":{"Key":"flash.saved"},"Undo":{"Path":` + strconv.Quote(path) + `,"On":"1"}}`
		p.jar.SetCookies(here, []*http.Cookie{{Name: s.server.cookieName("flash"), Value: base64.RawURLEncoding.EncodeToString([]byte(flash)), Path: "/", Secure: true}})
		page := p.get("/home").wants(http.StatusOK, "Saved.")
		if offered {
			page.wants(http.StatusOK, "Undo")
		} else {
			page.lacks("Undo")
		}
	}
}
