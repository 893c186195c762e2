package server_test

// rowsA says what the payloads of INDEX-a.tsv lead to beside what they say themselves.
var rowsA = map[string]expectation{
	"akkoma/actor-person-background.json":          {sees: []string{"@moss"}, hides: []string{"alert("}},
	"akkoma/object-quote-note.json":                {play: quotes("")},
	"akkoma/react-custom-emoji-doc.json":           {play: reacts(":newt:")},
	"akkoma/undo-react-by-id.json":                 {play: takesReactionBack},
	"bookwyrm/create-generated-note.json":          {sees: []string{"The Lamp in the Lock"}},
	"bookwyrm/object-comment.json":                 {follow: true, sees: []string{"Gives away the ferry", "up to page 148", "https://nook.wyrm.example/book/31"}},
	"bookwyrm/object-quotation.json":               {text: "Nobody waters a stone twice. I thought of my aunt", sees: []string{"Book"}},
	"bookwyrm/object-review.json":                  {follow: true, sees: []string{"Gives away the well", "3.5 out of 5 stars", "Book"}},
	"bridgyfed/actor-service.json":                 {patch: map[string]any{"inbox": "https://sky.bridge.example/sky.bridge.example/inbox"}, sees: []string{"Bot"}},
	"chuckya/react-custom-emoji.json":              {play: reacts(":soggy:")},
	"emissary/object-album.json":                   {sees: []string{"Wilma Tern", "Album", "Open at"}},
	"fedibird/quote-quote-uri.json":                {play: quotes("きれいな月だ")},
	"fep-044f/object-quote-authorization.json":     {play: approvesAQuote},
	"fep-e232/create-mention-and-link.json":        {us: "https://member.links.example/users/ida", play: quotesAndTells("see here")},
	"friendica/create-article-titled.json":         {lang: "en"},
	"friendica/object-page-with-link.json":         {sees: []string{"observatory.example"}},
	"funkwhale/create-audio.json":                  {sees: []string{"Sound"}, brings: []string{"https://tape.funkwhale.example/api/v1/listen/91ab/?upload=91aa&download=false"}},
	"funkwhale/follow-library.json":                {mute: "a library is nobody to follow"},
	"funkwhale/object-library-audio-track.json":    {mute: "it has no author, and nobody may see it"},
	"gancio/create-event.json":                     {play: eventOfAServer, sees: []string{"21 September 2024, 20:00 to 23:30 (UTC+2)", "The old laundry", "Event"}},
	"ghost/create-article.json":                    {rfc: true, sees: []string{"Open at"}},
	"ghost/create-note-mentions.json":              {rfc: true, us: "https://member.ladle.example/users/ida"},
	"ghost/update-article.json":                    {rfc: true},
	"gotosocial/accept-like-request.json":          {play: approvesOurFavourite},
	"gotosocial/actor-person-moved.json":           {closed: true, sees: []string{"This account has moved to"}},
	"gotosocial/actor-person.json":                 {sees: []string{"Approves followers"}},
	"gotosocial/create-note-policy.json":           {lang: "en"},
	"gotosocial/create-poll-votes.json":            {play: voteFromElsewhere},
	"gotosocial/flag-instance-actor.json":          {play: reportsUs},
	"gotosocial/move-plain.json":                   {play: moveOfAnAccount},
	"gotosocial/object-like-authorization.json":    {play: authorizesOurFavourite},
	"gotosocial/object-note-attachment-emoji.json": {lang: "en"},
	"gotosocial/object-note-reply-policy.json":     {us: "https://member.bank.example/users/ida"},
	"gotosocial/reject-interaction.json":           {play: refusesOurReply},
	"hostile/announce-bogus.json":                  {play: boostWithAForgery},
	"hostile/create-impersonation.json":            {mute: "refused", status: 403, hides: []string{"Berit is said"}},
	"hostile/delete-others-object.json":            {play: deleteOfAnothersPost},
	"hostile/object-spoofed-note.json":             {play: uploadedForgery},
	"hubzilla/actor-channel.json":                  {hides: []string{"Approves followers"}},
	"hubzilla/create-image.json":                   {brings: []string{"https://tyre.hubzilla.example/photo/7a70-0.jpg"}},
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
