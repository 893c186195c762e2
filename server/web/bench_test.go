package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/julienschmidt/httprouter"

	"seedling/store"
	"seedling/store/storetest"
)

// The pages people open most, each with 20 posts, at 1,000 stored posts and, if
// SEEDLING_BENCH_POSTS names a number such as 1000000, at that many. Beside the
// time they report the CPU that a page takes and how many times that is what
// the same router needs for an empty answer. The collector is set as "serve" sets
// it. On a machine that does other things too, run it with -count 5 and believe
// the least.
func BenchmarkPages(b *testing.B) {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(GarbagePercent))
	}
	sizes := []int{1000}
	if n, err := strconv.Atoi(os.Getenv("SEEDLING_BENCH_POSTS")); err == nil && n > 0 {
		sizes = append(sizes, n)
	}
	empty := emptyAnswer()
	for _, n := range sizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			g := plant(b, n)
			for _, page := range []struct{ name, path string }{
				{"HomePage", "/home"},
				{"HomePageInTheMiddle", "/home?before=" + strconv.FormatInt(storetest.PostID(n/2), 10)},
				{"FederatedPage", "/federated"},
				{"ProfilePage", "/@mira"},
				{"ThreadPage", postPath(g.mira, g.root)},
			} {
				b.Run(page.name, func(b *testing.B) { g.benchmark(b, page.path, empty) })
			}
		})
	}
}

// benchmark opens one page again and again, without a network.
func (g *garden) benchmark(b *testing.B, path string, empty time.Duration) {
	r := httptest.NewRequest("GET", path, nil)
	r.AddCookie(&http.Cookie{Name: g.server.cookieName("session"), Value: g.session})
	b.ReportAllocs()
	var size int
	before := cpuTime()
	for b.Loop() {
		w := httptest.NewRecorder()
		g.server.ServeHTTP(w, r)
		if size = w.Body.Len(); w.Code != 200 {
			b.Fatalf("got %d", w.Code)
		}
	}
	cpu := cpuTime() - before
	b.ReportMetric(float64(cpu.Microseconds())/float64(b.N), "cpu-µs/page")
	b.ReportMetric(float64(cpu.Nanoseconds())/float64(b.N)/float64(empty.Nanoseconds()), "x-empty")
	b.ReportMetric(float64(size)/1024, "KB/page")
}

// cpuTime is what the process has used of all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// emptyAnswer is the time that the router takes for a handler that does nothing.
func emptyAnswer() time.Duration {
	router := httprouter.New()
	router.GET("/:page", func(http.ResponseWriter, *http.Request, httprouter.Params) {})
	r := httptest.NewRequest("GET", "/home", nil)
	const times = 200_000
	before := cpuTime()
	for range times {
		router.ServeHTTP(httptest.NewRecorder(), r)
	}
	return max((cpuTime()-before)/times, 1)
}

// garden is a store with many posts, and a member who follows everybody.
type garden struct {
	server  *Server
	session string
	mira    *store.Account
	root    int64 // a post with 20 replies
}

const gardeners = 200 // who write, mira every tenth post

// plant fills a store. The posts go straight into its file, which is what makes
// a million of them possible before breakfast.
func plant(b *testing.B, posts int) *garden {
	b.Helper()
	path := filepath.Join(b.TempDir(), "seedling.db")
	db := storetest.Open(b, store.Config{URL: storetest.URL, Path: path})
	ctx := context.Background()
	g := &garden{mira: storetest.Member(b, db, "mira")}
	viewer := storetest.Member(b, db, "fay")
	authors := []int64{g.mira.ID}
	for i := range gardeners {
		authors = append(authors, storetest.Remote(b, db, fmt.Sprintf("gardener%d@far%d.example", i, i%20)).ID)
	}
	check(b, storetest.InsertPosts(path, posts, viewer.ID, authors))
	check(b, db.Follow(ctx, viewer.ID, g.mira.ID))
	root := storetest.Post(b, db, g.mira, "The root of it all", store.Public)
	for i := range 20 {
		storetest.Reply(b, db, viewer, root, fmt.Sprintf("Reply %d to @mira about #seeds", i), store.Public)
	}
	g.root = root.ID
	var err error
	g.session, err = db.CreateSession(ctx, viewer.ID, "bench", "192.0.2.1")
	check(b, err)
	g.server, err = New(Config{DB: db, Version: "bench"})
	check(b, err)
	return g
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
