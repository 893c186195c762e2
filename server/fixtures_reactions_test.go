package server_test

import (
	"net/http"
	"strings"
)

// reacts plays a reaction: its emoji stands once under the post, and its
// sender in the list of who reacted, not among those who favourited.
func reacts(emoji string) func(*scene) {
	return func(c *scene) {
		by := c.actor(c.doc.id("actor"))
		c.deliver(by, c.doc, http.StatusAccepted)
		c.deliver(by, c.doc, http.StatusAccepted) // once more, as after a lost answer
		p := c.shows(c.postPath()+"/reactions", by.Handle, emoji)
		if n := strings.Count(p.text, by.Handle); n != 1 {
			c.Errorf("%s is listed %d times", by.Handle, n)
		}
		c.shows(c.postPath(), emoji)
		c.shows("/notifications", displayName(by), "reacted "+emoji)
		if p := c.mira.open(c.postPath() + "/favourites"); strings.Contains(p.text, by.Handle) {
			c.Errorf("%s is among those who favourited", by.Handle)
		}
	}
}

// reactsWithNothing plays a reaction whose content is no emoji.
func reactsWithNothing(c *scene) {
	by := c.actor(c.doc.id("actor"))
	c.deliver(by, c.doc, http.StatusAccepted)
	if p := c.mira.open(c.postPath() + "/reactions"); strings.Contains(p.text, by.Handle) {
		c.Errorf("%s reacted with %q", by.Handle, c.doc.text("content"))
	}
}

// takesReactionBack plays an Undo that names a reaction by its id alone.
func takesReactionBack(c *scene) {
	by := c.actor(c.doc.id("actor"))
	react := by.Activity("EmojiReact", c.postURI(), map[string]any{"id": c.doc.id("object"), "content": "🌱"})
	list := c.postPath() + "/reactions"
	c.deliver(by, document(react), http.StatusAccepted)
	c.shows(list, by.Handle, "🌱")
	c.deliver(by, c.doc, http.StatusAccepted)
	c.showsNot(list, by.Handle)
}
