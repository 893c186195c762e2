// Package live tells open pages and apps what has just happened: the streaming
// part of the client API (WebSocket and server-sent events), the counts of open
// pages, and web push to browsers and apps that are closed. What to tell and to
// whom follows from the store's news; the entities are made by package api.
//
// It holds no rules of its own: who sees a post is said by [store.Standing]. It
// imports the store and packages api, oauth, param and throttle beside it.
//
// Read [Server.Run] and hub.go first: one goroutine takes the news and puts
// ready messages into the queues of streams. A stream that does not keep up is
// ended, so that it holds up nobody. Then socket.go and events.go: how the two
// kinds of streams are written. Push is apart from all that: see push.go.
package live

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"seedling/server/api"
	"seedling/server/oauth"
	"seedling/store"
)

// Config is what streams need.
type Config struct {
	DB       *store.DB
	API      *api.Server
	NoLimits bool             // no bounds on streams by account and address: for tests and measurements
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: discard
}

// Server holds all open streams. It is safe for concurrent use.
type Server struct {
	db       *store.DB
	api      *api.Server
	noLimits bool
	now      func() time.Time
	log      *slog.Logger
	news     *store.Listener

	mu        sync.RWMutex
	members   map[int64]*member // who has a stream
	addresses map[string]int    // streams of each
	total     int
	stopped   bool
}

// New makes the server. It hears news from now on.
func New(c Config) (*Server, error) {
	if c.DB == nil || c.API == nil {
		return nil, errors.New("live: a store and the API are needed")
	}
	s := &Server{db: c.DB, api: c.API, noLimits: c.NoLimits, now: c.Now, log: c.Log, members: map[int64]*member{}, addresses: map[string]int{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.news = c.DB.Listen(maxNews)
	return s, nil
}

// Run tells what happens until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	defer s.news.Close()
	defer s.Close()
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case n := <-s.news.C:
			if err := s.tell(ctx, n); err != nil && ctx.Err() == nil {
				s.log.Error("news not told", "kind", n.Kind, "post", n.PostID, "error", err)
			}
		case <-tick.C:
			s.checkAll(ctx)
		}
		if s.news.Missed() {
			s.log.Warn("streams are behind: some news were not told")
			s.forgetStandings(0)
			s.checkAll(ctx)
		}
	}
}

// Close ends all streams, and lets none begin. It is for the moment at which
// the server stops: streams never end by themselves.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	for _, m := range s.members {
		for st := range m.streams {
			st.end(endStopping)
		}
	}
}

// Open counts the streams.
func (s *Server) Open() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.total
}

// Path is where streams are: it and all below.
const Path = "/api/v1/streaming"

// ServeHTTP answers Path and what is below.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodOptions:
		preflight(w)
	case r.URL.Path == Path+"/health":
		oauth.SetCORS(w.Header())
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("OK"))
	case r.Method != http.MethodGet:
		refuse(w, http.StatusMethodNotAllowed, "Streams are asked for with GET")
	case isUpgrade(r):
		s.serveSocket(w, r)
	default:
		s.serveEvents(w, r)
	}
}
