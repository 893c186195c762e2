package web

import (
	"net/http"

	"seedling/store"
)

// showLive is /live: what has changed for the member while the page is open, for
// its script. A page without one loses nothing.
func (s *Server) showLive(w http.ResponseWriter, r *request) error {
	if s.live == nil {
		return store.ErrNotFound
	}
	s.live(w, r.Request, r.viewerID(), r.session.ID)
	return nil
}
