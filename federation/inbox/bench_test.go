package inbox_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/httpsig"
	"seedling/federation/inbox"
	"seedling/store"
	"seedling/store/storetest"
)

// BenchmarkCreate measures a signed Create from the HTTP request to the commit,
// with the sender on the same machine: requests are signed before the clock
// starts and sent over 64 kept connections. It reports the rate, the CPU time
// of the whole process (client and server) per activity, and the rate against
// raw RSA verifications of this machine in the same run.
func BenchmarkCreate(b *testing.B) {
	raw := verificationsPerSecond(b)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + listener.Addr().String()
	db := storetest.Open(b, store.Config{URL: url})
	alice := storetest.Member(b, db, "alice")
	key, err := httpsig.GenerateKey()
	if err != nil {
		b.Fatal(err)
	}
	public, err := httpsig.EncodePublic(&key.PublicKey)
	if err != nil {
		b.Fatal(err)
	}
	bob := &store.Account{URI: "https://far.example/users/bob", Username: "bob", Host: "far.example", Inbox: "https://far.example/inbox",
		FollowersURI: "https://far.example/users/bob/followers", KeyURI: "https://far.example/users/bob#main-key", PublicKey: public, CreatedAt: time.Now()}
	for _, err := range []error{db.SaveRemoteAccount(ctx, bob), db.Follow(ctx, alice.ID, bob.ID), db.ReceiveAccept(ctx, store.FollowRef{AccountID: alice.ID, TargetID: bob.ID})} {
		if err != nil {
			b.Fatal(err)
		}
	}
	client, err := fetch.New(fetch.Config{UserAgent: "test"})
	if err != nil {
		b.Fatal(err)
	}
	resolver, err := actor.New(actor.Config{DB: db, Client: client})
	if err != nil {
		b.Fatal(err)
	}
	in, err := inbox.New(inbox.Config{DB: db, Resolver: resolver})
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: in}
	go server.Serve(listener)
	defer server.Close()

	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = signedCreate(b, url, bob, httpsig.Key{ID: bob.KeyURI, Private: key}, i)
	}
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
	b.ReportMetric(rate, "creates/s")
	b.ReportMetric(rate/raw, "of-raw-verifications")
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
	page, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	if err != nil || len(page.Posts) != min(b.N, 20) {
		b.Fatalf("home shows %d posts, %v", len(page.Posts), err)
	}
}

func signedCreate(b *testing.B, url string, by *store.Account, key httpsig.Key, i int) *http.Request {
	b.Helper()
	id := fmt.Sprintf("https://far.example/users/bob/statuses/%d", i)
	body, err := json.Marshal(map[string]any{
		"@context": []any{"https://www.w3.org/ns/activitystreams", map[string]any{"sensitive": "as:sensitive", "conversation": "ostatus:conversation"}},
		"id":       id + "/activity", "type": "Create", "actor": by.URI, "published": time.Now().UTC().Format(time.RFC3339),
		"to": []string{"https://www.w3.org/ns/activitystreams#Public"}, "cc": []string{by.FollowersURI},
		"object": map[string]any{"id": id, "type": "Note", "attributedTo": by.URI, "url": id, "sensitive": false,
			"summary": nil, "inReplyTo": nil, "published": time.Now().UTC().Format(time.RFC3339),
			"to": []string{"https://www.w3.org/ns/activitystreams#Public"}, "cc": []string{by.FollowersURI},
			"content":    `<p>Day nine on the window sill. The tomatoes have opinions about the light already. <a href="https://far.example/tags/seeds" class="mention hashtag" rel="tag">#<span>seeds</span></a></p>`,
			"contentMap": map[string]any{"en": "<p>Day nine</p>"}, "attachment": []any{},
			"tag":     []any{map[string]any{"type": "Hashtag", "href": "https://far.example/tags/seeds", "name": "#seeds"}},
			"replies": map[string]any{"id": id + "/replies", "type": "Collection", "first": map[string]any{"type": "CollectionPage", "next": id + "/replies?page=1", "items": []any{}}}},
	})
	if err != nil {
		b.Fatal(err)
	}
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

// verificationsPerSecond is how often one core verifies an RSA-2048 signature.
func verificationsPerSecond(b *testing.B) float64 {
	b.Helper()
	key, err := httpsig.GenerateKey()
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256([]byte("x"))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	const n = 5000
	start := time.Now()
	for range n {
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], sig); err != nil {
			b.Fatal(err)
		}
	}
	return n / time.Since(start).Seconds()
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
