package fedtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"seedling/federation/httpsig"
)

// awaitTimeout is how long [Server.Await] waits before the test fails.
const awaitTimeout = 15 * time.Second

// Request is one request that a server got.
type Request struct {
	Method string
	Path   string // with the query
	Host   string
	Header http.Header
	Body   []byte

	Activity map[string]any // the body, if it is a JSON object

	// Signature is what was parsed from the headers, nil if there was none or
	// it was malformed. SignatureError is nil if it was verified with the key
	// fetched from its key id; it is httpsig.ErrMissing for unsigned requests.
	Signature      *httpsig.Signature
	SignatureError error
}

// record keeps a request and wakes who waits for it. The key is fetched before
// that, as a real server would before it accepts.
func (s *Server) record(r *http.Request, body []byte) {
	q := &Request{Method: r.Method, Path: r.URL.RequestURI(), Host: r.Host, Header: r.Header.Clone(), Body: body}
	_ = json.Unmarshal(body, &q.Activity)
	q.Signature, q.SignatureError = httpsig.ParseFor(r, s.now(), &url.URL{Scheme: s.scheme, Host: s.host})
	if q.SignatureError == nil {
		q.SignatureError = s.verify(q)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, q)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

func (s *Server) verify(q *Request) error {
	text, err := s.publicKey(q.Signature.KeyID)
	if err != nil {
		return fmt.Errorf("fetch the key %s: %w", q.Signature.KeyID, err)
	}
	key, err := httpsig.ParsePublic(text)
	if err != nil {
		return err
	}
	return q.Signature.Verify(q.Body, key)
}

// keyIn finds a key in the document of an actor, or in its own: as PEM, or as a
// Multikey (FEP-521a).
func keyIn(document map[string]any, id string) (string, error) {
	methods, _ := document["assertionMethod"].([]any)
	for _, m := range methods {
		method, _ := m.(map[string]any)
		text, _ := method["publicKeyMultibase"].(string)
		if method["id"] != id {
			continue
		}
		key, err := httpsig.ParseMultikey(text)
		if err != nil {
			return "", err
		}
		return httpsig.EncodePublic(key)
	}
	if inner, ok := document["publicKey"].(map[string]any); ok {
		document = inner
	}
	if document["id"] != id {
		return "", fmt.Errorf("the document has the key %v", document["id"])
	}
	text, _ := document["publicKeyPem"].(string)
	return text, nil
}

// publicKey fetches a key, which may be a document of its own or part of the
// actor's.
func (s *Server) publicKey(id string) (string, error) {
	s.mu.Lock()
	known := s.keys[id]
	s.mu.Unlock()
	if known != "" {
		return known, nil
	}
	document, err := s.fetch(id)
	if err != nil {
		return "", err
	}
	text, err := keyIn(document, id)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[id] = text
	return text, nil
}

// ForgetKeys makes the server fetch the keys of others again.
func (s *Server) ForgetKeys() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.keys)
}

// fetch gets an object without a signature.
func (s *Server) fetch(uri string) (map[string]any, error) {
	uri, _, _ = strings.Cut(uri, "#")
	r, err := http.NewRequest(http.MethodGet, uri, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", ActivityType)
	resp, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d: %.200s", uri, resp.StatusCode, body)
	}
	var document map[string]any
	return document, json.Unmarshal(body, &document)
}

// Fetch gets an object without a signature, and fails the test if it is not
// there.
func (s *Server) Fetch(t testing.TB, uri string) map[string]any {
	t.Helper()
	document, err := s.fetch(uri)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// Requests returns what the server got so far and for which match holds; nil
// matches everything.
func (s *Server) Requests(match func(*Request) bool) []*Request {
	found, _ := s.search(match)
	return found
}

// Received returns the activities that arrived in any inbox so far.
func (s *Server) Received() []*Request {
	return s.Requests(func(q *Request) bool { return q.Method == http.MethodPost && q.Activity != nil })
}

func (s *Server) search(match func(*Request) bool) (found []*Request, next <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.requests {
		if match == nil || match(q) {
			found = append(found, q)
		}
	}
	return found, s.arrived
}

// Await returns the first activity in any inbox for which match holds, waiting
// for it if need be. The test fails if none comes, or if its signature is not
// good.
func (s *Server) Await(t testing.TB, match func(activity map[string]any) bool) *Request {
	t.Helper()
	q := s.AwaitRequest(t, func(q *Request) bool {
		return q.Method == http.MethodPost && q.Activity != nil && match(q.Activity)
	})
	if q.SignatureError != nil {
		t.Fatalf("%s got %s with a bad signature: %v", s.host, q.Body, q.SignatureError)
	}
	return q
}

// AwaitRequest is Await for any request, whatever its signature.
func (s *Server) AwaitRequest(t testing.TB, match func(*Request) bool) *Request {
	t.Helper()
	timeout := time.NewTimer(awaitTimeout)
	defer timeout.Stop()
	for {
		found, next := s.search(match)
		if len(found) > 0 {
			return found[0]
		}
		select {
		case <-next:
		case <-timeout.C:
			t.Fatalf("%s waited %v in vain; it got:\n%s", s.host, awaitTimeout, s.list())
		}
	}
}

func (s *Server) list() string {
	var b bytes.Buffer
	for _, q := range s.Requests(nil) {
		fmt.Fprintf(&b, "%s %s (signature: %v)\n\t%.500s\n", q.Method, q.Path, q.SignatureError, q.Body)
	}
	return b.String()
}

// OfType matches activities of a type, and if objectType is given, with an
// embedded object of that type: OfType("Create", "Note").
func OfType(activityType string, objectType ...string) func(map[string]any) bool {
	return func(a map[string]any) bool {
		if a["type"] != activityType {
			return false
		}
		object, _ := a["object"].(map[string]any)
		return len(objectType) == 0 || object["type"] == objectType[0]
	}
}
