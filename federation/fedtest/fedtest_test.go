package fedtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seedling/federation/fetch"
	"seedling/federation/httpsig"
)

// client is the product's own client within a network.
func client(t *testing.T, n *Network, sign func(*http.Request, httpsig.Scheme) error) *fetch.Client {
	t.Helper()
	c, err := fetch.New(fetch.Config{UserAgent: "Seedling (+https://here.example/)", Dial: n.Dial, RootCAs: n.RootCAs(), Sign: sign, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestActorsAreFoundByTheProductsClient(t *testing.T) {
	n := NewNetwork(t)
	remote := n.Server("mastodon.example")
	bob := remote.Actor("bob", map[string]any{"name": "Bob", "following": nil})
	c := client(t, n, nil)

	found, err := c.JSON(context.Background(), "https://mastodon.example/.well-known/webfinger?resource=acct:bob@mastodon.example", "application/jrd+json")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(found.Body), bob.ID) {
		t.Errorf("WebFinger: got %s, want a link to %s", found.Body, bob.ID)
	}
	doc, err := c.Object(context.Background(), bob.KeyID)
	if err != nil {
		t.Fatal(err)
	}
	var actor map[string]any
	if err := json.Unmarshal(doc.Body, &actor); err != nil {
		t.Fatal(err)
	}
	if _, has := actor["following"]; actor["name"] != "Bob" || has || doc.URL != bob.ID {
		t.Errorf("got %v at %s", actor, doc.URL)
	}
	key := actor["publicKey"].(map[string]any)
	if public, err := httpsig.ParsePublic(key["publicKeyPem"].(string)); err != nil || !bob.Key.PublicKey.Equal(public) {
		t.Errorf("got the key %v, %v; want bob's", public, err)
	}
	note := bob.Note("<p>hello</p>")
	if _, err := c.Object(context.Background(), note["id"].(string)); err != nil {
		t.Error(err)
	}
	_, err = c.Object(context.Background(), "https://nobody.example/")
	var e *fetch.Error
	if !errors.As(err, &e) || e.Kind != fetch.Unreachable {
		t.Errorf("a host nobody plays: got %v, want unreachable", err)
	}
}

func TestServersVerifyEachOther(t *testing.T) {
	n := NewNetwork(t)
	a, b := n.Server("a.example"), n.Server("b.example")
	alice, bob := a.Actor("alice"), b.Actor("bob")
	for name, sign := range map[string]func(*http.Request, []byte, httpsig.Key, time.Time) error{
		"cavage": httpsig.SignCavage, "rfc9421": httpsig.SignRFC9421,
	} {
		bob.Sign = sign
		follow := bob.Activity("Follow", alice.ID, map[string]any{"summary": name})
		bob.Deliver(t, alice.ID, follow)
		got := a.Await(t, func(x map[string]any) bool { return x["summary"] == name })
		if got.Signature.KeyID != bob.KeyID || got.Path != "/users/alice/inbox" || got.Host != "a.example" || got.Activity["id"] != follow["id"] {
			t.Errorf("%s: got %+v", name, got)
		}
		alice.AcceptFollow(t, got)
		b.Await(t, func(x map[string]any) bool {
			return OfType("Accept", "Follow")(x) && x["object"].(map[string]any)["summary"] == name
		})
	}
	if got := a.Fetch(t, alice.ID+"/followers")["totalItems"]; got != 2.0 {
		t.Errorf("followers: got %v, want 2", got)
	}
}

func TestBadSignaturesAreSeen(t *testing.T) {
	n := NewNetwork(t)
	a, b := n.Server("a.example"), n.Server("b.example")
	alice, bob := a.Actor("alice"), b.Actor("bob")
	bob.Post(t, alice.Inbox, bob.Activity("Like", alice.ID))
	last := func() error {
		all := a.Received()
		return all[len(all)-1].SignatureError
	}
	if err := last(); err != nil {
		t.Fatalf("good signature: %v", err)
	}
	bob.Rotate(t)
	bob.Post(t, alice.Inbox, bob.Activity("Like", alice.ID))
	if err := last(); !errors.Is(err, httpsig.ErrMismatch) {
		t.Errorf("after the key changed: got %v, want ErrMismatch", err)
	}
	a.ForgetKeys()
	bob.Post(t, alice.Inbox, bob.Activity("Like", alice.ID))
	if err := last(); err != nil {
		t.Errorf("after fetching the key again: %v", err)
	}
	bob.Sign = nil
	bob.Post(t, alice.Inbox, bob.Activity("Like", alice.ID))
	if err := last(); !errors.Is(err, httpsig.ErrMissing) {
		t.Errorf("unsigned: got %v, want ErrMissing", err)
	}
}

func TestModes(t *testing.T) {
	n := NewNetwork(t)
	remote := n.Server("remote.example")
	bob := remote.Actor("bob")
	c := client(t, n, nil)
	post := func() (*fetch.Response, error) {
		return c.Post(context.Background(), bob.Inbox, []byte(`{"type":"Like"}`), nil)
	}
	tests := []struct {
		name string
		mode Mode
		want int // 0: no answer
	}{
		{"normal", Normal(), 202},
		{"refuse", Refuse(503, "Retry-After", "60"), 503},
		{"refuse something else", Refuse(500).When(func(r *http.Request) bool { return r.Method == http.MethodGet }), 202},
		{"hang", Hang().When(Deliveries), 0},
		{"normal again", Normal(), 202},
	}
	for i, tt := range tests {
		remote.SetMode(tt.mode)
		resp, err := post()
		if (err != nil) != (tt.want == 0) || err == nil && resp.Status != tt.want {
			t.Errorf("%s: got %+v, %v; want status %d", tt.name, resp, err, tt.want)
		}
		if tt.want == 503 && resp.RetryAfter != time.Minute {
			t.Errorf("Retry-After: got %v, want 1m", resp.RetryAfter)
		}
		if got := len(remote.Received()); got != i+1 {
			t.Errorf("%s: %d deliveries recorded, want %d", tt.name, got, i+1)
		}
	}
	n.SetDown("remote.example", true)
	c.Close()
	if resp, err := post(); err == nil {
		t.Errorf("down: got %+v, want an error", resp)
	}
}

func TestDocumentsOfAnyKind(t *testing.T) {
	n := NewNetwork(t)
	remote := n.Server("remote.example")
	remote.Handle("/page", "<p>hello", "text/html")
	remote.Handle("/object?x=1", map[string]any{"id": "https://remote.example/object?x=1"})
	c := client(t, n, nil)
	if _, err := c.Object(context.Background(), "https://remote.example/object?x=1"); err != nil {
		t.Error(err)
	}
	for _, uri := range []string{"https://remote.example/page", "https://remote.example/object"} {
		if _, err := c.Object(context.Background(), uri); err == nil {
			t.Errorf("%s was taken", uri)
		}
	}
	info, err := c.JSON(context.Background(), "https://remote.example/nodeinfo/2.0", "application/json")
	if err != nil || !strings.Contains(string(info.Body), "fedtest") {
		t.Errorf("NodeInfo: got %+v, %v", info, err)
	}
}

func TestSignedGetsAreRecorded(t *testing.T) {
	n := NewNetwork(t)
	here, remote := n.Server("here.example"), n.Server("remote.example")
	instance := here.Actor("instance")
	bob := remote.Actor("bob")
	c := client(t, n, func(r *http.Request, _ httpsig.Scheme) error {
		return httpsig.SignCavage(r, nil, httpsig.Key{ID: instance.KeyID, Private: instance.Key}, time.Now())
	})
	if _, err := c.Object(context.Background(), bob.ID); err != nil {
		t.Fatal(err)
	}
	q := remote.AwaitRequest(t, func(q *Request) bool { return q.Path == "/users/bob" })
	if q.SignatureError != nil || q.Signature.KeyID != instance.KeyID {
		t.Errorf("got %+v, %v; want signed by %s", q.Signature, q.SignatureError, instance.KeyID)
	}
}

// A server of one's own on the network, and one without a network.
func TestListenAndPlain(t *testing.T) {
	n := NewNetwork(t)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) })
	for _, host := range []string{"own.example", "own.example:8443"} {
		l := n.Listen(host)
		go func() { _ = http.Serve(l, handler) }()
	}
	l := n.ListenPlain("own.example")
	go func() { _ = http.Serve(l, handler) }()
	plain := New(t, Software("gotosocial", "0.20"), Clock(time.Now))
	plain.HandleFunc("/", handler)
	for uri, get := range map[string]*http.Client{
		"https://own.example/": n.Client(), "https://own.example:8443/": n.Client(), "http://own.example/": n.Client(),
		plain.URL() + "/": http.DefaultClient,
	} {
		resp, err := get.Get(uri)
		if err != nil {
			t.Error(err)
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if want := strings.Split(uri, "/")[2]; string(body) != want {
			t.Errorf("%s: got host %q, want %q", uri, body, want)
		}
	}
}
