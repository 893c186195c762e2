package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestMuteAndUnmuteByForm(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	bob := s.user("bob", store.Member).Account
	reader := s.member("bob")
	storetest.Post(t, s.db, alice, "hello from alice", store.Public)
	reader.get("/local").wants(http.StatusOK, "hello from alice")
	reader.get("/@alice/mute").wants(http.StatusOK, "They notice nothing").submit("/@alice/mute", "until", "day")
	reader.get("/local").lacks("hello from alice")
	reader.get("/settings/mutes").wants(http.StatusOK, "@alice", "Until").press("/@alice/mute")
	reader.get("/local").wants(http.StatusOK, "hello from alice")
	reader.get("/@alice/mute").submit("/@alice/mute", "until", "forever and a day").problem("until", "")
	if rel, err := s.db.Relation(t.Context(), bob.ID, alice.ID); err != nil || rel.Muting {
		t.Errorf("after a refused form: %+v, %v", rel, err)
	}
	reader.get("/@bob/mute").wants(http.StatusForbidden)
}

func TestListsOfOthersDoNotExist(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	s.user("bob", store.Member)
	l := store.List{Title: "Secret friends"}
	if err := s.db.CreateList(t.Context(), alice.ID, &l); err != nil {
		t.Fatal(err)
	}
	bob := s.member("bob")
	path := "/lists/" + strconv.FormatInt(l.ID, 10)
	for _, p := range []string{path, path + "/edit", path + "/delete", "/lists/0", "/lists/x"} {
		bob.get(p).wants(http.StatusNotFound).lacks("Secret friends")
	}
	page := bob.get("/lists").wants(http.StatusOK).lacks("Secret friends")
	page.submit("/lists", "title", strings.Repeat("x", 101)).problem("title", "")
	page.submit("/lists", "title", "Mine", "replies", "all of them").problem("replies", "")
	bob.get("/lists").submit("/lists", "title", "Mine", "replies", "none")
	bob.get("/lists").wants(http.StatusOK, "Mine")
	token := page.fields("/lists").Get("csrf")
	bob.post(path+"/members", url.Values{"csrf": {token}, "on": {"1"}, "account": {"1"}}).wants(http.StatusNotFound)
}

func TestFilterFoldsAndHides(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	s.user("bob", store.Member)
	p := storetest.Post(t, s.db, alice, "so much politics", store.Public)
	bob := s.member("bob")
	form := bob.get("/settings/filters/new").wants(http.StatusOK)
	form.submit("/settings/filters", "title", "", "phrases", "politics").problem("title", "")
	form.submit("/settings/filters", "title", "Calm", "patterns", "(").problem("phrases", "")
	form.submit("/settings/filters", "title", "Calm", "phrases", "politics")
	bob.get("/local").wants(http.StatusOK, "Filtered: Calm")
	bob.get(p.URL[len(s.db.URL()):]).wants(http.StatusOK, "so much politics") // it was asked for
	storetest.Reply(t, s.db, alice, p, "more politics", store.Public)
	bob.get(p.URL[len(s.db.URL()):]).wants(http.StatusOK, "Filtered: Calm")
	bob.get("/posts/"+strconv.FormatInt(p.ID, 10)+"/why").wants(http.StatusOK, "Your filter Calm found it.", "It is public")
	filters, err := s.db.Filters(t.Context(), s.viewer("bob"))
	if err != nil || len(filters) != 1 {
		t.Fatalf("%d filters, %v", len(filters), err)
	}
	path := "/settings/filters/" + strconv.FormatInt(filters[0].ID, 10)
	bob.get(path).wants(http.StatusOK, "politics").submit(path, "action", "hide")
	bob.get("/local").lacks("so much politics")
	s.member("alice").get(path).wants(http.StatusNotFound)
}

// viewer is the id of a member.
func (s *site) viewer(name string) int64 {
	u, err := s.db.UserByName(s.t.Context(), name)
	if err != nil {
		s.t.Fatal(err)
	}
	return u.Account.ID
}

func TestWhyRevealsNothing(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	s.user("bob", store.Member)
	hidden := storetest.Post(t, s.db, alice, "for followers", store.Followers)
	bob := s.member("bob")
	there := bob.get("/posts/" + strconv.FormatInt(hidden.ID, 10) + "/why").wants(http.StatusNotFound)
	nowhere := bob.get("/posts/12345/why").wants(http.StatusNotFound)
	if got, want := len(there.words()), len(nowhere.words()); got != want {
		t.Errorf("a hidden post's page differs from that of none: %q, %q", there.words(), nowhere.words())
	}
}

func TestSearchInBookmarks(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	p, other := storetest.Post(t, s.db, alice, "100% moss", store.Public), storetest.Post(t, s.db, alice, "only ferns", store.Public)
	for _, post := range []*store.Post{p, other} {
		if err := s.db.Bookmark(t.Context(), alice.ID, post.ID); err != nil {
			t.Fatal(err)
		}
	}
	reader := s.member("alice")
	reader.get("/bookmarks").wants(http.StatusOK, "100% moss", "only ferns")
	reader.get("/bookmarks?q=MOSS").wants(http.StatusOK, "100% moss").lacks("only ferns")
	reader.get("/bookmarks?q=%25").wants(http.StatusOK, "100% moss").lacks("only ferns")
	reader.get("/bookmarks?q="+strings.Repeat("x", 300)).wants(http.StatusOK, "Nothing here fits")
}
