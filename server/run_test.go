package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seedling/store"
)

// start runs a server on loopback until the test ends.
func start(t *testing.T, c Config) (s *Server, address string, stop func() error) {
	t.Helper()
	if c.Data == "" {
		c.Data = filepath.Join(t.TempDir(), "data")
	}
	if c.Listener == nil {
		c.Listen = "127.0.0.1:0"
	}
	if c.URL == "" {
		c.URL = "http://seedling.test"
	}
	s, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = func() error {
		cancel()
		err := <-ended
		ended <- err
		return err
	}
	t.Cleanup(func() { stop() })
	return s, s.listener.Addr().String(), stop
}

func TestNewURL(t *testing.T) {
	t.Parallel()
	tests := []struct{ listen, want string }{
		{"localhost:8080", "http://localhost:8080"},
		{"localhost:80", "http://localhost"},
		{":9000", "http://localhost:9000"},
		{"0.0.0.0:9000", "http://localhost:9000"},
		{"[::]:9000", "http://localhost:9000"},
		{"127.0.0.1:9000", "http://localhost:9000"},
		{"192.168.1.5:9000", "http://192.168.1.5:9000"},
		{"[fd00::5]:80", "http://[fd00::5]"},
		{"localhost:0", ""},
	}
	for _, test := range tests {
		c := Config{Listen: test.listen}
		got, err := c.newURL()
		if got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("listen on %s: got %q, %v, want %q", test.listen, got, err, test.want)
		}
	}
}

// TestTakenAddressFoundsNothing: the public URL is for good, so it must not
// become one that could never be reached.
func TestTakenAddressFoundsNothing(t *testing.T) {
	t.Parallel()
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	folder := filepath.Join(t.TempDir(), "data")
	if _, err := New(t.Context(), Config{Data: folder, Listen: other.Addr().String()}); err == nil || !strings.Contains(err.Error(), "listen on "+other.Addr().String()) {
		t.Errorf("got %v, want an error that names the address", err)
	}
	db, err := store.Open(t.Context(), store.Config{Path: DatabasePath(folder)})
	if !errors.Is(err, store.ErrNotFounded) {
		t.Errorf("got %v, want %v", err, store.ErrNotFounded)
	}
	if err == nil {
		db.Close()
	}
}

// TestDataIsPrivate: the file holds keys and password hashes.
func TestDataIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("this system has no such permissions")
	}
	open := t.TempDir()
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{filepath.Join(t.TempDir(), "new", "data"), open} {
		_, _, stop := start(t, Config{Data: folder})
		for _, name := range []string{"seedling.db", "seedling.db-wal", "seedling.lock"} {
			info, err := os.Stat(filepath.Join(folder, name))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: got %v, %v, want 0600", name, info.Mode(), err)
			}
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

// TestStopFinishesRequests: a delivery that has begun when the server is told
// to stop gets its answer.
func TestStopFinishesRequests(t *testing.T) {
	t.Parallel()
	s, address, stop := start(t, Config{})
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /ap/inbox HTTP/1.1\r\nHost: seedling.test\r\nContent-Type: application/activity+json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // the handler reads the body now
		t.Fatalf("got %q, %v, want 100 Continue", line, err)
	}
	answers.ReadString('\n')
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for { // until nothing new is accepted
		other, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		other.Close()
	}
	if _, err := io.WriteString(conn, "{}"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatalf("the request that had begun got no answer: %v", err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d, want 401", resp.StatusCode)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := s.DB().HasOwner(t.Context()); err == nil {
		t.Error("the store is still open")
	}
}

// TestBrokenPartStopsTheServer: half a server would look alive.
func TestBrokenPartStopsTheServer(t *testing.T) {
	t.Parallel()
	s, err := New(t.Context(), Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "http://seedling.test"})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	s.runners = append(s.runners, runner{"part", func(context.Context) error { return broken }})
	if err := s.Run(t.Context()); !errors.Is(err, broken) || !strings.Contains(err.Error(), "part: ") {
		t.Errorf("got %v, want one that names the part", err)
	}
}

func TestHugeHeadersAreRefused(t *testing.T) {
	t.Parallel()
	_, address, _ := start(t, Config{})
	requests := map[string]string{
		"one header":   "X-Large: " + strings.Repeat("x", 100_000) + "\r\n",
		"many headers": strings.Repeat("X-Small: x\r\n", 100_000),
	}
	for name, headers := range requests {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		go io.WriteString(conn, "GET / HTTP/1.1\r\nHost: seedling.test\r\n"+headers+"\r\n")
		line, _ := bufio.NewReader(conn).ReadString('\n')
		if !strings.Contains(line, "431") {
			t.Errorf("%s: got %q, want 431", name, line)
		}
		conn.Close()
	}
}

// TestSlowRequestsEnd: somebody who sends a byte now and then does not keep a
// connection for ever.
func TestSlowRequestsEnd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, begin string
		most        time.Duration
	}{
		{"nothing", "", headerTimeout},
		{"half a header", "GET / HTTP/1.1\r\nHost: seed", headerTimeout},
		{"half a body", "POST /ap/inbox HTTP/1.1\r\nHost: seedling.test\r\nContent-Type: application/activity+json\r\nContent-Length: 9\r\n\r\n{", readTimeout},
		{"no second request", "GET /.well-known/nodeinfo HTTP/1.1\r\nHost: seedling.test\r\n\r\n", idleTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				pipes := make(pipeListener)
				s, err := New(context.Background(), Config{Data: data, URL: "http://seedling.test", Listener: pipes})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(context.Background())
				ended := make(chan error, 1)
				go func() { ended <- s.Run(ctx) }()
				ours, theirs := net.Pipe()
				pipes <- theirs
				begun := time.Now()
				go io.WriteString(ours, test.begin)
				io.Copy(io.Discard, ours) // until the server hangs up
				if took := time.Since(begun); took > test.most+10*time.Second {
					t.Errorf("the connection lasted %v, want about %v", took, test.most)
				}
				ours.Close()
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// pipeListener accepts connections that a test makes.
type pipeListener chan net.Conn

func (l pipeListener) Accept() (net.Conn, error) {
	c, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l pipeListener) Close() error {
	defer func() { _ = recover() }() // closed twice, as a listener may be
	close(l)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// TestSetUpLinkIsOnlyPrinted: the log is read by more people than the console.
func TestSetUpLinkIsOnlyPrinted(t *testing.T) {
	t.Parallel()
	log, logged := debugLog()
	var out bytes.Buffer
	s, _, stop := start(t, Config{Log: log, Out: &out})
	secret := s.setUpLink[strings.Index(s.setUpLink, "key=")+4:]
	r, err := http.NewRequest("GET", s.setUpLink, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("GET %s: got %d, want 200", r.URL.Path, w.Code)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), secret) || strings.Contains(logged.String(), secret) {
		t.Errorf("want the key in what is printed and not in the log; printed:\n%s\nlogged:\n%s", &out, logged)
	}
}
