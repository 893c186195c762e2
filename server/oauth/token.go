package oauth

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"seedling/server/param"
	"seedling/store"
)

// Errors of RFC 6749 §5.2, in the words that Mastodon's clients know.
var (
	errClient = &Error{http.StatusUnauthorized, "invalid_client",
		"Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."}
	errGrant = &Error{http.StatusBadRequest, "invalid_grant",
		"The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."}
	errGrantType   = &Error{http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server."}
	errNoGrantType = &Error{http.StatusBadRequest, "invalid_request", "Missing required parameter: grant_type."}
	errScope       = &Error{http.StatusBadRequest, "invalid_scope", "The requested scope is invalid, unknown, or malformed."}
	errOthers      = &Error{http.StatusForbidden, "unauthorized_client", "You are not authorized to revoke this token"}
)

// tokenAnswer is RFC 6749 §5.1.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
	CreatedAt   int64  `json:"created_at"` // seconds
}

// createToken is POST /oauth/token.
func (s *Server) createToken(w http.ResponseWriter, r *http.Request, p param.Values) error {
	if err := s.take(w, r, s.tokens); err != nil {
		return err
	}
	grant := p.Get("grant_type")
	if grant == "" {
		return errNoGrantType
	}
	if grant != "authorization_code" && grant != "client_credentials" {
		return errGrantType // password too: an app must never see one
	}
	app, err := s.clientOf(r, p, grant == "authorization_code")
	if err != nil {
		return err
	}
	if grant == "client_credentials" {
		return s.tokenForApp(w, r, p, app)
	}
	token, k, err := s.db.ExchangeCode(r.Context(), app.ID, p.Get("code"), func(g store.Grant) error {
		if g.RedirectURI != p.Get("redirect_uri") || !proves(g.Challenge, p.Get("code_verifier")) {
			return errGrant
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return errGrant
	}
	if err != nil {
		return err
	}
	return s.write(w, http.StatusOK, tokenAnswer{token, "Bearer", k.Scopes, k.CreatedAt.Unix()})
}

// tokenForApp lets an app act for itself, within what it registered for.
func (s *Server) tokenForApp(w http.ResponseWriter, r *http.Request, p param.Values, app *store.App) error {
	scopes, err := ParseScopes(p.Get("scope"))
	if err != nil {
		return errScope
	}
	registered, err := ParseScopes(app.Scopes)
	if err != nil || !scopes.Within(registered) {
		return errScope
	}
	if len(scopes) == 0 {
		scopes = Scopes{"read"}
		if !scopes.Within(registered) {
			scopes = registered
		}
	}
	token, createdAt, err := s.db.CreateAppToken(r.Context(), app.ID, scopes.String())
	if err != nil {
		return err
	}
	return s.write(w, http.StatusOK, tokenAnswer{token, "Bearer", scopes.String(), createdAt.Unix()})
}

// clientOf finds the app that sends a request by its id and secret, as
// parameters or by HTTP Basic (RFC 6749 §2.3.1). With proof, an app may come
// without its secret if it brings the verifier of a challenge: one that runs on
// a member's machine can't keep a secret (RFC 8252 §8.5).
func (s *Server) clientOf(r *http.Request, p param.Values, proof bool) (*store.App, error) {
	id, secret := p.Get("client_id"), p.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		id, secret = unescape(user), unescape(password)
	}
	if id == "" {
		return nil, errClient
	}
	app, err := s.db.AppByClientID(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errClient
	}
	if err != nil {
		return nil, err
	}
	if secret == "" && proof && p.Get("code_verifier") != "" {
		return app, nil
	}
	if !app.SecretIs(secret) {
		return nil, errClient
	}
	return app, nil
}

// unescape undoes the form encoding that RFC 6749 §2.3.1 wants in HTTP Basic
// and most apps leave out.
func unescape(s string) string {
	if text, err := url.QueryUnescape(s); err == nil && strings.Contains(s, "%") {
		return text
	}
	return s
}

// revokeToken is POST /oauth/revoke (RFC 7009).
func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request, p param.Values) error {
	if err := s.take(w, r, s.tokens); err != nil {
		return err
	}
	app, err := s.clientOf(r, p, false)
	if errors.Is(err, errClient) {
		return errOthers
	}
	if err != nil {
		return err
	}
	if err := s.db.RevokeToken(r.Context(), app.ID, p.Get("token")); errors.Is(err, store.ErrForbidden) {
		return errOthers
	} else if err != nil {
		return err
	}
	return s.write(w, http.StatusOK, struct{}{})
}
