package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// markHere finds where "You were here" stands in home: above the first post that
// was read before. It stands on the page that has posts on both sides of it.
func (s *Server) markHere(r *request, p *templates.HomePage) error {
	markers, err := s.db.Markers(r.Context(), r.viewerID())
	if err != nil || len(p.Posts) == 0 {
		return err
	}
	read := markers[store.MarkHome].LastRead
	for i, post := range p.Posts {
		if post.EntryID <= read {
			if i > 0 {
				p.Here = post.ID
			}
			break
		}
	}
	if r.cursor() == (cursor{}) && p.Posts[0].EntryID > read {
		p.Newest = p.Posts[0].EntryID
	}
	return nil
}

// readHome is POST /home/read: id is the newest entry that was read.
func (s *Server) readHome(w http.ResponseWriter, r *request) error {
	id := positive(r.form.Get("id"))
	if id == 0 {
		return refuse(http.StatusUnprocessableEntity, "settings.choose")
	}
	if err := s.db.SetMarkers(r.Context(), r.viewerID(), map[string]int64{store.MarkHome: id}); err != nil {
		return err
	}
	return s.backWith(w, r, "/home", "flash.home_read")
}

// renderOwnTimeline shows a timeline with a name of its own: of a list or a server.
func (s *Server) renderOwnTimeline(w http.ResponseWriter, r *request, title, back, edit string, page *store.PostPage, place store.FilterContexts) error {
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.OwnTimelinePage{Frame: s.frame(r), Title: title, Back: back, Edit: edit, Posts: c.in(place).posts(page.Posts), Pager: r.links(page.Older, page.Newer)}
	p.NoIndex = true
	return s.render(w, r, http.StatusOK, p)
}
