package web

import (
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestPostIsAddedToFilters(t *testing.T) {
	s, c := newVillage(t)
	p := storetest.Post(t, s.db, c.mira, "Again about rain", store.Public)
	rain := store.Filter{Title: "Rain", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "umbrella"}}}
	s.must(s.db.CreateFilter(t.Context(), c.fay.ID, &rain))
	fay, path := s.member("fay"), in("/posts/%/filter", p.ID)
	fay.get("/home").wants(200, "Again about rain").lacks("Filtered")
	page := fay.get(path).wants(200, "Rain", "Name of a new filter")
	page.submit(path, "filters", in("%", rain.ID)).leadsTo(postPath(c.mira, p.ID))
	fay.get("/home").wants(200, "Filtered: Rain")
	kept := func() (posts []int) {
		list, err := s.db.Filters(t.Context(), c.fay.ID)
		s.must(err)
		for _, f := range list {
			posts = append(posts, len(f.Posts))
		}
		return posts
	}
	page = fay.get(path).holds(`checked`)
	form := page.fields(path)
	form.Del("filters")
	form.Set("title", "Weather")
	fay.post(path, form).leadsTo(postPath(c.mira, p.ID))
	if got := kept(); len(got) != 2 || got[0] != 0 || got[1] != 1 {
		t.Errorf("posts in Rain and Weather: %v, want none and one", got)
	}
	page.submit(path, "filters", "1").wants(404)
	secret := storetest.Post(t, s.db, c.mira, "unseen", store.Direct)
	fay.get(in("/posts/%/filter", secret.ID)).wants(404)
}

func TestFeaturedPeopleAreOnTheProfile(t *testing.T) {
	s, c := newVillage(t)
	visitor := s.person()
	visitor.get("/@fay").wants(200).lacks("Featured people")
	s.must(s.db.Endorse(t.Context(), c.fay.ID, c.mira.ID))
	visitor.get("/@fay").wants(200, "Featured people", "mira")
	s.must(s.db.Block(t.Context(), c.mira.ID, c.stan.ID))
	s.member("stan").get("/@fay").wants(200).lacks("Featured people")
}
