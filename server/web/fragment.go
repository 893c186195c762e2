package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// Small actions of scripts. The same form, sent with the header X-Fragment,
// is answered with the part of the page that it changed instead of a way back
// to the page; the answer names the part in the same header. Whatever goes
// wrong is answered as it always is, with a page.

// The parts that can be asked for.
const (
	fragmentHeader = "X-Fragment"
	partPost       = "post"   // a post in a list
	partFocus      = "focus"  // the post that a page is about
	partFollow     = "follow" // the button between the viewer and an account
)

// backToPost ends a small action on a post.
func (s *Server) backToPost(w http.ResponseWriter, r *request, postID int64) error {
	part := r.Header.Get(fragmentHeader)
	if part != partPost && part != partFocus {
		return back(w, r, postID, "/home")
	}
	v, err := s.db.PostVisibleTo(r.Context(), postID, r.asViewer())
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	w.Header().Set(fragmentHeader, part)
	return s.render(w, r, http.StatusOK, templates.PostPart{Frame: s.frame(r), Post: c.post(v), Focus: part == partFocus})
}

// backToAccount ends a small action on an account, with a flash.
func (s *Server) backToAccount(w http.ResponseWriter, r *request, a *store.Account, key string) error {
	if r.Header.Get(fragmentHeader) != partFollow {
		if key == "flash.unfollowed" {
			return s.backUndo(w, r, a.Path(), a.Path()+"/follow", "1", key, "name", a.Name())
		}
		return s.backWith(w, r, a.Path(), key, "name", a.Name())
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	rel, err := s.db.Relation(r.Context(), r.viewerID(), a.ID)
	if err != nil {
		return err
	}
	p := templates.FollowPart{Frame: s.frame(r), Person: c.person(a, rel)}
	p.Flashes = []templates.Flash{{Msg: templates.M(key, "name", a.Name())}}
	w.Header().Set(fragmentHeader, partFollow)
	return s.render(w, r, http.StatusOK, p)
}
