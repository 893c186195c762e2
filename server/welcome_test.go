package server_test

import (
	"testing"

	"seedling/federation/fedtest"
)

// TestHandlesFromElsewhereAreFollowed pastes handles at the welcome: who is found
// at another server is followed, and who is not found fails no job.
func TestHandlesFromElsewhereAreFollowed(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "a.example"), start(t, network, "b.example")
	alice, bob := here.member("alice"), there.member("bob")
	alice.open("/welcome/3")
	alice.submit("/welcome/3", map[string]string{"handles": "@ghost@b.example\n@bob@b.example"})
	if alice.page.path != "/welcome/4" {
		t.Fatalf("at %s: %.300s", alice.page.path, alice.page.text)
	}
	bob.sees("/@bob/followers", "alice")
	alice.sees("/@alice/following", "bob")
}
