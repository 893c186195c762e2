package api

import (
	"errors"
	"net/http"

	"seedling/server/oauth"
	"seedling/store"
)

// access is who may use an endpoint.
type access struct {
	who   who
	scope string // that a token needs; "": any token will do
}

type who int

const (
	anyone who = iota // a token is not needed; if there is one, it needs the scope
	apps              // a token of an app or a member
	members
)

// public is for everyone; a member's token, if it has the scope, makes the
// answer theirs.
func public(scope string) access { return access{anyone, scope} }

// member needs a member's token with a scope.
func member(scope string) access { return access{members, scope} }

// app needs a token, be it of an app that acts for itself.
func app(scope string) access { return access{apps, scope} }

// Errors of access, in the words that apps know.
var (
	errToken  = &apiError{status: http.StatusUnauthorized, text: "The access token is invalid"}
	errScope  = &apiError{status: http.StatusForbidden, text: "This action is outside the authorized scopes"}
	errMember = &apiError{status: http.StatusUnprocessableEntity, text: "This method requires an authenticated user"}
	errLogin  = &apiError{status: http.StatusUnauthorized, text: "This method requires an authenticated user"}
	errWaits  = &apiError{status: http.StatusForbidden, text: "Your login is currently pending approval"}
	errRole   = &apiError{status: http.StatusForbidden, text: "This action is not allowed"}
)

// identify finds out who asks, and refuses who may not. A token that is not
// good is refused everywhere: an app must notice that it was revoked. Who signed
// up with an app and waits to be let in is told so.
func (s *Server) identify(w http.ResponseWriter, r *request, a access) error {
	secret := oauth.Bearer(r.Request, r.params)
	if secret == "" {
		if a.who != anyone {
			return errToken
		}
		return nil
	}
	token, user, err := s.db.Token(r.Context(), secret)
	if errors.Is(err, store.ErrNotFound) {
		if err := s.takeGuess(w, r); err != nil {
			return err
		}
		switch waits := errors.Is(err, store.ErrNotLetIn); {
		case waits && a.who == anyone:
			return nil // like a visitor
		case waits:
			return errWaits // an app that is told that its token is no good forgets the account
		}
		return errToken
	}
	if err != nil {
		return err
	}
	r.token, r.user = token, user
	if a.scope != "" && !oauth.Allow(token.Scopes, a.scope) {
		return errScope
	}
	if a.who == members && user == nil {
		return errMember
	}
	s.noteUse(r)
	s.secrets.note(token, secret)
	return nil
}
