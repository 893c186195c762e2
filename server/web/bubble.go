package web

import (
	"net/http"

	"seedling/templates"
)

// showServer is /servers/{host}: what this server has of another's public posts.
// It is for members, as looking for rare posts costs more than other timelines.
func (s *Server) showServer(w http.ResponseWriter, r *request) error {
	host := r.param("host")
	page, err := s.db.ServerTimeline(r.Context(), host, r.asViewer(), r.storeCursor(postsPerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ServerPage{Frame: s.frame(r), Host: host, Posts: c.posts(page.Posts), Pager: r.links(page.Older, page.Newer)}
	return s.render(w, r, http.StatusOK, p)
}
