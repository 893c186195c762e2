package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// groupStage is a whole server with a member, and a server with a community and
// two people.
type groupStage struct {
	t                 *testing.T
	mira              *browser
	far               *fedtest.Server
	group, hanna, odd *fedtest.Actor
}

func newGroupStage(t *testing.T) *groupStage {
	network := fedtest.NewNetwork(t)
	in := start(t, network, "here.example")
	g := &groupStage{t: t, mira: in.member("mira"), far: network.Server("lem.example")}
	g.group = g.far.Actor("mushrooms", map[string]any{"type": "Group", "name": "Mushroom people"})
	g.hanna, g.odd = g.far.Actor("hanna", map[string]any{"name": "Hanna"}), g.far.Actor("odd")
	return g
}

func (g *groupStage) tells(by *fedtest.Actor, activity any) {
	g.t.Helper()
	if resp := by.Post(g.t, "https://here.example/ap/inbox", activity); resp.StatusCode != http.StatusAccepted {
		g.t.Fatalf("answered %d", resp.StatusCode)
	}
}

// follows lets mira follow somebody through the page, and accepts.
func (g *groupStage) follows(a *fedtest.Actor) (profile string) {
	g.t.Helper()
	profile = g.finds(a.ID)
	g.mira.press(profile + "/follow")
	q := g.far.Await(g.t, func(act map[string]any) bool { return act["type"] == "Follow" && act["object"] == a.ID })
	g.tells(a, a.Activity("Accept", q.Activity))
	g.mira.sees("/@mira/following", a.Handle)
	return profile
}

// finds pastes an address into the search and gives the path that it leads to.
func (g *groupStage) finds(uri string) string {
	g.t.Helper()
	p := g.mira.open("/search?q=" + url.QueryEscape(uri))
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/@") {
		g.t.Fatalf("looking up %s ends at %s with %d: %.500s", uri, p.path, p.status, p.text)
	}
	return p.path
}

// card is the text of the card of a page that holds a text.
func card(p *page, text string) string {
	n := find(p.doc, func(n *html.Node) bool { return n.Data == "article" && strings.Contains(textOf(n), text) })
	if n == nil {
		return ""
	}
	return strings.Join(strings.Fields(textOf(n)), " ")
}

func listed(v any, uri string) bool { return slices.Contains(asList(v), any(uri)) }

// TestCommunity walks what a member does with a community of Lemmy's kind:
// follow, read, answer, vote, post, and meet its moderators.
func TestCommunity(t *testing.T) {
	t.Parallel()
	g := newGroupStage(t)
	profile := g.follows(g.group)
	g.mira.sees(profile, "Mushroom people", "Group")

	thread := map[string]any{"id": "https://lem.example/post/1", "type": "Page", "attributedTo": g.hanna.ID, "name": "Found an aniseed toadstool",
		"to": []string{g.group.ID, publicURI}, "audience": g.group.ID, "published": "2026-01-05T10:00:00Z", "content": "<p>Under the birches.</p>",
		"attachment": []any{map[string]any{"type": "Link", "href": "https://fungi.example/aniseed"}}}
	g.far.Handle("/post/1", thread)
	g.tells(g.group, g.group.Activity("Announce", g.hanna.Activity("Create", thread)))
	g.tells(g.group, g.group.Activity("Announce", thread))
	for _, path := range []string{"/home", profile} {
		p := g.mira.sees(path, "Found an aniseed toadstool")
		if got := card(p, "aniseed toadstool"); !strings.Contains(got, "In Mushroom people") || !strings.Contains(got, "@hanna@lem.example") || strings.Contains(got, "boosted") {
			t.Errorf("%s shows %q, want it by hanna in the community", path, got)
		}
		if n := strings.Count(p.text, "Under the birches."); n != 1 {
			t.Errorf("%s shows the thread %d times", path, n)
		}
		if p.link("https://fungi.example/aniseed") == "" {
			t.Errorf("%s does not link to what the post is about", path)
		}
	}
	path := g.finds("https://lem.example/post/1")
	id := path[strings.LastIndexByte(path, '/')+1:]

	t.Log("comments stand in their thread, not in home")
	comment := map[string]any{"id": "https://lem.example/comment/1", "type": "Note", "attributedTo": g.odd.ID, "inReplyTo": "https://lem.example/post/1",
		"to": []string{publicURI}, "cc": []string{g.group.ID}, "audience": g.group.ID, "published": "2026-01-05T10:10:00Z", "content": "<p>Smells of it, too.</p>"}
	g.far.Handle("/comment/1", comment)
	g.tells(g.group, g.group.Activity("Announce", g.odd.Activity("Create", comment)))
	g.mira.sees(path, "Smells of it, too.")
	g.mira.seesNot("/home", "Smells of it, too.")

	t.Log("votes")
	g.tells(g.group, g.group.Activity("Announce", g.odd.Activity("Like", "https://lem.example/post/1")))
	g.mira.sees(path+"/favourites", "@odd@lem.example")
	g.tells(g.group, g.group.Activity("Announce", g.hanna.Activity("Dislike", "https://lem.example/post/1")))
	g.mira.sees(path, "Vote down1")
	g.mira.press("/posts/" + id + "/downvote")
	dislike := g.far.Await(t, fedtest.OfType("Dislike")).Activity
	if dislike["object"] != "https://lem.example/post/1" || dislike["actor"] == nil {
		t.Errorf("the vote is sent as %v", dislike)
	}
	g.mira.sees(path, "Vote down2")
	g.mira.press("/posts/" + id + "/favourite")
	g.far.Await(t, func(act map[string]any) bool {
		undone, _ := act["object"].(map[string]any)
		return act["type"] == "Undo" && undone["type"] == "Dislike" && undone["id"] == dislike["id"]
	})
	g.mira.sees(path, "Vote down1")
	g.far.Await(t, func(act map[string]any) bool {
		return act["type"] == "Like" && act["object"] == "https://lem.example/post/1"
	})

	t.Log("an answer and a new thread of ours go to the community")
	g.mira.open("/compose?reply_to=" + id)
	g.mira.submit("/posts", map[string]string{"text": "Envious!"})
	q := g.far.Await(t, fedtest.OfType("Create", "Note"))
	note, _ := q.Activity["object"].(map[string]any)
	if note["audience"] != g.group.ID || !listed(note["cc"], g.group.ID) || !listed(q.Activity["cc"], g.group.ID) || !listed(note["to"], publicURI) {
		t.Errorf("the answer is sent as %s", q.Body)
	}
	g.mira.write("Where do chanterelles grow? @mushrooms@lem.example", "public")
	q = g.far.Await(t, func(act map[string]any) bool {
		o, _ := act["object"].(map[string]any)
		content, _ := o["content"].(string)
		return act["type"] == "Create" && strings.Contains(content, "chanterelles")
	})
	note, _ = q.Activity["object"].(map[string]any)
	mentioned := slices.ContainsFunc(asList(note["tag"]), func(tag any) bool {
		m, _ := tag.(map[string]any)
		return m["type"] == "Mention" && m["href"] == g.group.ID
	})
	if !mentioned || note["audience"] != g.group.ID || !listed(note["cc"], g.group.ID) {
		t.Errorf("the thread is sent as %s", q.Body)
	}
	g.tells(g.group, g.group.Activity("Announce", note["id"]))
	g.mira.sees(profile, "Where do chanterelles grow?")
	g.mira.sees("/notifications", "Mushroom people")

	t.Log("moderators: lock, remove, restore")
	lock := g.odd.Activity("Lock", "https://lem.example/post/1")
	g.tells(g.group, g.group.Activity("Announce", lock))
	g.mira.sees(path, "Replies are closed by the community")
	g.mira.open("/compose?reply_to=" + id)
	if p := g.mira.submit("/posts", map[string]string{"text": "Too late"}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.text, "closed this thread") {
		t.Errorf("answering in a closed thread: %d %.300s", p.status, p.text)
	}
	g.tells(g.group, g.group.Activity("Announce", g.odd.Activity("Undo", lock)))
	g.mira.seesNot(path, "Replies are closed by the community")
	remove := g.odd.Activity("Delete", "https://lem.example/comment/1", map[string]any{"summary": "off topic"})
	g.tells(g.group, g.group.Activity("Announce", remove))
	g.mira.seesNot(path, "Smells of it, too.")
	g.tells(g.group, g.group.Activity("Announce", g.odd.Activity("Undo", remove)))
	g.mira.sees(path, "Smells of it, too.")
}

// longText is an article that no timeline shows whole.
var longText = "<p>It begins here.</p>" + strings.Repeat("<p>And goes on, and on, and on, as articles do.</p>", 60) + "<p>It ends there.</p>"

// otherObjects are what systems send that are no notes: what the page of the
// post and its card in a timeline show.
var otherObjects = []struct {
	name   string
	object map[string]any // without id, attributedTo, to
	sees   []string
	links  []string
	brings []string // files that are shown or played
	hides  []string
	folded string // what only the page shows, not the timeline
}{
	{name: "Mobilizon event", object: map[string]any{"type": "Event", "name": "Bread and soup", "content": "<p>Bring a spoon.</p>", "url": "https://lem.example/events/1",
		"startTime": "2026-02-01T18:00:00Z", "endTime": "2026-02-01T21:30:00Z", "ical:status": "CANCELLED",
		"location": map[string]any{"type": "Place", "name": "The old mill", "address": map[string]any{"type": "PostalAddress", "streetAddress": "Weir 2", "addressLocality": "Willow Bend"}}},
		sees:  []string{"Bread and soup", "Bring a spoon.", "Event", "1 February 2026, 18:00 to 21:30 (UTC)", "The old mill, Weir 2, Willow Bend", "Cancelled", "Open at lem.example"},
		links: []string{"https://lem.example/events/1"}},
	{name: "Gancio event", object: map[string]any{"type": "Event", "name": "Concert", "startTime": "2026-02-01T18:00:00+01:00", "endTime": "2026-02-02T01:00:00+01:00",
		"location": map[string]any{"name": "Cellar"}, "summary": "Loud"},
		sees: []string{"Concert", "1 February 2026, 18:00 to 2 February 2026, 01:00 (UTC+1)", "Cellar", "Loud"}},
	{name: "PeerTube video", object: map[string]any{"type": "Video", "name": "A river from above", "duration": "PT6720S", "mediaType": "text/markdown", "content": "Filmed in **June**.",
		"icon": []any{map[string]any{"type": "Image", "url": "https://lem.example/thumb.jpg", "width": 560, "height": 315}},
		"url": []any{map[string]any{"type": "Link", "mediaType": "text/html", "href": "https://lem.example/w/1"},
			map[string]any{"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://lem.example/hls.m3u8",
				"tag": []any{map[string]any{"type": "Link", "mediaType": "video/mp4", "href": "https://lem.example/720.mp4", "width": 1280, "height": 720}}}}},
		sees:  []string{"A river from above", "Filmed in June", "1 h 52 min", "Video", "Open at lem.example"},
		links: []string{"https://lem.example/w/1"}, brings: []string{"https://lem.example/720.mp4", "https://lem.example/thumb.jpg"}, hides: []string{"**", "no description"}},
	{name: "Funkwhale audio", object: map[string]any{"type": "Audio", "name": "Ford in winter", "duration": 213,
		"track": map[string]any{"type": "Track", "name": "Ford in winter", "artists": []any{map[string]any{"type": "Artist", "name": "The Weir"}}, "album": map[string]any{"type": "Album", "name": "Low water"}},
		"url":   []any{map[string]any{"type": "Link", "mimeType": "audio/ogg", "href": "https://lem.example/listen/1"}, map[string]any{"type": "Link", "mimeType": "text/html", "href": "https://lem.example/library/1"}}},
		sees: []string{"Ford in winter", "The Weir", "Low water", "3 min 33 s", "Sound"}, links: []string{"https://lem.example/library/1"}, brings: []string{"https://lem.example/listen/1"}},
	{name: "Bandwagon album", object: map[string]any{"type": "Album", "name": "Low water", "content": "Six songs.", "artists": []any{map[string]any{"name": "The Weir"}}, "url": "https://lem.example/albums/1",
		"attachment": []any{map[string]any{"type": "Document", "mediaType": "image/webp", "name": "the sleeve", "url": "https://lem.example/sleeve.webp"}}},
		sees: []string{"Low water", "Six songs.", "The Weir", "Album", "the sleeve"}, links: []string{"https://lem.example/albums/1"}, brings: []string{"https://lem.example/sleeve.webp"}},
	{name: "BookWyrm review", object: map[string]any{"type": "Review", "name": "Slow and good", "content": "<p>Read it by a river.</p>", "inReplyToBook": "https://lem.example/book/1", "rating": 4.5, "sensitive": false},
		sees: []string{"Slow and good", "Read it by a river.", "4.5 out of 5 stars", "Review"}, links: []string{"https://lem.example/book/1"}},
	{name: "BookWyrm rating", object: map[string]any{"type": "Rating", "inReplyToBook": "https://lem.example/book/2", "rating": 3, "content": nil},
		sees: []string{"3 out of 5 stars", "Rating"}, links: []string{"https://lem.example/book/2"}},
	{name: "BookWyrm comment", object: map[string]any{"type": "Comment", "content": "<p>Halfway.</p>", "inReplyToBook": "https://lem.example/book/3", "progress": 40, "progressMode": "PCT"},
		sees: []string{"Halfway.", "40 %"}, links: []string{"https://lem.example/book/3"}},
	{name: "BookWyrm quotation", object: map[string]any{"type": "Quotation", "content": "<p>Indeed.</p>", "quote": "<p>Water remembers.</p>", "inReplyToBook": "https://lem.example/book/4"},
		sees: []string{"Water remembers. Indeed."}, links: []string{"https://lem.example/book/4"}},
	{name: "BookWyrm generated note", object: map[string]any{"type": "GeneratedNote", "content": "wants to read", "tag": []any{map[string]any{"type": "Edition", "href": "https://lem.example/book/5", "name": "Female Husbands"}}},
		sees: []string{"wants to read", "Female Husbands"}, links: []string{"https://lem.example/book/5"}, hides: []string{"GeneratedNote"}},
	{name: "WriteFreely article", object: map[string]any{"type": "Article", "name": "On walking", "content": longText, "url": "https://lem.example/on-walking"},
		sees: []string{"On walking", "It begins here."}, links: []string{"https://lem.example/on-walking"}, folded: "It ends there."},
	{name: "Ghost article", object: map[string]any{"type": "Article", "name": "Letter nine", "content": "<p>A short one.</p>", "summary": "An abstract", "image": "https://lem.example/head.jpg",
		"preview": map[string]any{"type": "Note", "content": "<p>An abstract</p>"}, "url": "https://lem.example/letter-nine"},
		sees: []string{"Letter nine", "A short one."}, links: []string{"https://lem.example/letter-nine"}, brings: []string{"https://lem.example/head.jpg"}},
	{name: "Discourse note with a title", object: map[string]any{"type": "Note", "name": "About this topic", "content": "<p>Welcome.</p>"},
		sees: []string{"About this topic", "Welcome."}},
	{name: "Hubzilla image", object: map[string]any{"type": "Image", "name": "harbour.jpg", "url": []any{map[string]any{"type": "Link", "mediaType": "image/jpeg", "href": "https://lem.example/harbour.jpg", "width": 800, "height": 600},
		map[string]any{"type": "Link", "mediaType": "text/html", "href": "https://lem.example/photos/1"}}},
		sees: []string{"harbour.jpg"}, links: []string{"https://lem.example/photos/1"}, brings: []string{"https://lem.example/harbour.jpg"}},
	{name: "Document", object: map[string]any{"type": "Document", "name": "Minutes", "url": []any{map[string]any{"type": "Link", "mediaType": "application/pdf", "href": "https://lem.example/minutes.pdf"}}},
		sees: []string{"Minutes", "Document", "File"}, links: []string{"https://lem.example/minutes.pdf"}},
	{name: "unknown type", object: map[string]any{"type": "Recipe", "name": "Nettle soup", "summary": "<p>Green and quick.</p>", "url": "https://lem.example/recipes/1"},
		sees: []string{"Nettle soup", "Green and quick.", "Recipe"}, links: []string{"https://lem.example/recipes/1"}},
}

// TestOtherObjects shows what is no note on its page and in a timeline.
func TestOtherObjects(t *testing.T) {
	t.Parallel()
	g := newGroupStage(t)
	g.follows(g.hanna)
	for i, c := range otherObjects {
		t.Run(c.name, func(t *testing.T) {
			g.t, g.mira.t = t, t
			id := "https://lem.example/objects/" + string(rune('a'+i))
			o := map[string]any{"id": id, "attributedTo": g.hanna.ID, "to": []string{publicURI}, "published": "2026-01-05T10:00:00Z"}
			for k, v := range c.object {
				o[k] = v
			}
			g.tells(g.hanna, g.hanna.Activity("Create", o))
			path := g.finds(id)
			p := g.mira.sees(path, c.sees...)
			for _, link := range c.links {
				if p.link(link) == "" {
					t.Errorf("%s does not link to %s", path, link)
				}
			}
			bringsHere(t, g.mira, p, c.brings, func(string) *fedtest.Server { return g.far })
			post := path[strings.LastIndexByte(path, '/')+1:]
			inHome := find(g.mira.open("/home").doc, func(n *html.Node) bool { return attr(n, "id") == "p"+post })
			if inHome == nil {
				t.Fatal("it is not in home")
			}
			line := strings.Join(strings.Fields(textOf(inHome)), " ")
			for _, want := range c.sees {
				if !strings.Contains(line, want) {
					t.Errorf("home shows %q, want %q", line, want)
				}
			}
			for _, bad := range c.hides {
				if strings.Contains(line, bad) {
					t.Errorf("home shows %q in %q", bad, line)
				}
			}
			if c.folded != "" && (!strings.Contains(p.text, c.folded) || strings.Contains(line, c.folded) || !strings.Contains(line, "Read on")) {
				t.Errorf("want %q behind Read on, home shows %q", c.folded, line)
			}
			if img := find(inHome, func(n *html.Node) bool { return n.Data == "img" && strings.HasPrefix(attr(n, "src"), "http") }); img != nil {
				t.Errorf("a reader's browser loads %s", attr(img, "src"))
			}
		})
	}
}

// An event that is moved is an edit, though its words stay.
func TestMovedEvent(t *testing.T) {
	t.Parallel()
	g := newGroupStage(t)
	g.follows(g.hanna)
	event := map[string]any{"id": "https://lem.example/events/1", "type": "Event", "attributedTo": g.hanna.ID, "to": []string{publicURI}, "name": "Soup",
		"content": "<p>Bring a spoon.</p>", "published": "2026-01-05T10:00:00Z", "startTime": "2026-02-01T18:00:00Z"}
	g.tells(g.hanna, g.hanna.Activity("Create", event))
	path := g.finds("https://lem.example/events/1")
	g.mira.sees(path, "1 February 2026, 18:00 (UTC)")
	event["startTime"], event["updated"] = "2026-02-08T18:00:00Z", "2026-01-06T10:00:00Z"
	g.tells(g.hanna, g.hanna.Activity("Update", event))
	g.mira.sees(path, "8 February 2026, 18:00 (UTC)", "edited")
}
