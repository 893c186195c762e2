//go:build unix

package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/coder/websocket"

	"seedling/federation/fedtest"
	"seedling/server"
	"seedling/store/storetest"
)

// idleSockets is how many are opened where the limit of open files allows it; some
// files are left for all else that the two programs open.
const (
	idleSockets = 10_000
	otherFiles  = 500
)

// mostPerSocket is what an idle socket may cost at most, in bytes of resident
// memory: twice what was measured.
const mostPerSocket = 100_000

// TestTenThousandIdleSockets opens streams that nothing happens on, and finds that
// others are served meanwhile, and that the server has its memory back after.
func TestTenThousandIdleSockets(t *testing.T) {
	if testing.Short() {
		t.Skip("opens ten thousand connections")
	}
	p := newProgram(t, build(t))
	run := p.serve()
	run.ready()
	p.run("account", "create", "mira", "--password", password)
	token := strings.TrimSpace(p.run("token", "create", "mira", "--scopes", "read write"))
	c := &client{t: t, base: p.url(), http: &http.Client{}, token: token}

	n := min(idleSockets, openFiles(t)-otherFiles)
	before := resident(run.cmd.Process.Pid)
	sockets := openSockets(t, p.listen, token, n)
	defer closeAll(sockets)
	each := (resident(run.cmd.Process.Pid) - before) / n
	t.Logf("%d idle sockets (open files: %d): %d bytes of resident memory each", n, openFiles(t), each)
	if n < idleSockets {
		t.Logf("this machine allows no more than %d open files, so %d sockets were not tried", openFiles(t), idleSockets-n)
	}
	if each > mostPerSocket {
		t.Errorf("an idle socket costs %d bytes, want at most %d", each, mostPerSocket)
	}

	// A page, a stream that something happens on, and a post are as ever.
	if resp, err := c.http.Get(p.url() + "/about"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("a page: %v, %v", resp, err)
	}
	busy, err := handshake(p.listen, token, "stream=user")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	c.ask("POST", "/api/v1/statuses", form("status", "still here")).wants(200)
	if text, err := bufio.NewReader(io.LimitReader(busy, 1<<16)).ReadString('}'); err != nil || !strings.Contains(text, "update") {
		t.Errorf("the stream says %q (%v)", text, err)
	}
}

// openFiles is how many files a process may open here.
func openFiles(t *testing.T) int {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	return int(min(limit.Cur, 1<<20))
}

// openSockets opens n streams of a hashtag that nobody uses.
func openSockets(t *testing.T, address, token string, n int) []net.Conn {
	t.Helper()
	sockets, problems := make([]net.Conn, n), make([]error, n)
	var work sync.WaitGroup
	next := make(chan int)
	for range 32 {
		work.Go(func() {
			for i := range next {
				sockets[i], problems[i] = handshake(address, token, "stream=hashtag&tag=nothing")
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	work.Wait()
	for i, err := range problems {
		if err != nil {
			closeAll(sockets)
			t.Fatalf("socket %d of %d: %v", i+1, n, err)
		}
	}
	return sockets
}

func closeAll(sockets []net.Conn) {
	for _, s := range sockets {
		if s != nil {
			s.Close()
		}
	}
}

// handshake opens a WebSocket by hand: a client of a library has buffers that would
// be most of what is measured.
func handshake(address, token, query string) (net.Conn, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "GET /api/v1/streaming?%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n", query, address, token)
	answer := make([]byte, 0, 512)
	for !strings.HasSuffix(string(answer), "\r\n\r\n") { // byte by byte: what follows is the stream
		var b [1]byte
		if _, err := conn.Read(b[:]); err != nil || len(answer) == cap(answer) {
			conn.Close()
			return nil, fmt.Errorf("%w after %q", err, answer)
		}
		answer = append(answer, b[0])
	}
	if !strings.HasPrefix(string(answer), "HTTP/1.1 101 ") {
		conn.Close()
		return nil, fmt.Errorf("refused: %s", answer)
	}
	return conn, nil
}

// TestStreamsBeyondTheLimitAreRefused: the forty-first stream of a member is
// answered as too many, others go on, and a place that is free can be taken.
func TestStreamsBeyondTheLimitAreRefused(t *testing.T) {
	t.Parallel()
	in := startWith(t, fedtest.NewNetwork(t), "here.example", func(c *server.Config) { c.NoRateLimits = false })
	mira, noor := in.app(), in.app()
	for name, c := range map[string]*client{"mira": mira, "noor": noor} {
		var err error
		if c.token, err = in.db.CreateToken(t.Context(), storetest.Member(t, in.db, name).ID, "read"); err != nil {
			t.Fatal(err)
		}
	}
	var open []*websocket.Conn
	for {
		conn, resp, err := in.dial(mira.token, "stream=user")
		if err == nil {
			t.Cleanup(func() { conn.CloseNow() })
			if open = append(open, conn); len(open) > 1000 {
				t.Fatal("there is no limit")
			}
			continue
		}
		if resp == nil || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Fatalf("after %d streams: %v, %v", len(open), resp, err)
		}
		break
	}
	if len(open) != 40 {
		t.Errorf("%d streams of one member were open, want 40", len(open))
	}
	if conn, _, err := in.dial(noor.token, "stream=user"); err != nil {
		t.Errorf("another member: %v", err)
	} else {
		conn.CloseNow()
	}
	mira.ask("GET", "/api/v1/timelines/home", nil).wants(200)
	open[0].CloseNow()
	eventually(t, "a free place", func() bool {
		conn, _, err := in.dial(mira.token, "stream=user")
		if err == nil {
			conn.CloseNow()
		}
		return err == nil
	})
}
