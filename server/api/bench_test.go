package api

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

	"seedling/server/web"
	"seedling/store"
	"seedling/store/storetest"
)

// BenchmarkTimelines asks for what apps open most, each with 20 posts, at 1,000
// stored posts and, if SEEDLING_BENCH_POSTS names a number such as 1000000, at
// that many. Beside the time it reports the CPU that an answer takes. The
// collector is set as "serve" sets it. On a machine that does other things too,
// run it with -count 5 and believe the least.
func BenchmarkTimelines(b *testing.B) {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(web.GarbagePercent))
	}
	sizes := []int{1000}
	if n, err := strconv.Atoi(os.Getenv("SEEDLING_BENCH_POSTS")); err == nil && n > 0 {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s, token := plant(b, n)
			for _, list := range []struct{ name, path string }{
				{"Home", "/api/v1/timelines/home"},
				{"HomeInTheMiddle", "/api/v1/timelines/home?max_id=" + id(storetest.PostID(n/2))},
				{"Local", "/api/v1/timelines/public?local=true"},
				{"Public", "/api/v1/timelines/public"},
				{"Self", "/api/v1/accounts/verify_credentials"},
			} {
				b.Run(list.name, func(b *testing.B) { benchmark(b, s, list.path, token) })
			}
		})
	}
}

func benchmark(b *testing.B, s *Server, path, token string) {
	ctx, cancel := context.WithCancel(b.Context()) // as those of a server, which end
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, "GET", path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	b.ReportAllocs()
	var size int
	before := cpuTime()
	for b.Loop() {
		w := sink{header: http.Header{}}
		s.ServeHTTP(&w, r)
		if size = w.size; w.status != http.StatusOK {
			b.Fatalf("got %d", w.status)
		}
	}
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/answer")
	b.ReportMetric(float64(size)/1024, "KB/answer")
}

// sink takes an answer as a connection does, and keeps nothing of it.
type sink struct {
	header       http.Header
	status, size int
}

func (w *sink) Header() http.Header    { return w.header }
func (w *sink) WriteHeader(status int) { w.status = status }
func (w *sink) Write(b []byte) (int, error) {
	w.size += len(b)
	return len(b), nil
}

// cpuTime is what the process has used of all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// plant fills a store, and returns the token of a member who follows everybody.
func plant(b *testing.B, posts int) (*Server, string) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "seedling.db")
	db := storetest.Open(b, store.Config{URL: storetest.URL, Path: path})
	viewer := storetest.Member(b, db, "fay")
	authors := []int64{storetest.Member(b, db, "mira").ID}
	for i := range 200 {
		a := storetest.Remote(b, db, fmt.Sprintf("gardener%d@far%d.example", i, i%20))
		a.AvatarURL, a.HeaderURL = a.URI+"/avatar.png", a.URI+"/header.png"
		if err := db.SaveRemoteAccount(context.Background(), a); err != nil {
			b.Fatal(err)
		}
		authors = append(authors, a.ID)
	}
	if err := storetest.InsertPosts(path, posts, viewer.ID, authors); err != nil {
		b.Fatal(err)
	}
	token, err := db.CreateToken(context.Background(), viewer.ID, "read")
	if err != nil {
		b.Fatal(err)
	}
	s, err := New(Config{DB: db, Version: "bench", NoLimits: true})
	if err != nil {
		b.Fatal(err)
	}
	return s, token
}
