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
