package web

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showJoin is the sign-up page.
func (s *Server) showJoin(w http.ResponseWriter, r *request) error {
	return s.startJoin(w, r, templates.JoinForm{})
}

// showInvite is the sign-up page behind an invitation.
func (s *Server) showInvite(w http.ResponseWriter, r *request) error {
	code := r.param("code")
	usable, err := s.db.InviteUsable(r.Context(), code)
	if err != nil {
		return err
	}
	if strings.HasPrefix(r.Header.Get("Accept"), "application/json") { // an app, in which the link was pasted
		return inviteInJSON(w, code, usable)
	}
	if !usable {
		return s.renderJoin(w, r, http.StatusNotFound, templates.JoinForm{}, mistake("", "join.invite_used"))
	}
	return s.startJoin(w, r, templates.JoinForm{Invite: code})
}

// inviteInJSON answers as Mastodon does: the code, with which an app makes an account.
func inviteInJSON(w http.ResponseWriter, code string, usable bool) error {
	w.Header().Add("Vary", "Accept")
	if usable {
		return writeJSON(w, map[string]string{"invite_code": code})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnauthorized)
	return writeJSON(w, map[string]string{"error": "The invitation is not valid"})
}

// startJoin shows the empty form to whom it is for: not to members, and not
// before there is an owner whose server one could join.
func (s *Server) startJoin(w http.ResponseWriter, r *request, form templates.JoinForm) error {
	if r.viewer != nil {
		return redirect(w, r, "/home")
	}
	has, err := s.hasOwner(r.Context())
	if err != nil {
		return err
	}
	if !has {
		return redirect(w, r, "/")
	}
	return s.renderJoin(w, r, http.StatusOK, form)
}

func (s *Server) renderJoin(w http.ResponseWriter, r *request, status int, form templates.JoinForm, errs ...templates.FieldError) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	p := templates.JoinPage{Frame: s.frame(r), Form: form, Rules: settings.Rules, Message: settings.ClosedMessage}
	p.Errors = errs
	if form.Invite != "" && settings.Registrations != store.RegistrationsClosed {
		p.Site.JoinMode = string(store.RegistrationsInvite) // nobody asks an invited guest for reasons
	}
	if p.Started = r.form.Get("started"); !s.stampValid(p.Started) {
		p.Started = s.newStamp()
	}
	return s.render(w, r, status, p)
}

// createAccount signs somebody up. Whatever was wrong, the form comes back with
// all that was typed but the password.
func (s *Server) createAccount(w http.ResponseWriter, r *request) error {
	if r.viewer != nil {
		return redirect(w, r, "/home")
	}
	form := templates.JoinForm{
		Name: r.text("name"), Reason: strings.TrimSpace(r.form.Get("reason")), Invite: r.text("invite"),
		Agree: r.on("agree"), Quiet: r.on("quiet"),
	}
	if wait := s.takeJoin(r); wait > 0 {
		return s.renderJoin(w, r, http.StatusTooManyRequests, form, tooMany(w, wait))
	}
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	if settings.Registrations == store.RegistrationsClosed {
		return s.renderJoin(w, r, http.StatusForbidden, form)
	}
	if errs := s.joinMistakes(r, form, settings); len(errs) > 0 {
		return s.renderJoin(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	return s.signUp(w, r, form)
}

// signUp carries out a form in which nothing is missing.
func (s *Server) signUp(w http.ResponseWriter, r *request, form templates.JoinForm) error {
	if wait := s.takeSignUp(r, form); wait > 0 {
		return s.renderJoin(w, r, http.StatusTooManyRequests, form, tooMany(w, wait))
	}
	password := r.form.Get("password")
	user, key, err := s.db.SignUp(r.Context(), store.SignUp{
		NewUser: store.NewUser{Name: form.Name, Password: password, Quiet: form.Quiet},
		Reason:  form.Reason, Invite: form.Invite,
	})
	if err != nil {
		s.giveBackSignUp(r, form)
		return s.refuseSignUp(w, r, form, err)
	}
	if user.State == store.UserPending {
		return redirect(w, r, "/join/waiting/"+key)
	}
	if err := s.logIn(w, r, user); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.joined")})
	return redirect(w, r, welcomePaths[0])
}

// refuseSignUp shows why somebody could not join.
func (s *Server) refuseSignUp(w http.ResponseWriter, r *request, form templates.JoinForm, err error) error {
	var name *store.NameError
	if errors.As(err, &name) && name.Problem == store.NameTaken {
		// The same button twice: the first press made the account.
		if done, again := s.logInSame(w, r, form.Name, r.form.Get("password")); done {
			return again
		}
	}
	if errors.Is(err, store.ErrSignUpClosed) { // a moment ago
		return s.renderJoin(w, r, http.StatusForbidden, form)
	}
	if errors.Is(err, store.ErrInviteUsed) {
		return s.refuseInvite(w, r, form)
	}
	m, ok := accountMistake(err)
	if !ok {
		m, ok = signUpMistake(err)
	}
	if !ok {
		return err
	}
	return s.renderJoin(w, r, http.StatusUnprocessableEntity, form, m)
}

// refuseInvite shows the form for those without an invitation, where there is
// one, so that a dead invitation is not in the way.
func (s *Server) refuseInvite(w http.ResponseWriter, r *request, form templates.JoinForm) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	m := mistake("invite", "join.invite_used")
	if settings.Registrations != store.RegistrationsInvite {
		form.Invite, m.Field = "", ""
	}
	return s.renderJoin(w, r, http.StatusUnprocessableEntity, form, m)
}

// logInSame makes a form harmless that was sent twice: whoever knows the
// password of the account that is in the way is its owner, and is let in.
func (s *Server) logInSame(w http.ResponseWriter, r *request, name, password string) (done bool, err error) {
	user, wait, err := s.checkPassword(r, name, password)
	if err != nil || wait > 0 {
		return false, nil // the caller has a better error
	}
	switch user.State {
	case store.UserActive:
		if err := s.logIn(w, r, user); err != nil {
			return true, err
		}
		return true, redirect(w, r, "/home")
	case store.UserPending:
		page := templates.JoinWaitingPage{Frame: s.frame(r), Name: user.Account.Username, State: "waiting", Reason: user.Reason}
		page.NoIndex = true
		return true, s.render(w, r, http.StatusOK, page)
	}
	return false, nil
}

// joinMistakes finds everything that is wrong with the form at once, as far as
// that is known before it is tried.
func (s *Server) joinMistakes(r *request, form templates.JoinForm, settings store.Settings) []templates.FieldError {
	if !s.humanForm(r) {
		return []templates.FieldError{mistake("", "join.again")}
	}
	errs := accountMistakes(form.Name, r.form.Get("password"))
	if form.Invite == "" {
		switch settings.Registrations {
		case store.RegistrationsInvite:
			errs = append(errs, mistake("invite", "join.invite_needed"))
		case store.RegistrationsApproval:
			if form.Reason == "" {
				errs = append(errs, mistake("reason", "join.reason_missing"))
			}
		}
	}
	if len(settings.Rules) > 0 && !form.Agree {
		errs = append(errs, mistake("agree", "join.agree_missing"))
	}
	return errs
}

// accountMistakes checks a new name and its password.
func accountMistakes(name, password string) (errs []templates.FieldError) {
	clean, err := store.CleanName(name)
	for _, err := range []error{err, store.CheckNewPassword(password, clean)} {
		if m, ok := accountMistake(err); ok {
			errs = append(errs, m)
		}
	}
	return errs
}

// accountMistake puts the store's word on a new account into a sentence.
func accountMistake(err error) (templates.FieldError, bool) {
	var name *store.NameError
	var password *store.PasswordError
	var email *store.EmailError
	switch {
	case errors.As(err, &name):
		return mistake("name", nameKeys[name.Problem]), true
	case errors.As(err, &password):
		return mistake("password", passwordKeys[password.Problem]), true
	case errors.As(err, &email):
		return mistake("email", "join.email_wrong"), true
	case errors.Is(err, store.ErrConflict):
		return mistake("email", "join.email_taken"), true
	}
	return templates.FieldError{}, false
}

var nameKeys = map[store.NameProblem]string{
	store.NameEmpty: "join.name_missing", store.NameTooLong: "join.name_long", store.NameLetters: "join.name_letters",
	store.NameReserved: "join.name_reserved", store.NameTaken: "join.name_taken",
}

var passwordKeys = map[store.PasswordProblem]string{
	store.PasswordShort: "join.password_short", store.PasswordLong: "join.password_long", store.PasswordCommon: "join.password_common",
}

func signUpMistake(err error) (templates.FieldError, bool) {
	switch {
	case errors.Is(err, store.ErrInviteNeeded):
		return mistake("invite", "join.invite_needed"), true
	case errors.Is(err, store.ErrReasonNeeded):
		return mistake("reason", "join.reason_missing"), true
	case errors.Is(err, store.ErrReasonTooLong):
		return mistake("reason", "join.reason_long"), true
	}
	return templates.FieldError{}, false
}
