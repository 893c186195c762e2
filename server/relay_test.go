package server_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// addRelay subscribes on the admin's page and returns their browser.
func (in *instance) addRelay(address string) *browser {
	in.t.Helper()
	boss := in.browser()
	boss.open("/login")
	boss.submit("/login", map[string]string{"login": "boss_of_this", "password": password})
	boss.open("/admin/relays")
	boss.submit("/admin/relays", map[string]string{"url": address})
	if boss.page.path != "/admin/relays" || !strings.Contains(boss.page.text, address) {
		in.t.Fatalf("adding %s: %d %.500s", address, boss.page.status, boss.page.text)
	}
	return boss
}

// removeRelay goes where the only link leads that removes one, and says yes.
func (b *browser) removeRelay() {
	b.t.Helper()
	p := b.open("/admin/relays")
	link := find(p.doc, func(n *html.Node) bool {
		return n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/admin/relays/")
	})
	if link == nil {
		b.t.Fatalf("no relay can be removed: %.500s", p.text)
	}
	b.open(attr(link, "href"))
	b.submit(attr(link, "href"), nil)
}

func createOf(text string) func(map[string]any) bool {
	return func(m map[string]any) bool {
		o, _ := m["object"].(map[string]any)
		content, _ := o["content"].(string)
		return m["type"] == "Create" && strings.Contains(content, text)
	}
}

// TestMastodonRelay: subscribed to by Follow of Public at its inbox, it gets what
// members post in public, and what it announces or forwards stands in the
// federated timeline, and nowhere as a boost.
func TestMastodonRelay(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a := start(t, network, "a.example")
	hub, far := network.Server("relay.example"), network.Server("far.example")
	relay := hub.Actor("relay", map[string]any{"type": "Application"})
	imposter := far.Actor("imposter", map[string]any{"type": "Application"})
	bob := far.Actor("bob")
	alice := a.member("alice")

	boss := a.addRelay("https://relay.example/inbox")
	boss.sees("/admin/relays", "Waiting")
	follow := hub.Await(t, fedtest.OfType("Follow")).Activity
	if follow["object"] != publicURI || follow["actor"] == nil {
		t.Fatalf("got the Follow %v, want one of Public", follow)
	}
	instance, _ := follow["actor"].(string)
	if status, _ := delivered(t, imposter, "a.example", imposter.Activity("Accept", follow)); status != 403 {
		t.Errorf("an Accept by somebody else: %d, want 403", status)
	}
	early := remoteNote(bob, far, 1, "before it accepted")
	relay.Deliver(t, instance, relay.Activity("Announce", early["id"]))
	relay.Deliver(t, instance, relay.Activity("Accept", follow))
	boss.sees("/admin/relays", "Accepted")

	t.Log("inwards")
	relay.Deliver(t, instance, relay.Activity("Announce", remoteNote(bob, far, 2, "announced by the relay")["id"]))
	forwarded := bob.Activity("Create", remoteNote(bob, far, 3, "forwarded, as its server has it"))
	forged := bob.Activity("Create", remoteNote(bob, far, 4, "what bob wrote"))
	forged["object"].(map[string]any)["content"] = "<p>what the relay made of it</p>"
	far.Handle("/notes/4", map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": far.URL() + "/notes/4", "type": "Note", "attributedTo": bob.ID,
		"content": "<p>what bob wrote</p>", "to": []string{publicURI}})
	relay.Deliver(t, instance, forwarded)
	relay.Deliver(t, instance, forged)
	p := alice.sees("/federated", "announced by the relay", "forwarded, as its server has it", "what bob wrote")
	for _, not := range []string{"boosted", "before it accepted", "what the relay made of it"} {
		if strings.Contains(p.text, not) {
			t.Errorf("the federated timeline shows %q", not)
		}
	}
	if p := alice.open("/home"); strings.Contains(p.text, "announced by the relay") {
		t.Error("what the relay announced is in a home timeline")
	}

	far.HandleFunc("/notes/2", http.NotFound)
	relay.Deliver(t, instance, bob.Activity("Delete", far.URL()+"/notes/2"))
	relay.Deliver(t, instance, bob.Activity("Delete", far.URL()+"/notes/3")) // which is there
	alice.seesNot("/federated", "announced by the relay")
	alice.sees("/federated", "forwarded, as its server has it")

	t.Log("outwards")
	alice.write("for everybody", "public")
	hub.Await(t, createOf("for everybody"))
	alice.write("quietly", "unlisted")
	alice.write("also for everybody", "public")
	hub.Await(t, createOf("also for everybody"))
	for _, q := range hub.Received() {
		if createOf("quietly")(q.Activity) {
			t.Error("the relay got a quiet post")
		}
	}

	t.Log("and the end of it")
	boss.removeRelay()
	undo := hub.Await(t, fedtest.OfType("Undo", "Follow")).Activity
	if inner, _ := undo["object"].(map[string]any); inner["id"] != follow["id"] || inner["object"] != publicURI {
		t.Errorf("got the Undo of %v, want of %v", inner, follow)
	}
	late := remoteNote(bob, far, 5, "after the end")
	relay.Deliver(t, instance, relay.Activity("Announce", late["id"]))
	alice.seesNot("/federated", "after the end")
}

// TestLitePubRelay: the two follow each other, and announce to each other.
func TestLitePubRelay(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a := start(t, network, "a.example")
	hub, far := network.Server("relay.example"), network.Server("far.example")
	relay, other := hub.Actor("relay", map[string]any{"type": "Service"}), hub.Actor("other")
	bob := far.Actor("bob")
	alice := a.member("alice")

	boss := a.addRelay(relay.ID)
	follow := hub.Await(t, fedtest.OfType("Follow")).Activity
	if follow["object"] != relay.ID {
		t.Fatalf("got the Follow %v, want one of %s", follow, relay.ID)
	}
	instance, _ := follow["actor"].(string)
	relay.Deliver(t, instance, relay.Activity("Accept", follow["id"]))
	boss.sees("/admin/relays", "Accepted")
	back := relay.Activity("Follow", instance)
	relay.Deliver(t, instance, back)
	accept := hub.Await(t, fedtest.OfType("Accept")).Activity
	if inner, _ := accept["object"].(map[string]any); inner["id"] != back["id"] || accept["actor"] != instance {
		t.Errorf("got the Accept %v, want of %v", accept, back["id"])
	}
	if status, _ := delivered(t, other, "a.example", other.Activity("Follow", instance)); status != 403 {
		t.Errorf("a Follow of the server by somebody else: %d, want 403", status)
	}

	relay.Deliver(t, instance, relay.Activity("Announce", remoteNote(bob, far, 1, "announced by the relay")["id"]))
	if p := alice.sees("/federated", "announced by the relay"); strings.Contains(p.text, "boosted") {
		t.Errorf("it is shown as a boost: %.500s", p.text)
	}
	post := alice.write("for everybody", "public")
	announce := hub.Await(t, fedtest.OfType("Announce")).Activity
	if announce["object"] != "https://a.example/ap/posts/"+post || announce["actor"] != instance {
		t.Errorf("got the Announce %v, want of post %s", announce, post)
	}
	if len(hub.Requests(func(q *fedtest.Request) bool { return q.Activity["type"] == "Create" })) != 0 {
		t.Error("the relay got the post itself")
	}
	relay.Deliver(t, instance, relay.Activity("Reject", follow))
	boss.sees("/admin/relays", "Refused")
	boss.removeRelay()
	hub.Await(t, fedtest.OfType("Undo", "Follow"))
}
