package server

import (
	"net/http"
	"strings"

	"seedling/server/live"

	"github.com/julienschmidt/httprouter"
)

// routes sends what other servers ask for to federation, what apps ask for to
// the client API (routes in api/routes.go), and all else to the pages, whose
// routes are in web/routes.go. Where a page and a document share
// an address (/@alice), the page decides by Accept.
func (s *Server) routes() http.Handler {
	r := newRouter()
	r.NotFound = http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		if strings.HasPrefix(hr.URL.Path+"/", "/api/") {
			s.api.ServeHTTP(w, hr)
			return
		}
		s.web.ServeHTTP(w, hr)
	})
	r.Handler(http.MethodPost, "/ap/inbox", s.inbox)
	r.Handler(http.MethodPost, "/ap/actors/:id/inbox", s.inbox)
	s.documents.Register(r)
	s.oauth.Register(r)
	r.HandlerFunc(http.MethodGet, "/api/oembed", s.web.ShowOEmbed)
	r.HandlerFunc(http.MethodGet, "/health", s.api.ShowHealth)
	r.HandlerFunc(http.MethodHead, "/health", s.api.ShowHealth)
	return withoutSlash(r)
}

// withoutSlash drops the slash at the end of what apps ask for, as Mastodon's
// router does: Mastodon.py asks for /api/v1/instance/, toot sends its people to
// /oauth/authorize/.
func withoutSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if strings.HasSuffix(path, "/") && (strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/oauth/")) {
			address, whole := *r.URL, *r
			address.Path, address.RawPath = strings.TrimSuffix(path, "/"), strings.TrimSuffix(address.RawPath, "/")
			whole.URL = &address
			r = &whole
		}
		next.ServeHTTP(w, r)
	})
}

// streams answers streams before anything that would collect or compress what is sent.
func (s *Server) streams(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" {
			s.web.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == live.Path || strings.HasPrefix(r.URL.Path, live.Path+"/") {
			s.live.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// filesApart answers at the host of media, if there is one, with files alone.
func (s *Server) filesApart(next http.Handler) http.Handler {
	if s.config.MediaHost == "" {
		return next
	}
	files := s.web.Files()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Host, s.config.MediaHost) {
			files.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
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
