package server_test

import (
	"net/http"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// follows makes somebody of another server follow a member, and waits until
// that is accepted.
func (in *instance) follows(s *fedtest.Server, name string) *fedtest.Actor {
	in.t.Helper()
	a := s.Actor("bob")
	_, actor := actorOf(in.t, in, "/@"+name)
	actor = "https://" + in.host + actor
	a.Deliver(in.t, actor, a.Activity("Follow", actor))
	s.Await(in.t, fedtest.OfType("Accept"))
	return a
}

// boss logs the owner in.
func (in *instance) boss() *browser {
	in.t.Helper()
	return in.login("boss_of_this")
}

// TestDelivery walks what authors and admins see of servers that take, refuse
// and do not answer, and what they can do about it.
func TestDelivery(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	in := start(t, network, "here.example")
	admin := in.boss()
	alice, carol := in.member("alice"), in.member("carol")
	takes, refuses := network.Server("takes.example"), network.Server("refuses.example")
	down, hangs := network.Server("down.example"), network.Server("hangs.example")
	bob := in.follows(takes, "alice")
	in.follows(refuses, "alice")
	in.follows(down, "alice")
	in.follows(hangs, "alice")
	refuses.SetMode(fedtest.Refuse(http.StatusForbidden).When(fedtest.Deliveries))
	down.SetMode(fedtest.Refuse(http.StatusBadGateway).When(fedtest.Deliveries))
	hangs.SetMode(fedtest.Hang().When(fedtest.Deliveries))

	t.Log("the author sees what became of a post")
	post := alice.write("where does this go", "public")
	path := "/posts/" + post + "/delivery"
	if alice.open("/@alice/"+post).link(path) == "" {
		t.Error("the post's menu has no link to its delivery")
	}
	alice.sees(path, "takes.example Delivered", "refuses.example Refused", "The server wants nothing from here", "down.example Waiting since", "hangs.example Waiting since", "The next try is", "The server has a problem of its own", "Delivered (1)", "Not delivered (1)", "Waiting (2)")
	alice.sees(path+"?show=failed", "refuses.example")
	if p := alice.open(path + "?show=failed"); strings.Contains(p.text, "takes.example") {
		t.Errorf("the undelivered include the delivered: %s", p.text)
	}
	carol.gets(path, http.StatusNotFound)

	t.Log("send again")
	refuses.SetMode(fedtest.Normal())
	alice.open(path)
	alice.press(path)
	alice.sees(path, "refuses.example Delivered", "Delivered (2)")

	t.Log("an admin sees the servers and retries")
	second := alice.write("one more", "public")
	for _, page := range []string{"/admin/federation", "/admin/federation/down.example", "/admin/federation/down.example/drop", "/admin/jobs"} {
		carol.gets(page, http.StatusNotFound)
	}
	admin.sees("/admin/federation?show=failing", "down.example", "Failing since", "2 waiting")
	admin.sees("/admin/federation", "takes.example", "Delivered: now", "4 deliveries are waiting")
	admin.sees("/admin/federation/down.example", "Failures in a row", "The server has a problem of its own")
	down.SetMode(fedtest.Normal())
	admin.press("/admin/federation/down.example/retry")
	alice.sees(path, "down.example Delivered")
	alice.sees("/posts/"+second+"/delivery", "down.example Delivered")
	var got []string
	for _, q := range down.Received() {
		id, _ := q.Activity["id"].(string)
		if q.Activity["type"] == "Create" && (len(got) == 0 || got[len(got)-1] != id) { // failed attempts are recorded too
			got = append(got, id)
		}
	}
	if len(got) != 2 || !strings.Contains(got[0], post) || !strings.Contains(got[1], second) {
		t.Errorf("what it missed arrived as %q, want both in order", got)
	}

	t.Log("an admin drops a queue")
	down.SetMode(fedtest.Refuse(http.StatusBadGateway).When(fedtest.Deliveries))
	third := alice.write("nobody will read this there", "public")
	admin.sees("/admin/federation/down.example", "Failing since")
	admin.open("/admin/federation/down.example/drop")
	admin.submit("/admin/federation/down.example/drop", nil)
	alice.sees("/posts/"+third+"/delivery", "down.example Given up", "An admin of this server dropped")
	admin.sees("/admin/federation", "3 deliveries are waiting")

	t.Log("deletion reaches every server that was told, after the follower has gone")
	_, actor := actorOf(t, in, "/@alice")
	actor = "https://" + in.host + actor
	bob.Deliver(t, actor, bob.Activity("Undo", bob.Activity("Follow", actor)))
	alice.sees("/@alice", "3 followers")
	alice.open("/posts/" + post + "/delete")
	alice.submit("/posts/"+post+"/delete", nil)
	for _, s := range []*fedtest.Server{takes, refuses} {
		s.Await(t, func(a map[string]any) bool {
			id, _ := a["id"].(string)
			return a["type"] == "Delete" && strings.Contains(id, post)
		})
	}
	alice.gets(path, http.StatusGone)

	t.Log("what came in without effect is counted")
	bob.Deliver(t, actor, bob.Activity("Arrive", actor))
	admin.sees("/admin/federation", "Arrive")
	if resp := bob.Post(t, actor+"/inbox", map[string]any{"type": "Follow", "id": "https://elsewhere.example/1", "actor": bob.Document()["id"], "object": actor}); resp.StatusCode != http.StatusForbidden {
		t.Errorf("an activity with an id on another host: got %d, want 403", resp.StatusCode)
	}
	admin.sees("/admin/federation", "403 Forbidden: the activity's id … is not on the host of its actor")
}
