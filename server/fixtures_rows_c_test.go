package server_test

import (
	"net/http"
	"strings"
)

// rowsC says what the payloads of INDEX-c.tsv lead to beside what they say themselves.
var rowsC = map[string]expectation{
	"misskey/actor-person.json":               {hides: []string{"$[spin"}},
	"misskey/create-note.json":                {hides: []string{"$[tada", "**"}},
	"misskey/like-custom-emoji.json":          {play: reacts(":snail_ok:")},
	"misskey/like-pudding.json":               {play: reacts("🍮")},
	"misskey/question-no-end.json":            {sees: []string{"Choose one option Birch", "Plastic", "No end"}},
	"misskey/quote-note.json":                 {play: quotes("This is how to fold a map")},
	"misskey/quote-recursive.json":            {play: quotesItselfOnce},
	"mobilizon/create-event-by-group.json":    {play: eventOfAGroup, groups: "https://by.mobilizon.example/@weavers"},
	"mobilizon/create-event-media.json":       {sees: []string{"Event", "When", "11 October 2025", "Upper mill"}},
	"mobilizon/invite-group.json":             {mute: "nobody here can be a member of a group elsewhere"},
	"mobilizon/join-event.json":               {mute: "members have no events that others could join: it is ignored"},
	"mobilizon/object-event.json":             {sees: []string{"8 November 2025, 10:00 to 13:30 (UTC)", "The old orchard, Hamar", "Event"}},
	"nodebb/announce-like-embedded-note.json": {play: votesForOurs},
	"nodebb/announce-note.json":               {play: announcedOnceMore},
	"peertube/announce-no-context.json":       {follow: true},
	"peertube/announce-video-by-channel.json": {follow: true},
	"peertube/create-video.json": {sees: []string{"Video", "12 min 34 s", "Open at"}, brings: []string{
		"https://video.peertube.example/static/webseed/0003-720.mp4", "https://video.peertube.example/lazy-static/previews/0003.jpg"}},
	"peertube/object-video-hls.json": {text: "Cut slanting, bind tight!", sees: []string{"Video"}, hides: []string{"**"}, brings: []string{
		"https://hls.peertube.example/static/streaming-playlists/hls/0006/0006-720.mp4"}},
	"pixelfed/object-story.json":                    {mute: "stories, which end after a day, are left out"},
	"pleroma/create-chat-message.json":              {us: "https://chat.pleroma.example/users/us", play: privateMessageWithAScript},
	"pleroma/object-chat-message.json":              {us: "https://home.example/u/us", play: privateMessage},
	"pleroma/object-note-mentions-not-in-body.json": {us: "https://home.example/users/us"},
	"pleroma/object-question-attachment.json":       {sees: []string{"hazel 75%", "ash 25%", "oak 0%", "4 votes", "Ended 20 March 2025"}},
	"pleroma/react-no-emoji.json":                   {play: reactsWithNothing},
	"pleroma/react-unicode.json":                    {play: reacts("🍂")},
	"pleroma/update-poll-counts-object.json":        {play: newCounts},
	"plume/actor-blog-group.json":                   {play: blogWithSpacesInItsName},
	"relay/announce-litepub.json":                   {mute: "nobody here subscribed to this relay", play: strangersRelay},
	"relay/follow-litepub-style.json":               {mute: "nobody here subscribed to this relay", play: strangersRelay},
	"relay/follow-mastodon-style.json":              {mute: "nobody here subscribed to this relay", play: strangersRelay},
	"smithereen/question-non-anonymous.json":        {sees: []string{"с капустой", "9 people voted"}},
	"wordpress/announce-update-article.json":        {play: groupAnnouncesAnEdit},
}

// announcedOnceMore: a group that told of the Create of a note and then tells of
// the note itself shows it once.
func announcedOnceMore(c *scene) {
	by, o := c.actor(c.doc.id("actor")), c.doc.object()
	author := c.author(o)
	c.people()
	c.followed(by)
	c.serve(o)
	c.deliver(by, document(by.Activity("Announce", author.Activity("Create", o))), http.StatusAccepted)
	c.showsAtHome(o.text("name"), author.Handle)
	c.deliver(by, c.doc, http.StatusAccepted)
	if n := strings.Count(c.mira.open("/home").text, o.text("name")); n != 1 {
		c.Errorf("home shows it %d times", n)
	}
}

// privateMessageWithAScript: what would run in a page is not in the page.
func privateMessageWithAScript(c *scene) {
	privateMessage(c)
	if p := c.finds(c.doc.object().text("id")); strings.Contains(p.text, "alert(") {
		c.Errorf("%s shows the script: %.800s", p.path, p.text)
	}
}

// quotesItselfOnce: a note that quotes itself stands on its page once, without a card.
func quotesItselfOnce(c *scene) {
	c.playObject()
	p := c.finds(c.doc.text("id"))
	if n := strings.Count(p.text, c.firstWords(c.doc)); p.quoted() != "" || n != 1 {
		c.Errorf("%s shows a card or the text %d times: %.800s", p.path, n, p.text)
	}
}
