package fedtest

import (
	"bytes"
	"crypto/rsa"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"seedling/federation/httpsig"
	"seedling/store/storetest"
)

const (
	public          = "https://www.w3.org/ns/activitystreams#Public"
	activityStreams = "https://www.w3.org/ns/activitystreams"
)

// Actor is somebody on a remote server.
type Actor struct {
	Name   string
	ID     string // of the actor document
	Inbox  string
	KeyID  string
	Handle string // @name@host

	// Sign makes the signature of what the actor sends: httpsig.SignCavage
	// unless a test sets httpsig.SignRFC9421 or something hostile.
	Sign func(r *http.Request, body []byte, k httpsig.Key, now time.Time) error
	Key  *rsa.PrivateKey

	server    *Server
	mu        sync.Mutex
	extra     map[string]any
	followers []string
}

// Actor adds somebody to the server, with an actor document, WebFinger, inbox,
// outbox and collections. The extra properties are added to the document, or
// replace what is there; nil removes.
func (s *Server) Actor(name string, extra ...map[string]any) *Actor {
	s.t.Helper()
	id := s.URL() + "/users/" + name
	a := &Actor{
		Name: name, ID: id, Inbox: id + "/inbox", KeyID: id + "#main-key", Handle: "@" + name + "@" + s.host,
		Sign: httpsig.SignCavage, Key: storetest.Key(s.t), server: s, extra: map[string]any{},
	}
	a.Change(extra...)
	s.mu.Lock()
	s.actors[name] = a
	s.mu.Unlock()
	path := "/users/" + name
	s.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { s.write(w, ActivityType, a.Document()) })
	s.HandleFunc(path+"/followers", func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		s.write(w, ActivityType, collection(id+"/followers", a.followers))
	})
	s.Handle(path+"/outbox", collection(id+"/outbox", nil))
	s.Handle(path+"/following", collection(id+"/following", nil))
	s.HandleFunc("/.well-known/webfinger", s.webfinger)
	return a
}

func collection(id string, items []string) map[string]any {
	return map[string]any{"@context": activityStreams, "id": id, "type": "OrderedCollection", "totalItems": len(items), "orderedItems": items}
}

func (s *Server) write(w http.ResponseWriter, contentType string, document any) {
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(s.bytes(document))
}

// webfinger answers for the handle and for the id of every actor (RFC 7033 §4.1).
func (s *Server) webfinger(w http.ResponseWriter, r *http.Request) {
	resource := r.URL.Query().Get("resource")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.actors {
		subject := "acct:" + a.Name + "@" + s.host
		if strings.EqualFold(resource, subject) || resource == a.ID {
			s.write(w, "application/jrd+json", map[string]any{
				"subject": subject,
				"aliases": []string{a.ID},
				"links":   []any{map[string]any{"rel": "self", "type": ActivityType, "href": a.ID}},
			})
			return
		}
	}
	http.NotFound(w, r)
}

// Change sets properties of the actor document; nil removes one.
func (a *Actor) Change(extra ...map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, properties := range extra {
		for name, value := range properties {
			a.extra[name] = value
		}
	}
}

// Rotate gives the actor another key under the same id.
func (a *Actor) Rotate(t testing.TB) {
	key := storetest.Key(t)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.Key = key
}

// Document is the actor document as it is served now.
func (a *Actor) Document() map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	pem, err := httpsig.EncodePublic(a.Key.Public())
	if err != nil {
		panic(err)
	}
	document := map[string]any{
		"@context": []any{activityStreams, "https://w3id.org/security/v1"},
		"id":       a.ID, "type": "Person", "preferredUsername": a.Name, "name": a.Name,
		"inbox": a.Inbox, "outbox": a.ID + "/outbox", "followers": a.ID + "/followers", "following": a.ID + "/following",
		"endpoints":                 map[string]any{"sharedInbox": a.server.URL() + "/inbox"},
		"manuallyApprovesFollowers": false,
		"publicKey":                 map[string]any{"id": a.KeyID, "owner": a.ID, "publicKeyPem": pem},
	}
	for name, value := range a.extra {
		if document[name] = value; value == nil {
			delete(document, name)
		}
	}
	return document
}

// AddFollower lists somebody in the actor's followers collection.
func (a *Actor) AddFollower(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.followers = append(a.followers, id)
}

// Activity builds an activity by the actor, with an id of its own. It is
// public unless extra says otherwise; nil removes a property.
func (a *Actor) Activity(activityType string, object any, extra ...map[string]any) map[string]any {
	activity := map[string]any{
		"@context": activityStreams, "id": a.newID("activities"), "type": activityType,
		"actor": a.ID, "object": object, "to": []string{public}, "cc": []string{a.ID + "/followers"},
	}
	return merge(activity, extra)
}

// Note builds a public note by the actor and serves it under its id, so that
// it can be delivered in a Create or found by fetching.
func (a *Actor) Note(html string, extra ...map[string]any) map[string]any {
	id := a.newID("notes")
	note := merge(map[string]any{
		"@context": activityStreams, "id": id, "type": "Note", "attributedTo": a.ID, "content": html, "url": id,
		"published": a.server.now().UTC().Format(time.RFC3339), "to": []string{public}, "cc": []string{a.ID + "/followers"},
	}, extra)
	a.server.Handle(strings.TrimPrefix(id, a.server.URL()), note)
	return note
}

func merge(properties map[string]any, extra []map[string]any) map[string]any {
	for _, more := range extra {
		for name, value := range more {
			if properties[name] = value; value == nil {
				delete(properties, name)
			}
		}
	}
	return properties
}

func (a *Actor) newID(kind string) string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.nextID++
	return fmt.Sprintf("%s/%s/%d", a.ID, kind, a.server.nextID)
}

// Post delivers an activity, a map or raw bytes, signed by the actor. The
// body of the answer has been read: it need not be closed.
func (a *Actor) Post(t testing.TB, inbox string, activity any) *http.Response {
	t.Helper()
	body := a.server.bytes(activity)
	r, err := http.NewRequest(http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", ActivityType)
	return a.do(t, r, body)
}

// Get fetches an address, signed by the actor, as servers with authorised
// fetch require. The body of the answer has been read.
func (a *Actor) Get(t testing.TB, uri string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, uri, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", ActivityType)
	return a.do(t, r, nil)
}

func (a *Actor) do(t testing.TB, r *http.Request, body []byte) *http.Response {
	t.Helper()
	a.mu.Lock()
	key := httpsig.Key{ID: a.KeyID, Private: a.Key}
	a.mu.Unlock()
	r.Header.Set("User-Agent", "fedtest")
	if a.Sign != nil {
		if err := a.Sign(r, body, key, a.server.now()); err != nil {
			t.Fatal(err)
		}
	}
	resp, err := a.server.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	return resp
}

// Deliver posts an activity to the inbox of an actor, found in its document.
// The test fails unless it is accepted.
func (a *Actor) Deliver(t testing.TB, actorID string, activity any) {
	t.Helper()
	inbox, _ := a.server.Fetch(t, actorID)["inbox"].(string)
	resp := a.Post(t, inbox, activity)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		answer, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s delivers to %s: got %s: %s", a.Handle, inbox, resp.Status, answer)
	}
}

// AcceptFollow answers a Follow that the server received, and lists the follower.
func (a *Actor) AcceptFollow(t testing.TB, follow *Request) {
	t.Helper()
	follower, _ := follow.Activity["actor"].(string)
	a.AddFollower(follower)
	a.Deliver(t, follower, a.Activity("Accept", follow.Activity, map[string]any{"to": []string{follower}, "cc": nil}))
}
