package web

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showLeave is /settings/delete: what happens when an account is deleted, and
// the form that does it. It is its own confirm page.
func (s *Server) showLeave(w http.ResponseWriter, r *request) error {
	return s.renderLeave(w, r, http.StatusOK)
}

func (s *Server) renderLeave(w http.ResponseWriter, r *request, status int, errs ...templates.FieldError) error {
	page := templates.LeavePage{Frame: s.frame(r), Name: r.form.Get("name")}
	page.Errors = errs
	return s.render(w, r, status, page)
}

// deleteAccount ends the viewer's account for good, if they typed its name and
// its password.
func (s *Server) deleteAccount(w http.ResponseWriter, r *request) error {
	name := strings.TrimPrefix(r.text("name"), "@")
	if !strings.EqualFold(name, r.viewer.Account.Username) {
		return s.renderLeave(w, r, http.StatusUnprocessableEntity, mistake("name", "leave.name_wrong", "name", r.viewer.Account.Username))
	}
	ok, err := s.confirmPassword(w, r, "password", s.renderLeave)
	if !ok {
		return err
	}
	err = s.db.DeleteAccount(r.Context(), r.viewerID())
	if errors.Is(err, store.ErrForbidden) {
		return s.renderLeave(w, r, http.StatusUnprocessableEntity, mistake("", "leave.last_owner"))
	}
	if err != nil {
		return err
	}
	s.dropCookie(w, "session")
	s.flash(w, templates.Flash{Msg: templates.M("flash.left")})
	return redirect(w, r, "/")
}
