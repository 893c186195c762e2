package server_test

import (
	"bytes"
	"net/http"
	"testing"

	"seedling/federation/fedtest"
)

// TestAProofTravels: what one server delivers is believed by a second when a
// third passes it on, though the first can't be asked any more.
func TestAProofTravels(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob := here.member("alice"), there.member("bob")
	third := network.Server("third.example")
	carl := third.Actor("carl")
	_, path := actorOf(t, here, "/@alice")
	carl.Deliver(t, "https://here.example"+path, carl.Activity("Follow", "https://here.example"+path))
	third.Await(t, fedtest.OfType("Accept"))
	bob.open("/search?q=@alice@here.example") // so that her keys are known
	bob.sees("/@alice@here.example", "alice")

	alice.write("Passed on from hand to hand", "public")
	created := third.Await(t, fedtest.OfType("Create"))
	if created.Activity["proof"] == nil {
		t.Fatalf("it was delivered without a proof: %s", created.Body)
	}
	network.SetDown("here.example", true)
	changed := bytes.ReplaceAll(created.Body, []byte("hand to hand"), []byte("mouth to mouth"))
	if resp := carl.Post(t, "https://there.example/ap/inbox", changed); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("what was changed on the way is answered %d, want 401", resp.StatusCode)
	}
	if resp := carl.Post(t, "https://there.example/ap/inbox", created.Body); resp.StatusCode != http.StatusAccepted {
		t.Fatalf("what was passed on is answered %d, want 202", resp.StatusCode)
	}
	bob.sees("/@alice@here.example", "Passed on from hand to hand")
}
