package server_test

import (
	"net/http"
	"strings"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// favouriteThatAsks has our member favourite a post that is to be asked for
// first, and returns the post's page, its author and the request.
func favouriteThatAsks(c *scene, postURI string, author *fedtest.Actor) (path string, request document) {
	c.Helper()
	c.serve(document{"id": postURI, "type": "Note", "attributedTo": author.ID, "content": "<p>Stars by request</p>", "to": publicURI,
		"interactionPolicy": map[string]any{"canLike": map[string]any{"manualApproval": []any{publicURI}, "automaticApproval": []any{}}}})
	path = c.finds(postURI).path
	c.mira.press("/posts/" + path[strings.LastIndexByte(path, '/')+1:] + "/favourite")
	c.shows(path, "waiting for approval")
	return path, document(c.peer(author.ID).Await(c.T, fedtest.OfType("LikeRequest")).Activity)
}

// approvesOurFavourite: the Accept of a LikeRequest names an authorization; when
// that is found to be good, the favourite stands.
func approvesOurFavourite(c *scene) {
	postURI := c.doc.object().id("object")
	author := c.actor(c.doc.id("actor"))
	path, request := favouriteThatAsks(c, postURI, author)
	stamp := document{"id": c.doc.id("result"), "type": "LikeAuthorization", "attributedTo": author.ID,
		"interactingObject": request.id("instrument"), "interactionTarget": postURI}
	c.serve(stamp)
	c.deliver(author, c.doc.with(map[string]any{"to": c.uri, "object": map[string]any(request)}), http.StatusAccepted)
	c.isFavourited(path)
}

// authorizesOurFavourite is the same for an authorization that stands alone.
func authorizesOurFavourite(c *scene) {
	postURI, author := c.doc.id("interactionTarget"), c.actor(c.doc.id("attributedTo"))
	path, request := favouriteThatAsks(c, postURI, author)
	c.serve(c.doc.with(map[string]any{"interactingObject": request.id("instrument")}))
	c.deliver(author, document(author.Activity("Accept", request.id("id"), map[string]any{"result": c.doc.text("id")})), http.StatusAccepted)
	c.isFavourited(path)
}

func (c *scene) isFavourited(path string) {
	c.Helper()
	c.shows(path+"/favourites", "@mira")
	c.until(path, "stop waiting", func(p *page) bool {
		return find(p.doc, func(n *html.Node) bool {
			return strings.HasSuffix(attr(n, "formaction"), "/favourite") && strings.Contains(attr(n, "title"), "waiting")
		}) == nil
	})
}

// refusesOurReply: a reply that its parent's author does not want stays for
// whom it is by, and says so.
func refusesOurReply(c *scene) {
	author := c.actor(c.doc.id("actor"))
	parent := author.ID + "/posts/1"
	c.serve(document{"id": parent, "type": "Note", "attributedTo": author.ID, "content": "<p>No answers, please</p>", "to": publicURI})
	path := c.finds(parent).path
	c.mira.open("/compose?reply_to=" + path[strings.LastIndexByte(path, '/')+1:])
	c.mira.submit("/posts", map[string]string{"text": "An answer all the same", "visibility": "public"})
	reply := document(c.peer(author.ID).Await(c.T, fedtest.OfType("Create")).Activity)
	c.deliver(author, c.doc.with(map[string]any{"to": c.uri, "object": reply.id("object")}), http.StatusAccepted)
	c.shows(path, "An answer all the same", "did not approve")
	if q := c.noor.open(path); strings.Contains(q.text, "An answer all the same") {
		c.Errorf("another member still reads it at %s", path)
	}
}

// votesForOurs: of a vote that a group announces, the voter's own server is
// asked, if it is for a post of a member; it counts if that says the same.
func votesForOurs(c *scene) {
	group, vote := c.actor(c.doc.id("actor"), map[string]any{"type": "Group"}), c.doc.object()
	voter := c.actor(vote.id("actor"))
	inner := vote.with(map[string]any{"object": c.postURI()})
	c.followed(group)
	c.serve(document{"id": vote.text("id") + "/made-up", "type": "Like", "actor": voter.ID, "object": c.postURI() + "0"})
	c.deliver(group, c.doc.with(map[string]any{"id": c.doc.text("id") + "/made-up", "object": map[string]any(inner.with(map[string]any{"id": vote.text("id") + "/made-up"}))}), http.StatusAccepted)
	c.serve(inner)
	c.deliver(group, c.doc.with(map[string]any{"object": map[string]any(inner)}), http.StatusAccepted)
	p := c.shows(c.postPath()+"/favourites", voter.Handle)
	if n := strings.Count(p.text, voter.Handle); n != 1 {
		c.Errorf("%s is listed %d times", voter.Handle, n)
	}
}
