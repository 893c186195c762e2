package web

import (
	"context"
	"errors"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// toggle makes a handler of the two directions of a small action on a post.
// The form says which state is wanted, so that sending it twice is harmless.
func (s *Server) toggle(set, unset func(ctx context.Context, accountID, postID int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		id, err := r.id("id")
		if err != nil {
			return err
		}
		do := unset
		if r.on("on") {
			do = set
		}
		if err := do(r.Context(), r.viewerID(), id); err != nil {
			return err
		}
		return s.backToPost(w, r, id)
	}
}

// boost is POST /posts/{id}/boost: for everybody whom the post is for, or for
// whom the form names.
func (s *Server) boost(w http.ResponseWriter, r *request) error {
	circle := store.Public
	if name := r.form.Get("visibility"); name != "" {
		var err error
		if circle, err = store.ParseVisibility(name); err != nil || circle > store.Followers {
			return refuse(http.StatusUnprocessableEntity, "settings.choose")
		}
	}
	boost := func(ctx context.Context, accountID, postID int64) error {
		return s.db.BoostTo(ctx, accountID, postID, circle)
	}
	err := s.toggle(boost, s.db.Unboost)(w, r)
	switch {
	case errors.Is(err, store.ErrAsksFirst):
		return refuse(http.StatusConflict, "error.boost_asks")
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "post.no_boost")
	}
	return err
}

// favourite is POST /posts/{id}/favourite.
func (s *Server) favourite(ctx context.Context, accountID, postID int64) error {
	err := s.db.Favourite(ctx, accountID, postID)
	if errors.Is(err, store.ErrForbidden) {
		return refuse(http.StatusForbidden, "post.no_favourite")
	}
	return err
}

// downvote is POST /posts/{id}/downvote.
func (s *Server) downvote(ctx context.Context, accountID, postID int64) error {
	err := s.db.Downvote(ctx, accountID, postID)
	if errors.Is(err, store.ErrForbidden) {
		return refuse(http.StatusForbidden, "error.no_downvote")
	}
	return err
}

// pin is POST /posts/{id}/pin.
func (s *Server) pin(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	do, flash := s.db.Unpin, "flash.unpinned"
	if r.on("on") {
		do, flash = s.db.Pin, "flash.pinned"
	}
	err = do(r.Context(), r.viewerID(), id)
	if errors.Is(err, store.ErrForbidden) {
		return refuse(http.StatusForbidden, "error.pins")
	}
	if err != nil {
		return err
	}
	f := templates.Flash{Msg: templates.M(flash)}
	if !r.on("on") {
		f.Undo = &templates.Undo{Path: "/posts/" + r.param("id") + "/pin", On: "1"}
	}
	s.flash(w, f)
	return back(w, r, id, r.viewer.Account.Path())
}

// bookmark is POST /posts/{id}/bookmark. The end of one is told: where bookmarks
// are listed the post is gone then.
func (s *Server) bookmark(w http.ResponseWriter, r *request) error {
	if !r.on("on") && r.Header.Get(fragmentHeader) == "" {
		s.flash(w, templates.Flash{Msg: templates.M("flash.unmarked"), Undo: &templates.Undo{Path: "/posts/" + r.param("id") + "/bookmark", On: "1"}})
	}
	return s.toggle(s.db.Bookmark, s.db.Unbookmark)(w, r)
}

// showBoosts is /@name/{id}/boosts.
func (s *Server) showBoosts(w http.ResponseWriter, r *request) error {
	return s.renderDoers(w, r, "people.boosts", s.db.BoostersOf)
}

// showFavouriters is /@name/{id}/favourites.
func (s *Server) showFavouriters(w http.ResponseWriter, r *request) error {
	return s.renderDoers(w, r, "people.favourites", s.db.FavouritersOf)
}

func (s *Server) renderDoers(w http.ResponseWriter, r *request, title string,
	list func(context.Context, int64, store.Cursor) (*store.AccountPage, error)) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	page, err := list(r.Context(), v.ID, r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.PeoplePage{Frame: s.frame(r), Title: title, Back: v.Path(), Pager: r.links(page.Older, page.Newer)}
	p.NoIndex = true
	if p.People, err = c.people(r.Context(), page.Accounts); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// postOfPath is the post that a path names by its number, if the viewer may see it.
func (s *Server) postOfPath(r *request) (*store.PostView, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.PostVisibleTo(r.Context(), id, r.asViewer())
}
