package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// TestPollsBetweenServers walks a poll through the pages of two servers: asked
// on one, voted in on both, counted the same everywhere.
func TestPollsBetweenServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob, dora := here.member("alice"), there.member("bob"), there.member("dora")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")

	for _, poll := range []struct {
		name     string
		multiple bool
		votes    []string
		after    []string // what everyone sees when alice has voted
		end      []string // and when dora has, too
	}{
		{"One only", false, []string{"1"}, []string{"1 person voted", "Moor frog (your vote) 100%"}, []string{"2 people voted", "50%"}},
		{"Several", true, []string{"0", "2"}, []string{"1 person voted", "Tree frog (your vote) 100%", "Pool frog (your vote) 100%"}, []string{"2 people voted", "Pool frog"}},
	} {
		t.Run(poll.name, func(t *testing.T) {
			for _, b := range []*browser{alice, bob, dora} {
				b.t = t
			}
			id := bob.askPoll(poll.name+"?", poll.multiple, "Tree frog", "Moor frog", "Pool frog")
			seen := alice.sees("/home", poll.name+"?", "Tree frog", "Moor frog", "0 people voted", "1 day left").postID(poll.name + "?")
			form := formValues(alice.voteForm(seen))
			mine := url.Values{"csrf": form["csrf"], "back": form["back"], "choice": poll.votes}
			if p := alice.post("/polls/"+seen+"/vote", mine); p.status != http.StatusOK {
				t.Fatalf("voting answers %d: %.300s", p.status, p.text)
			}
			alice.sees("/@bob@there.example/"+seen, poll.after...)
			theirs := strings.ReplaceAll(poll.after[1], " (your vote)", "")
			bob.sees("/@bob/"+id, poll.after[0], theirs)

			if p := alice.post("/polls/"+seen+"/vote", mine); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.text, "You have voted in this poll already") {
				t.Errorf("the second vote answers %d: %.300s", p.status, p.text)
			}
			if bob.open("/@bob/" + id); find(bob.page.doc, isVoteForm(id)) != nil {
				t.Error("the author is asked to vote in their own poll")
			}
			dora.open("/@bob/" + id)
			dora.submit("/polls/"+id+"/vote", map[string]string{"choice": "0"})
			for b, path := range map[*browser]string{bob: "/@bob/" + id, dora: "/@bob/" + id} {
				b.sees(path, poll.end...)
			}
			if status, body := there.getJSON("/ap/posts/" + id); status != http.StatusOK || !strings.Contains(body, `"votersCount":2`) || !strings.Contains(body, `"type":"Question"`) {
				t.Errorf("as JSON: %d %.600s", status, body)
			}
			// A vote is no post: it is in nobody's replies or notifications.
			if p := bob.open("/notifications"); strings.Contains(p.text, "Moor frog") {
				t.Error("a vote is among the notifications")
			}
		})
	}
}

// TestPollForFollowers: to others there is no such poll.
func TestPollForFollowers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, eve, bob := here.member("alice"), here.member("eve"), there.member("bob")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")
	id := bob.askPoll("Between us?", false, "Yes", "No")
	bob.open("/posts/" + id + "/edit")
	if option := find(bob.page.doc, func(n *html.Node) bool { return attr(n, "name") == "poll[option][]" }); option == nil || attr(option, "value") != "Yes" {
		t.Error("the form of an edit does not hold the poll")
	}
	private := bob.askPoll("Only us?", false, "Yes", "No", "followers")
	seen := alice.sees("/home", "Only us?").postID("Only us?")
	form := formValues(alice.voteForm(seen))
	eve.open("/home")
	form.Set("csrf", formValues(find(eve.page.doc, func(n *html.Node) bool { return attr(n, "id") == "act" })).Get("csrf"))
	form.Set("choice", "0")
	if p := eve.post("/polls/"+seen+"/vote", form); p.status != http.StatusNotFound {
		t.Errorf("a stranger's vote answers %d, want 404", p.status)
	}
	alice.open("/home")
	alice.submit("/polls/"+seen+"/vote", map[string]string{"choice": "0"})
	bob.sees("/@bob/"+private, "1 person voted", "100%")
}

// lookUpAndFollow looks somebody up and follows them.
func lookUpAndFollow(b *browser, handle string) {
	b.t.Helper()
	b.open("/search?q=@" + handle)
	b.sees("/@"+handle, handle[:strings.IndexByte(handle, '@')])
	b.press("/@" + handle + "/follow")
}

// askPoll posts a poll through the composer, adding rows as a person would, and
// returns the post's id. A last option "followers" is the visibility.
func (b *browser) askPoll(text string, multiple bool, options ...string) string {
	b.t.Helper()
	visibility := "public"
	if options[len(options)-1] == "followers" {
		visibility, options = "followers", options[:len(options)-1]
	}
	b.open("/compose")
	b.send(url.Values{"text": {text}, "visibility": {visibility}, "action": {"add-poll"}})
	for i := range options {
		change := url.Values{"poll[option][]": options[:i+1], "action": {"add-option"}}
		if i == len(options)-1 {
			change.Set("action", "post")
		}
		if multiple {
			change.Set("poll[multiple]", "1")
		}
		b.send(change)
	}
	return b.ownPost(text)
}

// send sends the composer with some fields changed.
func (b *browser) send(change url.Values) {
	b.t.Helper()
	form := find(b.page.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == "/posts" })
	if form == nil {
		b.t.Fatalf("%s has no composer: %.300s", b.page.path, b.page.text)
	}
	values := formValues(form)
	for name, v := range change {
		values[name] = v
	}
	if p := b.post("/posts", values); p.status != http.StatusOK {
		b.t.Fatalf("the composer answers %d: %.500s", p.status, p.text)
	}
}

func isVoteForm(id string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == "/polls/"+id+"/vote" }
}

func (b *browser) voteForm(id string) *html.Node {
	b.t.Helper()
	form := find(b.page.doc, isVoteForm(id))
	if form == nil {
		b.t.Fatalf("%s has no form to vote in %s: %.500s", b.page.path, id, b.page.text)
	}
	return form
}
