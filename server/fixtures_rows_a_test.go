package server_test

// rowsA says what the payloads of INDEX-a.tsv lead to beside what they say themselves.
var rowsA = map[string]expectation{
	"akkoma/actor-person-background.json":      {sees: []string{"@moss"}, hides: []string{"alert("}},
	"akkoma/object-quote-note.json":            {play: quotes("")},
	"akkoma/react-custom-emoji-doc.json":       {play: reacts(":newt:")},
	"akkoma/undo-react-by-id.json":             {play: takesReactionBack},
	"bookwyrm/create-generated-note.json":      {sees: []string{"The Lamp in the Lock"}},
	"bookwyrm/object-comment.json":             {follow: true, sees: []string{"Gives away the ferry", "up to page 148", "https://nook.wyrm.example/book/31"}},
	"bookwyrm/object-quotation.json":           {text: "Nobody waters a stone twice. I thought of my aunt", sees: []string{"Book"}},
	"bookwyrm/object-review.json":              {follow: true, sees: []string{"Gives away the well", "3.5 out of 5 stars", "Book"}},
	"bridgyfed/actor-service.json":             {patch: map[string]any{"inbox": "https://sky.bridge.example/sky.bridge.example/inbox"}, sees: []string{"Bot"}},
	"chuckya/react-custom-emoji.json":          {play: reacts(":soggy:")},
	"emissary/object-album.json":               {sees: []string{"Wilma Tern", "Album", "Open at"}},
	"fedibird/quote-quote-uri.json":            {play: quotes("きれいな月だ")},
	"fep-044f/object-quote-authorization.json": {play: approvesAQuote},
	"fep-e232/create-mention-and-link.json":    {us: "https://member.links.example/users/ida", play: quotesAndTells("see here")},
}

// quotesAndTells is a quote by somebody who also mentions our member.
func quotesAndTells(words string) func(*scene) {
	return func(c *scene) {
		quotes(words)(c)
		c.shows("/notifications", displayName(c.actor(c.doc.id("actor"))))
	}
}
