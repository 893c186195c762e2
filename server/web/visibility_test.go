package web

import (
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// cast is a village of members around mira, who writes: fay follows her, sam is
// mentioned, stan is neither, and bob is blocked by her. See newVillage.
type cast struct {
	mira, fay, sam, stan, bob *store.Account
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// in is a path with an id in the place of %.
func in(path string, id int64) string {
	return strings.ReplaceAll(path, "%", strconv.FormatInt(id, 10))
}

// TestWhoSeesWhat opens every page that can show a post as everybody there is.
func TestWhoSeesWhat(t *testing.T) {
	s, c := newVillage(t)
	words := map[store.Visibility]string{store.Public: "aloud", store.Unlisted: "quietly", store.Followers: "befriended", store.Direct: "whispered", store.LocalOnly: "neighbourly"}
	sees := map[string][]store.Visibility{
		"":     {store.Public, store.Unlisted},
		"mira": {store.Public, store.Unlisted, store.Followers, store.Direct, store.LocalOnly},
		"fay":  {store.Public, store.Unlisted, store.Followers, store.LocalOnly},
		"sam":  {store.Public, store.Unlisted, store.Direct, store.LocalOnly},
		"stan": {store.Public, store.Unlisted, store.LocalOnly},
		"bob":  {},
	}
	posts := map[store.Visibility]*store.Post{}
	start := storetest.Post(t, s.db, c.fay, "The root", store.Public)
	for v, word := range words {
		text := word + " #seeds"
		if v == store.Direct {
			text += " @sam"
		}
		posts[v] = storetest.Reply(t, s.db, c.mira, start, text, v)
		own := storetest.Post(t, s.db, c.mira, "own "+text, v)
		if v != store.Direct {
			s.must(s.db.Pin(t.Context(), c.mira.ID, own.ID))
		}
	}
	for name, visible := range sees {
		p := s.person()
		if name != "" {
			p = s.member(name)
		}
		may := map[store.Visibility]bool{}
		for _, v := range visible {
			may[v] = true
		}
		pages := []string{"/", "/home", "/local", "/federated", "/tags/seeds", "/@mira", "/@mira/replies", "/@mira/media", "/@mira/about", "/bookmarks", "/favourites",
			"/notifications", "/notifications?tab=mentions", "/search?q=mira", "/search?q=neighbourly", in("/@fay/%", start.ID), in("/@fay/%?sort=new", start.ID)}
		for _, path := range pages {
			page := p.get(path)
			for v, word := range words {
				if strings.Contains(page.body, word) && !may[v] && !strings.Contains(path, word) {
					t.Errorf("%q sees the %s post on %s", name, v, path)
				}
			}
		}
		for v, post := range posts {
			s.seesThread(p, name, in("/@mira/%", post.ID), words[v], may[v])
		}
		if profile := p.get("/@mira/replies"); name == "fay" {
			profile.wants(200, "aloud", "quietly", "befriended", "neighbourly")
		}
	}
}

// seesThread opens the pages of one post.
func (s *site) seesThread(p *person, name, path, word string, may bool) {
	s.t.Helper()
	for _, more := range []string{"", "/history", "/boosts", "/favourites"} {
		page := p.get(path + more)
		want := 404
		if may {
			want = 200
		}
		if page.status != want || !may && strings.Contains(page.body, word) {
			s.t.Errorf("%q opens %s%s (%s): got %d, want %d", name, path, more, word, page.status, want)
		}
	}
}

// TestUnknownAndPrivateLookAlike holds the two answers against each other, up
// to what differs on every page.
func TestUnknownAndPrivateLookAlike(t *testing.T) {
	s, c := newVillage(t)
	private := storetest.Post(t, s.db, c.mira, "befriended", store.Followers)
	deleted := storetest.Post(t, s.db, c.mira, "whispered", store.Followers)
	s.must(s.db.DeletePost(t.Context(), c.mira.ID, deleted.ID))
	p := s.member("stan")
	path := func(id int64) string { return in("/@mira/%", id) }
	clean := func(page *screen, id int64) string {
		return strings.ReplaceAll(page.body, strconv.FormatInt(id, 10), "ID")
	}
	unknown := p.get(path(12345))
	for _, id := range []int64{private.ID, deleted.ID} {
		page := p.get(path(id))
		if page.status != 404 || clean(page, id) != clean(unknown, 12345) {
			t.Errorf("post %d: got %d and a page that differs from that of no post", id, page.status)
		}
	}
	for _, action := range []string{"favourite", "boost", "bookmark", "pin", "edit", "delete", "redraft"} {
		form := unknown.fieldsOfAct()
		form.Set("on", "1")
		form.Del("back")
		got := p.post(in("/posts/%/"+action, private.ID), form)
		none := p.post("/posts/12345/"+action, form)
		if got.status != 404 || none.status != 404 || clean(got, private.ID) != clean(none, 12345) {
			t.Errorf("%s: got %d for a private post, %d for none, want 404 alike", action, got.status, none.status)
		}
	}
}

func TestDeletedPostIsGone(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "aloud", store.Public)
	s.must(s.db.DeletePost(t.Context(), c.mira.ID, post.ID))
	for _, more := range []string{"", "/history", "/boosts"} {
		s.person().get(in("/@mira/%", post.ID)+more).wants(410, "Gone").lacks("aloud")
	}
	s.must(s.db.DeleteAccount(t.Context(), c.mira.ID))
	s.person().get("/@mira").wants(410)
}

func TestClosedTimelines(t *testing.T) {
	s, c := newVillage(t)
	storetest.Post(t, s.db, c.mira, "aloud #seeds", store.Public)
	s.set("public_timelines", "false")
	for _, path := range []string{"/local", "/federated", "/tags/seeds"} {
		s.person().get(path).leadsTo("/login?next=" + strings.ReplaceAll(path, "/", "%2F")).lacks("aloud")
		s.member("stan").get(path).wants(200, "aloud")
	}
	s.person().get("/").lacks("aloud")
	for _, path := range []string{"/home", "/bookmarks", "/favourites", "/notifications", "/compose", "/search?q=x", "/follow-requests"} {
		if got := s.person().get(path); got.status != 303 || !strings.HasPrefix(got.location, "/login?next=") {
			t.Errorf("%s as a visitor: got %d to %q, want the log-in page", path, got.status, got.location)
		}
	}
}
