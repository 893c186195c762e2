package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"seedling/store"
	"seedling/templates"
)

// showLogin is the log-in page. Who is logged in already goes on.
func (s *Server) showLogin(w http.ResponseWriter, r *request) error {
	next := r.query("next")
	if r.viewer != nil {
		return redirect(w, r, nextPath(next))
	}
	return s.renderLogin(w, r, http.StatusOK, templates.LoginPage{Next: next})
}

func (s *Server) renderLogin(w http.ResponseWriter, r *request, status int, p templates.LoginPage, errs ...templates.FieldError) error {
	p.Frame = s.frame(r)
	p.Errors, p.NoIndex = errs, true
	if _, ok := localPath(p.Next); !ok {
		p.Next = ""
	}
	return s.render(w, r, status, p)
}

// nextPath is where a log-in leads: a page of this server, or home.
func nextPath(next string) string {
	if path, ok := localPath(next); ok {
		return path
	}
	return "/home"
}

// createSession logs somebody in. Any wrong pair gets the same sentence; why an
// account may not log in is told only to who knows its password.
func (s *Server) createSession(w http.ResponseWriter, r *request) error {
	page := templates.LoginPage{Login: r.text("login"), Next: r.form.Get("next"), Again: keptAction(r), Keep: keptFields(r)}
	user, wait, err := s.checkPassword(r, page.Login, r.form.Get("password"))
	switch {
	case wait > 0:
		return s.renderLogin(w, r, http.StatusTooManyRequests, page, tooMany(w, wait))
	case errors.Is(err, store.ErrNotFound):
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, page, mistake("login", "login.wrong"))
	case err != nil:
		return err
	case user.State == store.UserPending:
		return s.renderLogin(w, r, http.StatusForbidden, page, mistake("", "login.waiting"))
	}
	factors, err := s.db.SecondFactors(r.Context(), user.Account.ID)
	if err != nil {
		return err
	}
	if factors.On && user.State == store.UserActive {
		return s.askSecond(w, r, user, page)
	}
	return s.finishLogIn(w, r, user.Account.ID, store.SignInPassword, page)
}

// checkPassword finds the user that a name and a password belong to, unless
// there were too many wrong ones before (wait). ErrNotFound is any wrong pair.
func (s *Server) checkPassword(r *request, name, password string) (user *store.User, wait time.Duration, err error) {
	if s.throttles == nil {
		user, err = s.db.CheckPassword(r.Context(), name, password)
		return user, 0, err
	}
	account, address := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "@")), s.network(r)
	if wait := s.throttles.address.Take(address, s.now()).Wait; wait > 0 {
		return nil, wait, nil
	}
	if wait := s.throttles.account.Take(account, s.now()).Wait; wait > 0 {
		return nil, wait, nil
	}
	user, err = s.db.CheckPassword(r.Context(), name, password)
	if err == nil { // only this one is taken back, or one's own account would reset the count
		s.throttles.address.GiveBack(address)
		s.throttles.account.GiveBack(account)
	}
	return user, 0, err
}

// deleteSession logs out.
func (s *Server) deleteSession(w http.ResponseWriter, r *request) error {
	if r.session != nil {
		err := s.db.EndSession(r.Context(), r.viewer.Account.ID, r.session.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		s.dropCookie(w, "session")
		s.flash(w, templates.Flash{Msg: templates.M("flash.logged_out")})
	}
	return redirect(w, r, "/")
}

// When a session has ended while somebody wrote, the form that they sent is
// kept in the log-in form, each field's name with this in front, and offered
// again after the log-in.
const keptPrefix = "keep."

// logInAgain is the answer to a form of a session that has ended.
func (s *Server) logInAgain(w http.ResponseWriter, r *request) error {
	page := templates.LoginPage{Next: r.form.Get("back")}
	if retry := retryForm(r); retry != nil && retry.Action != "" {
		page.Again, page.Keep = retry.Action, prefixed(retry.Fields)
	}
	return s.renderLogin(w, r, http.StatusForbidden, page, mistake("", "login.ended"))
}

func prefixed(fields []templates.Pair) []templates.Pair {
	kept := make([]templates.Pair, len(fields))
	for i, f := range fields {
		kept[i] = templates.Pair{Name: keptPrefix + f.Name, Value: f.Value}
	}
	return kept
}

// keptAction is where the kept form wants to go.
func keptAction(r *request) string {
	path, _ := localPath(r.form.Get("again"))
	return path
}

func keptFields(r *request) []templates.Pair {
	kept := url.Values{}
	for name, values := range r.form {
		if strings.HasPrefix(name, keptPrefix) {
			kept[name] = values
		}
	}
	return pairs(kept)
}

// offerAgain shows the kept form with a button: what was sent under an old
// session is not done without asking.
func (s *Server) offerAgain(w http.ResponseWriter, r *request, p templates.LoginPage) error {
	page := templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("login.again"), Body: []templates.Msg{templates.M("login.again_text")},
		Action: p.Again, Button: "error.again", Cancel: nextPath(p.Next),
	}
	for _, f := range p.Keep {
		page.Hidden = append(page.Hidden, templates.Pair{Name: strings.TrimPrefix(f.Name, keptPrefix), Value: f.Value})
	}
	return s.render(w, r, http.StatusOK, page)
}
