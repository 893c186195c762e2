package server_test

import (
	"net/http"
	"strings"
)

// voteFromElsewhere: a vote counts once in a poll of ours, and is no post.
func voteFromElsewhere(c *scene) {
	by, ballot := c.actor(c.doc.id("actor")), c.doc.object()
	name := ballot.text("name")
	id := c.mira.askPoll("Which does "+by.Name+" choose?", false, "Something else", name)
	vote := c.doc.with(map[string]any{"object": ballot.with(map[string]any{"inReplyTo": "https://here.example/ap/posts/" + id})})
	for range 2 {
		c.deliver(by, vote, http.StatusAccepted)
	}
	p := c.shows("/@mira/"+id, "1 person voted", name+" 100%", "Something else 0%", "No replies yet")
	if id := p.postID(by.Name + "@"); id != "" {
		c.Errorf("the vote is shown as post %s", id)
	}
	// The payload itself is about a poll that we do not have.
	c.deliver(by, c.doc, http.StatusAccepted)
	c.pagesWork()
}

// newCounts: the same question with other counts is no edit.
func newCounts(c *scene) {
	by := c.author(c.doc)
	option := func(name string) map[string]any {
		return map[string]any{"type": "Note", "name": name, "replies": map[string]any{"type": "Collection", "totalItems": 0}}
	}
	before := c.doc.with(map[string]any{"oneOf": []any{option("yes"), option("no")}})
	c.deliver(by, document(by.Activity("Create", before)), http.StatusAccepted)
	p := c.finds(c.doc.text("id"))
	c.shows(p.path, "yes 0%", "no 0%", "0 votes")
	c.deliver(by, document(by.Activity("Update", c.doc)), http.StatusAccepted)
	p = c.shows(p.path, "yes 73%", "no 27%", "11 votes")
	if strings.Contains(p.text, "edited") || strings.Contains(p.text, "Edited") {
		c.Errorf("new counts are shown as an edit: %.700s", p.text)
	}
}
