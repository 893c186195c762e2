// Package oauth is the OAuth 2 authorisation server: apps get tokens with which
// they act for members (RFC 6749, with PKCE as in RFC 7636). It answers what
// apps ask for; the page on which a member agrees is in package web, which calls
// [ReadRequest], [Request.Allow] and [Request.Deny].
//
// What the tokens are good for is the client API's business (package api): here
// is only what a scope is. It imports the store and packages param and throttle.
//
// Read authorize.go, then token.go: that is the way of a code.
package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"seedling/server/param"
	"seedling/server/throttle"
	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// Config is what the authorisation server needs.
type Config struct {
	DB       *store.DB
	NoLimits bool             // no throttles: for tests and measurements
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: discard
}

// Server answers apps. It is safe for concurrent use.
type Server struct {
	db           *store.DB
	apps, tokens *throttle.Table // nil: off
	now          func() time.Time
	log          *slog.Logger
}

// New makes the server.
func New(c Config) (*Server, error) {
	if c.DB == nil {
		return nil, errors.New("oauth: no store")
	}
	s := &Server{db: c.DB, now: c.Now, log: c.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if !c.NoLimits {
		s.apps, s.tokens = throttle.New(appsPerHost, appsWindow), throttle.New(tokensPer, tokensWindow)
	}
	return s, nil
}

// Run forgets apps that nobody used, and keys of posts that are old, from time to time, until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		if err := errors.Join(s.db.PruneApps(ctx), s.db.ForgetPostTokens(ctx)); err != nil && ctx.Err() == nil {
			s.log.Error("unused apps and old keys were not forgotten", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Register adds what apps ask for to a router. Browsers may ask from any page:
// there are no cookies in it.
func (s *Server) Register(r *httprouter.Router) {
	r.POST("/api/v1/apps", s.handle(s.createApp))
	r.GET("/api/v1/apps/verify_credentials", s.handle(s.showApp))
	r.POST("/oauth/token", s.handle(s.createToken))
	r.POST("/oauth/revoke", s.handle(s.revokeToken))
	r.GET("/oauth/userinfo", s.handle(s.showUser))
	r.POST("/oauth/userinfo", s.handle(s.showUser))
	r.GET("/.well-known/oauth-authorization-server", s.handle(s.showMetadata))
	for _, path := range []string{"/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/oauth-authorization-server"} {
		r.OPTIONS(path, preflight)
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if known, _, _ := r.Lookup(method, path); known == nil {
				r.Handle(method, path, s.handle(wrongMethod))
			}
		}
	}
	for _, path := range []string{"/api/v1/apps", "/api/v1/apps/verify_credentials"} { // what else is asked of them package api answers
		r.OPTIONS(path, preflight)
	}
}

// wrongMethod answers an app in JSON, where the pages would answer.
func wrongMethod(http.ResponseWriter, *http.Request, param.Values) error {
	return &Error{http.StatusNotFound, "invalid_request", "There is nothing to be had by this method"}
}

// handler answers one request; what it returns as an error becomes the answer.
type handler func(w http.ResponseWriter, r *http.Request, p param.Values) error

// Error is what an app is told (RFC 6749 §5.2).
type Error struct {
	Status  int
	Code    string
	Problem string
}

func (e *Error) Error() string { return e.Code + ": " + e.Problem }

func (s *Server) handle(h handler) httprouter.Handle {
	return func(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
		SetCORS(w.Header())
		p, err := param.Read(w, r, maxBody)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer p.Close()
		if err := h(w, r, p); err != nil {
			s.fail(w, r, err)
		}
	}
}

// preflight answers a browser that asks whether a page may ask (Fetch §4.8).
func preflight(w http.ResponseWriter, _ *http.Request, _ httprouter.Params) {
	SetCORS(w.Header())
	w.WriteHeader(http.StatusNoContent)
}

// SetCORS lets pages of any origin use an answer of the client API. The headers
// that apps read are named.
func SetCORS(h http.Header) {
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Access-Control-Allow-Methods"] = allMethods
	h["Access-Control-Allow-Headers"] = requestHeaders
	h["Access-Control-Expose-Headers"] = answerHeaders
	h["Access-Control-Max-Age"] = preflightAge
}

// The values of the headers, made once.
var (
	anyOrigin      = []string{"*"}
	allMethods     = []string{"GET, POST, PUT, PATCH, DELETE, OPTIONS"}
	requestHeaders = []string{"Authorization, Content-Type, Idempotency-Key, *"} // the star stands for all but Authorization (Fetch §3.3.5)
	answerHeaders  = []string{"Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Mastodon-Async-Refresh, Location, Retry-After"}
	preflightAge   = []string{"86400"}
)

// fail answers with an error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var own *Error
	var wrong *param.Error
	switch {
	case errors.As(err, &own):
	case errors.As(err, &wrong):
		own = &Error{wrong.Status, "invalid_request", wrong.Problem}
	case errors.Is(err, store.ErrClosed):
		own = &Error{http.StatusServiceUnavailable, "temporarily_unavailable", "The server is stopping"}
	case store.NoRoom(err):
		own = &Error{http.StatusInsufficientStorage, "temporarily_unavailable", "The server's disk is full"}
	default:
		if r.Context().Err() == nil {
			s.log.Error("request of an app failed", "method", r.Method, "path", r.URL.Path, "error", err)
		}
		own = &Error{http.StatusInternalServerError, "server_error", "The server failed"}
	}
	if own.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Seedling", error="`+own.Code+`"`)
	}
	s.write(w, own.Status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{own.Code, own.Problem})
}

// write answers with JSON that nobody keeps.
func (s *Server) write(w http.ResponseWriter, status int, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store") // RFC 6749 §5.1
	}
	w.WriteHeader(status)
	w.Write(append(b, '\n'))
	return nil
}

// take counts a request in a table, and refuses it if there were too many from
// this address.
func (s *Server) take(w http.ResponseWriter, r *http.Request, t *throttle.Table) error {
	if t == nil {
		return nil
	}
	c := t.Take(throttle.Network(r.RemoteAddr), s.now())
	if c.Wait <= 0 {
		return nil
	}
	w.Header().Set("Retry-After", strconv.Itoa(int((c.Wait+time.Second-1)/time.Second)))
	return &Error{http.StatusTooManyRequests, "slow_down", "Too many requests"}
}
