package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPost(t *testing.T) {
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Content-Type") != activityType || r.Header.Get("Signature") != "s" || string(body) != `{"a":1}` {
			t.Errorf("got %v %s", r.Header, body)
		}
		if _, sent := r.Header["Idempotency-Key"]; sent {
			t.Error("Idempotency-Key was sent")
		}
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, "slow\r\n down\x1b[31m,\x00 please\xff "+strings.Repeat("!", 5000))
	})
	got, err := client.Post(context.Background(), base+"/inbox", []byte(`{"a":1}`), func(r *http.Request) error {
		r.Header.Set("Signature", "s")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != 429 || got.RetryAfter != 7*time.Second || !strings.HasPrefix(got.Body, "slow down [31m, please !!!") || len(got.Body) > maxReason {
		t.Errorf("got %+v", got)
	}
}

func TestPostFollowsNoRedirect(t *testing.T) {
	other, hits := countingServer(t)
	client, base := remote(t, Config{}, http.RedirectHandler(other.URL, http.StatusTemporaryRedirect).ServeHTTP)
	got, err := client.Post(context.Background(), base, []byte("{}"), nil)
	if err != nil || got.Status != http.StatusTemporaryRedirect || hits.Load() != 0 {
		t.Errorf("got %+v, %v and %d requests at the target; want status 307 and none", got, err, hits.Load())
	}
}

// A peer that answers 202 and then drips has accepted the activity.
func TestPostDoesNotWaitForTheBody(t *testing.T) {
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	start := time.Now()
	got, err := client.Post(context.Background(), base, []byte("{}"), nil)
	if err != nil || got.Status != http.StatusAccepted {
		t.Errorf("got %+v, %v; want 202", got, err)
	}
	if took := time.Since(start); took > drainTimeout+time.Second {
		t.Errorf("took %v", took)
	}
}

func TestHangingFetchesDoNotHoldUpDeliveries(t *testing.T) {
	release := make(chan struct{})
	var hanging sync.WaitGroup
	hanging.Add(maxPerHost)
	client, base := remote(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			hanging.Done()
			<-release
		}
		w.WriteHeader(http.StatusAccepted)
	})
	var wg sync.WaitGroup
	for i := range maxPerHost {
		wg.Go(func() { _, _ = client.Object(context.Background(), fmt.Sprint(base, "/", i)) })
	}
	hanging.Wait()
	if _, err := client.Post(context.Background(), base, []byte("{}"), nil); err != nil {
		t.Error(err)
	}
	close(release)
	wg.Wait()
}

// A kept connection that the peer closes between two deliveries costs nothing.
func TestPostSurvivesAClosedConnection(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer s.Close()
	client := newClient(t, Config{PlainHTTP: true, AllowPrivate: loopback})
	for range 20 {
		if _, err := client.Post(context.Background(), s.URL, []byte("{}"), nil); err != nil {
			t.Fatal(err)
		}
		s.CloseClientConnections()
	}
}

// BenchmarkPost delivers to a thousand hosts on this machine: the budget is one
// second on two cores, with the peers taking their share.
func BenchmarkPost(b *testing.B) {
	var got atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Add(1)
		w.WriteHeader(http.StatusAccepted)
	})
	s := httptest.NewServer(handler)
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	client := newClient(b, Config{PlainHTTP: true, Dial: dialAlways("127.0.0.1:" + port)})
	body := []byte(strings.Repeat("x", 2000))
	for b.Loop() {
		var wg sync.WaitGroup
		queue := make(chan int)
		for range 64 {
			wg.Go(func() {
				for i := range queue {
					if _, err := client.Post(context.Background(), fmt.Sprintf("http://h%d.example:%s/inbox", i, port), body, nil); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for i := range 1000 {
			queue <- i
		}
		close(queue)
		wg.Wait()
	}
	b.ReportMetric(float64(got.Load())/b.Elapsed().Seconds(), "posts/s")
}
