package web

import (
	"strings"

	"seedling/store"
	"seedling/templates"
)

// in says where the cards of a page stand, for the viewer's filters.
func (c *cards) in(place store.FilterContexts) *cards {
	c.place = place
	return c
}

// filters are those that act on a post where the cards stand.
func (c *cards) filters(v *store.PostView) (found []store.FilterMatch, hidden bool) {
	place := c.place
	if place == 0 {
		place = store.FilterPublic
	}
	return v.FilteredIn(place)
}

// hides says whether a filter leaves a post out.
func (c *cards) hides(v *store.PostView) bool {
	_, hidden := c.filters(v)
	return hidden
}

// fold notes why a post is one line that opens. On the profile of who is muted,
// nothing is folded for that: there it was asked for.
func (c *cards) fold(p *templates.Post, v *store.PostView) {
	p.EntryID, p.FromTag, p.Thread = v.EntryID, v.FromTag, [...]string{"", "muted", "watched"}[v.Thread]
	if v.Muted && c.place != store.FilterAccount {
		p.Folded = &templates.Folded{Muted: true, Host: v.HostBlocked}
		return
	}
	found, _ := c.filters(v)
	var titles []string
	for _, m := range found {
		if m.Filter.Action == store.FilterBlur {
			p.Covered = m.Filter.Title
			continue
		}
		titles = append(titles, m.Filter.Title)
	}
	if len(titles) > 0 {
		p.Folded = &templates.Folded{Titles: strings.Join(titles, ", ")}
	}
}
