package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// quoted is the text of the card of a quoted post, "" if there is none.
func (p *page) quoted() string {
	card := find(p.doc, func(n *html.Node) bool { return n.Data == "blockquote" && attr(n, "class") == "quoted" })
	if card == nil {
		return ""
	}
	return textOf(card)
}

// seesQuote waits until a page quotes a text.
func (b *browser) seesQuote(path, text string) {
	b.t.Helper()
	b.waitFor(path, "quote "+text, func(p *page) bool { return strings.Contains(p.quoted(), text) })
}

// TestQuotesBetweenServers walks a quote through the pages of two servers: who
// is quoted is asked, approves and is told; everyone sees one card and no "RE:".
func TestQuotesBetweenServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob, dora := here.member("alice"), there.member("bob"), there.member("dora")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")
	lookUpAndFollow(dora, "alice@here.example")
	alice.sees("/@alice/followers", "dora")

	theirs := bob.write("counted the bats at the lights", "public")
	bob.write("lost an oar, too", "followers")
	seen := alice.sees("/home", "counted the bats").postID("counted the bats")
	hidden := alice.sees("/home", "lost an oar").postID("lost an oar")

	alice.open("/@bob@there.example/" + seen)
	if alice.page.link("/compose?quote="+seen) == "" {
		t.Fatal("the menu of a public post has no Quote")
	}
	alice.gets("/compose?quote="+hidden, http.StatusForbidden) // she sees it, and is told why
	alice.open("/compose?quote=" + seen)
	if !strings.Contains(alice.page.quoted(), "counted the bats") {
		t.Errorf("the composer does not show what is quoted: %.600s", alice.page.text)
	}
	alice.submit("/posts", map[string]string{"text": "this is why I stay up", "visibility": "public"})
	mine := alice.ownPost("this is why I stay up")
	path := "/@alice/" + mine

	alice.seesQuote(path, "counted the bats")
	bob.sees("/notifications", "alice", "quoted you", "this is why I stay up")
	dora.seesQuote("/home", "counted the bats")
	for _, b := range []*browser{alice, dora} {
		if p := b.page; strings.Contains(p.text, "RE:") {
			t.Errorf("%s shows the RE: line beside the card: %.600s", p.path, p.text)
		}
	}
	stamp := approval(t, here, mine)
	if !strings.HasPrefix(stamp, "https://there.example/ap/stamps/") {
		t.Fatalf("the post carries the approval %q, want one of there.example", stamp)
	}
	status, body := there.getJSON(strings.TrimPrefix(stamp, "https://there.example"))
	for _, want := range []string{`"type":"QuoteAuthorization"`, "https://here.example/ap/posts/" + mine, "https://there.example/ap/posts/" + theirs} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("the approval answers %d without %s: %s", status, want, body)
		}
	}

	bob.open("/compose?quote=" + bob.ownPost("lost an oar, too")) // his own, among those who follow him
	bob.submit("/posts", map[string]string{"text": "found it in the reeds"})
	again := alice.sees("/home", "found it in the reeds").postID("found it in the reeds")
	alice.seesQuote("/@bob@there.example/"+again, "lost an oar, too")
	dora.seesNot("/@bob", "found it in the reeds")

	bob.open("/posts/" + theirs + "/delete")
	bob.submit("/posts/"+theirs+"/delete", nil)
	alice.waitFor(path, "show no card", func(p *page) bool { return p.quoted() == "" && strings.Contains(p.text, "The quoted post is gone") })
}

// approval waits for the approval in the JSON of a post.
func approval(t *testing.T, in *instance, postID string) (stamp string) {
	t.Helper()
	b := in.browser()
	b.t = t
	b.waitFor("/about", "carry an approval", func(*page) bool {
		_, body := in.getJSON("/ap/posts/" + postID)
		var note struct {
			QuoteAuthorization string `json:"quoteAuthorization"`
		}
		return json.Unmarshal([]byte(body), &note) == nil && func() bool { stamp = note.QuoteAuthorization; return stamp != "" }()
	})
	return stamp
}
