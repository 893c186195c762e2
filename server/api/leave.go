package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// What Akkoma lets an app do to the account itself. Each asks for the password,
// which an app can't try for long, and answers with {"error": …} and 200 if it is
// wrong, which is what its clients look for.

// withPassword runs do if the password that was sent is the member's.
func (s *Server) withPassword(w http.ResponseWriter, r *request, do func() error) error {
	if s.limits != nil {
		if err := s.take(w, s.limits.passwords, id(r.me())); err != nil {
			return err
		}
	}
	u, err := s.db.CheckPassword(r.Context(), r.user.Account.Username, r.params.Get("password"))
	if errors.Is(err, store.ErrNotFound) || err == nil && u.Account.ID != r.me() {
		return s.json(w, map[string]string{"error": "Invalid password."})
	}
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return s.json(w, map[string]string{"status": "success"})
}

// moveAccount is POST pleroma/move_account: to an account that names this one as
// an alias. Its server is asked first.
func (s *Server) moveAccount(w http.ResponseWriter, r *request) error {
	return s.withPassword(w, r, func() error {
		h, err := content.ParseHandle(strings.TrimPrefix(strings.TrimSpace(r.params.Get("target_account")), "@"))
		if err != nil {
			return store.ErrNotFound
		}
		targetID, err := s.moveTarget(r, h)
		if err != nil {
			return err
		}
		err = s.db.MoveAccount(r.Context(), r.me(), targetID)
		var stands *store.MoveError
		if errors.As(err, &stands) {
			return invalid("%s", stands)
		}
		return err
	})
}

// moveTarget finds an account, and reads it anew: it must name the member's.
func (s *Server) moveTarget(r *request, h content.Handle) (int64, error) {
	a, err := s.db.AccountByHandle(r.Context(), h)
	if errors.Is(err, store.ErrNotFound) && h.Host != "" {
		accountID, _, err := s.askElsewhere(r, h.String())
		if err == nil && accountID == 0 {
			err = store.ErrNotFound
		}
		return accountID, err
	}
	if err != nil {
		return 0, err
	}
	if a.Local() || s.fresh == nil {
		return a.ID, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookupWait)
	defer cancel()
	return a.ID, s.fresh(ctx, a.ID)
}

// changePassword is POST pleroma/change_password. All sessions and tokens end,
// this one too.
func (s *Server) changePassword(w http.ResponseWriter, r *request) error {
	fresh := r.params.Get("new_password")
	return s.withPassword(w, r, func() error {
		if fresh != r.params.Get("new_password_confirmation") {
			return invalid("New password confirmation does not match")
		}
		return explainSignUp(s.db.SetPassword(r.Context(), r.me(), fresh, 0))
	})
}

// changeEmail is POST pleroma/change_email.
func (s *Server) changeEmail(w http.ResponseWriter, r *request) error {
	return s.withPassword(w, r, func() error { return explainSignUp(s.db.SetEmail(r.Context(), r.me(), r.params.Get("email"))) })
}

// disableAccount is POST pleroma/disable_account: nobody logs in until the staff
// lets them.
func (s *Server) disableAccount(w http.ResponseWriter, r *request) error {
	return s.withPassword(w, r, func() error { return s.db.DisableUser(r.Context(), store.Staff{AccountID: r.me()}, r.me()) })
}

// deleteAccount is POST pleroma/delete_account, for good.
func (s *Server) deleteAccount(w http.ResponseWriter, r *request) error {
	return s.withPassword(w, r, func() error { return s.db.DeleteAccount(r.Context(), r.me()) })
}
