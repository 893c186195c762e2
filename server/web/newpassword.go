package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// passwordPath is where a link for a new password leads.
func passwordPath(secret string) string { return "/password/reset/" + secret }

// showForgotten is /password/forgot. There is no mail here, so it says whom to ask.
func (s *Server) showForgotten(w http.ResponseWriter, r *request) error {
	page := templates.ForgottenPage{Frame: s.frame(r)}
	page.NoIndex = true
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	page.Contact = settings.ContactEmail
	if page.ContactAccount, err = s.contactOf(r, settings); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page)
}

// showNewPassword is /password/reset/{token}. A link that is used or too old is
// gone, like one that never was.
func (s *Server) showNewPassword(w http.ResponseWriter, r *request) error {
	u, err := s.db.PasswordLinkUser(r.Context(), r.param("token"))
	if err != nil {
		return err
	}
	return s.renderNewPassword(w, r, http.StatusOK, u)
}

func (s *Server) renderNewPassword(w http.ResponseWriter, r *request, status int, u *store.User, errs ...templates.FieldError) error {
	page := templates.NewPasswordPage{Frame: s.frame(r), Name: u.Account.Username, Action: passwordPath(r.param("token"))}
	page.Errors, page.NoIndex = errs, true
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, status, page)
}

// setNewPassword is POST /password/reset/{token}.
func (s *Server) setNewPassword(w http.ResponseWriter, r *request) error {
	u, err := s.db.PasswordLinkUser(r.Context(), r.param("token"))
	if err != nil {
		return err
	}
	_, err = s.db.UsePasswordLink(r.Context(), r.param("token"), r.form.Get("password"))
	if m, wrong := accountMistake(err); wrong {
		return s.renderNewPassword(w, r, http.StatusUnprocessableEntity, u, m)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.password_new")})
	return redirect(w, r, "/login")
}
