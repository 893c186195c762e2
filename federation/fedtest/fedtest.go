// Package fedtest is for tests: remote servers that play any other software of
// the Fediverse. They have actors with keys, serve whatever documents a test
// gives them, send signed activities, and record and verify what they get.
//
// The servers are real and speak HTTP on loopback; on a [Network] they do so
// under host names of their own, with TLS. Nothing here knows the store, and
// nothing but tests may import the package.
//
// Read [NewNetwork] first, then [Server.Actor], [Actor.Post] and [Server.Await].
package fedtest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// ActivityType is the content type of everything that is not said to be another.
const ActivityType = "application/activity+json"

// maxBody is more than any server under test should send.
const maxBody = 4 << 20

var errDown = errors.New("connection refused")

// Server is one remote server.
type Server struct {
	t        testing.TB
	host     string
	scheme   string
	client   *http.Client
	now      func() time.Time
	software [2]string // name and version in NodeInfo
	closing  chan struct{}

	mu       sync.Mutex
	mode     Mode
	routes   map[string]http.HandlerFunc // by path, or path and query
	actors   map[string]*Actor
	keys     map[string]string // public keys of others, by key id
	requests []*Request
	arrived  chan struct{} // closed and replaced with each request
	nextID   int
}

// Option changes a new server.
type Option func(*Server, *setup)

type setup struct {
	network *Network
	host    string
}

// On makes the server play a host of a network. Without it, the server is one
// of plain http at 127.0.0.1 and a port.
func On(n *Network, host string) Option {
	return func(_ *Server, c *setup) { c.network, c.host = n, host }
}

// Software sets what NodeInfo says, "fedtest" and "1.0" by default.
func Software(name, version string) Option {
	return func(s *Server, _ *setup) { s.software = [2]string{name, version} }
}

// Clock sets the time with which the server signs.
func Clock(now func() time.Time) Option {
	return func(s *Server, _ *setup) { s.now = now }
}

// New starts a remote server that ends with the test.
func New(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := &Server{
		t: t, now: time.Now, software: [2]string{"fedtest", "1.0"},
		closing: make(chan struct{}), arrived: make(chan struct{}),
		routes: map[string]http.HandlerFunc{}, actors: map[string]*Actor{}, keys: map[string]string{},
	}
	var c setup
	for _, option := range options {
		option(s, &c)
	}
	listener := s.listen(c)
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		close(s.closing)
		server.Close()
	})
	s.serveNodeInfo()
	return s
}

func (s *Server) listen(c setup) net.Listener {
	s.t.Helper()
	if c.network != nil {
		s.scheme, s.host, s.client = "https", strings.ToLower(c.host), c.network.Client()
		return c.network.Listen(c.host)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{}
	s.t.Cleanup(transport.CloseIdleConnections)
	s.scheme, s.host = "http", l.Addr().String()
	s.client = &http.Client{Transport: transport, Timeout: 30 * time.Second}
	return l
}

// URL is the base of every address on the server, without a slash at the end.
func (s *Server) URL() string { return s.scheme + "://" + s.host }

// Host is what stands after the @ in the handles of its actors.
func (s *Server) Host() string { return s.host }

// Handle serves a document at a path, or at a path with a query: bytes and
// strings as they are, anything else as JSON. The content type is
// [ActivityType] unless given.
func (s *Server) Handle(path string, body any, contentType ...string) {
	s.t.Helper()
	raw := s.bytes(body)
	kind := ActivityType
	if len(contentType) > 0 {
		kind = contentType[0]
	}
	s.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(raw)
	})
}

// HandleFunc serves a path, or a path with a query, with a function.
func (s *Server) HandleFunc(path string, f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routes[path] = f
}

func (s *Server) bytes(body any) []byte {
	s.t.Helper()
	switch b := body.(type) {
	case []byte:
		return b
	case json.RawMessage:
		return b
	case string:
		return []byte(b)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// Mode is how a server behaves to every request, or to some.
type Mode struct {
	hang   bool
	status int
	header http.Header
	when   func(*http.Request) bool
}

// Normal serves and accepts.
func Normal() Mode { return Mode{} }

// Hang takes requests and never answers.
func Hang() Mode { return Mode{hang: true} }

// Refuse answers with a status, and headers as name, value, name, value.
func Refuse(status int, headers ...string) Mode {
	m := Mode{status: status, header: http.Header{}}
	for i := 0; i+1 < len(headers); i += 2 {
		m.header.Set(headers[i], headers[i+1])
	}
	return m
}

// When limits a mode to the requests for which it holds; the others are served.
func (m Mode) When(f func(*http.Request) bool) Mode {
	m.when = f
	return m
}

// Deliveries holds for POSTs.
func Deliveries(r *http.Request) bool { return r.Method == http.MethodPost }

// SetMode changes how the server behaves from the next request on. What
// arrives is recorded in every mode.
func (s *Server) SetMode(m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
}

// ServeHTTP records the request and answers it as the mode says.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return // the client broke off
	}
	s.mu.Lock()
	mode := s.mode
	route, known := s.routes[r.URL.RequestURI()]
	if !known {
		route, known = s.routes[r.URL.Path]
	}
	s.mu.Unlock()
	if mode.when != nil && !mode.when(r) {
		mode = Mode{}
	}
	s.record(r, body)
	switch {
	case mode.hang:
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
	case mode.status != 0:
		maps.Copy(w.Header(), mode.header)
		w.WriteHeader(mode.status)
	case known:
		route(w, r)
	case r.Method == http.MethodPost && s.isInbox(r.URL.Path):
		w.WriteHeader(http.StatusAccepted)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) isInbox(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, ok := strings.CutSuffix(strings.TrimPrefix(path, "/users/"), "/inbox")
	return path == "/inbox" || ok && s.actors[name] != nil
}

func (s *Server) serveNodeInfo() {
	s.Handle("/.well-known/nodeinfo", map[string]any{"links": []any{map[string]any{
		"rel":  "http://nodeinfo.diaspora.software/ns/schema/2.0",
		"href": s.URL() + "/nodeinfo/2.0",
	}}}, "application/json")
	s.Handle("/nodeinfo/2.0", map[string]any{
		"version":   "2.0",
		"software":  map[string]any{"name": s.software[0], "version": s.software[1]},
		"protocols": []string{"activitypub"},
		"services":  map[string]any{"inbound": []string{}, "outbound": []string{}},
		"usage":     map[string]any{"users": map[string]any{}}, "openRegistrations": false, "metadata": map[string]any{},
	}, "application/json")
}
