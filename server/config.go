package server

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// DefaultListen is where a server listens that is told nothing.
const DefaultListen = "localhost:8080"

// Config is what a server is made of.
type Config struct {
	Data   string // folder, made if missing
	Listen string // HOST:PORT; empty: DefaultListen

	// URL and AccountDomain are what a new store is founded with; an existing
	// one must have been founded with the same. Empty: as founded, and for a
	// new store http://localhost with the port of Listen.
	URL           string
	AccountDomain string

	// MediaHost is a second host that leads to this server, at which files are
	// served and nothing else; empty: none.
	MediaHost string

	// FFmpeg is the path of that program, for still pictures of films; empty: none.
	FFmpeg string

	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	AllowPrivate   []netip.Prefix // see fetch.Config
	DialOnly       []netip.Prefix // see fetch.Config
	NoRateLimits   bool           // for tests and measurements

	Log *slog.Logger     // nil: discard
	Out io.Writer        // tells people where the server listens; nil: discard
	Now func() time.Time // nil: time.Now

	// For tests, in which host names are made up: where to accept connections
	// instead of Listen (with TLS, if it speaks that), how to reach other
	// servers, and whose certificates to trust there.
	Listener net.Listener
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	RootCAs  *x509.CertPool
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() (Config, error) {
	if c.Data == "" {
		return c, errors.New("no data folder is named")
	}
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Out == nil {
		c.Out = io.Discard
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// newURL is the public URL of an instance for which none was chosen: where a
// browser on this machine finds it.
func (c *Config) newURL() (string, error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	if port == "0" {
		return "", errors.New("a new instance that listens on any port needs --url")
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	address := net.JoinHostPort(host, port)
	return "http://" + strings.TrimSuffix(address, ":80"), nil
}

// DatabasePath is the file of the store in a data folder.
func DatabasePath(folder string) string { return filepath.Join(folder, "seedling.db") }

// PrepareFolder makes a data folder and in it the empty file of the store, both
// for the owner of the process only. What exists is left as it is.
func PrepareFolder(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case err == nil && !info.IsDir():
		return fmt.Errorf("data folder %s: it is a file", folder)
	case errors.Is(err, fs.ErrNotExist):
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return fmt.Errorf("data folder %s: %w", folder, err)
	}
	f, err := os.OpenFile(DatabasePath(folder), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("data folder %s: %w", folder, err)
	}
	return f.Close()
}
