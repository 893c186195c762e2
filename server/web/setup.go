package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// SetupKey is the secret of the set-up link, which makes the first owner. It
// lives as long as the process, and the page is gone once an owner exists.
type SetupKey struct{ hash [sha256.Size]byte }

// NewSetupKey makes a key and returns its secret, to be printed as part of the
// link: /setup?key=SECRET.
func NewSetupKey() (key *SetupKey, secret string) {
	secret = rand.Text()
	return &SetupKey{sha256.Sum256([]byte(secret))}, secret
}

// Check says whether given is the secret, in constant time. Nothing opens a nil key.
func (k *SetupKey) Check(given string) bool {
	if k == nil {
		return false
	}
	hash := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(hash[:], k.hash[:]) == 1
}

// hasOwner says whether the instance is set up. Once it is, it stays so: the
// store keeps the last owner.
func (s *Server) hasOwner(ctx context.Context) (bool, error) {
	if s.owned.Load() {
		return true, nil
	}
	has, err := s.db.HasOwner(ctx)
	if has {
		s.owned.Store(true)
	}
	return has, err
}

// showSetup is the page behind the set-up link.
func (s *Server) showSetup(w http.ResponseWriter, r *request) error {
	key := r.query("key")
	if err := s.checkSetup(r, key); err != nil {
		return err
	}
	page := templates.SetupPage{Key: key, Form: templates.SetupForm{JoinMode: string(store.RegistrationsApproval)}}
	return s.renderSetup(w, r, http.StatusOK, page)
}

func (s *Server) renderSetup(w http.ResponseWriter, r *request, status int, p templates.SetupPage, errs ...templates.FieldError) error {
	p.Frame = s.frame(r)
	p.Errors, p.NoIndex = errs, true
	s.fillAddress(r, &p)
	return s.render(w, r, status, p)
}

// checkSetup lets nobody in without the key, and nobody at all any more once
// there is an owner.
func (s *Server) checkSetup(r *request, key string) error {
	has, err := s.hasOwner(r.Context())
	switch {
	case err != nil:
		return err
	case has:
		return refuse(http.StatusNotFound, "setup.done")
	case !s.setup.Check(key):
		return refuse(http.StatusForbidden, "setup.wrong_key")
	}
	return nil
}

// createOwner founds the instance.
func (s *Server) createOwner(w http.ResponseWriter, r *request) error {
	page := templates.SetupPage{Key: r.form.Get("key"), Form: templates.SetupForm{
		Name: r.text("name"), Email: r.text("email"),
		Title: r.text("title"), Description: strings.TrimSpace(r.form.Get("description")), JoinMode: r.form.Get("join_mode"),
	}}
	password := r.form.Get("password")
	if err := s.checkSetup(r, page.Key); err != nil {
		// The same button twice: the account that it made is asked for.
		if done, again := s.logInSame(w, r, page.Form.Name, password); done {
			return again
		}
		return err
	}
	if errs := accountMistakes(page.Form.Name, password); len(errs) > 0 {
		return s.renderSetup(w, r, http.StatusUnprocessableEntity, page, errs...)
	}
	user, err := s.db.SetUp(r.Context(), store.NewUser{Name: page.Form.Name, Email: page.Form.Email, Password: password},
		map[string]string{"name": page.Form.Title, "description": page.Form.Description, "registrations": page.Form.JoinMode})
	if err != nil {
		if m, ok := setupMistake(err); ok {
			return s.renderSetup(w, r, http.StatusUnprocessableEntity, page, m)
		}
		return err
	}
	if err := s.logIn(w, r, user); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.founded")})
	return redirect(w, r, setupPath(3))
}

func setupMistake(err error) (templates.FieldError, bool) {
	var setting *store.SettingError
	if errors.As(err, &setting) {
		return settingMistake(setting), true
	}
	return accountMistake(err)
}
