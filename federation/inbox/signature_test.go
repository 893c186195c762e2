package inbox_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/httpsig"
	"seedling/store"
	"seedling/store/storetest"
)

func TestRemoteThatLies(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example")
	slow := w.net.Server("slow.example")
	carol := third.Actor("carol")
	for name, serve := range map[string]func(path string){
		"HTML":            func(p string) { third.Handle(p, []byte("<html>"), "text/html") },
		"plain JSON":      func(p string) { third.Handle(p, carol.Document(), "application/json") },
		"another actor":   func(p string) { third.Handle(p, carol.Document()) },
		"actor elsewhere": func(p string) { third.Handle(p, w.bob.Document()) },
		"our own actor": func(p string) {
			third.Handle(p, map[string]any{"id": w.alice.URI, "type": "Person", "inbox": w.alice.Inbox, "preferredUsername": "alice"})
		},
		"redirect inward": func(p string) { third.HandleFunc(p, redirect("http://127.0.0.1:1/x")) },
		"redirect circle": func(p string) { third.HandleFunc(p, redirect("https://third.example"+p)) },
		"key of another":  func(p string) { third.Handle(p, w.withKey(carol, "https://third.example"+p, w.bob.KeyID)) },
		"not an actor":    func(p string) { third.Handle(p, note(carol, "https://third.example"+p, "x")) },
		"hangs": func(p string) {
			slow.HandleFunc(p, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := "/liars/" + strings.ReplaceAll(name, " ", "-")
			serve(path)
			base := "https://third.example"
			ctx := ctx
			if name == "hangs" { // fetch has its own limit, and tests of it
				base = "https://slow.example"
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 2*time.Second)
				defer cancel()
			}
			before, _ := w.db.AccountByURI(ctx, carol.ID)
			a, err := w.resolver.ByURI(ctx, base+path)
			if owner := map[string]string{"another actor": carol.ID, "actor elsewhere": w.bob.ID}[name]; owner != "" {
				// An address may lead to somebody: who is then found, as their own server tells.
				if err != nil || a.URI != owner {
					t.Errorf("found %v, %v; want %s", a, err, owner)
				}
				return
			}
			if err == nil {
				t.Errorf("%s was believed: %+v", path, a)
			}
			after, _ := w.db.AccountByURI(ctx, carol.ID)
			if before != nil && after != nil && before.PublicKey != after.PublicKey {
				t.Error("the key of another actor changed")
			}
		})
	}
}

func redirect(to string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, to, http.StatusFound) }
}

// withKey is carol's document at another id, with a key id of somebody else.
func (w *world) withKey(carol *fedtest.Actor, id, keyID string) map[string]any {
	doc := carol.Document()
	doc["id"], doc["preferredUsername"] = id, "dora"
	doc["inbox"] = "https://elsewhere.example/inbox"
	doc["publicKey"] = map[string]any{"id": keyID, "owner": id, "publicKeyPem": "x"}
	return doc
}

func TestUnsignedAndWronglySigned(t *testing.T) {
	w := newWorld(t)
	body := []byte(`{"id":"https://far.example/a/1","type":"Like","actor":"` + w.bob.ID + `","object":"x"}`)
	req, err := http.NewRequest("POST", "https://here.example/ap/inbox", bytes.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", "application/activity+json")
	resp, err := w.net.Client().Do(req)
	w.must(err)
	defer resp.Body.Close()
	if reason, _ := io.ReadAll(resp.Body); resp.StatusCode != 401 || !strings.Contains(string(reason), "not signed") {
		t.Errorf("unsigned: %d %q, want 401 and why", resp.StatusCode, reason)
	}
	// A key that was changed without a word is looked up again only after a while.
	w.send(w.bob, w.bob.Activity("Like", "https://far.example/x"), 202)
	w.bob.Rotate(t)
	w.send(w.bob, w.bob.Activity("Like", "https://far.example/x"), 401)
	// A sender whose key can't be had now is asked to come back.
	frank := w.far.Actor("frank")
	w.far.SetMode(fedtest.Refuse(503))
	w.send(frank, frank.Activity("Like", "https://far.example/x"), 503)
}

func TestForwardedReplyIsReadFromItsOrigin(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example")
	carol := third.Actor("carol")
	p := storetest.Post(t, w.db, w.alice, "root", store.Public)
	id := "https://third.example/notes/9"
	reply := note(carol, id, "<p>forged</p>", map[string]any{"inReplyTo": p.URI})
	third.Handle("/notes/9", note(carol, id, "<p>true</p>", map[string]any{"inReplyTo": p.URI}))
	w.send(w.bob, map[string]any{"id": id + "/create", "type": "Create", "actor": carol.ID, "object": reply}, 202)
	w.missing(id)
	jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
	w.must(err)
	if len(jobs) != 1 || jobs[0].Kind != store.JobFetch {
		t.Fatalf("jobs %+v", jobs)
	}
	w.must(w.resolver.FetchPost(ctx, jobs[0].Payload))
	if got := w.post(id); got.HTML.String() != "<p>true</p>" || got.ReplyToID != p.ID {
		t.Errorf("stored %q below %d", got.HTML, got.ReplyToID)
	}
}

func TestSignaturesThatAreRefused(t *testing.T) {
	w := newWorld(t)
	w.send(w.bob, w.bob.Activity("Like", "https://far.example/x"), 202)
	third := w.net.Server("third.example").Actor("carol")
	for name, sign := range map[string]func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error{
		"13 hours old": func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, key, now.Add(-13*time.Hour))
		},
		"2 hours ahead": func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, key, now.Add(2*time.Hour))
		},
		"another body": func(r *http.Request, _ []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, []byte("{}"), key, now)
		},
		"no digest": func(r *http.Request, _ []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, nil, key, now)
		},
		"eve's key": func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, httpsig.Key{ID: key.ID, Private: w.eve.Key}, now)
		},
		"eve's signature": func(r *http.Request, body []byte, _ httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, httpsig.Key{ID: w.eve.KeyID, Private: w.eve.Key}, now)
		},
		"a third's key": func(r *http.Request, body []byte, _ httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, httpsig.Key{ID: third.KeyID, Private: third.Key}, now)
		},
		"unknown key": func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, httpsig.Key{ID: "https://far.example/users/bob#other", Private: key.Private}, now)
		},
		"our own key": func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, httpsig.Key{ID: w.alice.KeyURI, Private: key.Private}, now)
		},
		"no key id": func(r *http.Request, body []byte, key httpsig.Key, now time.Time) error {
			return httpsig.SignCavage(r, body, httpsig.Key{ID: "mailto:x", Private: key.Private}, now)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			w.bob.Sign = sign
			id := "https://far.example/forged/" + strings.ReplaceAll(name, " ", "-")
			if reason := w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "x")), 401); !strings.Contains(reason, " ") {
				t.Errorf("reason %q", reason)
			}
			w.missing(id)
		})
	}
}

func TestRFC9421IsTaken(t *testing.T) {
	w := newWorld(t)
	w.bob.Sign = httpsig.SignRFC9421
	id := "https://far.example/notes/9421"
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "x")), 202)
	w.post(id)
}
