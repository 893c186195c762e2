package api

import (
	"errors"
	"net/http"

	"seedling/store"
)

// showFactors is GET pleroma/accounts/mfa: whether the member's log-in asks for
// more than the password.
func (s *Server) showFactors(w http.ResponseWriter, r *request) error {
	f, err := s.db.SecondFactors(r.Context(), r.me())
	if err != nil {
		return err
	}
	return s.json(w, map[string]any{"settings": map[string]bool{"enabled": f.On, "totp": f.On}})
}

// startCodes is GET pleroma/accounts/mfa/setup/totp: a new secret for the app that
// makes codes. It counts once a code was shown.
func (s *Server) startCodes(w http.ResponseWriter, r *request) error {
	if method := r.path.ByName("method"); method != "totp" {
		return badRequest("undefined method")
	}
	err := s.db.StartTOTP(r.Context(), r.me())
	if errors.Is(err, store.ErrConflict) {
		return badRequest("Codes are asked for already")
	}
	if err != nil {
		return err
	}
	f, err := s.db.SecondFactors(r.Context(), r.me())
	if err != nil {
		return err
	}
	return s.json(w, map[string]string{"key": f.Pending, "provisioning_uri": f.CodesURL(s.db.AccountDomain(), r.user.Account.Username)})
}

// confirmCodes is POST pleroma/accounts/mfa/confirm/totp. The recovery codes come
// when they are asked for, as Akkoma's clients do next.
func (s *Server) confirmCodes(w http.ResponseWriter, r *request) error {
	if method := r.path.ByName("method"); method != "totp" {
		return badRequest("undefined mfa method")
	}
	return s.withPassword(w, r, func() error {
		_, err := s.db.ConfirmTOTP(r.Context(), r.me(), r.params.Get("code"))
		if errors.Is(err, store.ErrWrongCode) {
			return badRequest("Invalid code")
		}
		return err
	})
}

// newRecoveryCodes is GET pleroma/accounts/mfa/backup_codes: new ones, in place of
// those that there were.
func (s *Server) newRecoveryCodes(w http.ResponseWriter, r *request) error {
	codes, err := s.db.NewRecoveryCodes(r.Context(), r.me())
	if err != nil {
		return err
	}
	return s.json(w, map[string][]string{"codes": codes})
}

// endCodes is DELETE pleroma/accounts/mfa/totp.
func (s *Server) endCodes(w http.ResponseWriter, r *request) error {
	if method := r.path.ByName("method"); method != "totp" {
		return badRequest("undefined mfa method")
	}
	return s.withPassword(w, r, func() error { return s.db.EndTOTP(r.Context(), r.me()) })
}
