package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"seedling/server/param"
	"seedling/store"
)

// Request is what an app asks a member for, checked: the page that shows it is
// in package web.
type Request struct {
	App         *store.App
	RedirectURI string
	Scopes      Scopes
	State       string
	Challenge   string
	ForceLogin  bool // the member shall say again who they are
}

// RequestError says why a member can't be asked. With a redirect address it is
// for the app, which gets it there; without one the app or its address is not
// to be trusted, and the member is told.
type RequestError struct {
	Code, Problem string // RFC 6749 §4.1.2.1
	redirect      string
	state         string
}

func (e *RequestError) Error() string { return e.Code + ": " + e.Problem }

// Redirect is where the app is told of the error, or "".
func (e *RequestError) Redirect() string {
	if e.redirect == "" || e.redirect == OutOfBand {
		return ""
	}
	return answerTo(e.redirect, e.state, url.Values{"error": {e.Code}, "error_description": {e.Problem}})
}

// answerTo is the app's address with what it is answered.
func answerTo(redirect, state string, answer url.Values) string {
	if state != "" {
		answer.Set("state", state)
	}
	return withQuery(redirect, answer)
}

// ReadRequest checks the parameters of /oauth/authorize. It returns
// *RequestError for what the app did wrong.
func ReadRequest(ctx context.Context, db *store.DB, q url.Values) (*Request, error) {
	r := &Request{RedirectURI: q.Get("redirect_uri"), State: q.Get("state"), ForceLogin: param.Bool(q.Get("force_login"), false)}
	app, err := db.AppByClientID(ctx, q.Get("client_id"))
	if errors.Is(err, store.ErrNotFound) {
		return nil, &RequestError{Code: "invalid_client", Problem: "this app is not registered here"}
	}
	if err != nil {
		return nil, err
	}
	r.App = app
	if r.RedirectURI == "" && len(app.RedirectURIs) == 1 {
		r.RedirectURI = app.RedirectURIs[0]
	}
	if !MayRedirect(app.RedirectURIs, r.RedirectURI) {
		return nil, &RequestError{Code: "invalid_redirect_uri", Problem: "the app wants an answer at an address that it did not register"}
	}
	fail := func(code, problem string) (*Request, error) {
		return nil, &RequestError{Code: code, Problem: problem, redirect: r.RedirectURI, state: r.State}
	}
	if len(r.State) > maxState {
		r.State = ""
		return fail("invalid_request", fmt.Sprintf("state is longer than %d bytes", maxState))
	}
	if q.Get("response_type") != "code" {
		return fail("unsupported_response_type", "response_type must be code")
	}
	if r.Scopes, err = ParseScopes(q.Get("scope")); err != nil {
		return fail("invalid_scope", err.Error())
	}
	if len(r.Scopes) == 0 {
		r.Scopes = Scopes{"read"}
	}
	registered, err := ParseScopes(app.Scopes)
	if err != nil || !r.Scopes.Within(registered) {
		return fail("invalid_scope", "the app asks for more than it registered for")
	}
	r.Challenge = q.Get("code_challenge")
	if method := q.Get("code_challenge_method"); r.Challenge != "" && method != "S256" || method != "" && method != "S256" {
		return fail("invalid_request", "code_challenge_method must be S256")
	} else if method != "" && r.Challenge == "" || r.Challenge != "" && !challengeValid(r.Challenge) {
		return fail("invalid_request", "code_challenge is not one of S256")
	}
	return r, nil
}

// Allow notes that a member agrees. It returns where they go on to, or, for an
// app without an address, the code that they are to copy.
func (r *Request) Allow(ctx context.Context, db *store.DB, accountID int64) (redirect, code string, err error) {
	code, err = db.CreateCode(ctx, store.Grant{AppID: r.App.ID, AccountID: accountID, RedirectURI: r.RedirectURI,
		Scopes: r.Scopes.String(), Challenge: r.Challenge})
	if err != nil || r.RedirectURI == OutOfBand {
		return "", code, err
	}
	return answerTo(r.RedirectURI, r.State, url.Values{"code": {code}}), "", nil
}

// Deny returns where a member goes on to who does not agree; "" for an app
// without an address.
func (r *Request) Deny() string {
	if r.RedirectURI == OutOfBand {
		return ""
	}
	return answerTo(r.RedirectURI, r.State, url.Values{"error": {"access_denied"}, "error_description": {"The resource owner or authorization server denied the request."}})
}
