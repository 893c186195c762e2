package server

import (
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// routes sends what other servers ask for to federation, and all else to the
// pages, whose routes are in web/routes.go. Where a page and a document share
// an address (/@alice), the page decides by Accept.
func (s *Server) routes() http.Handler {
	r := newRouter()
	r.NotFound = s.web
	r.Handler(http.MethodPost, "/ap/inbox", s.inbox)
	r.Handler(http.MethodPost, "/ap/actors/:id/inbox", s.inbox)
	s.documents.Register(r)
	return r
}

// newRouter is a router that leaves everything it does not know to the next.
func newRouter() *httprouter.Router {
	r := httprouter.New()
	r.RedirectFixedPath = false
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = false
	r.HandleOPTIONS = false
	return r
}
