package server_test

import (
	"net/http"
	"testing"

	"seedling/federation/fedtest"
	"seedling/server"
)

// TestSplitDomains: alice's handle is at a domain that has only WebFinger, and
// leads to the server she is on. Others find, show and follow her by it.
func TestSplitDomains(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	network.Server("a.example").HandleFunc("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://social.a.example"+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	a := startWith(t, network, "social.a.example", func(c *server.Config) { c.AccountDomain = "a.example" })
	b := start(t, network, "b.example")
	alice, bob := a.member("alice"), b.member("bob")
	bob.open("/search?q=@alice@a.example")
	bob.sees("/@alice@a.example", "@alice@a.example")
	bob.press("/@alice@a.example/follow")
	alice.sees("/@alice/followers", "bob")
	alice.open("/search?q=@bob@b.example")
	alice.sees("/@bob@b.example", "bob")
	alice.write("hello @bob@b.example", "public")
	bob.sees("/home", "hello")
	bob.write("and hello to @alice@a.example", "public")
	alice.sees("/notifications", "and hello to")
	t.Log("the server's own host is another name for the same account")
	bob.open("/search?q=@alice@social.a.example")
	bob.sees("/search?q=@alice@social.a.example", "@alice@a.example")
}

// TestThreadIsCompleted: alice writes on one server and bob answers on a second.
// On a third, where nobody follows either, the whole thread is there once dora
// looks her post up.
func TestThreadIsCompleted(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	a, b, d := start(t, network, "a.example"), start(t, network, "b.example"), start(t, network, "d.example")
	alice, bob, dora := a.member("alice"), b.member("bob"), d.member("dora")
	bob.open("/search?q=@alice@a.example")
	bob.sees("/@alice@a.example", "alice")
	bob.press("/@alice@a.example/follow")
	alice.sees("/@alice/followers", "bob")
	id := alice.write("who has seen the kettle", "public")
	seen := bob.sees("/home", "who has seen the kettle").postID("who has seen the kettle")
	bob.open("/compose?reply_to=" + seen)
	bob.submit("/posts", map[string]string{"text": "@alice@a.example it is on the stove"})
	alice.sees("/notifications", "it is on the stove")
	dora.open("/search?q=https://a.example/@alice/" + id)
	there := dora.sees("/search?q=https://a.example/@alice/"+id, "who has seen the kettle").postID("who has seen the kettle")
	dora.sees("/@alice@a.example/"+there, "it is on the stove", "1 missing post came", "b.example 1 post.")
}
