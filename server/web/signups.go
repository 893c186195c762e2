package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// signUpsPerPage is how many requests are shown, the longest waiting first. The
// next ones follow when these are decided.
const signUpsPerPage = 40

// showSignUps is /mod/signups.
func (s *Server) showSignUps(w http.ResponseWriter, r *request) error {
	list, err := s.db.PendingUsers(r.Context())
	if err != nil {
		return err
	}
	page := templates.SignUpsPage{Frame: s.frame(r)}
	for _, u := range list[:min(len(list), signUpsPerPage)] {
		_, host, _ := strings.Cut(u.Email, "@")
		page.Rows = append(page.Rows, templates.SignUp{
			ID: u.Account.ID, Name: u.Account.Username, Reason: u.Reason, Email: host, At: s.moment(r, u.CreatedAt),
		})
	}
	return s.render(w, r, http.StatusOK, page)
}

// approveSignUp lets somebody in.
func (s *Server) approveSignUp(w http.ResponseWriter, r *request) error {
	return s.decideSignUp(w, r, s.db.ApproveUser, "flash.approved")
}

// rejectSignUp turns somebody down.
func (s *Server) rejectSignUp(w http.ResponseWriter, r *request) error {
	return s.decideSignUp(w, r, s.db.RejectUser, "flash.turned_down")
}

func (s *Server) decideSignUp(w http.ResponseWriter, r *request, decide func(context.Context, store.Staff, int64) error, flash string) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	user, err := s.db.User(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return s.signUpDecided(w, r)
	}
	if err != nil {
		return err
	}
	switch err := decide(r.Context(), store.Staff{AccountID: r.viewerID()}, id); {
	case errors.Is(err, store.ErrDecidedAlready):
		return s.signUpDecided(w, r)
	case err != nil:
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M(flash, "name", user.Account.Username)})
	return redirect(w, r, "/mod/signups")
}

// signUpDecided says that somebody else, or the press before, was quicker.
func (s *Server) signUpDecided(w http.ResponseWriter, r *request) error {
	s.flash(w, templates.Flash{Msg: templates.M("flash.decided")})
	return redirect(w, r, "/mod/signups")
}
