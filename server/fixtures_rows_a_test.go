package server_test

import (
	"net/http"

	"golang.org/x/net/html"
)

// rowsA says what the payloads of INDEX-a.tsv lead to beside what they say themselves.
var rowsA = map[string]expectation{
	"akkoma/actor-person-background.json":          {play: holds("actor", "img", "alt", ":cog:", ":kettle:"), sees: []string{"@moss"}, hides: []string{"alert("}},
	"akkoma/object-quote-note.json":                {play: quotes("")},
	"akkoma/react-custom-emoji-doc.json":           {play: reacts(":newt:")},
	"akkoma/undo-react-by-id.json":                 {play: takesReactionBack},
	"bookwyrm/create-generated-note.json":          {sees: []string{"The Lamp in the Lock"}},
	"bookwyrm/object-comment.json":                 {play: holds("object", "a", "href", "https://nook.wyrm.example/book/31"), follow: true, sees: []string{"Gives away the ferry", "up to page 148"}},
	"bookwyrm/object-quotation.json":               {text: "Nobody waters a stone twice. I thought of my aunt", sees: []string{"Book"}},
	"bookwyrm/object-review.json":                  {play: holds("object", "a", "href", "https://stack.wyrm.example/book/64"), follow: true, sees: []string{"Gives away the well", "3.5 out of 5 stars", "Book"}},
	"bridgyfed/actor-service.json":                 {patch: map[string]any{"inbox": "https://sky.bridge.example/sky.bridge.example/inbox"}, sees: []string{"Bot"}},
	"chuckya/react-custom-emoji.json":              {play: reacts(":soggy:")},
	"emissary/object-album.json":                   {play: holds("object", "a", "href", "https://band.emissary.example/65ab02"), sees: []string{"Wilma Tern", "Album", "Open at"}},
	"fedibird/quote-quote-uri.json":                {play: quotes("きれいな月だ")},
	"fep-044f/object-quote-authorization.json":     {play: approvesAQuote},
	"fep-e232/create-mention-and-link.json":        {us: "https://member.links.example/users/ida", play: quotesAndTells("see here")},
	"friendica/create-article-titled.json":         {lang: "en"},
	"friendica/object-page-with-link.json":         {play: holds("object", "a", "href", "https://observatory.example/2025/comet-again/")},
	"funkwhale/create-audio.json":                  {sees: []string{"Sound"}, brings: []string{"https://tape.funkwhale.example/api/v1/listen/91ab/?upload=91aa&download=false"}},
	"funkwhale/follow-library.json":                {mute: "a library is nobody to follow"},
	"funkwhale/object-library-audio-track.json":    {play: nobodysSound},
	"gancio/create-event.json":                     {play: eventOfAServer, sees: []string{"21 September 2024, 20:00 to 23:30 (UTC+2)", "The old laundry", "Event"}},
	"ghost/create-article.json":                    {rfc: true, play: holds("create", "a", "href", "https://broth.ghost.example/posts/900a/"), sees: []string{"A short taste: salt first."}, brings: []string{"https://broth.ghost.example/content/images/900a.jpg"}},
	"ghost/create-note-mentions.json":              {rfc: true, us: "https://member.ladle.example/users/ida"},
	"ghost/update-article.json":                    {rfc: true},
	"gotosocial/accept-like-request.json":          {play: approvesOurFavourite},
	"gotosocial/actor-person-moved.json":           {closed: true, sees: []string{"This account has moved to"}},
	"gotosocial/actor-person.json":                 {play: writes, sees: []string{"Approves followers"}},
	"gotosocial/create-note-policy.json":           {lang: "en"},
	"gotosocial/create-poll-votes.json":            {play: voteFromElsewhere},
	"gotosocial/flag-instance-actor.json":          {play: reportsUs},
	"gotosocial/move-plain.json":                   {play: moveOfAnAccount},
	"gotosocial/object-like-authorization.json":    {play: authorizesOurFavourite},
	"gotosocial/object-note-attachment-emoji.json": {play: holds("object", "img", "alt", ":beaver:"), lang: "en"},
	"gotosocial/object-note-reply-policy.json":     {us: "https://member.bank.example/users/ida"},
	"gotosocial/reject-interaction.json":           {play: refusesOurReply},
	"hostile/announce-bogus.json":                  {play: boostWithAForgery},
	"hostile/create-impersonation.json":            {mute: "refused", status: 403, hides: []string{"Berit is said"}},
	"hostile/delete-others-object.json":            {play: deleteOfAnothersPost},
	"hostile/object-spoofed-note.json":             {play: uploadedForgery},
	"hubzilla/actor-channel.json":                  {hides: []string{"Approves followers"}},
	"hubzilla/create-image.json":                   {brings: []string{"https://tyre.hubzilla.example/photo/7a70-0.jpg"}},
	"forgejo/object-note.json":                     {play: holds("object", "a", "href", "https://forge.forgejo.example/bo/weir/issues/2#issuecomment-9")},
	"funkwhale/actor-channel.json":                 {play: holds("actor", "a", "href", "https://reel.funkwhale.example/channels/tides")},
	"hubzilla/actor-inline-locations.json":         {play: holds("actor", "a", "href", "https://rim.hubzilla.example/channel/felloe")},
}

// eventOfAServer is an event by the only actor of its server, an Application.
func eventOfAServer(c *scene) {
	c.actor(c.doc.id("actor"), map[string]any{"type": "Application"})
	c.playCreate()
}

// quotesAndTells is a quote by somebody who also mentions our member.
func quotesAndTells(words string) func(*scene) {
	return func(c *scene) {
		quotes(words)(c)
		c.shows("/notifications", displayName(c.actor(c.doc.id("actor"))))
	}
}

// holds plays a payload as one of its kind, and then looks in the page of its
// object for elements with these values of an attribute.
func holds(kind, element, key string, values ...string) func(*scene) {
	return func(c *scene) {
		c.playKind(kind)
		p := c.finds(c.doc.innermost().text("id"))
		for _, value := range values {
			value = c.rename(value)
			if find(p.doc, func(n *html.Node) bool { return n.Data == element && attr(n, key) == value }) == nil {
				c.Errorf("%s has no %s with the %s %q", p.path, element, key, value)
			}
		}
	}
}

// writes is an actor who first sends something, signed with the key that the
// actor's document names.
func writes(c *scene) {
	by := c.actor(c.doc.text("id"))
	note := document{"id": by.ID + "/first", "type": "Note", "attributedTo": by.ID, "content": "<p>Signed by the holder</p>", "to": publicURI}
	c.deliver(by, document(by.Activity("Create", note)), http.StatusAccepted)
	c.shows(c.finds(by.ID+"/first").path, "Signed by the holder")
	c.playActor()
}
