// Package fetch is the one HTTP client that leaves the machine. It guards what
// is dialled, bounds what comes back, and remembers what failed; it does not
// know what the bytes mean, whom to believe, or whether an object's id is the
// one that was asked for.
//
// Addresses come from strangers: every actor, inbox and link may name a
// machine in our own network, a server that never answers, or one that never
// stops. So each address is checked when it is dialled, after the name was
// resolved, and each call ends after seconds with bounded memory.
//
// Read [Config] and [Client.Object] first; [Client.Post] delivers. Of this
// project it imports httpsig alone, for the names of the schemes.
package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"seedling/federation/httpsig"
)

// Limits of one client.
const (
	maxBody          = 1 << 20          // bytes of a document, after inflating
	maxHeaders       = 64 << 10         // bytes of the headers of an answer
	maxRedirects     = 3                // followed by a GET
	maxPerHost       = 4                // requests at once, GETs and POSTs each
	maxPerDomain     = 16               // GETs at once to all hosts below one registered domain
	callTimeout      = 10 * time.Second // with all redirects, to the last byte
	dialTimeout      = 5 * time.Second
	maxIdle          = 256              // kept connections, GETs and POSTs each
	idleTimeout      = 60 * time.Second // of a kept connection
	maxReason        = 512              // bytes of a delivery's answer that are kept
	maxDrain         = 16 << 10         // bytes read of such an answer, to keep the connection
	drainTimeout     = 2 * time.Second  // for reading them: the status has decided already
	maxRemembered    = 4096             // hosts, and addresses, with a failure
	firstHostBackoff = 30 * time.Second // doubles with every failure in a row
	maxHostBackoff   = 10 * time.Minute
	missBackoff      = time.Minute // after 401, 403, 404 and 410 of one address
)

// Config is what a [Client] is made of. The zero value of a field is the safe
// choice.
type Config struct {
	UserAgent string // names us, with the public URL: required

	// PlainHTTP lets http:// peers be dialled. It is for a server whose own
	// public URL is plain http: trying out, and tests.
	PlainHTTP bool

	AllowPrivate []netip.Prefix // not public, dialled all the same
	DialOnly     []netip.Prefix // if any: these ranges, public or not, and nothing else

	// Allow returns an error for a host that is not to be asked or told anything,
	// on the first hop and after every redirect; nil allows all.
	Allow func(ctx context.Context, host string) error

	// Sign signs a GET of an object as the instance actor, after every header
	// is set. If it is nil, GETs are not signed.
	Sign func(r *http.Request, scheme httpsig.Scheme) error
	// Schemes says how to sign for a host, and how if it does not believe that,
	// since hosts do not say; nil: draft-cavage, then RFC 9421. Takes (unless nil)
	// is told which one worked if it was not draft-cavage at once.
	Schemes func(ctx context.Context, host string) []httpsig.Scheme
	Takes   func(ctx context.Context, host string, scheme httpsig.Scheme)

	RootCAs  *x509.CertPool // nil: the system's, where SSL_CERT_FILE has a say
	Resolver *net.Resolver  // nil: the system's

	// Dial replaces resolving, guarding and dialling, for tests in which the
	// names of hosts are made up.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	Timeout time.Duration // of a call, with all redirects, to the last byte; 0: 10 s

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: silence
}

// Client fetches documents and delivers activities. It is safe for concurrent
// use, and there is one per process: the limits per host are its own.
type Client struct {
	config Config
	gets   *http.Client
	posts  *http.Client // apart, so that fetches that hang do not hold up deliveries

	getGate, postGate *gate // by host
	fileGate          *gate // by host, for files: a film that is watched holds up no document
	domainGate        *gate // by registered domain, for GETs
	memory            *memory
}

// New checks the configuration and returns a client.
func New(c Config) (*Client, error) {
	if c.UserAgent == "" {
		return nil, errors.New("fetch: no user agent is set")
	}
	for _, p := range append(append([]netip.Prefix(nil), c.AllowPrivate...), c.DialOnly...) {
		if !p.IsValid() || p.Addr().Is4In6() {
			return nil, fmt.Errorf("fetch: %v is not a range of addresses", p)
		}
	}
	if c.Timeout == 0 {
		c.Timeout = callTimeout
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Client{
		config:     c,
		gets:       newHTTPClient(c),
		posts:      newHTTPClient(c),
		getGate:    newGate(maxPerHost),
		postGate:   newGate(maxPerHost),
		fileGate:   newGate(maxFilesPerHost),
		domainGate: newGate(maxPerDomain),
		memory:     newMemory(c.Now),
	}, nil
}

// newHTTPClient has no cookies, uses no proxy, and follows no redirect: get
// does that itself, with every check on every hop.
func newHTTPClient(c Config) *http.Client {
	dial := c.Dial
	if dial == nil {
		dial = newDialer(c).DialContext
	}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dial,
			TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(maxIdle)},
			TLSHandshakeTimeout:    dialTimeout,
			ForceAttemptHTTP2:      true,
			HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: dialTimeout},
			MaxIdleConns:           maxIdle,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        idleTimeout,
			MaxResponseHeaderBytes: maxHeaders,
		},
	}
}

// Close closes the connections that are kept open and idle.
func (c *Client) Close() {
	c.gets.CloseIdleConnections()
	c.posts.CloseIdleConnections()
}

// Document is what a GET brought back.
type Document struct {
	URL         string // where it was found in the end, after redirects: normalised, without fragment
	ContentType string // as sent
	Body        []byte
}
