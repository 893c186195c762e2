package oauth

import (
	"errors"
	"net/http"
	"strings"

	"seedling/server/param"
	"seedling/store"
)

// Bearer returns the token that a request carries in its header (RFC 6750
// §2.1), or, as older apps send it, as a parameter, or "".
func Bearer(r *http.Request, p param.Values) string {
	if kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(kind, "Bearer") {
		return strings.TrimSpace(token)
	}
	return p.Get("access_token")
}

// errToken is the answer to a token that is missing, unknown or revoked.
var errToken = &Error{http.StatusUnauthorized, "The access token is invalid", "The access token is invalid"}

// bearer finds the token of a request.
func (s *Server) bearer(r *http.Request, p param.Values) (*store.Token, *store.User, error) {
	secret := Bearer(r, p)
	if secret == "" {
		return nil, nil, errToken
	}
	k, u, err := s.db.Token(r.Context(), secret)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, errToken
	}
	return k, u, err
}
