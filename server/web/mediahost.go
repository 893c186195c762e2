package web

import (
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// routeFiles registers the files that somebody handed in, here or elsewhere.
func (s *Server) routeFiles(r *httprouter.Router) {
	get := reads(r)
	get("/media/:file", s.showFile)
	get("/remote/:use/:id/:key", s.showRemote)
}

// Files answers at the host of media: files and nothing else. It reads and sets
// no cookie.
func (s *Server) Files() http.Handler {
	r := newRouter()
	r.HandleOPTIONS = false
	r.NotFound = http.HandlerFunc(noFile)
	s.routeFiles(r)
	return r
}

func noFile(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.NotFound(w, r)
}
