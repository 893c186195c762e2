package web

import (
	"net/http"

	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// newRoutes lists every page and form, in the order of ui.md §3. The router
// refuses a fixed segment beside a wildcard, so there are two: the first holds
// literal paths, the second patterns.
func (s *Server) newRoutes() http.Handler {
	fixed, patterns := newRouter(), newRouter()
	fixed.NotFound = patterns
	patterns.NotFound = plain(s.page(notFound))
	get, post := fixed.GET, fixed.POST
	getPattern := patterns.GET

	fixed.Handler(http.MethodGet, "/static/*file", s.assets)
	fixed.Handler(http.MethodHead, "/static/*file", s.assets)
	get("/menu", s.loggedIn(s.showMenu))
	getPattern("/avatars/:file", s.showAvatar)
	_ = post

	return fixed
}

func newRouter() *httprouter.Router {
	r := httprouter.New()
	r.RedirectFixedPath = false
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = false // a GET of a form's path is a 404 like any other
	return r
}

// plain drops the router's parameters.
func plain(h httprouter.Handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(w, r, nil) })
}

func notFound(http.ResponseWriter, *request) error { return store.ErrNotFound }
