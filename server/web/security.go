package web

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showSecurity is /settings/security: the password, and where the member is
// logged in.
func (s *Server) showSecurity(w http.ResponseWriter, r *request) error {
	return s.renderSecurity(w, r, http.StatusOK)
}

func (s *Server) renderSecurity(w http.ResponseWriter, r *request, status int, errs ...templates.FieldError) error {
	sessions, err := s.db.Sessions(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	factors, err := s.db.SecondFactors(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	log, err := s.db.SignIns(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	page := templates.SecurityPage{Frame: s.frame(r), Email: r.viewer.Email, Codes: templates.CodesState{
		On: factors.On, Since: s.moment(r, factors.Since), Pending: factors.Pending != "", Recovery: factors.Recovery}}
	keys, err := s.db.Passkeys(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	for _, v := range keys {
		page.Passkeys = append(page.Passkeys, templates.Passkey{ID: v.ID, Name: v.Name, Created: s.moment(r, v.CreatedAt), Used: s.moment(r, v.UsedAt)})
	}
	for _, v := range log {
		page.SignIns = append(page.SignIns, templates.SignIn{Way: string(v.Way), Browser: browserName(s.words(r), v.UserAgent), Address: v.Address, At: s.moment(r, v.At)})
	}
	page.Errors = errs
	if r.form.Has("email") {
		page.Email = strings.TrimSpace(r.form.Get("email"))
	}
	for _, v := range sessions {
		page.Sessions = append(page.Sessions, templates.Session{
			ID: v.ID, Browser: browserName(s.words(r), v.UserAgent), Address: v.Address,
			Created: s.moment(r, v.CreatedAt), Seen: s.moment(r, v.SeenAt), Current: v.ID == r.session.ID,
		})
	}
	return s.render(w, r, status, page)
}

// updatePassword changes the password. All sessions end, this one too: if its
// cookie was what leaked, changing the password must help, so the browser gets
// a new one.
func (s *Server) updatePassword(w http.ResponseWriter, r *request) error {
	ok, err := s.confirmPassword(w, r, "old_password", s.renderSecurity)
	if !ok {
		return err
	}
	err = s.db.SetPassword(r.Context(), r.viewerID(), r.form.Get("password"), 0)
	if m, wrong := accountMistake(err); wrong {
		return s.renderSecurity(w, r, http.StatusUnprocessableEntity, m)
	}
	if err != nil {
		return err
	}
	if err := s.logIn(w, r, r.viewer); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.password")})
	return redirect(w, r, "/settings/security")
}

// updateEmail is POST /settings/security/email: the address that the member can
// log in with too. Empty takes it away.
func (s *Server) updateEmail(w http.ResponseWriter, r *request) error {
	ok, err := s.confirmPassword(w, r, "email_password", s.renderSecurity)
	if !ok {
		return err
	}
	err = s.db.SetEmail(r.Context(), r.viewerID(), r.form.Get("email"))
	if m, wrong := accountMistake(err); wrong {
		return s.renderSecurity(w, r, http.StatusUnprocessableEntity, m)
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, "/settings/security", "flash.saved")
}

// confirmPassword asks the member's own password, in the field named. If it is
// not right the form is shown again and ok is false.
func (s *Server) confirmPassword(w http.ResponseWriter, r *request, field string,
	again func(http.ResponseWriter, *request, int, ...templates.FieldError) error) (ok bool, err error) {
	user, wait, err := s.checkPassword(r, r.viewer.Account.Username, r.form.Get(field))
	switch {
	case wait > 0:
		return false, again(w, r, http.StatusTooManyRequests, tooMany(w, wait))
	case errors.Is(err, store.ErrNotFound), err == nil && user.Account.ID != r.viewerID():
		return false, again(w, r, http.StatusUnprocessableEntity, mistake(field, "settings.password_wrong"))
	}
	return err == nil, err
}

// endSession logs one other browser out. One that has ended already is what was
// wanted.
func (s *Server) endSession(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.EndSession(r.Context(), r.viewerID(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return s.backWith(w, r, "/settings/security", "flash.session_ended")
}

// endOtherSessions logs all other browsers out.
func (s *Server) endOtherSessions(w http.ResponseWriter, r *request) error {
	if err := s.db.EndOtherSessions(r.Context(), r.viewerID(), r.session.ID); err != nil {
		return err
	}
	return s.backWith(w, r, "/settings/security", "flash.sessions_ended")
}
