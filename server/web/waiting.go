package web

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showWaiting tells how a request to join stands. Its address is the secret. A
// request that was turned down or withdrawn has left nothing behind, so its
// address means as little as any other.
func (s *Server) showWaiting(w http.ResponseWriter, r *request) error {
	return s.renderWaiting(w, r, http.StatusOK)
}

func (s *Server) renderWaiting(w http.ResponseWriter, r *request, status int, errs ...templates.FieldError) error {
	page := templates.JoinWaitingPage{Frame: s.frame(r), State: "rejected"}
	page.NoIndex, page.Errors = true, errs
	user, err := s.db.WaitingUser(r.Context(), r.param("key"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		status = http.StatusNotFound
	case err != nil:
		return err
	case user.State == store.UserPending:
		page.State, page.Name, page.Reason = "waiting", user.Account.Username, user.Reason
		page.Change = "/join/waiting/" + r.param("key")
		page.Withdraw = page.Change + "/withdraw"
		if errs != nil {
			page.Reason = r.form.Get("reason")
		}
	default:
		page.State, page.Name = "accepted", user.Account.Username
	}
	return s.render(w, r, status, page)
}

// changeReason replaces what somebody who waits has said of themselves.
func (s *Server) changeReason(w http.ResponseWriter, r *request) error {
	path := "/join/waiting/" + r.param("key")
	err := s.db.ChangeReason(r.Context(), r.param("key"), strings.TrimSpace(r.form.Get("reason")))
	switch {
	case errors.Is(err, store.ErrReasonNeeded):
		return s.renderWaiting(w, r, http.StatusUnprocessableEntity, mistake("reason", "join.reason_missing"))
	case errors.Is(err, store.ErrReasonTooLong):
		return s.renderWaiting(w, r, http.StatusUnprocessableEntity, mistake("reason", "join.reason_long"))
	case errors.Is(err, store.ErrDecidedAlready), errors.Is(err, store.ErrNotFound): // which the page says
		return redirect(w, r, path)
	case err != nil:
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, path)
}

// showWithdraw asks before a request to join is taken back.
func (s *Server) showWithdraw(w http.ResponseWriter, r *request) error {
	path := "/join/waiting/" + r.param("key")
	user, err := s.db.WaitingUser(r.Context(), r.param("key"))
	if errors.Is(err, store.ErrNotFound) || err == nil && user.State != store.UserPending {
		return redirect(w, r, path) // which says how things stand
	}
	if err != nil {
		return err
	}
	page := templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("confirm.withdraw"), Body: []templates.Msg{templates.M("confirm.withdraw_text", "name", user.Account.Username)},
		Action: path + "/withdraw", Button: "waiting.withdraw", Danger: true, Cancel: path,
	}
	page.NoIndex = true
	return s.render(w, r, http.StatusOK, page)
}

// withdrawSignUp takes a request to join back.
func (s *Server) withdrawSignUp(w http.ResponseWriter, r *request) error {
	err := s.db.WithdrawSignUp(r.Context(), r.param("key"))
	if errors.Is(err, store.ErrDecidedAlready) {
		return redirect(w, r, "/join/waiting/"+r.param("key"))
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: withdrawn by the press before
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.withdrawn")})
	return redirect(w, r, "/")
}
