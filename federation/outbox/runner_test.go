package outbox

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/storetest"
)

func testLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// newTestRunner makes a runner whose deliveries stay within a network; nil for none at all.
func newTestRunner(t testing.TB, db *store.DB, n *fedtest.Network, change func(*Config)) *Runner {
	t.Helper()
	fc := fetch.Config{UserAgent: "test"}
	if n != nil {
		fc.Dial, fc.RootCAs = n.Dial, n.RootCAs()
	}
	client, err := fetch.New(fc)
	must(t, err)
	t.Cleanup(client.Close)
	c := Config{DB: db, Client: client}
	if change != nil {
		change(&c)
	}
	r, err := New(c)
	must(t, err)
	return r
}

// start runs r until stop is called, or to the end of the test.
func start(t testing.TB, r *Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			must(t, err)
		case <-time.After(10 * time.Second):
			t.Error("Run did not end")
		}
	}
	t.Cleanup(stop)
	return stop
}

// world is a store whose alice is served to a network, so that the servers in
// it can verify what she signs.
type world struct {
	db    *store.DB
	net   *fedtest.Network
	alice *store.Account
}

func newWorld(t testing.TB) *world {
	t.Helper()
	db := storetest.New(t)
	w := &world{db: db, net: fedtest.NewNetwork(t), alice: storetest.Member(t, db, "alice")}
	body, err := vocab.AccountDoc(w.alice, builder{db}.origin()).JSON()
	must(t, err)
	here := w.net.Server("here.example")
	here.Handle(strings.TrimPrefix(w.alice.URI, storetest.URL), body)
	return w
}

// follower makes user@host follow alice, without telling them so.
func (w *world) follower(t testing.TB, handle string) *store.Account {
	t.Helper()
	a := storetest.Remote(t, w.db, handle)
	must(t, w.db.ReceiveFollow(context.Background(), a.ID, w.alice.ID, a.URI+"#follows/1"))
	items, err := w.db.Outbox(context.Background(), 1000)
	must(t, err)
	for _, o := range items {
		must(t, w.db.ExpandOutbox(context.Background(), o, nil, nil))
	}
	return a
}

func (w *world) post(t testing.TB, text string) *store.Post {
	t.Helper()
	return storetest.Post(t, w.db, w.alice, text, store.Public)
}

// creating matches the Create of a post.
func creating(p *store.Post) func(map[string]any) bool {
	return func(a map[string]any) bool { return a["id"] == p.URI+"#create" }
}

// ids lists the activities that a server got, in order.
func ids(s *fedtest.Server) []string {
	var list []string
	for _, q := range s.Received() {
		id, _ := q.Activity["id"].(string)
		list = append(list, id)
	}
	return list
}

// settle waits until nothing is to be told any more, and nothing waits for a host.
func settle(t testing.TB, db *store.DB, host string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		rows, err := db.Outbox(context.Background(), 1)
		must(t, err)
		left, err := db.Deliveries(context.Background(), host, 10)
		must(t, err)
		if len(rows)+len(left) == 0 {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%d deliveries still wait for %s", len(left), host)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestSharedInboxGetsOneCopyForFiftyFollowers(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	for i := range 50 {
		w.follower(t, "bob"+string(rune('a'+i/26))+string(rune('a'+i%26))+"@there.example")
	}
	start(t, newTestRunner(t, w.db, w.net, nil))
	p := w.post(t, "hello, fifty")
	q := there.Await(t, creating(p))
	if q.Path != "/inbox" {
		t.Errorf("arrived at %s, want the shared inbox", q.Path)
	}
	settle(t, w.db, "there.example")
	if got := ids(there); len(got) != 1 {
		t.Errorf("got %q, want one copy", got)
	}
}

func TestRetryKeepsTheOrderOfAHost(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	w.follower(t, "bob@there.example")
	there.SetMode(fedtest.Refuse(http.StatusServiceUnavailable))
	start(t, newTestRunner(t, w.db, w.net, func(c *Config) { c.FirstRetry = 300 * time.Millisecond }))
	var want []string
	for _, text := range []string{"one", "two", "three"} {
		p := w.post(t, text)
		want = append(want, p.URI+"#create")
	}
	there.AwaitRequest(t, func(*fedtest.Request) bool { return true })
	there.SetMode(fedtest.Normal())
	settle(t, w.db, "there.example")
	got := ids(there)
	for len(got) > 0 && got[0] == want[0] { // the failed attempts, which may be several
		got = got[1:]
	}
	if strings.Join(got, " ") != strings.Join(want[1:], " ") {
		t.Errorf("arrived %q, want %q after the first", ids(there), want)
	}
}

func TestRefusedDeliveryEndsAndTheNextGoesOn(t *testing.T) {
	for _, status := range []int{http.StatusGone, http.StatusNotFound, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusMovedPermanently} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			w := newWorld(t)
			there := w.net.Server("there.example")
			w.follower(t, "bob@there.example")
			var log strings.Builder
			stop := start(t, newTestRunner(t, w.db, w.net, func(c *Config) { c.Log = testLog(&log) }))
			there.SetMode(fedtest.Refuse(status))
			first := w.post(t, "one")
			there.Await(t, creating(first))
			settle(t, w.db, "there.example")
			there.SetMode(fedtest.Normal())
			there.Await(t, creating(w.post(t, "two")))
			settle(t, w.db, "there.example")
			stop()
			if got := ids(there); len(got) != 2 {
				t.Errorf("got %q, want each once", got)
			}
			if !strings.Contains(log.String(), http.StatusText(status)) {
				t.Errorf("the log does not say why: %s", &log)
			}
		})
	}
}

func TestRunnerGoesOnAfterARestart(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	w.follower(t, "bob@there.example")
	w.net.SetDown("there.example", true)
	var log strings.Builder
	stop := start(t, newTestRunner(t, w.db, w.net, func(c *Config) { c.FirstRetry, c.Log = 200*time.Millisecond, testLog(&log) }))
	first := w.post(t, "one")
	waitFor(t, "a failure", func() bool {
		s, err := w.db.HostState(context.Background(), "there.example")
		must(t, err)
		return s.Failures > 0
	})
	stop()
	second := w.post(t, "two") // stays an outbox row
	w.net.SetDown("there.example", false)
	start(t, newTestRunner(t, w.db, w.net, nil))
	there.Await(t, creating(first))
	there.Await(t, creating(second))
	settle(t, w.db, "there.example")
	if s, err := w.db.HostState(context.Background(), "there.example"); err != nil || s.Failures != 0 || !s.RetryAt.IsZero() {
		t.Errorf("the host is %+v (%v), want it well", s, err)
	}
}

func waitFor(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func TestSignatureKindIsSwappedOnceAndRemembered(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	w.follower(t, "bob@there.example")
	there.SetMode(fedtest.Refuse(http.StatusUnauthorized).When(func(r *http.Request) bool { return r.Header.Get("Signature-Input") == "" }))
	stop := start(t, newTestRunner(t, w.db, w.net, nil))
	w.post(t, "one")
	w.post(t, "two")
	settle(t, w.db, "there.example")
	waitFor(t, "three requests", func() bool { return len(there.Received()) == 3 })
	for i, want := range []string{"draft-cavage", "rfc9421", "rfc9421"} {
		q := there.Received()[i]
		if q.SignatureError != nil || string(q.Signature.Scheme) != want {
			t.Errorf("request %d: %v %v, want a good %s", i, q.Signature, q.SignatureError, want)
		}
	}
	stop()
	if s, err := w.db.HostState(context.Background(), "there.example"); err != nil || s.Signature != SignRFC9421 {
		t.Errorf("remembered %q (%v), want %s", s.Signature, err, SignRFC9421)
	}

	there.SetMode(fedtest.Refuse(http.StatusUnauthorized))
	start(t, newTestRunner(t, w.db, w.net, nil))
	w.post(t, "three")
	waitFor(t, "both kinds tried and the delivery kept for another attempt", func() bool {
		left, err := w.db.Deliveries(t.Context(), "there.example", 2)
		return err == nil && len(left) == 1 && left[0].Attempts == 1 && len(there.Received()) == 5
	})
}

func TestInboxThatMayNotBeAskedIsGivenUp(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	bob := w.follower(t, "bob@there.example")
	bob.SharedInbox = "http://there.example/inbox" // plain http is not dialled
	must(t, w.db.SaveRemoteAccount(t.Context(), bob))
	var log strings.Builder
	stop := start(t, newTestRunner(t, w.db, w.net, func(c *Config) { c.Log = testLog(&log) }))
	w.post(t, "one")
	settle(t, w.db, "there.example")
	stop()
	if got := ids(there); len(got) != 0 || !strings.Contains(log.String(), "delivery given up") {
		t.Errorf("got %q and the log %q, want a delivery given up", got, &log)
	}
}

func TestHangingHostsDoNotDelayOthers(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	w.follower(t, "bob@there.example")
	for _, host := range []string{"a", "b", "c", "d", "e", "f"} {
		w.net.Server(host + ".dead.example").SetMode(fedtest.Hang())
		w.follower(t, "eve@"+host+".dead.example")
	}
	start(t, newTestRunner(t, w.db, w.net, func(c *Config) { c.MaxInFlight, c.MaxDoubtful = 2, 1 }))
	began := time.Now()
	p := w.post(t, "one")
	there.Await(t, creating(p))
	// At worst every hanging host holds a place for as long as patience goes.
	if took := time.Since(began); took > 6*patience/2+2*time.Second {
		t.Errorf("the living host waited %v", took)
	}
}

func TestStopLosesNothing(t *testing.T) {
	w := newWorld(t)
	there := w.net.Server("there.example")
	w.follower(t, "bob@there.example")
	there.SetMode(fedtest.Hang())
	stop := start(t, newTestRunner(t, w.db, w.net, nil))
	p := w.post(t, "one")
	there.AwaitRequest(t, func(q *fedtest.Request) bool { return q.Method == http.MethodPost })
	began := time.Now()
	stop()
	if took := time.Since(began); took > stopGrace+time.Second {
		t.Errorf("Run took %v to end", took)
	}
	if s, err := w.db.HostState(context.Background(), "there.example"); err != nil || s.Failures != 0 {
		t.Errorf("the host is %+v (%v), want no failure noted for our own stop", s, err)
	}
	there.SetMode(fedtest.Normal())
	start(t, newTestRunner(t, w.db, w.net, nil))
	settle(t, w.db, "there.example")
	if got := ids(there); len(got) != 2 || got[1] != p.URI+"#create" {
		t.Errorf("got %q, want the post twice", got)
	}
}
