package outbox

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"seedling/federation/fetch"
	"seedling/federation/httpsig"
	"seedling/store"
	"seedling/store/storetest"
)

const (
	fanHosts = 1000
	fanDead  = 300
)

// crowd is a thousand servers behind one listener.
type crowd struct {
	address string
	hanging atomic.Int64 // hosts below this number never answer
	refused atomic.Int64 // to hosts below this number there is no connection
	pending atomic.Int64
	done    chan struct{} // gets a value when pending becomes 0
	quit    chan struct{}
}

func newCrowd(t testing.TB) *crowd {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c := &crowd{address: l.Addr().String(), done: make(chan struct{}, 1), quit: make(chan struct{})}
	s := &http.Server{Handler: c}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { close(c.quit); s.Close() })
	return c
}

func (c *crowd) host(i int) string { return fmt.Sprintf("host%d.example", i) }

// dial leads every name to the listener.
func (c *crowd) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if numberOf(address) < c.refused.Load() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	var d net.Dialer
	return d.DialContext(ctx, network, c.address)
}

// numberOf is the number in the name of a host.
func numberOf(host string) (i int64) {
	if _, err := fmt.Sscanf(host, "host%d.example", &i); err != nil {
		return fanHosts
	}
	return i
}

func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if numberOf(r.Host) < c.hanging.Load() {
		select {
		case <-r.Context().Done():
		case <-c.quit:
		}
		return
	}
	w.WriteHeader(http.StatusAccepted)
	if c.pending.Add(-1) == 0 {
		c.done <- struct{}{}
	}
}

// follow makes somebody on each host follow alice; many at once share commits.
func (c *crowd) follow(t testing.TB, db *store.DB, alice *store.Account) {
	t.Helper()
	ctx := context.Background()
	each(fanHosts, func(i int) {
		base := "http://" + c.host(i)
		a := &store.Account{URI: base + "/bob", Username: "bob", Host: c.host(i), Inbox: base + "/bob/inbox", SharedInbox: base + "/inbox", CreatedAt: time.Now()}
		if err := db.SaveRemoteAccount(ctx, a); err != nil {
			t.Error(err)
		} else if err := db.ReceiveFollow(ctx, a.ID, alice.ID, base+"/follows/1"); err != nil {
			t.Error(err)
		}
	})
	rows, err := db.Outbox(ctx, 2*fanHosts)
	must(t, err)
	each(len(rows), func(i int) {
		if err := db.ExpandOutbox(ctx, rows[i], nil, nil); err != nil {
			t.Error(err)
		}
	})
}

func each(n int, do func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}

// BenchmarkFanOut tells a thousand hosts of one post. It reports how long it
// took until the last living host had it, that time compared with the bare RSA
// signatures on all processors, and how long until all was written down.
func BenchmarkFanOut(b *testing.B) {
	b.Run("living", func(b *testing.B) { benchmarkFanOut(b, 0, 0) })
	b.Run("hanging", func(b *testing.B) { benchmarkFanOut(b, fanDead, 0) })
	b.Run("refusing", func(b *testing.B) { benchmarkFanOut(b, 0, fanDead) })
}

func benchmarkFanOut(b *testing.B, hanging, refusing int) {
	living := fanHosts - hanging - refusing
	db := storetest.New(b)
	alice := storetest.Member(b, db, "alice")
	c := newCrowd(b)
	c.follow(b, db, alice)
	client, err := fetch.New(fetch.Config{UserAgent: "bench", PlainHTTP: true, Dial: c.dial})
	must(b, err)
	b.Cleanup(client.Close)
	r, err := New(Config{DB: db, Client: client})
	must(b, err)
	start(b, r)
	signing := rawSigning(b, db, alice, living)
	c.hanging.Store(int64(hanging))
	c.refused.Store(int64(refusing))
	var total time.Duration
	for b.Loop() {
		c.pending.Store(int64(living))
		began := time.Now()
		storetest.Post(b, db, alice, "hello, everyone", store.Public)
		select {
		case <-c.done:
		case <-time.After(time.Minute):
			b.Fatalf("%d living hosts did not get it", c.pending.Load())
		}
		total += time.Since(began)
	}
	mean := total / time.Duration(b.N)
	b.ReportMetric(float64(mean.Milliseconds()), "ms/last-living")
	b.ReportMetric(float64(mean)/float64(signing), "x-signing")
	b.ReportMetric(float64(signing.Milliseconds()), "ms/signing")
}

// rawSigning is how long n signatures take on all processors.
func rawSigning(b *testing.B, db *store.DB, alice *store.Account, n int) time.Duration {
	b.Helper()
	_, text, err := db.SigningKey(context.Background(), alice.ID)
	must(b, err)
	signer, err := httpsig.DecodePrivate(text)
	must(b, err)
	key, sum := signer.(*rsa.PrivateKey), sha256.Sum256([]byte("hello"))
	began := time.Now()
	var left atomic.Int64
	left.Store(int64(n))
	each(runtime.GOMAXPROCS(0), func(int) {
		for left.Add(-1) >= 0 {
			if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]); err != nil {
				b.Error(err)
			}
		}
	})
	return time.Since(began)
}
