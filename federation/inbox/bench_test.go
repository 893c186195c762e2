package inbox_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
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
	s := newIngest(b)
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = signedCreate(b, s.url, s.bob, s.key, i)
	}
	s.deliver(b, requests, "creates/s")
	page, err := s.db.HomeTimeline(ctx, s.alice.ID, store.Cursor{})
	if err != nil || len(page.Posts) != min(b.N, 20) {
		b.Fatalf("home shows %d posts, %v", len(page.Posts), err)
	}
}

// ingest is an inbox behind HTTP, with a member who follows a sender.
type ingest struct {
	url        string
	db         *store.DB
	alice, bob *store.Account
	key        httpsig.Key   // of bob
	posts      []*store.Post // by alice
}

func newIngest(b *testing.B) *ingest {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	s := &ingest{url: "http://" + listener.Addr().String()}
	s.db = storetest.Open(b, store.Config{URL: s.url})
	s.alice = storetest.Member(b, s.db, "alice")
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	public, err := httpsig.EncodePublic(&key.PublicKey)
	must(err)
	s.bob = &store.Account{URI: "https://far.example/users/bob", Username: "bob", Host: "far.example", Inbox: "https://far.example/inbox",
		FollowersURI: "https://far.example/users/bob/followers", KeyURI: "https://far.example/users/bob#main-key", PublicKey: public, CreatedAt: time.Now()}
	s.key = httpsig.Key{ID: s.bob.KeyURI, Private: key}
	must(s.db.SaveRemoteAccount(ctx, s.bob))
	must(s.db.Follow(ctx, s.alice.ID, s.bob.ID))
	must(s.db.ReceiveAccept(ctx, store.FollowRef{AccountID: s.alice.ID, TargetID: s.bob.ID}))
	client, err := fetch.New(fetch.Config{UserAgent: "test"})
	must(err)
	resolver, err := actor.New(actor.Config{DB: s.db, Client: client})
	must(err)
	in, err := inbox.New(inbox.Config{DB: s.db, Resolver: resolver})
	must(err)
	server := &http.Server{Handler: in}
	go server.Serve(listener)
	b.Cleanup(func() { server.Close() })
	return s
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
	return signedPost(b, url, body, key)
}

// verificationsPerSecond is how often one core verifies an RSA-2048 signature.
func verificationsPerSecond(b *testing.B) float64 {
	b.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
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
