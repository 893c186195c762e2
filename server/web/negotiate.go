package web

import (
	"errors"
	"net/http"
	"net/url"

	"seedling/federation"
	"seedling/store"
	"seedling/templates"
)

// /@name and /@name/{id} have two forms, told apart by Accept (ActivityPub
// §3.2): the page, and the document that package federation writes.

// wantsActivity says whether the request asks for the other form of this
// address, and notes that the answer depends on it.
func (s *Server) wantsActivity(w http.ResponseWriter, r *request) bool {
	w.Header().Add("Vary", "Accept")
	return s.documents != nil && federation.WantsActivity(r.Request)
}

// serveActor answers for an account of this server, or for none, as
// ActivityStreams. err is why it has no page.
func (s *Server) serveActor(w http.ResponseWriter, r *request, a *store.Account, err error) error {
	switch {
	case err == nil, errors.Is(err, store.ErrGone):
		s.documents.ServeActor(w, r.Request, a)
	case errors.Is(err, store.ErrNotFound):
		http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
	default:
		return err
	}
	return nil
}

// linkActivity names the other form of a page in its header and in its head.
func linkActivity(w http.ResponseWriter, f *templates.Frame, uri string) {
	f.Alternate = uri
	w.Header().Add("Link", `<`+uri+`>; rel="alternate"; type="application/activity+json"`)
}

// visitHint tells visitors how to act from their own server: copy is what to
// search for there, away the page that sends them there.
func visitHint(r *request, name, copy, away string) *templates.RemoteFollow {
	if r.viewer != nil {
		return nil
	}
	return &templates.RemoteFollow{Name: name, Copy: copy, Message: "away.search", Go: away, Login: "/login?next=" + url.QueryEscape(r.URL.Path)}
}
