// Package api is the Mastodon client API: JSON for the apps of members. It
// reads the request, finds out who asks and what their token allows, makes one
// call to the store, and answers. Rules belong to the store, so that pages and
// apps obey the same ones; this package is the only door to the API's words
// (status, reblog, favourited).
//
// Read [Server] and routes.go first (what there is), then handler.go (how a
// handler gets its request and returns its errors), access.go (who may), and
// status.go and account.go for how the store's types become entities. Each group
// of endpoints has one file. It imports the store, the words of package
// templates, and packages oauth, param and throttle beside it.
package api

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"seedling/store"
	"seedling/templates"
)

// Config is what the API needs.
type Config struct {
	DB      *store.DB
	Version string // of the software

	// Lookup asks other servers for a handle or an address; nil: searches find
	// what is known here. ErrNotFound of the store is the answer to everything
	// that leads nowhere.
	Lookup func(ctx context.Context, query string) (accountID, postID int64, err error)

	// Fresh reads an account of another server anew; nil: what is known here is
	// used. ErrNotFound if its server does not answer.
	Fresh func(ctx context.Context, accountID int64) error

	NoLimits bool             // no rate limits: for tests and measurements
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: discard
}

// Server is the whole API. It is safe for concurrent use.
type Server struct {
	db      *store.DB
	version string
	lookup  func(ctx context.Context, query string) (accountID, postID int64, err error)
	fresh   func(ctx context.Context, accountID int64) error
	limits  *limits // nil: off
	staff   staffCache
	secrets *secrets
	speaker templates.Speaker
	now     func() time.Time
	log     *slog.Logger
	routes  http.Handler
	buffers sync.Pool // of *bytes.Buffer: answers while they are made
}

// New builds the API and its routes.
func New(c Config) (*Server, error) {
	if c.DB == nil {
		return nil, errors.New("api: no store")
	}
	s := &Server{db: c.DB, version: c.Version, lookup: c.Lookup, fresh: c.Fresh, secrets: newSecrets(), now: c.Now, log: c.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if !c.NoLimits {
		s.limits = newLimits()
	}
	s.buffers.New = func() any { return new(bytes.Buffer) }
	s.routes = s.newRoutes()
	return s, nil
}

// ServeHTTP answers one request below /api/. HEAD is answered as GET; net/http
// leaves the body out.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		whole := *r
		whole.Method = http.MethodGet
		r = &whole
	}
	s.routes.ServeHTTP(w, r)
}

// ShowHealth answers GET /health, which Mastodon has outside of /api/: whether
// the store answers.
func (s *Server) ShowHealth(w http.ResponseWriter, r *http.Request) {
	s.handle(public(""), func(w http.ResponseWriter, r *request) error {
		if _, err := s.db.Settings(r.Context()); err != nil {
			return err
		}
		return s.json(w, map[string]string{"status": "UP"})
	})(w, r, nil)
}
