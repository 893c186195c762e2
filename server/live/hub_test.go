package live

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/server/api"
	"seedling/store"
	"seedling/store/storetest"
)

// newServer is a server over an empty store; it runs until the test ends.
func newServer(t testing.TB, noLimits bool) (*store.DB, *Server) {
	t.Helper()
	db := storetest.New(t)
	apps, err := api.New(api.Config{DB: db})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{DB: db, API: apps, NoLimits: noLimits})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return db, s
}

// queue is a stream that nobody writes out, with a place for so many messages.
func queue(t *testing.T, s *Server, accountID int64, size int, names ...string) *stream {
	t.Helper()
	st := newStream(accountID, "test")
	st.queue, st.tokenID = make(chan []byte, size), 1
	for _, name := range names {
		c, err := parseChannel(name, "", "", false)
		if err != nil {
			t.Fatal(err)
		}
		st.channels = append(st.channels, c)
	}
	if err := s.join(st); err != nil {
		t.Fatal(err)
	}
	return st
}

// TestSlowReaderIsEndedAlone lets one stream fall behind.
func TestSlowReaderIsEndedAlone(t *testing.T) {
	db, s := newServer(t, false)
	mira := storetest.Member(t, db, "mira")
	slow, quick := queue(t, s, mira.ID, 2, "public"), queue(t, s, mira.ID, 10, "public")
	for i := range 5 {
		storetest.Post(t, db, mira, fmt.Sprint("post ", i), store.Public)
		if b := string(<-quick.queue); !strings.Contains(b, fmt.Sprint("post ", i)) {
			t.Fatalf("the quick one got %.100s, want post %d", b, i)
		}
	}
	<-slow.ended
	if slow.reason != endSlow || len(slow.queue) != 2 {
		t.Errorf("the slow one ended for %d with %d messages", slow.reason, len(slow.queue))
	}
	select {
	case <-quick.ended:
		t.Error("the quick one was ended too")
	default:
	}
}

func TestStreamsOfOneAccountAndOfOneAddressAreBounded(t *testing.T) {
	db, s := newServer(t, false)
	mira, bob := storetest.Member(t, db, "mira"), storetest.Member(t, db, "bob")
	var open []*stream
	for range maxPerAccount {
		open = append(open, queue(t, s, mira.ID, 1))
	}
	if err := s.join(newStream(mira.ID, "elsewhere")); err != errFull {
		t.Errorf("one more of the account: %v, want errFull", err)
	}
	queue(t, s, bob.ID, 1)
	for _, st := range open {
		s.leave(st)
	}
	if n := s.Open(); n != 1 {
		t.Errorf("%d are open, want 1", n)
	}
	s.Close()
	if err := s.join(newStream(mira.ID, "test")); err != errStopping {
		t.Errorf("after the end: %v, want errStopping", err)
	}
}

func TestParseChannel(t *testing.T) {
	for _, c := range []struct {
		stream, tag, list string
		media             bool
		want              string // "": refused
	}{
		{"user", "", "", false, "user"},
		{"user:notification", "", "", false, "user:notification"},
		{"user:nothing", "", "", false, ""},
		{"public", "", "", true, "public:media"},
		{"public:local", "", "", true, "public:local:media"},
		{"public:local:media", "", "", true, "public:local:media"},
		{"public:remote:media", "", "", false, "public:remote:media"},
		{"public:media:media", "", "", false, ""},
		{"public:local:nothing", "", "", false, ""},
		{"public:", "", "", false, ""},
		{"hashtag", "#SEEDS", "", false, "hashtag\n#SEEDS"},
		{"hashtag:local", "seeds", "", false, "hashtag:local\nseeds"},
		{"hashtag", "two words", "", false, ""},
		{"list", "", "12", false, "list\n12"},
		{"list", "", "-1", false, ""},
		{"direct", "", "", false, "direct"},
		{"", "", "", false, ""},
	} {
		got, err := parseChannel(c.stream, c.tag, c.list, c.media)
		if got.key() != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: got %q, %v", c, got.key(), err)
		}
	}
}

func FuzzObey(f *testing.F) {
	db, s := newServer(f, true)
	st := newStream(storetest.Member(f, db, "mira").ID, "test")
	st.scopes = "read"
	f.Add([]byte(`{"type":"subscribe","stream":"hashtag","tag":"x","list":1}`))
	f.Add([]byte(`{"type":"unsubscribe","stream":"list","list":"7"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s.obey(context.Background(), st, b)
		if len(st.channels) > maxChannels {
			t.Errorf("%d channels", len(st.channels))
		}
	})
}

// BenchmarkPublicPost measures how long it takes until 1,000 open sockets of
// 20 members (passwords are slow to make) have a public post, and what one costs in memory. The readers
// are in the same process: their part is in the bytes.
func BenchmarkPublicPost(b *testing.B) {
	const streams = 1000
	db, s := newServer(b, true)
	web := httptest.NewServer(s)
	defer web.Close()
	author := storetest.Member(b, db, "author")
	var tokens []string
	for i := range 20 {
		token, err := db.CreateToken(context.Background(), storetest.Member(b, db, fmt.Sprintf("reader%d", i)).ID, "read")
		if err != nil {
			b.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	before := memory()
	arrived := make(chan time.Time, streams)
	for i := range streams {
		token := tokens[i%len(tokens)]
		conn, err := net.Dial("tcp", web.Listener.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s?stream=public&access_token=%s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", Path, token)
		go readFrames(conn, arrived)
	}
	for s.Open() < streams {
		runtime.Gosched()
	}
	storetest.Post(b, db, author, "the first", store.Public) // reads how all stand
	for range streams {
		<-arrived
	}
	perStream := (memory() - before) / streams
	var times []float64
	for b.Loop() {
		posted := time.Now()
		storetest.Post(b, db, author, "hello all of you", store.Public)
		last := posted
		for range streams {
			last = <-arrived
		}
		times = append(times, float64(last.Sub(posted).Microseconds())/1000)
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2], "ms/last-of-1000")
	b.ReportMetric(float64(perStream), "B/stream")
}

// readFrames notes when each message is there.
func readFrames(conn net.Conn, arrived chan time.Time) {
	r := bufio.NewReaderSize(conn, 1<<10)
	for line := "x"; strings.TrimSpace(line) != ""; {
		var err error
		if line, err = r.ReadString('\n'); err != nil {
			return
		}
	}
	for {
		var head [4]byte // server frames of 126 to 65,535 bytes: RFC 6455 §5.2
		for i := range head {
			c, err := r.ReadByte()
			if err != nil {
				return
			}
			head[i] = c
		}
		if _, err := r.Discard(int(head[2])<<8 | int(head[3])); err != nil {
			return
		}
		arrived <- time.Now()
	}
}

// memory is what the process uses, after tidying up.
func memory() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
