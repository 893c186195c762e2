package outbox

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/storetest"
)

// bubble is a store, a runner and remote hosts in a time of their own: days
// pass in moments (testing/synctest). Its connections are pipes, since waiting
// for a socket would stop the clock.
type bubble struct {
	t     *testing.T
	db    *store.DB
	path  string
	alice *store.Account
	r     *Runner
	stop  func()
	conns chan net.Conn

	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request)
	got    []attempt
}

// attempt is a request that a host got.
type attempt struct {
	at   time.Time
	host string
	id   string // of the post
}

// inBubble runs a test from the beginning of 2026 on, with a runner that works
// and no chance in its retries.
func inBubble(t *testing.T, change func(*Config), test func(t *testing.T, b *bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(testTime)) // ids have their times from 2020 on
		b := &bubble{t: t, conns: make(chan net.Conn), path: filepath.Join(t.TempDir(), "seedling.db")}
		b.db = storetest.Open(t, store.Config{URL: storetest.URL, Path: b.path})
		b.alice = storetest.Member(t, b.db, "alice")
		b.listen()
		client, err := fetch.New(fetch.Config{UserAgent: "test", PlainHTTP: true, Dial: b.dial})
		must(t, err)
		t.Cleanup(client.Close)
		c := Config{DB: b.db, Client: client, Rand: func() float64 { return 0.5 }}
		if change != nil {
			change(&c)
		}
		b.run(c)
		t.Cleanup(func() { b.stop() })
		test(t, b)
	})
}

// run starts a runner.
func (b *bubble) run(c Config) {
	var err error
	b.r, err = New(c)
	must(b.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.r.Run(ctx) }()
	b.stop = func() {
		cancel()
		must(b.t, <-ended)
	}
}

// restart replaces the runner by a new one on the same store.
func (b *bubble) restart() {
	b.stop()
	b.run(b.r.config)
}

func (b *bubble) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case b.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// listen serves all hosts with b.answer.
func (b *bubble) listen() {
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		v := readBack(b.t, body)
		b.mu.Lock()
		b.got = append(b.got, attempt{time.Now(), r.Host, v.ID})
		answer := b.answer
		b.mu.Unlock()
		if answer == nil {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		answer(w, r)
	})}
	l := &pipeListener{conns: b.conns, done: make(chan struct{})}
	go func() { _ = s.Serve(l) }()
	b.t.Cleanup(func() { s.Close() })
}

type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, errors.New("closed")
	}
}
func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (b *bubble) setAnswer(f func(w http.ResponseWriter, r *http.Request)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = f
}

// take returns what arrived since it was last called, after all that can
// happen now has happened.
func (b *bubble) take() []attempt {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	got := b.got
	b.got = nil
	return got
}

func (b *bubble) follower(host string) {
	b.t.Helper()
	base := "http://" + host
	a := &store.Account{URI: base + "/bob", Username: "bob", Host: host, Inbox: base + "/bob/inbox", SharedInbox: base + "/inbox", CreatedAt: time.Now()}
	must(b.t, b.db.SaveRemoteAccount(b.t.Context(), a))
	must(b.t, b.db.ReceiveFollow(b.t.Context(), a.ID, b.alice.ID, base+"/follows/1"))
	b.take() // the Accept
}

func (b *bubble) post(text string) *store.Post {
	b.t.Helper()
	return storetest.Post(b.t, b.db, b.alice, text, store.Public)
}

func refusing(status int, retryAfter string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(status)
	}
}

// gaps lists the time between attempts.
func gaps(list []attempt) []time.Duration {
	var g []time.Duration
	for i := 1; i < len(list); i++ {
		g = append(g, list[i].at.Sub(list[i-1].at).Round(time.Second))
	}
	return g
}

func TestBackoffDoublesUntilTheDeliveryIsGivenUp(t *testing.T) {
	var log strings.Builder
	inBubble(t, func(c *Config) { c.Log = testLog(&log) }, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		b.setAnswer(refusing(http.StatusServiceUnavailable, ""))
		b.post("one")
		time.Sleep(8 * 24 * time.Hour)
		got := gaps(b.take())
		want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256}
		for i := range want {
			want[i] *= time.Minute
		}
		for range 26 { // 8 h 31 min have passed; 26 times 6 h are within seven days, 27 not
			want = append(want, 6*time.Hour)
		}
		if !slices.Equal(got, want) {
			t.Errorf("tried again after %v, want %v", got, want)
		}
		if left, err := b.db.Deliveries(t.Context(), "there.example", 10); err != nil || len(left) != 0 {
			t.Errorf("%d deliveries left (%v), want none", len(left), err)
		}
		if !strings.Contains(log.String(), "did not take it in time") {
			t.Error("the log does not say that it was given up")
		}

		b.setAnswer(nil)
		second := b.post("two")
		time.Sleep(lastRetry)
		if got := b.take(); len(got) != 1 || got[0].id != second.URI+"#create" {
			t.Errorf("then arrived %v, want the second post once", got)
		}
	})
}

func TestRetryAfterIsRespectedWithinBounds(t *testing.T) {
	for _, c := range []struct {
		status int
		header string
		min    time.Duration
		max    time.Duration
	}{
		{http.StatusTooManyRequests, "120", 2 * time.Minute, 132 * time.Second},
		{http.StatusServiceUnavailable, "5", 5 * time.Second, 6 * time.Second},
		{http.StatusServiceUnavailable, strconv.Itoa(30 * 24 * 3600), time.Minute, lastRetry + lastRetry/10},
	} {
		inBubble(t, nil, func(t *testing.T, b *bubble) {
			b.follower("there.example")
			b.setAnswer(refusing(c.status, c.header))
			b.post("one")
			b.take()
			began := time.Now()
			b.setAnswer(nil)
			b.post("two")
			time.Sleep(lastRetry + lastRetry/10)
			got := b.take()
			if len(got) != 2 {
				t.Fatalf("%d %s: %d attempts, want 2", c.status, c.header, len(got))
			}
			for i, a := range got {
				if after := a.at.Sub(began); after < c.min || after > c.max {
					t.Errorf("%d %s: attempt %d after %v, want %v to %v", c.status, c.header, i, after, c.min, c.max)
				}
			}
		})
	}
}

func TestRetryAfterOfASecondIsNotBelievedForDays(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		b.setAnswer(refusing(http.StatusTooManyRequests, "1"))
		b.post("one")
		time.Sleep(24 * time.Hour)
		if n := len(b.take()); n < 10 || n > 40 {
			t.Errorf("%d attempts in a day, want some 20", n)
		}
	})
}

func TestWakeTriesAtOnceAndStartsTheBackoffAnew(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		b.setAnswer(refusing(http.StatusBadGateway, ""))
		b.post("one")
		time.Sleep(12 * time.Hour) // the next attempt is hours away
		b.take()
		b.r.Wake("elsewhere.example") // nothing waits for it
		b.r.Wake("there.example")
		if n := len(b.take()); n != 1 {
			t.Fatalf("%d attempts when woken, want 1 at once", n)
		}
		for range 100 {
			b.r.Wake("there.example")
		}
		if n := len(b.take()); n != 0 {
			t.Errorf("%d attempts when woken again, want none within %v", n, wakePause)
		}
		time.Sleep(wakePause)
		if n := len(b.take()); n != 1 {
			t.Errorf("%d attempts after %v, want 1", n, wakePause)
		}
		time.Sleep(firstRetry)
		if n := len(b.take()); n != 1 {
			t.Errorf("%d attempts a minute later, want 1", n)
		}
	})
}

func TestHostsThatFailedHaveTheirOwnFewPlaces(t *testing.T) {
	inBubble(t, func(c *Config) { c.MaxInFlight, c.MaxDoubtful = 2, 1 }, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		for i := range 30 {
			b.follower("dead" + strconv.Itoa(i) + ".example")
		}
		b.setAnswer(func(w http.ResponseWriter, r *http.Request) {
			if r.Host == "there.example" {
				w.WriteHeader(http.StatusAccepted)
				return
			}
			<-r.Context().Done()
		})
		b.post("one")
		time.Sleep(time.Minute)
		b.take()
		began := time.Now()
		for range 20 { // in ten minutes, while the dead are tried again and again
			p := b.post("again")
			time.Sleep(30 * time.Second)
			living := slices.DeleteFunc(b.take(), func(a attempt) bool { return a.host != "there.example" })
			if len(living) != 1 || living[0].id != p.URI+"#create" || living[0].at.Sub(p.CreatedAt) > 10*time.Millisecond {
				t.Fatalf("after %v the living host got %v, want the post at once", time.Since(began), living)
			}
		}
	})
}

func TestSlowHostsGiveTheirPlaceUp(t *testing.T) {
	inBubble(t, func(c *Config) { c.MaxInFlight = 1 }, func(t *testing.T, b *bubble) {
		for i := range 5 {
			b.follower("slow" + strconv.Itoa(i) + ".example")
		}
		b.follower("there.example") // the last in line
		b.setAnswer(func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "there.example" {
				select {
				case <-time.After(slowAfter + time.Second):
				case <-r.Context().Done():
				}
			}
			w.WriteHeader(http.StatusAccepted)
		})
		p := b.post("one")
		time.Sleep(5*patience + 10*time.Millisecond)
		if got := b.take(); len(got) != 6 {
			t.Errorf("%d hosts were asked within %v, want 6", len(got), time.Since(p.CreatedAt))
		}
		time.Sleep(time.Minute)
		second := b.post("two")
		got := b.take()
		if i := slices.IndexFunc(got, func(a attempt) bool { return a.host == "there.example" }); i < 0 || got[i].at.Sub(second.CreatedAt) > 0 {
			t.Errorf("the second post did not arrive at once: %v", got)
		}
	})
}

func TestRowsOfAnotherProcessAreFound(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		other := storetest.Open(b.t, store.Config{Path: b.path})
		p := storetest.Post(b.t, other, b.alice, "from the command line", store.Public)
		time.Sleep(pollEvery)
		if got := b.take(); len(got) != 1 || got[0].id != p.URI+"#create" {
			t.Errorf("arrived %v, want the post", got)
		}
	})
}

func TestIdleLanesCostNothing(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		for i := range 20 {
			b.follower("host" + strconv.Itoa(i) + ".example")
		}
		b.post("one")
		b.take()
		b.r.lanes.mu.Lock()
		defer b.r.lanes.mu.Unlock()
		if n := len(b.r.lanes.byHost); n != 0 {
			t.Errorf("%d lanes, want none", n)
		}
		if b.r.lanes.well.free != maxInFlight || b.r.lanes.doubtful.free != maxDoubtful || b.r.lanes.overtime != maxOvertime {
			t.Errorf("places left: %d, %d, %d; want all", b.r.lanes.well.free, b.r.lanes.doubtful.free, b.r.lanes.overtime)
		}
	})
}

func TestUnsteadyHostGetsAllInOrder(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		var n int
		var accepted []string
		b.setAnswer(func(w http.ResponseWriter, r *http.Request) {
			b.mu.Lock()
			defer b.mu.Unlock()
			if n++; n%3 != 0 {
				w.WriteHeader([]int{http.StatusInternalServerError, http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusFound}[n%4])
				return
			}
			accepted = append(accepted, b.got[len(b.got)-1].id)
			w.WriteHeader(http.StatusOK)
		})
		var want []string
		for range 30 {
			want = append(want, b.post("tick").URI+"#create")
			time.Sleep(10 * time.Second)
		}
		time.Sleep(24 * time.Hour)
		b.take()
		if !slices.Equal(accepted, want) {
			t.Errorf("accepted %q, want %q", accepted, want)
		}
	})
}
