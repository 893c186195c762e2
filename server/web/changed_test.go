package web

import (
	"strings"
	"testing"

	"seedling/store"
)

// TestATextThatAnotherTabChangedIsKept opens forms that replace long texts twice
// and saves both: the second answer has both texts, and saving it replaces the
// first. What nobody else changed is saved at once, also twice.
func TestATextThatAnotherTabChangedIsKept(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	for _, test := range []struct{ path, field, other string }{
		{"/settings/profile", "bio", "display_name"}, {"/settings/profile", "display_name", "bio"}, {"/admin/pages", "privacy", "about"}, {"/admin/rules", "rule", "hint"},
	} {
		p.savesFromTwoTabs(test.path, test.path, test.field)
		page := p.get(test.path)
		page.submit(test.path, test.other, "Something else").wants(303)
		page.submit(test.path, test.other, "Something else").wants(303)
		p.get(test.path).submit(test.path, test.field, "", test.other, "").wants(303)
	}
}

// TestAFilterThatAnotherTabChangedIsKept: the same of filters, announcements and lists.
func TestAFilterThatAnotherTabChangedIsKept(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	filter := store.Filter{Title: "Rain", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "rain"}}}
	s.must(s.db.CreateFilter(t.Context(), s.id("olga"), &filter))
	news, err := s.db.CreateAnnouncement(t.Context(), store.NewAnnouncement{Source: "The hall is closed"})
	s.must(err)
	list := store.List{Title: "Neighbours"}
	s.must(s.db.CreateList(t.Context(), s.id("olga"), &list))
	for path, fields := range map[string][]string{
		in("/settings/filters/%", filter.ID): {"phrases", "title"}, in("/admin/announcements/%", news): {"text"},
	} {
		for _, field := range fields {
			p.savesFromTwoTabs(path, path, field)
		}
	}
	p.savesFromTwoTabs(in("/lists/%/edit", list.ID), in("/lists/%", list.ID), "title")
}

// savesFromTwoTabs opens a page twice and saves a form of both.
func (p *person) savesFromTwoTabs(page, path, field string) {
	p.t.Helper()
	before := p.get(page)
	p.get(page).submit(path, field, "From the first tab").wants(303)
	stale := before.submit(path, field, "From the second tab").wants(409, "From the first tab")
	if !strings.Contains(stale.body, `<div class="savedtext"><p dir="auto">`) {
		p.t.Errorf("%s, %s: what is saved is not set apart from the words about it", path, field)
	}
	if got := stale.fields(path).Get(field); got != "From the second tab" {
		p.t.Errorf("%s, %s: what was typed came back as %q", path, field, got)
	}
	if p.get(page).fields(path).Get(field) != "From the first tab" {
		p.t.Errorf("%s, %s: it was replaced unseen", path, field)
	}
	stale.submit(path).wants(303)
	if got := p.get(page).fields(path).Get(field); got != "From the second tab" {
		p.t.Errorf("%s, %s: got %q after saving once more", path, field, got)
	}
}
