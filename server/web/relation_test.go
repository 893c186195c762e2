package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

// TestNoTwoListsHaveOneName: neither a new list nor one that is renamed. Two that
// an app made can be changed all the same.
func TestNoTwoListsHaveOneName(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	for range 2 {
		s.must(s.db.CreateList(t.Context(), s.id("olga"), &store.List{Title: "Friends"}))
	}
	other := store.List{Title: "Neighbours"}
	s.must(s.db.CreateList(t.Context(), s.id("olga"), &other))
	page := olga.get("/lists").submit("/lists", "title", " friends ").wants(422)
	page.problem("title", "You have a list called Friends already")
	page.submit("/lists", "title", "Old friends").wants(303)
	edit := olga.get(listPath(other.ID) + "/edit")
	edit.submit(listPath(other.ID), "title", "Friends").problem("title", "You have a list called Friends already")
	edit.submit(listPath(other.ID), "title", "neighbours").wants(303)
	lists, err := s.db.Lists(t.Context(), s.id("olga"))
	s.must(err)
	for _, l := range lists {
		olga.get(listPath(l.ID)+"/edit").submit(listPath(l.ID), "exclusive", "1").wants(303)
	}
}

// TestAFilterIsDeletedAfterAsking: its words can't be had back. The list says what
// each filter does, and until when.
func TestAFilterIsDeletedAfterAsking(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	f := store.Filter{Title: "Spiders", Contexts: store.FilterHome, Action: store.FilterBlur, Phrases: []store.FilterPhrase{{Text: "spider"}}, ExpiresAt: s.clock.Now().Add(48 * time.Hour)}
	s.must(s.db.CreateFilter(t.Context(), s.id("olga"), &f))
	path := in("/settings/filters/%/delete", f.ID)
	if words := olga.get("/settings/filters").wants(200, "Covered", "Until").body; !strings.Contains(words, `href="`+path+`"`) {
		t.Error("the list does not lead to the question")
	}
	ask := olga.get(path).wants(200, "Delete the filter Spiders?")
	s.user("sam", store.Member)
	s.member("sam").get(path).wants(404)
	ask.submit(path).leadsTo("/settings/filters").wants(200, "The filter is deleted.").lacks("Spiders")
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

// TestFoldedPostsSayWhy: their author was muted, or the whole server blocked.
func TestFoldedPostsSayWhy(t *testing.T) {
	s, c := newVillage(t)
	root := storetest.Post(t, s.db, c.fay, "Who has moss?", store.Public)
	storetest.Receive(t, s.db, storetest.Remote(t, s.db, "jonas@hollow.example"), "https://hollow.example/1", "<p>Moss here</p>", func(r *store.RemotePost) { r.ReplyToURI = root.URI })
	fay, path := s.member("fay"), in("/@fay/%", root.ID)
	fay.get(path).wants(200, "Moss here").lacks("that you blocked")
	s.must(s.db.BlockHost(t.Context(), c.fay.ID, "hollow.example"))
	fay.get(path).wants(200, "From a server that you blocked").lacks("Somebody you muted")
	storetest.Reply(t, s.db, c.mira, root, "Mine is dry", store.Public)
	s.must(s.db.Mute(t.Context(), c.fay.ID, c.mira.ID, store.MuteOptions{}))
	fay.get(path).wants(200, "From a server that you blocked", "Somebody you muted")
}

// TestLanguagesOfAFollowAreSorted: by their names, after the member's own.
func TestLanguagesOfAFollowAreSorted(t *testing.T) {
	s, _ := newVillage(t) // Fay follows mira
	p := s.member("fay")
	p.get("/settings/posting").submit("/settings/posting", "lang", "tr").wants(303)
	begins := func(locale string, want ...string) {
		t.Helper()
		p.get("/settings/appearance").submit("/settings/appearance", "locale", locale).wants(303)
		var codes []string
		for _, m := range regexp.MustCompile(`name="langs" value="([a-z]*)"`).FindAllStringSubmatch(p.get("/@mira/options").wants(200).body, -1) {
			codes = append(codes, m[1])
		}
		if len(codes) != len(languages) || !slices.Equal(codes[:len(want)], want) {
			t.Errorf("in %s: %d languages, first %q, want %q", locale, len(codes), codes[:len(want)], want)
		}
	}
	begins("de", "tr", "de", "af", "ast", "az", "id", "ms") // Bahasa
	begins("ar", "tr", "ar", "af", "ast")
}
