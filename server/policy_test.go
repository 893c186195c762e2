package server_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
)

// decide changes settings as the owner would, on their page.
func (in *instance) decide(settings map[string]string) {
	in.t.Helper()
	boss := in.browser()
	boss.open("/login")
	boss.submit("/login", map[string]string{"login": "boss_of_this", "password": password})
	boss.open("/admin/settings")
	boss.submit("/admin/settings", settings)
	if boss.page.status != http.StatusOK {
		in.t.Fatalf("settings %v: %d %.500s", settings, boss.page.status, boss.page.text)
	}
}

func remoteNote(by *fedtest.Actor, s *fedtest.Server, n int, text string) map[string]any {
	id := fmt.Sprintf("%s/notes/%d", s.URL(), n)
	note := map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Note", "attributedTo": by.ID, "content": "<p>" + text + "</p>",
		"to": []string{"https://www.w3.org/ns/activitystreams#Public"}, "published": time.Now().UTC().Format(time.RFC3339)}
	s.Handle(fmt.Sprintf("/notes/%d", n), note)
	return note
}

// delivered posts an activity to a server's shared inbox and returns the answer.
func delivered(t *testing.T, by *fedtest.Actor, to string, activity any) (int, string) {
	t.Helper()
	resp := by.Post(t, "https://"+to+"/ap/inbox", activity)
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// TestBlockedServers: nothing is taken from, sent to, asked of or shown to a
// server that an admin blocks; the others notice nothing.
func TestBlockedServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a := start(t, network, "a.example")
	alice := a.member("alice")
	bad, good := network.Server("sub.bad.example"), network.Server("good.example")
	mallory, bob := bad.Actor("mallory"), good.Actor("bob")
	aliceURI, _ := good.Fetch(t, "https://a.example/@alice")["id"].(string)
	for _, who := range []*fedtest.Actor{mallory, bob} {
		who.Deliver(t, aliceURI, who.Activity("Follow", aliceURI))
		alice.sees("/@alice/followers", who.Name)
	}
	mallory.Deliver(t, aliceURI, mallory.Activity("Create", remoteNote(mallory, bad, 1, "written before")))
	bob.Deliver(t, aliceURI, bob.Activity("Create", remoteNote(bob, good, 1, "written by bob")))
	alice.sees("/federated", "written before", "written by bob")

	a.decide(map[string]string{"blocked_hosts": "*.bad.example"})
	alice.seesNot("/federated", "written before")
	alice.sees("/federated", "written by bob")
	alice.seesNot("/@alice/followers", "mallory")
	asked := len(bad.Requests(nil))

	t.Log("inwards")
	stranger := bad.Actor("stranger")
	for _, who := range []*fedtest.Actor{mallory, stranger} {
		status, text := delivered(t, who, "a.example", who.Activity("Create", remoteNote(who, bad, 2, "written after")))
		if status != http.StatusForbidden || !strings.Contains(text, "blocked") {
			t.Errorf("delivery by %s: %d %q, want 403 with the reason", who.Name, status, text)
		}
		if resp := who.Get(t, aliceURI); resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s reads: %s, want 403", who.Name, resp.Status)
		}
	}
	bob.Deliver(t, aliceURI, bob.Activity("Announce", bad.URL()+"/notes/2"))
	alice.open("/search?q=@stranger@sub.bad.example")

	t.Log("outwards")
	alice.write("not for everybody there", "public")
	good.Await(t, fedtest.OfType("Create", "Note"))
	for _, q := range bad.Requests(nil)[asked:] {
		t.Errorf("the blocked server got %s %s", q.Method, q.Path)
	}

	t.Log("and back again")
	a.decide(map[string]string{"blocked_hosts": ""})
	alice.sees("/federated", "written before", "written by bob")
	mallory.Deliver(t, aliceURI, mallory.Activity("Create", remoteNote(mallory, bad, 3, "forgiven")))
	alice.sees("/federated", "forgiven")
}

// TestAllowlist: only servers that are named are spoken with, and who does not
// say who they are reads nothing.
func TestAllowlist(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a := start(t, network, "a.example")
	a.decide(map[string]string{"federation": "allowlist", "allowed_hosts": "friend.example"})
	alice := a.member("alice")
	friend, stranger := network.Server("friend.example"), network.Server("stranger.example")
	bob, eve := friend.Actor("bob"), stranger.Actor("eve")
	post := alice.write("among friends", "public")

	if status, body := a.getJSON("/ap/posts/" + post); status != http.StatusUnauthorized {
		t.Errorf("a post to nobody in particular: %d %.200s", status, body)
	}
	if resp := eve.Get(t, "https://a.example/ap/posts/"+post); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a post to a stranger: %s", resp.Status)
	}
	if resp := bob.Get(t, "https://a.example/ap/posts/"+post); resp.StatusCode != http.StatusOK {
		t.Errorf("a post to a friend: %s", resp.Status)
	}
	if status, text := delivered(t, eve, "a.example", eve.Activity("Create", remoteNote(eve, stranger, 1, "hello"))); status != http.StatusForbidden || !strings.Contains(text, "stranger.example") {
		t.Errorf("delivery by a stranger: %d %q", status, text)
	}
	if status, text := delivered(t, bob, "a.example", bob.Activity("Create", remoteNote(bob, friend, 1, "hello from bob"))); status != http.StatusAccepted {
		t.Errorf("delivery by a friend: %d %q", status, text)
	}
	alice.sees("/federated", "hello from bob")
	alice.open("/search?q=@eve@stranger.example")
	if got := stranger.Requests(nil); len(got) != 0 {
		t.Errorf("the stranger was asked %s %s", got[0].Method, got[0].Path)
	}
}

// TestLocalOnly: with federation off nothing answers other servers, and nothing
// leaves; people here notice nothing.
func TestLocalOnly(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a := start(t, network, "a.example")
	alice := a.member("alice")
	far := network.Server("far.example")
	bob := far.Actor("bob")
	aliceURI, _ := far.Fetch(t, "https://a.example/@alice")["id"].(string)
	bob.Deliver(t, aliceURI, bob.Activity("Follow", aliceURI))
	far.Await(t, fedtest.OfType("Accept"))
	a.decide(map[string]string{"federation": "off"})
	asked := len(far.Requests(nil))
	post := alice.write("among us", "public")
	for _, path := range []string{strings.TrimPrefix(aliceURI, "https://a.example"), "/ap/posts/" + post, "/@alice", "/@alice/" + post, "/.well-known/webfinger?resource=acct:alice@a.example"} {
		if status, body := a.getJSON(path); status != http.StatusNotFound {
			t.Errorf("%s: %d %.200s, want 404", path, status, body)
		}
	}
	if status, _ := a.getJSON("/nodeinfo/2.1"); status != http.StatusOK {
		t.Errorf("NodeInfo: %d", status)
	}
	if status, text := delivered(t, bob, "a.example", bob.Activity("Create", remoteNote(bob, far, 1, "hello"))); status != http.StatusNotFound {
		t.Errorf("a delivery: %d %q", status, text)
	}
	alice.open("/search?q=@carol@far.example")
	a.browser().sees("/@alice", "among us")
	if got := far.Requests(nil)[asked:]; len(got) != 0 {
		t.Errorf("far.example got %s %s", got[0].Method, got[0].Path)
	}
	a.decide(map[string]string{"federation": "open"})
	alice.write("to all again", "public")
	far.Await(t, func(m map[string]any) bool {
		o, _ := m["object"].(map[string]any)
		text, _ := o["content"].(string)
		return strings.Contains(text, "to all again")
	})
}
