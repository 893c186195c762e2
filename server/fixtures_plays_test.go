package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// boostWithAForgery: the note inside of an Announce is by somebody on another
// host, who said something else.
func boostWithAForgery(c *scene) {
	by, o := c.actor(c.doc.id("actor")), c.doc.object()
	author := c.author(o)
	c.followed(by)
	c.serve(o.with(map[string]any{"content": "<p>What was really said</p>"}))
	c.deliver(by, c.doc, http.StatusAccepted)
	c.showsAtHome(displayName(by), author.Handle, "What was really said")
	if p := c.finds(o.text("id")); strings.Contains(p.text, "this is a public toot") {
		c.Errorf("the forgery is shown: %.700s", p.text)
	}
}

// deleteOfAnothersPost: nobody deletes what another wrote.
func deleteOfAnothersPost(c *scene) {
	id := c.doc.id("object")
	bob := c.actor(originOf(id) + "/users/bob")
	note := document{"id": id, "type": "Note", "attributedTo": bob.ID, "content": "<p>It stays</p>", "to": publicURI}
	c.deliver(bob, document(bob.Activity("Create", note)), http.StatusAccepted)
	c.deliver(c.actor(c.doc.id("actor")), c.doc, http.StatusForbidden)
	c.shows(c.finds(id).path, "It stays")
}

// uploadedForgery: a file on somebody's server that reads like a post is none,
// wherever and however it is served.
func uploadedForgery(c *scene) {
	id := c.doc.text("id")
	c.actor(c.doc.id("attributedTo"))
	upload := originOf(id) + "/media/upload.json"
	c.peer(id).Handle("/media/upload.json", c.doc)
	c.peer(id).Handle("/media/download.json", c.doc, "application/json")
	for _, address := range []string{upload, originOf(id) + "/media/download.json", id} {
		if p := c.look(address); strings.HasPrefix(p.path, "/@") || strings.Contains(p.text, "Oracle") {
			c.Errorf("%s leads to %s", address, p.path)
		}
	}
	c.peer(id).Handle(requestURI(c.T, id), c.doc, "text/plain")
	if p := c.look(id); strings.HasPrefix(p.path, "/@") {
		c.Errorf("plain text leads to %s", p.path)
	}
}

// banFromACommunity: a ban from a community is no block of our member.
func banFromACommunity(c *scene) {
	by := c.actor(c.doc.id("actor"))
	c.followed(by)
	c.deliver(by, document(by.Activity("Follow", c.uri)), http.StatusAccepted)
	c.deliver(by, c.doc, http.StatusAccepted)
	c.shows("/@mira/followers", by.Handle)
	c.shows("/@mira/following", by.Handle)
}

// eventOfAGroup: a member of a group creates what the group organises. As it
// came it is for the group alone; then the same for everybody.
func eventOfAGroup(c *scene) {
	by, o := c.actor(c.doc.id("actor")), c.doc.object()
	group := c.actor(o.id("attributedTo"))
	c.deliver(by, c.doc, http.StatusAccepted)
	if p := c.look(o.text("id")); strings.HasPrefix(p.path, "/@") {
		c.Errorf("an event for a group alone is shown at %s", p.path)
	}
	public := o.with(map[string]any{"id": o.text("id") + "-public", "to": []string{publicURI}})
	c.deliver(by, c.doc.with(map[string]any{"object": public, "id": c.doc.text("id") + "-public"}), http.StatusAccepted)
	p := c.finds(public.text("id"))
	c.shows(p.path, group.Handle, o.text("name"), c.firstWords(o))
}

// groupAnnouncesAnEdit: the group tells of an edit; that is no boost.
func groupAnnouncesAnEdit(c *scene) {
	by, o := c.actor(c.doc.id("actor")), c.doc.innermost()
	author := c.author(o)
	c.followed(by)
	old := o.with(map[string]any{"content": "<p>Words before the edit</p>", "contentMap": nil, "updated": nil})
	c.serve(old) // it may be read as soon as its page is opened
	c.deliver(author, document(author.Activity("Create", old)), http.StatusAccepted)
	p := c.finds(o.text("id"))
	c.shows(p.path, "Words before the edit")
	c.serve(o)
	c.deliver(by, c.doc, http.StatusAccepted)
	c.shows(p.path, o.text("name"), c.firstWords(o))
	if author.ID != by.ID && hasCard(c.mira.open("/home"), author.Handle, o.text("name")) {
		c.Error("the edit is shown as a boost")
	}
}

// blogWithSpacesInItsName: the name in the document can't be part of a handle;
// that in WebFinger can.
func blogWithSpacesInItsName(c *scene) {
	id := c.doc.text("id")
	u, err := url.Parse(id)
	if err != nil {
		c.Fatal(err)
	}
	c.serve(c.doc)
	c.peer(id).Handle("/.well-known/webfinger", map[string]any{
		"subject": fmt.Sprintf("acct:Plume01Blog2@%s", u.Host),
		"links":   []any{map[string]any{"rel": "self", "type": fedtest.ActivityType, "href": id}},
	}, "application/jrd+json")
	c.shows(c.finds(id).path, c.doc.text("name"), "@Plume01Blog2@"+u.Host)
}

// nobodysSound: what says of nobody that it is theirs is named, with the way to it.
func nobodysSound(c *scene) {
	c.serve(c.doc)
	p := c.look(c.doc.text("id"))
	if !strings.Contains(p.text, c.doc.text("name")) || find(p.doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == c.doc.text("id") }) == nil {
		c.Errorf("%s is not named with a link to it: %.700s", c.doc.text("id"), p.text)
	}
}
