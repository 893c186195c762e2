package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestRealClient(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "203.0.113.9:4711", nil, "203.0.113.9:4711"},
		{"a stranger's word does not count", "203.0.113.9:4711", []string{"198.51.100.7"}, "203.0.113.9:4711"},
		{"one proxy", "127.0.0.1:4711", []string{"198.51.100.7"}, "198.51.100.7:0"},
		{"what the client made up stands left", "127.0.0.1:4711", []string{"1.1.1.1, 198.51.100.7"}, "198.51.100.7:0"},
		{"two proxies", "127.0.0.1:4711", []string{"1.1.1.1, 198.51.100.7, 10.0.0.3"}, "198.51.100.7:0"},
		{"two headers", "127.0.0.1:4711", []string{"198.51.100.7", "10.0.0.3"}, "198.51.100.7:0"},
		{"only proxies", "127.0.0.1:4711", []string{"10.0.0.2, 10.0.0.3"}, "10.0.0.2:0"},
		{"no address", "127.0.0.1:4711", []string{"198.51.100.7, unknown"}, "127.0.0.1:0"},
		{"no address behind a proxy", "127.0.0.1:4711", []string{"_hidden, 10.0.0.3"}, "10.0.0.3:0"},
		{"empty", "127.0.0.1:4711", []string{""}, "127.0.0.1:0"},
		{"with a port", "127.0.0.1:4711", []string{"198.51.100.7:1234"}, "198.51.100.7:0"},
		{"IPv6", "[::1]:4711", []string{"2001:db8::7"}, "[2001:db8::7]:0"},
		{"IPv6 with a port", "[::1]:4711", []string{"[2001:db8::7]:1234"}, "[2001:db8::7]:0"},
		{"IPv6 in brackets", "[::1]:4711", []string{"[2001:db8::7]"}, "[2001:db8::7]:0"},
		{"mapped", "[::ffff:127.0.0.1]:4711", []string{"::ffff:198.51.100.7"}, "198.51.100.7:0"},
		{"with a zone", "127.0.0.1:4711", []string{"fe80::1%eth0"}, "[fe80::1]:0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			p := &proxies{trusted: trusted, log: slog.New(slog.DiscardHandler)}
			h := p.realClient(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = test.peer
			for _, value := range test.forwarded {
				r.Header.Add("X-Forwarded-For", value)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got != test.want {
				t.Errorf("peer %s, X-Forwarded-For %q: got %s, want %s", test.peer, test.forwarded, got, test.want)
			}
		})
	}
}

// TestForgottenProxyIsNamedOnce: without --trusted-proxy all visitors behind a
// proxy share one limit on log-ins, which nobody would guess.
func TestForgottenProxyIsNamedOnce(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	p := &proxies{log: slog.New(slog.NewTextHandler(&log, nil))}
	h := p.realClient(http.NotFoundHandler())
	for _, peer := range []string{"203.0.113.9:4711", "127.0.0.1:4711", "127.0.0.1:4712"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = peer
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := strings.Count(log.String(), "--trusted-proxy"); n != 1 {
		t.Errorf("got %d hints, want 1:\n%s", n, log.String())
	}
}
