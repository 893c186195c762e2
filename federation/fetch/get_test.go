package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seedling/federation/httpsig"
)

const activityType = "application/activity+json"

// remote is a plain server on loopback and a client that may dial it.
func remote(t testing.TB, c Config, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c.PlainHTTP, c.AllowPrivate = true, loopback
	return newClient(t, c), s.URL
}

func write(w http.ResponseWriter, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	_, _ = io.WriteString(w, body)
}

func TestObjectSendsWhatPeersNeed(t *testing.T) {
	sign := func(r *http.Request, _ httpsig.Scheme) error { r.Header.Set("Signature", "signed "+r.Host); return nil }
	client, base := remote(t, Config{Sign: sign}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		for name, want := range map[string]string{"Accept": activityAccept, "User-Agent": "test", "Signature": "signed " + r.Host} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
		write(w, activityType, `{"id":"x"}`)
	})
	doc, err := client.Object(context.Background(), base+"/old#main-key")
	if err != nil {
		t.Fatal(err)
	}
	if doc.URL != base+"/new" || string(doc.Body) != `{"id":"x"}` || doc.ContentType != activityType {
		t.Errorf("got %+v", doc)
	}
}

// Attack 9: what is served under another type is not an activity.
func TestContentTypes(t *testing.T) {
	tests := []struct {
		contentType  string
		object, json bool
	}{
		{"application/activity+json", true, true},
		{"application/activity+json; charset=utf-8", true, true},
		{"Application/Activity+JSON", true, true},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true, true},
		{`application/ld+json;profile="https://example.org/x https://www.w3.org/ns/activitystreams"`, true, true},
		{"application/ld+json", false, true},
		{`application/ld+json; profile="https://evil.example/"`, false, true},
		{"application/json", false, true},
		{"application/jrd+json; charset=utf-8", false, true},
		{"text/html; charset=utf-8", false, false},
		{"image/png", false, false},
		{"text/plain", false, false},
		{"", false, false},
		{"application/activity+json, text/html", false, false},
	}
	var current string
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{current}
		_, _ = io.WriteString(w, `{}`)
	})
	for _, tt := range tests {
		current = tt.contentType
		_, err := client.Object(context.Background(), base)
		if (err == nil) != tt.object {
			t.Errorf("%q as object: got %v, want taken %v", tt.contentType, err, tt.object)
		}
		if err != nil {
			wantKind(t, err, WrongType)
		}
		if _, err = client.JSON(context.Background(), base, "application/json"); (err == nil) != tt.json {
			t.Errorf("%q as JSON: got %v, want taken %v", tt.contentType, err, tt.json)
		}
	}
}

// Attacks 4 and 5.
func TestRedirects(t *testing.T) {
	inner, hits := countingServer(t)
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		var n int
		_, _ = fmt.Sscanf(r.URL.Path, "/hop/%d", &n)
		switch {
		case r.URL.Path == "/inward":
			// On loopback every address but this client's own is "inside".
			http.Redirect(w, r, strings.Replace(inner.URL, "127.0.0.1", "[::ffff:10.0.0.1]", 1), http.StatusFound)
		case r.URL.Path == "/local":
			http.Redirect(w, r, "http://192.168.1.1/", http.StatusFound)
		case r.URL.Path == "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/user":
			http.Redirect(w, r, "http://user:pw@127.0.0.1/", http.StatusFound)
		case r.URL.Path == "/self", r.URL.Path == "/a":
			http.Redirect(w, r, map[string]string{"/self": "/self", "/a": "/b"}[r.URL.Path], http.StatusFound)
		case r.URL.Path == "/b":
			http.Redirect(w, r, "/a", http.StatusFound)
		case r.URL.Path == "/nowhere":
			w.WriteHeader(http.StatusFound)
		case n > 0:
			http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusMovedPermanently)
		default:
			write(w, activityType, "{}")
		}
	})
	tests := []struct {
		path string
		want Kind // 0: taken
	}{
		{"/hop/0", 0}, {"/hop/3", 0}, {"/hop/4", TooManyRedirects}, {"/hop/50", TooManyRedirects},
		{"/self", TooManyRedirects}, {"/a", TooManyRedirects},
		{"/inward", Refused}, {"/local", Refused}, {"/file", Refused}, {"/user", Refused}, {"/nowhere", Status},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			_, err := client.Object(context.Background(), base+tt.path)
			_, err2 := client.JSON(context.Background(), base+tt.path, "application/json")
			if tt.want == 0 {
				if err != nil || err2 != nil {
					t.Errorf("got %v, %v", err, err2)
				}
				return
			}
			wantKind(t, err, tt.want)
			wantKind(t, err2, tt.want)
		})
	}
	if hits.Load() != 0 {
		t.Error("a redirect reached an inner server")
	}
}

func TestRedirectFromHTTPSToHTTPIsRefused(t *testing.T) {
	plain, hits := countingServer(t)
	s := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	client := newClient(t, Config{PlainHTTP: true, AllowPrivate: loopback, RootCAs: pool})
	_, err := client.Object(context.Background(), s.URL)
	wantKind(t, err, Refused)
	if hits.Load() != 0 {
		t.Error("the plain server was asked")
	}
}

func TestUntrustedCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	client := newClient(t, Config{AllowPrivate: loopback, RootCAs: x509.NewCertPool()})
	_, err := client.Object(context.Background(), s.URL)
	wantKind(t, err, Unreachable)
}

// Attacks 11, 12 and 13, and some more of what a server can do to us.
func TestHostileServers(t *testing.T) {
	bomb := new(bytes.Buffer)
	z := gzip.NewWriter(bomb)
	_, _ = z.Write(make([]byte, 64<<20))
	z.Close()
	done := make(chan struct{})
	handlers := map[string]http.HandlerFunc{
		"hang": func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-done:
			case <-r.Context().Done():
			}
		},
		"drip": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", activityType)
			for tick := time.NewTicker(20 * time.Millisecond); ; <-tick.C {
				if _, err := io.WriteString(w, " "); err != nil || r.Context().Err() != nil {
					return
				}
				w.(http.Flusher).Flush()
			}
		},
		"endless": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", activityType)
			for chunk := make([]byte, 64<<10); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"bomb": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", activityType)
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		},
		"announces too much": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", activityType)
			w.Header().Set("Content-Length", "10000000000")
			_, _ = w.Write([]byte("{}"))
		},
		"promises more than it sends": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", activityType)
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("{}"))
		},
		"brotli": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			write(w, activityType, "{}")
		},
		"huge headers": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeaders))
			write(w, activityType, "{}")
		},
		"closes": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
	}
	want := map[string]Kind{
		"hang": Timeout, "drip": Timeout, "endless": TooLarge, "bomb": TooLarge, "announces too much": TooLarge,
		"promises more than it sends": Unreachable, "brotli": WrongType, "huge headers": Unreachable, "closes": Unreachable,
	}
	defer close(done)
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			client, base := remote(t, Config{Timeout: 300 * time.Millisecond}, handler)
			start := time.Now()
			_, err := client.Object(context.Background(), base)
			wantKind(t, err, want[name])
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestCallerCancels(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := client.Object(ctx, base)
	wantKind(t, err, Canceled)
	if wait := client.memory.hostWait(HostOf(base)); wait != 0 {
		t.Errorf("the host is left alone for %v although the caller gave up", wait)
	}
}

// clock is a time that tests move.
type clock struct{ atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_700_000_000, c.Load()) }

func TestFailuresAreRemembered(t *testing.T) {
	var clock clock
	var hits atomic.Int64
	status := http.StatusNotFound
	client, base := remote(t, Config{Now: clock.now}, func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		w.WriteHeader(status)
	})
	for range 100 {
		_, err := client.Object(context.Background(), base+"/gone")
		if e := wantKind(t, err, Status); !e.Gone() || e.Temporary() {
			t.Fatalf("got %+v, want gone for good", e)
		}
	}
	if hits.Load() != 1 {
		t.Errorf("a hundred calls for a missing object made %d requests, want 1", hits.Load())
	}
	clock.Add(int64(missBackoff + time.Second))
	_, _ = client.Object(context.Background(), base+"/gone")
	if hits.Load() != 2 {
		t.Errorf("a minute later: got %d requests, want 2", hits.Load())
	}
	status = http.StatusInternalServerError
	for range 3 {
		_, err := client.Object(context.Background(), base+"/other")
		if e := wantKind(t, err, Status); !e.Temporary() {
			t.Fatalf("got %+v, want temporary", e)
		}
	}
	if hits.Load() != 5 {
		t.Errorf("a 500 is not remembered: got %d requests, want 5", hits.Load())
	}
}

func TestDeadHostsAreLeftAloneForLongerEachTime(t *testing.T) {
	var clock clock
	var dials atomic.Int64
	client := newClient(t, Config{Now: clock.now, Dial: func(context.Context, string, string) (net.Conn, error) {
		dials.Add(1)
		return nil, fmt.Errorf("connection refused")
	}})
	for i, pause := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
		_, err := client.Object(context.Background(), "https://dead.example/1")
		wantKind(t, err, Unreachable)
		clock.Add(int64(pause - time.Second))
		_, err = client.Object(context.Background(), "https://dead.example/2")
		if e := wantKind(t, err, Backoff); e.RetryAfter != time.Second {
			t.Errorf("failure %d: to wait %v, want 1s", i+1, e.RetryAfter)
		}
		clock.Add(int64(2 * time.Second))
	}
	if dials.Load() != 3 {
		t.Errorf("dialled %d times, want 3", dials.Load())
	}
}

func TestRetryAfterIsHeeded(t *testing.T) {
	var clock clock
	client, base := remote(t, Config{Now: clock.now}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	_, err := client.Object(context.Background(), base)
	if e := wantKind(t, err, Status); e.RetryAfter != 2*time.Minute || !e.Temporary() {
		t.Errorf("got %+v, want 2m", e)
	}
	_, err = client.Object(context.Background(), base+"/other")
	wantKind(t, err, Backoff)
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory(time.Now)
	for i := range 3 * maxRemembered {
		m.hostFailed(fmt.Sprint(i), 0)
		m.miss(fmt.Sprint(i), 404)
	}
	if len(m.hosts) > maxRemembered || len(m.misses) > maxRemembered {
		t.Errorf("remembers %d hosts and %d addresses, want at most %d", len(m.hosts), len(m.misses), maxRemembered)
	}
}

func TestFourRequestsPerHostAtOnce(t *testing.T) {
	var now, most atomic.Int64
	var once sync.Once
	full, release := make(chan struct{}), make(chan struct{})
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			old := most.Load()
			if n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		if n == maxPerHost {
			once.Do(func() { close(full) })
		}
		<-release
		write(w, activityType, "{}")
	})
	var wg sync.WaitGroup
	for i := range 3 * maxPerHost {
		wg.Go(func() {
			if _, err := client.Object(context.Background(), fmt.Sprint(base, "/", i)); err != nil {
				t.Error(err)
			}
		})
	}
	<-full
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := client.Object(ctx, base+"/late")
	wantKind(t, err, Backoff)
	close(release)
	wg.Wait()
	if most.Load() != maxPerHost {
		t.Errorf("got %d requests at once, want %d", most.Load(), maxPerHost)
	}
	if len(client.getGate.hosts) != 0 {
		t.Errorf("the gate still holds %d hosts", len(client.getGate.hosts))
	}
}

// Attack 21: ten thousand hosts below one domain are one peer.
func TestHostsOfOneDomainShareALimit(t *testing.T) {
	var now, over atomic.Int64
	var once sync.Once
	full, release := make(chan struct{}), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "good.other.example" {
			write(w, activityType, "{}")
			return
		}
		n := now.Add(1)
		defer now.Add(-1)
		if n == maxPerDomain {
			once.Do(func() { close(full) })
		} else if n > maxPerDomain {
			over.Add(1)
		}
		<-release
		write(w, activityType, "{}")
	}))
	defer s.Close()
	client := newClient(t, Config{PlainHTTP: true, Dial: dialAlways(s.Listener.Addr().String())})
	var wg sync.WaitGroup
	for i := range 10 * maxPerDomain {
		wg.Go(func() { _, _ = client.Object(context.Background(), fmt.Sprintf("http://n%d.evil.example/", i)) })
	}
	<-full
	if _, err := client.Object(context.Background(), "http://good.other.example/"); err != nil {
		t.Errorf("another domain: %v", err)
	}
	close(release)
	wg.Wait()
	if over.Load() != 0 {
		t.Errorf("%d requests while there were already %d", over.Load(), maxPerDomain)
	}
}

// Hosts behind HTTP/2 see :authority instead of Host; the signature must hold.
func TestSignaturesHoldOverHTTP2(t *testing.T) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := httpsig.Key{ID: "https://here.example/key", Private: private}
	body := []byte(`{"type":"Like"}`)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		signature, err := httpsig.Parse(r, time.Now())
		if err == nil {
			err = signature.Verify(got, private.Public())
		}
		if r.ProtoMajor != 2 || err != nil {
			t.Errorf("%s over %s: %v", r.Method, r.Proto, err)
		}
		write(w, activityType, "{}")
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	for _, sign := range []func(*http.Request, []byte, httpsig.Key, time.Time) error{httpsig.SignCavage, httpsig.SignRFC9421} {
		client := newClient(t, Config{AllowPrivate: loopback, RootCAs: pool, Sign: func(r *http.Request, _ httpsig.Scheme) error { return sign(r, nil, key, time.Now()) }})
		if _, err := client.Object(context.Background(), s.URL+"/a%2Fb?x=%20y"); err != nil {
			t.Error(err)
		}
		if _, err := client.Post(context.Background(), s.URL+"/inbox", body, func(r *http.Request) error { return sign(r, body, key, time.Now()) }); err != nil {
			t.Error(err)
		}
	}
}
