// Package server puts the parts together: it opens the data folder, wires
// store, federation and the pages, listens, and stops in good order. What it
// serves lives below it: pages in web, the command line in command. It knows
// nothing of flags and the environment, and holds no rules.
//
// Read [New] first, top to bottom, then routes.go.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"seedling/federation"
	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/inbox"
	"seedling/federation/remotemedia"
	"seedling/server/api"
	"seedling/server/live"
	"seedling/server/oauth"
	"seedling/server/web"
	"seedling/store"
)

// Limits of a connection. What a handler reads of a body it limits itself.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 60 * time.Second // a whole request
	writeTimeout    = 90 * time.Second // from its header to the end of the answer
	idleTimeout     = 2 * time.Minute
	maxHeaderBytes  = 32 << 10 // with the address; HTTP/1.1 adds 4 KiB of its own
	shutdownTimeout = 10 * time.Second
)

// Server is a whole instance. [New] makes one and [Server.Run] runs it.
type Server struct {
	config   Config
	log      *slog.Logger
	lock     *os.File
	listener net.Listener
	db       *store.DB
	runners  []runner

	// Everything that speaks to other servers: federation.go.
	client    *fetch.Client
	resolver  *actor.Resolver
	inbox     *inbox.Inbox
	documents *federation.Documents
	remote    *remotemedia.Cache

	web       *web.Server
	api       *api.Server
	oauth     *oauth.Server
	live      *live.Server
	pusher    *live.Pusher
	setUpLink string // makes the first owner: a secret of this process
	http      *http.Server
}

// runner is a part that works in the background until ctx ends.
type runner struct {
	name string
	run  func(ctx context.Context) error
}

// New makes the data folder if it is missing, opens the store, takes the
// address to listen on, and builds all parts. Nothing is answered before Run.
func New(ctx context.Context, c Config) (*Server, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, log: c.Log}
	for _, step := range []func(context.Context) error{
		s.openFolder,
		s.listen, // before the store is founded with a port that is not to be had
		s.openStore,
		s.buildFederation,
		s.buildAPI,
		s.buildLive,
		s.buildPages,
		s.buildHTTP,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (s *Server) openFolder(context.Context) (err error) {
	if err := PrepareFolder(s.config.Data); err != nil {
		return err
	}
	s.lock, err = lockFolder(s.config.Data)
	return err
}

func (s *Server) listen(ctx context.Context) (err error) {
	if s.listener = s.config.Listener; s.listener != nil {
		return nil
	}
	var lc net.ListenConfig
	if s.listener, err = lc.Listen(ctx, "tcp", s.config.Listen); err != nil {
		return fmt.Errorf("listen on %s: %w", s.config.Listen, err)
	}
	return nil
}

// openStore opens the store as it was founded, or founds it.
func (s *Server) openStore(ctx context.Context) (err error) {
	c := store.Config{Path: DatabasePath(s.config.Data), URL: s.config.URL, AccountDomain: s.config.AccountDomain, MediaHost: s.config.MediaHost, FFmpeg: s.config.FFmpeg, Now: s.config.Now, Log: s.log}
	s.db, err = store.Open(ctx, c)
	if errors.Is(err, store.ErrNotFounded) {
		if c.URL, err = s.config.newURL(); err == nil {
			s.db, err = store.Open(ctx, c)
		}
	}
	return err
}

// plainHTTP says whether this instance is for trying out and for tests: only
// then are other servers spoken to without TLS.
func (s *Server) plainHTTP() bool { return strings.HasPrefix(s.db.URL(), "http://") }

// buildPages makes everything that answers people.
func (s *Server) buildPages(context.Context) (err error) {
	key, secret := web.NewSetupKey()
	s.setUpLink = s.db.URL() + "/setup?key=" + secret
	s.web, err = web.New(web.Config{
		DB: s.db, Version: Version, Source: sourcePath, Documents: s.documents, Lookup: lookup(s.resolver), Away: away(s.resolver), Fresh: fresh(s.db, s.resolver),
		Inbound: func() (ignored, refused map[string]int) { return s.inbox.Ignored(), s.inbox.Refused() },
		Reach:   s.reach,
		Live:    s.live.ServeCounts, Remote: s.remote, SetupKey: key, NoLimits: s.config.NoRateLimits, Now: s.config.Now, Log: s.log,
	})
	return err
}

// buildAPI makes everything that answers apps.
func (s *Server) buildAPI(context.Context) (err error) {
	s.oauth, err = oauth.New(oauth.Config{DB: s.db, NoLimits: s.config.NoRateLimits, Now: s.config.Now, Log: s.log})
	if err != nil {
		return err
	}
	s.runners = append(s.runners, runner{"oauth", s.oauth.Run})
	s.api, err = api.New(api.Config{DB: s.db, Version: Version, Lookup: lookupForApps(s.resolver), Fresh: freshForApps(s.db, s.resolver), NoLimits: s.config.NoRateLimits, Now: s.config.Now, Log: s.log})
	return err
}

// buildLive makes what tells open pages and apps the news.
func (s *Server) buildLive(context.Context) (err error) {
	s.live, err = live.New(live.Config{DB: s.db, API: s.api, NoLimits: s.config.NoRateLimits, Now: s.config.Now, Log: s.log})
	if err != nil {
		return err
	}
	s.runners = append(s.runners, runner{"streams", s.live.Run})
	s.pusher, err = live.NewPusher(live.PusherConfig{DB: s.db, API: s.api, Client: s.client, Now: s.config.Now})
	return err
}

func (s *Server) buildHTTP(context.Context) error {
	proxies := &proxies{trusted: s.config.TrustedProxies, log: s.log}
	answers, err := compressed(s.routes())
	if err != nil {
		return err
	}
	s.http = &http.Server{
		Handler:           proxies.realClient(guard(s.log, s.filesApart(s.streams(answers)))),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // broken handshakes and the like: noise of the internet
	}
	s.http.RegisterOnShutdown(s.live.Close)
	return nil
}

// Handler is what the server answers with, for tests and measurements without
// a network.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// DB is the store of this server, for tests and measurements.
func (s *Server) DB() *store.DB { return s.db }

// Run answers and works in the background until ctx ends or a part breaks.
// Then it accepts nothing more, finishes what it is doing, and closes
// everything. A Server runs once.
func (s *Server) Run(ctx context.Context) error {
	if err := s.announce(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(err, s.close())
	}
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	broken := make(chan error, len(s.runners)+1)
	var work sync.WaitGroup
	for _, r := range s.runners {
		work.Go(func() {
			if err := r.run(working); err != nil && working.Err() == nil {
				broken <- fmt.Errorf("%s: %w", r.name, err)
			}
		})
	}
	go func() { broken <- s.http.Serve(s.listener) }()

	var err error
	select {
	case <-ctx.Done():
	case err = <-broken:
	}
	s.log.Info("stopping")
	s.drain()
	stopWork()
	work.Wait()
	return errors.Join(err, s.close())
}

// drain lets requests that have begun end, for a while.
func (s *Server) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		s.log.Warn("requests were cut short", "error", err)
		s.http.Close()
	}
}

// close gives back what New has taken, as far as it came.
func (s *Server) close() error {
	var err error
	if s.listener != nil {
		s.listener.Close() // closed already after Serve
	}
	if s.client != nil {
		s.client.Close()
	}
	if s.db != nil {
		err = s.db.Close()
	}
	if s.lock != nil {
		s.lock.Close()
	}
	return err
}

// announce tells whoever started the server where it is, and how to become its
// owner.
func (s *Server) announce(ctx context.Context) error {
	has, err := s.db.HasOwner(ctx)
	if err != nil {
		return fmt.Errorf("look for the owner: %w", err)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Seedling %s\nListening on %s (%s)\n", Version, s.db.URL(), s.listener.Addr())
	if s.plainHTTP() {
		fmt.Fprintln(&text, "The public URL is plain http: that is for trying out and for tests, other servers want https.")
	}
	if !has {
		fmt.Fprintf(&text, "\nThere is no owner yet. Open this link to become it and to name the instance:\n\n    %s\n\n", s.setUpLink)
	}
	_, err = s.config.Out.Write([]byte(text.String()))
	return err
}
