package web

import (
	"errors"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showWaiting tells how a request to join stands. Its address is the secret. A
// request that was turned down or withdrawn has left nothing behind, so its
// address means as little as any other.
func (s *Server) showWaiting(w http.ResponseWriter, r *request) error {
	page := templates.JoinWaitingPage{Frame: s.frame(r), State: "rejected"}
	page.NoIndex = true
	status := http.StatusOK
	user, err := s.db.WaitingUser(r.Context(), r.param("key"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		status = http.StatusNotFound
	case err != nil:
		return err
	case user.State == store.UserPending:
		page.State, page.Name, page.Reason = "waiting", user.Account.Username, user.Reason
		page.Withdraw = "/join/waiting/" + r.param("key") + "/withdraw"
	default:
		page.State, page.Name = "accepted", user.Account.Username
	}
	return s.render(w, r, status, page)
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
