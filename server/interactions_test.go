package server_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// TestRepliesThatNeedApproval walks a reply between two servers: its author alone
// and who is asked see it, until it is approved; then everybody does.
func TestRepliesThatNeedApproval(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob := here.member("alice"), there.member("bob")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")

	bob.open("/compose")
	bob.submit("/posts", map[string]string{"text": "counting bats, quietly", "visibility": "public", "may_reply": "nobody", "ask_reply": "1"})
	theirs := bob.ownPost("counting bats, quietly")
	seen := alice.sees("/home", "counting bats").postID("counting bats")
	alice.open("/compose?reply_to=" + seen)
	alice.submit("/posts", map[string]string{"text": "I saw seven", "visibility": "public"})
	mine := alice.ownPost("I saw seven")
	alice.sees("/@alice/"+mine, "Waiting for approval")
	if status, _ := here.getJSON("/ap/posts/" + mine); status != http.StatusNotFound {
		t.Errorf("the waiting reply answers %d to other servers, want 404", status)
	}

	shown := bob.sees("/interactions", "alice", "wants to reply", "I saw seven")
	button := find(shown.doc, func(n *html.Node) bool { return strings.HasSuffix(attr(n, "formaction"), "/accept") })
	if button == nil {
		t.Fatal("the request has no Accept")
	}
	bob.press(attr(button, "formaction"))
	bob.sees("/@bob/"+theirs, "I saw seven")
	alice.waitFor("/@alice/"+mine, "be approved", func(p *page) bool { return !strings.Contains(p.text, "Waiting for approval") })
	status, body := here.getJSON("/ap/posts/" + mine)
	if status != http.StatusOK || !strings.Contains(body, `"replyAuthorization":"https://there.example/ap/stamps/`) {
		t.Errorf("the approved reply answers %d without its approval: %s", status, body)
	}
}

// TestWaitingFavouriteIsTakenBack: what its author was asked for and did not
// answer is gone from their list when whoever asked changes their mind.
func TestWaitingFavouriteIsTakenBack(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob := here.member("alice"), there.member("bob")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")
	bob.open("/compose")
	bob.submit("/posts", map[string]string{"text": "stars by request", "visibility": "public", "may_favourite": "nobody", "ask_favourite": "1", "may_boost": "nobody", "ask_boost": "1"})
	seen := alice.sees("/home", "stars by request").postID("stars by request")
	for _, deed := range []string{"favourite", "boost"} {
		alice.open("/home")
		alice.press("/posts/" + seen + "/" + deed)
		bob.sees("/interactions", "alice", "stars by request")
		alice.open("/home")
		alice.press("/posts/" + seen + "/" + deed)
		bob.seesNot("/interactions", "stars by request")
	}
}
