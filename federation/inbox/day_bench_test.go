package inbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"seedling/federation/httpsig"
	"seedling/store"
	"seedling/store/content"
)

// BenchmarkMixedDay takes what a day brings: of a hundred deliveries 60 posts, 20
// favourites, 15 boosts and 5 deletions. Everything is signed before the clock
// starts and comes over HTTP. It reports the rate, the CPU time of the whole
// process (sender and server) for each, and the rate against raw RSA
// verifications of this machine in the same run.
func BenchmarkMixedDay(b *testing.B) {
	s := newIngest(b)
	s.writePosts(b, 50)
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = s.ofTheDay(b, i)
	}
	s.deliver(b, requests, "activities/s")
}

// ofTheDay makes the i-th delivery. Deletions are of posts that came long before,
// and many are delivered at once, so that few meet a post that is not there yet.
func (s *ingest) ofTheDay(b *testing.B, i int) *http.Request {
	b.Helper()
	id := fmt.Sprintf("https://far.example/users/bob/activities/%d", i)
	act := map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "actor": s.bob.URI,
		"to": []string{"https://www.w3.org/ns/activitystreams#Public"}, "published": time.Now().UTC().Format(time.RFC3339)}
	switch n := i % 20; {
	case n < 12:
		return signedCreate(b, s.url, s.bob, s.key, i)
	case n < 16:
		act["type"], act["object"] = "Like", s.posts[i/20%len(s.posts)].URI
	case n < 19:
		act["type"], act["object"] = "Announce", s.posts[i/20%len(s.posts)].URI
	default:
		act["type"], act["object"] = "Delete", fmt.Sprintf("https://far.example/users/bob/statuses/%d", max(i-20*40-19, 0))
	}
	body, err := json.Marshal(act)
	if err != nil {
		b.Fatal(err)
	}
	return signedPost(b, s.url, body, s.key)
}

func signedPost(b *testing.B, url string, body []byte, key httpsig.Key) *http.Request {
	b.Helper()
	r, err := http.NewRequest(http.MethodPost, url+"/ap/inbox", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/activity+json")
	if err := httpsig.SignCavage(r, body, key, time.Now()); err != nil {
		b.Fatal(err)
	}
	return r
}

// deliver sends requests over 64 kept connections and reports what it took.
func (s *ingest) deliver(b *testing.B, requests []*http.Request, unit string) {
	b.Helper()
	raw := verificationsPerSecond(b)
	sender := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var next atomic.Int64
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	cpu, start := cpuTime(), time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := sender.Do(requests[next.Add(1)-1])
			if err != nil {
				b.Error(err)
				continue
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusAccepted {
				b.Errorf("answer %d", resp.StatusCode)
			}
		}
	})
	b.StopTimer()
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, unit)
	b.ReportMetric(rate/raw, "of-raw-verifications")
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
}

// writePosts lets alice write what is favourited and boosted.
func (s *ingest) writePosts(b *testing.B, n int) {
	b.Helper()
	for i := range n {
		p, err := s.db.CreatePost(ctx, store.Draft{AuthorID: s.alice.ID, Source: content.Source{Text: fmt.Sprint("post ", i), Format: content.Plain}})
		if err != nil {
			b.Fatal(err)
		}
		s.posts = append(s.posts, p)
	}
}
