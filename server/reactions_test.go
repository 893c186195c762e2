package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// chip is the button of an emoji, under a post or in the picker.
func (p *page) chip(emoji string) *html.Node {
	return find(p.doc, func(n *html.Node) bool {
		return n.Data == "button" && attr(n, "name") == "emoji" && attr(n, "value") == emoji
	})
}

// pressEmoji presses the button of an emoji, of the page's own form or of one
// that the button names.
func (b *browser) pressEmoji(emoji string) *page {
	b.t.Helper()
	button := b.page.chip(emoji)
	if button == nil {
		b.t.Fatalf("%s offers no %s: %.500s", b.page.path, emoji, b.page.text)
	}
	form := find(b.page.doc, func(n *html.Node) bool {
		if id := attr(button, "form"); id != "" {
			return n.Data == "form" && attr(n, "id") == id
		}
		return n.Data == "form" && find(n, func(n *html.Node) bool { return n == button }) != nil
	})
	address := attr(form, "action")
	if own := attr(button, "formaction"); own != "" {
		address = own
	}
	values := formValues(form)
	values.Set("emoji", emoji)
	return b.post(address, values)
}

// counts says how a chip reads, with a star if it is pressed.
func (p *page) counts(emoji string) string {
	button := p.chip(emoji)
	if button == nil {
		return ""
	}
	n := strings.Trim(strings.Fields(strings.TrimPrefix(strings.TrimSpace(textOf(button)), emoji))[0], " ")
	if attr(button, "aria-pressed") == "true" {
		n += "*"
	}
	return n
}

func (b *browser) seesChip(path, emoji, want string) *page {
	b.t.Helper()
	return b.waitFor(path, fmt.Sprintf("show %s as %q", emoji, want), func(p *page) bool { return p.counts(emoji) == want })
}

// TestReactionsBetweenServers walks what people on two servers do with emoji.
func TestReactionsBetweenServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "a.example"), start(t, network, "b.example")
	alice, bob := here.member("alice"), there.member("bob")
	post := bob.write("a fine day for planting", "public")
	alice.open("/search?q=@bob@b.example")
	alice.sees("/@bob@b.example", "bob")
	alice.press("/@bob@b.example/follow")
	seen := alice.sees("/home", "a fine day for planting").postID("a fine day for planting")
	thread, original := "/@bob@b.example/"+seen, "/@bob/"+post

	t.Log("from the picker")
	alice.open(thread)
	picker := "/posts/" + seen + "/react"
	if alice.page.link(picker) == "" {
		t.Fatal("the post has no link to the picker")
	}
	alice.open(picker + "?q=seedl")
	alice.pressEmoji("🌱")
	alice.seesChip(thread, "🌱", "1*")
	bob.seesChip(original, "🌱", "1")
	bob.sees("/notifications", "alice", "reacted 🌱 to your post")
	bob.sees(original+"/reactions", "alice", "🌱")

	t.Log("joining in, and several")
	bob.open(original)
	bob.pressEmoji("🌱")
	bob.seesChip(original, "🌱", "2*")
	alice.open(picker + "?q=" + url.QueryEscape("❤"))
	alice.pressEmoji("❤\ufe0f")
	bob.seesChip(original, "❤\ufe0f", "1")
	if p := bob.open(original + "/favourites"); strings.Contains(p.text, "@alice") {
		t.Error("a heart counts as a favourite too")
	}

	t.Log("taking back")
	alice.open(thread)
	alice.pressEmoji("🌱")
	alice.seesChip(thread, "🌱", "")
	bob.seesChip(original, "🌱", "1*")
	alice.open(thread)
	alice.pressEmoji("❤\ufe0f")
	bob.seesChip(original, "❤\ufe0f", "")
	bob.seesNot("/notifications", "reacted")

	t.Log("blocked")
	alice.open(picker)
	alice.pressEmoji("🔥")
	bob.seesChip(original, "🔥", "1")
	bob.open("/@alice@a.example/block")
	bob.submit("/@alice@a.example/block", nil)
	bob.seesChip(original, "🔥", "")
	alice.gets(picker, http.StatusNotFound)
}

// TestReactionsWithOtherSoftware checks what a member's reaction looks like to
// servers that say what they are, and theirs to the member.
func TestReactionsWithOtherSoftware(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here := start(t, network, "here.example")
	mira := here.member("mira")
	for _, c := range []struct{ software, kind, field string }{{"Sharkey", "Like", "_misskey_reaction"}, {"akkoma", "EmojiReact", "content"}, {"mastodon", "EmojiReact", "content"}} {
		t.Run(c.software, func(t *testing.T) {
			mira.t = t
			host := strings.ToLower(c.software) + ".example"
			far := fedtest.New(t, fedtest.On(network, host), fedtest.Software(c.software, "1.0"))
			zoe := far.Actor("zoe")
			mira.open("/search?q=@zoe@" + host)
			mira.sees("/@zoe@"+host, "zoe")
			far.AwaitRequest(t, func(q *fedtest.Request) bool { return q.Path == "/nodeinfo/2.0" }) // it is asked what it runs
			mira.press("/@zoe@" + host + "/follow")
			zoe.AcceptFollow(t, far.Await(t, fedtest.OfType("Follow")))
			note := zoe.Note("<p>said by " + host + "</p>")
			zoe.Deliver(t, follower(far), zoe.Activity("Create", note))
			id := mira.sees("/home", "said by "+host).postID("said by " + host)
			mira.open("/posts/" + id + "/react")
			mira.pressEmoji("🌱")
			got := far.Await(t, fedtest.OfType(c.kind)).Activity
			if got["content"] != "🌱" || got[c.field] != "🌱" || got["object"] != note["id"] {
				t.Errorf("the server gets %v", got)
			}
			mira.open("/@zoe@" + host + "/" + id)
			mira.pressEmoji("🌱")
			undo := far.Await(t, fedtest.OfType("Undo", c.kind)).Activity
			if inner, _ := undo["object"].(map[string]any); inner["id"] != got["id"] {
				t.Errorf("the Undo is of %v, want %v", inner["id"], got["id"])
			}
		})
	}
}

// follower is who follows somebody of a server, as its Follow says.
func follower(far *fedtest.Server) string {
	for _, q := range far.Requests(nil) {
		if q.Activity["type"] == "Follow" {
			id, _ := q.Activity["actor"].(string)
			return id
		}
	}
	return ""
}
