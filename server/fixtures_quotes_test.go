package server_test

import (
	"net/http"
	"strings"
)

const quotedText = "What was quoted"

// quotes plays a post that quotes another, which can be read at its own server:
// under the words of the post there is one card, and no line that says "RE:".
func quotes(words string) func(*scene) {
	return func(c *scene) {
		o := c.doc
		if c.doc.text("type") == "Create" {
			o = c.doc.object()
		}
		c.people()
		c.serveQuoted(o)
		c.serve(o)
		if c.doc.text("type") == "Create" {
			c.deliver(c.actor(c.doc.id("actor")), c.doc, http.StatusAccepted)
		}
		c.author(o)
		p := c.finds(o.text("id"))
		p = c.until(p.path, "show the card of the quoted post", func(p *page) bool { return strings.Contains(p.quoted(), quotedText) })
		if !strings.Contains(p.text, words) {
			c.Errorf("%s lacks %q: %.800s", p.path, words, p.text)
		}
		for _, line := range []string{"RE:", "QT:"} {
			if strings.Contains(p.text, line) {
				c.Errorf("%s shows the line %s beside the card: %.800s", p.path, line, p.text)
			}
		}
	}
}

// serveQuoted lets what a post quotes be found.
func (c *scene) serveQuoted(o document) {
	c.Helper()
	uri := ""
	for _, key := range []string{"quoteUrl", "quoteUri", "_misskey_quote"} {
		if uri == "" {
			uri = o.text(key)
		}
	}
	for _, tag := range asList(o["tag"]) {
		if t, ok := tag.(map[string]any); ok && t["type"] == "Link" && uri == "" {
			uri = document(t).text("href")
		}
	}
	host := strings.Index(uri[len("https://"):], "/") + len("https://")
	first := c.actor(uri[:host] + "/people/quoted")
	c.serve(document{"id": uri, "type": "Note", "attributedTo": first.ID, "content": "<p>" + quotedText + "</p>", "to": publicURI,
		"published": "2017-01-01T00:00:00Z"})
}

// quotesItself: it is shown once, without a card.
func quotesItself(c *scene) {
	c.playObject()
	p := c.finds(c.doc.text("id"))
	if p.quoted() != "" || strings.Count(p.text, "i quompt u") != 1 {
		c.Errorf("%s shows a card or the text not once: %.800s", p.path, p.text)
	}
}

// approvesAQuote: an approval without a name in it is believed from the host of
// the quoted post, and from no other. The payload's own is on the host of who quotes.
func approvesAQuote(c *scene) {
	origin := func(uri string) string {
		return uri[:strings.Index(uri[len("https://"):], "/")+len("https://")]
	}
	target, quoting := c.doc.text("interactionTarget"), c.doc.text("interactingObject")
	quoted, by := c.actor(origin(target)+"/people/quoted"), c.actor(origin(quoting)+"/people/quoting")
	c.serve(document{"id": target, "type": "Note", "attributedTo": quoted.ID, "content": "<p>" + quotedText + "</p>", "to": publicURI})
	pathOf := func(id, stampURI string) string {
		c.serve(c.doc.with(map[string]any{"id": stampURI, "interactingObject": id}))
		c.serve(document{"id": id, "type": "Note", "attributedTo": by.ID, "content": "<p>Look at this</p>", "to": publicURI,
			"quote": target, "quoteAuthorization": stampURI})
		return c.finds(id).path
	}
	forged, good := pathOf(quoting, c.doc.text("id")), pathOf(quoting+"0", origin(target)+"/stamps/124")
	c.until(good, "show the card of the quoted post", func(p *page) bool { return strings.Contains(p.quoted(), quotedText) })
	if p := c.mira.open(forged); strings.Contains(p.quoted(), quotedText) {
		c.Errorf("%s shows the quoted post on the word of who quotes it: %.800s", forged, p.text)
	}
}
