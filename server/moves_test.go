package server_test

import (
	"net/http"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// TestMoveBetweenServers: alice of one server follows bob of a second, who moves
// to a third. She follows him there, once, without doing anything.
func TestMoveBetweenServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a, b, c := start(t, network, "a.example"), start(t, network, "b.example"), start(t, network, "c.example")
	alice, bob, bob2 := a.member("alice"), b.member("bob"), c.member("bob2")
	alice.open("/search?q=@bob@b.example")
	alice.sees("/@bob@b.example", "bob")
	alice.press("/@bob@b.example/follow")
	bob.sees("/@bob/followers", "alice")
	pinned := bob.write("what I want you to see first", "public")
	bob.open("/@bob/" + pinned)
	bob.press("/posts/" + pinned + "/pin")
	alice.sees("/@bob@b.example", "Pinned", "what I want you to see first")

	t.Log("the pin is taken back")
	bob.open("/@bob/" + pinned)
	bob.press("/posts/" + pinned + "/pin")
	alice.seesNot("/@bob@b.example", "Pinned")

	t.Log("without the alias nothing moves")
	bob.open("/settings/migration")
	bob.submit("/settings/migration/move", map[string]string{"target": "@bob2@c.example", "password": password})
	if bob.page.status != http.StatusUnprocessableEntity || !strings.Contains(bob.page.text, "does not name @bob@b.example") {
		t.Fatalf("move without alias: %d %.500s", bob.page.status, bob.page.text)
	}

	t.Log("with it everybody who follows is carried over")
	bob2.open("/settings/migration")
	bob2.submit("/settings/migration/alias", map[string]string{"alias": "@bob@b.example"})
	if bob2.page.status != http.StatusOK || !strings.Contains(bob2.page.text, "@bob@b.example") {
		t.Fatalf("alias: %d %.500s", bob2.page.status, bob2.page.text)
	}
	bob.open("/settings/migration")
	bob.submit("/settings/migration/move", map[string]string{"target": "@bob2@c.example", "password": password})
	if !strings.Contains(bob.page.text, "You have moved") {
		t.Fatalf("move: %d %.800s", bob.page.status, bob.page.text)
	}
	bob2.sees("/@bob2/followers", "alice")
	bob.seesNot("/@bob/followers", "alice")
	alice.sees("/notifications", "has moved. You follow their new account now")
	p := alice.sees("/@bob@b.example", "This account has moved to", "@bob2@c.example", "what I want you to see first")
	if pressable(p, "/@bob@b.example/follow") != "" {
		t.Error("the old account can be followed")
	}
	b.browser().sees("/@bob", "This account has moved to", "what I want you to see first")
	bob2.write("hello from the new place", "followers")
	alice.sees("/home", "hello from the new place")
	if list := bob2.sees("/notifications", "alice").text; strings.Count(list, "alice followed you") != 1 && strings.Count(list, "followed you") != 1 {
		t.Errorf("bob2 is told of the follow other than once: %s", list)
	}
}

// TestAuthorisedFetch: two servers that want to know who reads still find, follow
// and read each other, and tell nothing to who does not sign.
func TestAuthorisedFetch(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a, b := start(t, network, "a.example"), start(t, network, "b.example")
	for _, in := range []*instance{a, b} {
		boss := in.browser()
		boss.open("/login")
		boss.submit("/login", map[string]string{"login": "boss_of_this", "password": password})
		boss.open("/admin/settings")
		boss.submit("/admin/settings", map[string]string{"authorized_fetch": "1"})
	}
	alice, bob := a.member("alice"), b.member("bob")
	post := bob.write("to readers with a name", "public")
	alice.open("/search?q=@bob@b.example")
	alice.sees("/@bob@b.example", "bob", "to readers with a name")
	alice.press("/@bob@b.example/follow")
	bob.sees("/@bob/followers", "alice")
	bob.write("to followers", "followers")
	alice.sees("/home", "to followers")
	for _, path := range []string{"/ap/posts/" + post, "/@bob/" + post} {
		if status, body := b.getJSON(path); status != http.StatusUnauthorized || strings.Contains(body, "with a name") {
			t.Errorf("%s without a signature: %d %.300s", path, status, body)
		}
	}
	if status, body := b.getJSON("/@bob"); status != http.StatusOK || !strings.Contains(body, "publicKeyPem") || strings.Contains(body, "summary") {
		t.Errorf("the actor without a signature: %d %.300s", status, body)
	}
	remote := network.Server("small.example").Actor("carol")
	if resp := remote.Get(t, "https://b.example/ap/posts/"+post); resp.StatusCode != http.StatusOK {
		t.Errorf("a post to a reader who signs: %s", resp.Status)
	}
	if p := b.browser().open("/@bob"); p.status != http.StatusOK || !strings.Contains(p.text, "to readers with a name") {
		t.Errorf("the page: %d %.300s", p.status, p.text)
	}
}

// moveOfAnAccount plays a Move: first without the alias, which does nothing, and
// then with it.
func moveOfAnAccount(c *scene) {
	by, target := c.actor(c.doc.id("actor")), c.actor(c.doc.id("target"))
	c.followed(by)
	c.deliver(by, c.doc, http.StatusAccepted)
	c.peer(target.ID).AwaitRequest(c.T, func(q *fedtest.Request) bool { return q.Path == requestURI(c.T, target.ID) })
	profile := c.finds(by.ID).path
	if p := c.mira.open(profile); strings.Contains(p.text, "has moved to") {
		c.Errorf("%s moved to an account that does not name it", by.Handle)
	}
	target.Change(map[string]any{"alsoKnownAs": by.ID})
	c.until("/notifications", "tell of the move", func(p *page) bool { // again and again, as after lost answers
		c.deliver(by, c.doc, http.StatusAccepted)
		return strings.Contains(p.text, displayName(by)+" has moved")
	})
	c.peer(target.ID).Await(c.T, fedtest.OfType("Follow"))
	c.shows(profile, "This account has moved to", target.Handle)
	if n := len(c.peer(target.ID).Requests(func(q *fedtest.Request) bool { return q.Activity["type"] == "Follow" })); n != 1 {
		c.Errorf("%s was asked %d times, want once", target.Handle, n)
	}
}
