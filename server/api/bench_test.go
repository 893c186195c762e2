package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// What apps open most, each with 20 posts, at 1,000 stored posts and, if
// SEEDLING_BENCH_POSTS names a number such as 1000000, at that many. Beside the
// time they report the CPU that an answer takes.

func BenchmarkTimelines(b *testing.B) {
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
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	b.ReportAllocs()
	var size int
	before := cpuTime()
	for b.Loop() {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if size = w.Body.Len(); w.Code != http.StatusOK {
			b.Fatalf("got %d: %s", w.Code, w.Body)
		}
	}
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/answer")
	b.ReportMetric(float64(size)/1024, "KB/answer")
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
		authors = append(authors, storetest.Remote(b, db, fmt.Sprintf("gardener%d@far%d.example", i, i%20)).ID)
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
