// Package web answers people in browsers: pages, forms, redirects. It reads
// the request, finds out who asks, makes one call to the store, and answers.
// Rules belong to the store, words and HTML to templates, anything that other
// servers send or read to federation.
//
// Read [Server] and routes.go first (what there is), then handler.go (how a
// handler gets its request and returns its errors) and view.go (how the store's
// types become what templates show). Each group of pages has one file.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"seedling/federation"
	"seedling/federation/remotemedia"
	"seedling/static"
	"seedling/store"
	"seedling/templates"
)

// Config is what the pages need.
type Config struct {
	DB      *store.DB
	Version string // of the software, as shown in the footer
	Source  string // URL of the source code of this version

	// ClientAddress tells the address of the browser, behind proxies too; nil:
	// the address of the connection.
	ClientAddress func(*http.Request) string

	Documents *federation.Documents // the other form of profiles and posts; nil: pages alone
	Lookup    Lookup                // asks other servers; nil: searches find what is known here
	Away      Away                  // asks a visitor's server where they can act; nil: they are told what to search for there
	Inbound   Inbound               // for admins; nil: nothing to show
	Reach     Reach                 // asks this server from outside; nil: that is not tried
	Fresh     Fresh                 // reads an account elsewhere anew; nil: what is stored counts

	Live   Live               // tells open pages what has changed; nil: they learn it when they are read again
	Remote *remotemedia.Cache // files of other servers; nil: they are not shown

	SetupKey *SetupKey // opens the set-up page while there is no owner; nil: closed
	NoLimits bool      // no throttles and no least time for filling in: for tests and benchmarks

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: discard
}

// Reach asks this server something at its public address, by the way that other
// servers take.
type Reach func(ctx context.Context) error

// Live answers with a stream for an open page of a member.
type Live func(w http.ResponseWriter, r *http.Request, accountID, sessionID int64)

// Server is all pages. It is safe for concurrent use.
type Server struct {
	db     *store.DB
	pages  *templates.Set
	assets *static.Files
	dress  string // the header that has a browser fetch the style sheet at once
	origin *http.CrossOriginProtection
	secure bool // the public URL is https
	owned  atomic.Bool
	setup  *SetupKey

	roles     atomic.Pointer[roles]
	zones     sync.Map // *time.Location by name
	documents *federation.Documents
	live      Live
	lookup    Lookup
	away      Away
	inbound   Inbound
	fresh     Fresh
	reach     Reach
	onces     onces
	asked     *recent // what other servers were asked for, not to ask again at once

	throttles *throttles // nil: off
	passkeys  *webauthn.WebAuthn
	remote    *remotemedia.Cache
	csp       string // Content-Security-Policy of the pages
	stampKey  []byte // signs the time stamp of the sign-up form

	site   templates.Site
	client func(*http.Request) string
	now    func() time.Time
	log    *slog.Logger
	routes http.Handler
	forms  []string // paths of all forms, as the router knows them
}

// New builds the pages and their routes.
func New(c Config) (*Server, error) {
	if c.DB == nil {
		return nil, errors.New("web: no store")
	}
	s := &Server{db: c.DB, client: c.ClientAddress, now: c.Now, log: c.Log, setup: c.SetupKey, stampKey: make([]byte, 32)}
	rand.Read(s.stampKey) // never fails
	s.documents, s.lookup, s.fresh, s.live, s.asked = c.Documents, c.Lookup, c.Fresh, c.Live, newRecent(fetchAgain)
	s.inbound, s.remote, s.away, s.reach = c.Inbound, c.Remote, c.Away, c.Reach
	if !c.NoLimits {
		s.throttles = newThrottles()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.client == nil {
		s.client = connectionAddress
	}
	s.site = templates.Site{Host: c.DB.AccountDomain(), Version: c.Version, SourceURL: c.Source}
	if err := s.protect(c.DB.URL()); err != nil {
		return nil, err
	}
	var err error
	if s.passkeys, err = newPasskeys(c.DB.URL(), s.site.Host); err != nil {
		return nil, fmt.Errorf("web: passkeys: %w", err)
	}
	s.site.Passkeys = s.passkeys != nil
	if s.assets, err = static.New(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s.dress = "<" + s.assets.URL("seedling.css") + ">; rel=preload; as=style"
	if s.pages, err = embedded(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s.csp = policyWith(c.DB.MediaURL())
	s.routes = s.newRoutes()
	return s, nil
}

// embedded gives the pages, which are parsed once in a program: like the static
// files that they name, they never change.
var embedded = sync.OnceValues(func() (*templates.Set, error) {
	assets, err := static.New()
	if err != nil {
		return nil, err
	}
	return templates.New(templates.Config{Asset: assets.URL})
})

// protect prepares the same-origin check. Behind a proxy the Host header may
// differ from what the browser asked for, so the public URL is always trusted.
func (s *Server) protect(publicURL string) error {
	u, err := url.Parse(publicURL)
	if err != nil {
		return fmt.Errorf("web: public URL: %w", err)
	}
	s.secure = u.Scheme == "https"
	s.origin = http.NewCrossOriginProtection()
	if err := s.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return fmt.Errorf("web: public URL: %w", err)
	}
	return nil
}

// ServeHTTP answers one request. HEAD is answered as GET; net/http leaves the
// body out.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	s.routes.ServeHTTP(w, r)
}
