package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestThePanelOfATimelineIsRemembered(t *testing.T) {
	s, c := newVillage(t)
	s.pass(time.Second)
	storetest.Post(t, s.db, c.mira, "a start", store.Public)
	s.pass(time.Second)
	reply := storetest.Reply(t, s.db, c.mira, storetest.Post(t, s.db, c.mira, "a thread", store.Public), "goes on", store.Public)
	p := s.member("fay")
	l := store.List{Title: "Friends", Replies: store.RepliesToFollowed}
	s.must(s.db.CreateList(t.Context(), c.fay.ID, &l))
	s.must(s.db.AddToList(t.Context(), c.fay.ID, l.ID, c.mira.ID))
	for _, path := range []string{"/home", "/local", "/federated", listPath(l.ID)} {
		action := path + "/show"
		page := p.get(path).wants(200).lacks("Left out here")
		page.submit(action, "replies", "").leadsTo(path).wants(200, "Saved.", "Left out here: Replies.")
		for range 2 {
			if page := p.get(path); slices.Contains(page.shown(), "goes on") || !slices.Contains(page.shown(), "a start") {
				t.Errorf("%s without replies: got %q", path, page.shown())
			}
		}
		if form := p.get(path).fields(action); form.Get("replies") != "" || form.Get("media") != "1" || form.Has("boosts") != (path == "/home" || path == listPath(l.ID)) {
			t.Errorf("%s: the panel has %v", path, form)
		}
		p.get(path).submit(action, "media", "", "text", "").wants(422, "otherwise nothing is left").problem("media", "otherwise nothing is left")
		p.get(path).wants(200, "Left out here: Replies.")
		p.get(path).submit(action, "replies", "1", "text", "").leadsTo(path).wants(200, "Left out here: Posts without media.")
		if got := p.get(path).shown(); len(got) != 0 {
			t.Errorf("%s with media alone: got %q", path, got)
		}
		p.get(path).submit(action, "text", "1").leadsTo(path).wants(200).lacks("Left out here")
	}
	if got := p.get("/local").shown(); !slices.Contains(got, "goes on") {
		t.Errorf("with replies again: %q lacks %q", got, reply.HTML)
	}
	s.person().get("/local").wants(200).lacks("What this timeline shows")
	other := s.member("sam")
	other.post(listPath(l.ID)+"/show", other.get("/home").fields("/home/show")).wants(404)
}

func TestAThreadByOneAuthorIsItsFirstPostAtHome(t *testing.T) {
	s, c := newVillage(t)
	post := func(by *store.Account, text string, parent *store.Post) *store.Post {
		s.pass(time.Second)
		if parent == nil {
			return storetest.Post(t, s.db, by, text, store.Public)
		}
		return storetest.Reply(t, s.db, by, parent, text, store.Public)
	}
	first := post(c.mira, "first of three", nil)
	post(c.mira, "third of three", post(c.mira, "second of three", first))
	other := post(c.mira, "another", nil)
	post(c.fay, "between", nil)
	post(c.mira, "on the other", other)
	p := s.member("fay")
	page := p.get("/home").wants(200, "2 more by mira")
	if got, want := page.shown()[:4], []string{"on the other", "between", "another", "first of three"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if strings.Contains(page.body, "second of three") {
		t.Error("the second post of a thread is shown at home")
	}
	if strings.Count(page.body, "more by") != 1 {
		t.Error("what does not stand in a row is folded")
	}
	p.get(postPath(c.mira, first.ID)).wants(200, "second of three", "third of three")
	if got := p.get("/local").shown(); !slices.Contains(got, "second of three") {
		t.Errorf("the local timeline is folded too: %q", got)
	}
}

func TestBoostsAreFoldedIntoAStrip(t *testing.T) {
	s, c := newVillage(t)
	var posts []*store.Post
	for _, text := range []string{"one of sam's", "two of sam's", "three of sam's"} {
		s.pass(time.Second)
		posts = append(posts, storetest.Post(t, s.db, c.sam, text, store.Public))
	}
	boost := func(post *store.Post) {
		s.pass(time.Second)
		s.must(s.db.Boost(t.Context(), c.mira.ID, post.ID))
	}
	boost(posts[0])
	boost(posts[1])
	s.pass(time.Second)
	storetest.Post(t, s.db, c.mira, "mira's own", store.Public)
	boost(posts[2])
	p := s.member("fay")
	p.get("/home").wants(200).lacks("Boosted by people you follow")
	p.get("/settings/appearance").submit("/settings/appearance", "fold_boosts", "1").leadsTo("/settings/appearance").wants(200, "Saved.")
	page := p.get("/home").wants(200, "Boosted by people you follow: 1 post", "Boosted by people you follow: 2 posts")
	var strips []int
	for n := range page.doc.Descendants() {
		if n.Data == "details" && attr(n, "class") == "strip" {
			count := 0
			for d := range n.Descendants() {
				if d.Data == "article" {
					count++
				}
			}
			strips = append(strips, count)
		}
	}
	if !slices.Equal(strips, []int{1, 2}) {
		t.Errorf("strips of %v posts, want 1 and 2", strips)
	}
	if got, want := page.shown()[:4], []string{"three of sam's", "mira's own", "two of sam's", "one of sam's"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if newest := page.fields("/home/read").Get("id"); newest == "" {
		t.Error("a strip on top keeps the page from being marked as read")
	}
}
