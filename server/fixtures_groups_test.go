package server_test

import (
	"net/http"
	"slices"
	"strings"

	"seedling/federation/fedtest"
)

// moderates: what a moderator does takes effect when the community tells of it,
// and not before. The post stands in the community that the table names.
func moderates(seen func(c *scene, profile, post string)) func(*scene) {
	return func(c *scene) {
		act := c.doc
		if act.text("type") == "Announce" {
			act = act.object()
		}
		group := c.actor(c.want.groups, map[string]any{"featured": act["target"]})
		id := act.id("object")
		if strings.HasPrefix(id, "https://here.example/") { // votes are aimed at a post of ours
			id = originOf(group.ID) + "/things/9"
			act = act.with(map[string]any{"object": id})
		}
		writer := c.actor(originOf(id) + "/people/writer")
		note := document{"id": id, "type": "Page", "attributedTo": writer.ID, "name": "Fork moss", "content": "<p>Under the birches</p>",
			"to": []any{publicURI, group.ID}, "audience": group.ID}
		c.serve(note)
		c.followed(group)
		c.deliver(group, document(group.Activity("Announce", writer.Activity("Create", note))), http.StatusAccepted)
		c.showsAtHome("Under the birches", writer.Handle)
		post := c.finds(id).path
		if c.doc.text("type") == "Announce" {
			c.deliver(group, c.doc.with(map[string]any{"object": map[string]any(act)}), http.StatusAccepted)
		} else {
			by := c.actor(act.id("actor"))
			resp := by.Post(c.T, "https://here.example/ap/inbox", act)
			if resp.StatusCode >= 500 {
				c.Errorf("alone it is answered %d", resp.StatusCode)
			}
			c.shows(post, "Under the birches")
			c.deliver(group, document(group.Activity("Announce", map[string]any(act))), http.StatusAccepted)
		}
		seen(c, c.finds(group.ID).path, post)
	}
}

func isRemoved(c *scene, _, post string) {
	c.until(post, "be gone", func(p *page) bool { return p.status == http.StatusGone || p.status == http.StatusNotFound })
}

func isClosed(c *scene, _, post string) { c.shows(post, "Replies are closed by the community") }

func isPinned(c *scene, profile, _ string) { c.shows(profile, "Pinned", "Under the birches") }

// isStillThere: votes against a post are shown to nobody, and are no boosts.
func isStillThere(c *scene, profile, post string) {
	c.shows(post, "Under the birches")
	if p := c.mira.open(profile); strings.Contains(p.text, "boosted") {
		c.Errorf("a vote is shown as a boost: %.500s", p.text)
	}
}

// authorRestores: who takes the deletion of a post back has it read again.
func authorRestores(c *scene) {
	by, deletion := c.actor(c.doc.id("actor")), c.doc.object()
	note := document{"id": deletion.id("object"), "type": "Page", "attributedTo": by.ID, "name": "Fork moss", "content": "<p>Under the birches</p>", "to": publicURI}
	c.serve(note)
	c.deliver(by, document(by.Activity("Create", note)), http.StatusAccepted)
	post := c.finds(note.text("id")).path
	c.deliver(by, deletion, http.StatusAccepted)
	c.until(post, "be gone", func(p *page) bool { return p.status == http.StatusGone || p.status == http.StatusNotFound })
	c.deliver(by, c.doc, http.StatusAccepted)
	c.until("/search?q="+note.text("id"), "find it again", func(p *page) bool { return strings.Contains(p.text, "Under the birches") })
}

// moderatorUpdates: a moderator of another host changes what the community says
// of itself, which is then asked.
func moderatorUpdates(c *scene) {
	by, o := c.actor(c.doc.id("actor")), c.doc.object()
	group := c.actor(o.text("id"), map[string]any{"type": "Group", "name": "As it was called"})
	profile := c.finds(group.ID).path
	c.shows(profile, "As it was called")
	c.deliver(by, c.doc, http.StatusAccepted)
	c.showsNot(profile, o.text("name")) // it does not say so itself
	group.Change(map[string]any{"name": o["name"]})
	c.deliver(by, c.doc.with(map[string]any{"id": c.doc.text("id") + "-again"}), http.StatusAccepted)
	c.shows(profile, o.text("name"))
}

// reportsUs: a report about our member reaches the moderators as one by its
// server, and nobody else.
func reportsUs(c *scene) {
	by := c.actor(c.doc.id("actor"))
	objects := asList(c.doc["object"])
	for i := range objects {
		objects[i] = c.postURI()
	}
	if len(objects) > 1 {
		objects[0] = c.uri
	}
	flag := c.doc.with(map[string]any{"object": objects})
	if len(objects) == 1 {
		flag["object"] = objects[0]
	}
	c.deliver(by, flag, http.StatusAccepted)
	boss, host := c.here.boss(), c.peer(by.ID).Host()
	words := flag.text("content") + flag.text("summary")
	boss.sees("/mod/reports", "by someone at "+host, words)
	boss.sees("/notifications", "Somebody at "+host+" reported a member")
	if p := c.mira.open("/mod/reports"); p.status != http.StatusNotFound {
		c.Errorf("who is reported gets %d", p.status)
	}
	if p := c.mira.open("/notifications"); strings.Contains(p.text, words) {
		c.Error("who is reported is told")
	}
}

// strangersRelay: what comes from a relay that nobody here subscribed to changes
// nothing. One that is subscribed to is played by TestRelay.
func strangersRelay(c *scene) {
	by := c.actor(c.doc.id("actor"), map[string]any{"type": "Application"})
	resp := by.Post(c.T, "https://here.example/ap/inbox", c.doc)
	if resp.StatusCode >= 500 {
		c.Errorf("answered %d", resp.StatusCode)
	}
	if strings.Contains(c.mira.open("/@mira/followers").text, by.Handle) {
		c.Error("it follows our member")
	}
	if asked := c.peer(by.ID).Requests(func(q *fedtest.Request) bool { return q.Activity["type"] == "Accept" }); len(asked) != 0 {
		c.Error("it was accepted")
	}
	for _, path := range []string{"/home", "/federated"} {
		if p := c.mira.open(path); strings.Contains(p.text, by.Handle) {
			c.Errorf("%s shows the relay", path)
		}
	}
}

// privateMessage: what is written to one person is read by nobody else, and
// stands in no timeline.
func privateMessage(c *scene) {
	o := c.doc
	if c.doc.object() != nil {
		o = c.doc.object()
	}
	by := c.author(o)
	if c.doc.object() == nil {
		c.doc = document(by.Activity("Create", o, map[string]any{"to": o["to"], "cc": nil}))
	}
	c.followed(by) // of strangers, members are told elsewhere
	c.deliver(by, c.doc, http.StatusAccepted)
	words := c.firstWords(o)
	c.shows("/notifications", displayName(by), words)
	p := c.finds(o.text("id"))
	c.shows(p.path, words)
	if q := c.noor.open(p.path); q.status != http.StatusNotFound {
		c.Errorf("another member gets %d", q.status)
	}
	for _, path := range []string{"/federated", "/local", p.path[:strings.LastIndexByte(p.path, '/')]} {
		if slices.Contains([]string{"/federated", "/local"}, path) && hasCard(c.mira.open(path), by.Handle, words) || hasCard(c.noor.open(path), by.Handle, words) {
			c.Errorf("%s shows it", path)
		}
	}
}

// newModerator: when the community tells of a new moderator, they stand on its page.
func newModerator(c *scene) {
	by, named := c.actor(c.doc.id("actor")), c.actor(c.doc.id("object"))
	group := c.actor(strings.TrimSuffix(c.doc.text("target"), "/moderators"), map[string]any{"type": "Group", "attributedTo": c.doc.text("target")})
	list := func(moderators ...any) {
		c.peer(group.ID).Handle(requestURI(c.T, c.doc.text("target")), map[string]any{"id": c.doc["target"], "type": "OrderedCollection", "orderedItems": moderators})
	}
	list(by.ID)
	c.followed(group) // which has its list read
	profile := c.finds(group.ID).path
	c.shows(profile, "Moderators", by.Handle)
	c.finds(named.ID)
	list(by.ID, named.ID) // it may be read again at any time
	c.deliver(group, document(group.Activity("Announce", map[string]any(c.doc))), http.StatusAccepted)
	c.shows(profile, named.Handle)
}
