package server_test

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

const publicURI = "https://www.w3.org/ns/activitystreams#Public"

// playKind does with a payload what a system that sends this kind does, and
// looks at the pages for what it promises.
func (c *scene) playKind(kind string) {
	switch kind {
	case "create":
		c.playCreate()
	case "object", "quote", "question":
		c.playObject()
	case "actor":
		c.playActor()
	case "update":
		c.playUpdate()
	case "delete":
		c.playDelete()
	case "announce":
		c.playAnnounce()
	case "like":
		c.playLike()
	case "follow":
		c.playFollow()
	case "accept", "reject":
		c.playAnswer(kind)
	case "block":
		c.playBlock()
	case "undo":
		c.playUndo()
	default:
		c.Fatalf("payloads of kind %s need a reason in the table", kind)
	}
}

// onlyAnswer delivers a payload, or lets it be looked up, and asks no more than
// an answer and pages that work.
func (c *scene) onlyAnswer(kind string) {
	c.people()
	by := c.doc.id("actor")
	if kind == "actor" || kind == "object" || kind == "question" || kind == "quote" || c.doc.id("object") == "" {
		c.serve(c.doc)
		c.look(c.doc.text("id"))
	}
	if by == "" {
		by = c.doc.id("attributedTo")
	}
	if by != "" && kind != "actor" {
		resp := c.actor(by).Post(c.T, "https://here.example/ap/inbox", c.doc)
		if resp.StatusCode >= 500 || c.want.status != 0 && resp.StatusCode != c.want.status {
			c.Errorf("answered %d, want %d", resp.StatusCode, cmp.Or(c.want.status, 202))
		}
	}
	c.pagesWork()
	for _, path := range []string{"/home", "/federated", "/notifications"} {
		for _, text := range c.want.hides {
			if strings.Contains(c.mira.open(path).text, text) {
				c.Errorf("%s shows %q", path, text)
			}
		}
	}
}

// people lets everybody be found whom the payload names as an author or actor.
func (c *scene) people() {
	c.Helper()
	if c.want.groups != "" {
		c.actor(c.want.groups)
	}
	everyID(c.doc, []string{"actor", "attributedTo"}, func(_, uri, kind string) {
		if strings.HasPrefix(uri, "https://") && !strings.HasPrefix(uri, "https://here.example/") && c.shape[uri] == nil {
			if kind == "" || kind == "Person" || kind == "Group" {
				c.actor(uri, map[string]any{"type": cmp.Or(kind, "Person")})
			}
		}
	})
}

// author is who a post counts as written by.
func (c *scene) author(o document) *fedtest.Actor {
	c.Helper()
	list := asList(o["attributedTo"])
	for _, one := range list {
		if m, ok := one.(map[string]any); ok && m["type"] == "Person" {
			return c.actor(document(m).text("id"))
		}
	}
	return c.actor(cmp.Or(idOf(list), o.id("actor"), c.doc.id("actor")))
}

const parentText = "What was said before"

// parent lets what a post answers be found.
func (c *scene) parent(o document) {
	c.Helper()
	uri := o.id("inReplyTo")
	if uri == "" || strings.HasPrefix(uri, "https://here.example/") {
		return
	}
	origin := uri[:strings.Index(uri[len("https://"):], "/")+len("https://")]
	first := c.actor(origin + "/people/first")
	c.serve(document{"id": uri, "type": "Note", "attributedTo": first.ID, "content": "<p>" + parentText + "</p>", "to": publicURI,
		"published": "2017-01-01T00:00:00Z"})
}

func (c *scene) playCreate() {
	o, by := c.doc.object(), c.actor(c.doc.id("actor"))
	c.people()
	c.parent(o)
	if c.want.follow {
		c.followed(by)
	}
	c.deliver(by, c.doc, cmp.Or(c.want.status, http.StatusAccepted))
	c.checkPost(o)
}

// playObject lets a post be fetched, or if not everybody may, delivers it.
func (c *scene) playObject() {
	author := c.author(c.doc)
	c.people()
	c.parent(c.doc)
	if c.want.follow {
		c.followed(author)
	}
	if isPublic(c.doc) {
		c.serve(c.doc)
	} else {
		// What is addressed to nobody has the audience of the activity.
		c.deliver(author, document(author.Activity("Create", c.doc)), http.StatusAccepted)
	}
	c.checkPost(c.doc)
}

// checkPost looks at the page of a post for what the post says of itself.
func (c *scene) checkPost(o document) {
	c.Helper()
	p := c.finds(o.text("id"))
	author := c.author(o)
	sees := append([]string{"@" + author.Name + "@" + c.peer(author.ID).Host()}, c.want.sees...)
	sees = append(sees, c.title(o), c.firstWords(o), c.warning(o))
	p = c.shows(p.path, sees...)
	if parent := o.id("inReplyTo"); parent != "" && !strings.HasPrefix(parent, "https://here.example/") {
		c.showsParent(p, parent)
	}
	if body := find(p.doc, func(n *html.Node) bool { return attr(n, "class") == "body" }); c.want.lang != "" && attr(body, "lang") != c.want.lang {
		c.Errorf("the text is in %q, want %q", attr(body, "lang"), c.want.lang)
	}
	for _, text := range c.want.hides {
		if strings.Contains(p.text, text) {
			c.Errorf("%s shows %q: %.1000s", p.path, text, p.text)
		}
	}
	if warning := c.warning(o); warning != "" && !folded(p, warning) {
		c.Errorf("%s does not fold the post behind %q", p.path, warning)
	}
	if c.warning(o) == "" && o["sensitive"] != true && folded(p, "") {
		c.Errorf("%s folds a post that has no warning", p.path)
	}
	c.showsFiles(p, o)
	c.findsByTag(o, author)
	if c.mentionsUs(o) {
		c.shows("/notifications", displayName(author))
	}
	other := http.StatusOK
	if !isPublic(o) && (o["to"] != nil || o["cc"] != nil) {
		other = http.StatusNotFound
	}
	if q := c.noor.open(p.path); q.status != other {
		c.Errorf("another member gets %d for %s, want %d", q.status, p.path, other)
	}
}

// showsParent looks up what a post answers, as our member may have to, and
// expects it above the post then. The button that fetches a thread is left
// alone here: it counts by hash who asked, so that of so many posts some are
// refused by chance.
func (c *scene) showsParent(p *page, parent string) {
	c.Helper()
	if !strings.Contains(p.text, parentText) {
		c.finds(parent)
	}
	c.shows(p.path, parentText)
}

// findsByTag looks for a public post in the timeline of its first hashtag.
func (c *scene) findsByTag(o document, author *fedtest.Actor) {
	c.Helper()
	for _, one := range asList(o["tag"]) {
		tag, _ := one.(map[string]any)
		name := strings.TrimPrefix(document(tag).text("name"), "#")
		if tag["type"] != "Hashtag" || !slices.Contains(asList(o["to"]), any(publicURI)) {
			continue
		}
		path := "/tags/" + url.PathEscape(name)
		c.until(path, "show the post", func(p *page) bool { return hasCard(p, author.Handle) })
		return
	}
}

// folded says whether the focus of a page can be opened under a warning.
func folded(p *page, warning string) bool {
	fold := find(p.doc, func(n *html.Node) bool { return n.Data == "details" && attr(n, "class") == "cw" })
	return fold != nil && strings.Contains(strings.Join(strings.Fields(textOf(fold)), " "), warning)
}

func (c *scene) mentionsUs(o document) bool {
	for _, tag := range asList(o["tag"]) {
		if m, ok := tag.(map[string]any); ok && m["type"] == "Mention" && m["href"] == c.uri {
			return true
		}
	}
	return false
}

func isPublic(o document) bool {
	for _, key := range []string{"to", "cc"} {
		for _, to := range asList(o[key]) {
			if to == publicURI || to == "as:Public" || to == "Public" {
				return true
			}
		}
	}
	return false
}

func (c *scene) title(o document) string {
	if c.want.title != "" {
		return c.want.title
	}
	return o.text("name")
}

// warning is the content warning, which only posts of microblogs have.
func (c *scene) warning(o document) string {
	if o.text("type") != "Note" {
		return ""
	}
	return strings.Join(strings.Fields(o.text("summary")), " ")
}

// firstWords are the first words of the text.
func (c *scene) firstWords(o document) string {
	if c.want.text != "" {
		return c.want.text
	}
	content := o.text("content")
	if content == "" {
		m, _ := o["contentMap"].(map[string]any)
		for _, one := range m {
			content, _ = one.(string)
		}
	}
	doc, err := html.Parse(strings.NewReader(content))
	if err != nil {
		c.Fatal(err)
	}
	words := strings.Fields(textOf(doc))
	return strings.Join(words[:min(len(words), 6)], " ")
}

func (c *scene) playActor() {
	c.serve(c.doc)
	name := cmp.Or(strings.TrimSpace(c.doc.text("name")), c.doc.text("preferredUsername"))
	p := c.finds(c.doc.text("id"))
	sees := append([]string{strings.Join(strings.Fields(name), " "), "@" + c.doc.text("preferredUsername") + "@" + c.peer(c.doc.text("id")).Host()}, c.want.sees...)
	for _, field := range asList(c.doc["attachment"]) {
		if m, ok := field.(map[string]any); ok && m["type"] == "PropertyValue" {
			sees = append(sees, strings.Join(strings.Fields(document(m).text("name")), " "))
		}
	}
	sees = append(sees, c.firstWords(document{"content": c.doc["summary"]}))
	p = c.shows(p.path, sees...)
	for _, text := range c.want.hides {
		if strings.Contains(p.text, text) {
			c.Errorf("%s shows %q", p.path, text)
		}
	}
	if offers := pressable(p, p.path+"/follow") == "1"; offers == c.want.closed {
		c.Errorf("%s offers to follow: %t, want %t", p.path, offers, !c.want.closed)
	}
}

func (c *scene) playUpdate() {
	by, o := c.actor(c.doc.id("actor")), c.doc.object()
	if o.text("id") == by.ID {
		c.updateActor(by, o)
		return
	}
	c.people()
	c.parent(o)
	old := o.with(map[string]any{"content": "<p>Words before the edit</p>", "contentMap": nil, "updated": nil})
	if o.text("name") != "" {
		old["name"] = "Title before the edit"
	}
	c.deliver(by, document(by.Activity("Create", old)), http.StatusAccepted)
	p := c.finds(o.text("id"))
	c.shows(p.path, "Words before the edit")
	c.deliver(by, c.doc, http.StatusAccepted)
	c.want.hides = append(c.want.hides, "Words before the edit", "Title before the edit")
	c.checkPost(o)
	c.shows(p.path, "edited")
	c.shows(p.path+"/history", "Words before the edit", c.firstWords(o))
}

func (c *scene) updateActor(by *fedtest.Actor, o document) {
	by.Change(map[string]any{"name": "Name before", "preferredUsername": o["preferredUsername"]})
	p := c.finds(by.ID)
	c.shows(p.path, "Name before")
	by.Change(o.with(map[string]any{"publicKey": nil, "endpoints": nil, "inbox": by.Inbox}))
	c.deliver(by, c.doc, http.StatusAccepted)
	sees := []string{o.text("name"), c.firstWords(document{"content": o["summary"]})}
	for _, field := range asList(o["attachment"]) {
		if m, ok := field.(map[string]any); ok {
			sees = append(sees, document(m).text("name"))
		}
	}
	c.shows(p.path, append(sees, c.want.sees...)...)
	c.showsNot(p.path, "Name before")
}

func (c *scene) playDelete() {
	by, id := c.actor(c.doc.id("actor")), c.doc.id("object")
	note := document{"id": id, "type": "Note", "attributedTo": by.ID, "content": "<p>To be deleted</p>", "to": publicURI}
	if id == by.ID {
		note["id"] = by.ID + "/the-last-words"
	}
	c.deliver(by, document(by.Activity("Create", note)), http.StatusAccepted)
	p := c.finds(note.text("id"))
	c.shows(p.path, "To be deleted")
	c.deliver(by, c.doc, http.StatusAccepted)
	c.until(p.path, "be gone", func(p *page) bool { return p.status == http.StatusGone || p.status == http.StatusNotFound })
	c.showsNot("/federated", "To be deleted")
	if id == by.ID {
		profile := p.path[:strings.LastIndexByte(p.path, '/')]
		c.until(profile, "be gone", func(p *page) bool { return p.status == http.StatusGone || p.status == http.StatusNotFound })
	}
}

// playAnnounce delivers a boost: of our member's post, or if the payload holds
// or names another one, of that, which our member then sees in home.
func (c *scene) playAnnounce() {
	by := c.actor(c.doc.id("actor"))
	if c.doc.id("object") == c.postURI() {
		c.deliver(by, c.doc, http.StatusAccepted)
		c.shows(c.postPath()+"/boosts", by.Handle)
		c.shows("/notifications", displayName(by))
		return
	}
	c.people()
	c.followed(by)
	o := c.doc.innermost()
	if c.doc.object() == nil {
		address := c.doc.id("object")
		id := address + "/real-id"
		o = document{"id": id, "type": "Note", "url": address, "attributedTo": c.actor(originOf(address) + "/people/writer").ID,
			"content": "<p>Said by somebody else</p>", "to": publicURI, "published": "2018-02-16T19:39:15Z"}
		c.peer(address).Handle(requestURI(c.T, address), o)
	}
	c.serve(o)
	c.parent(o)
	c.deliver(by, c.doc, http.StatusAccepted)
	author := c.author(o)
	c.showsAtHome(append([]string{displayName(by), "@" + author.Name + "@" + c.peer(author.ID).Host(), c.title(o), c.firstWords(o)}, c.want.sees...)...)
	for _, text := range c.want.hides {
		c.showsNot("/home", text)
	}
}

func originOf(uri string) string {
	return uri[:strings.Index(uri[len("https://"):], "/")+len("https://")]
}

func displayName(a *fedtest.Actor) string {
	name, _ := a.Document()["name"].(string)
	return cmp.Or(strings.Join(strings.Fields(name), " "), a.Name)
}

func (c *scene) playLike() {
	by := c.actor(c.doc.id("actor"))
	c.deliver(by, c.doc, http.StatusAccepted)
	c.deliver(by, c.doc, http.StatusAccepted) // once more, as after a lost answer
	p := c.shows(c.postPath()+"/favourites", by.Handle)
	if n := strings.Count(p.text, by.Handle); n != 1 {
		c.Errorf("%s is listed %d times", by.Handle, n)
	}
	c.shows("/notifications", displayName(by))
}

func (c *scene) playFollow() {
	by := c.actor(c.doc.id("actor"))
	c.deliver(by, c.doc, http.StatusAccepted)
	c.shows("/@mira/followers", by.Handle)
	c.shows("/notifications", displayName(by))
	accept := c.peer(by.ID).Await(c.T, fedtest.OfType("Accept"))
	if got := idOf(accept.Activity["object"]); got != c.doc.text("id") {
		c.Errorf("the Accept is of %q, want %q", got, c.doc.text("id"))
	}
}

// playAnswer delivers an Accept or Reject of a follow that our member made.
func (c *scene) playAnswer(kind string) {
	by := c.actor(c.doc.id("actor"))
	follow := c.startFollowing(by)
	answer := c.doc.with(nil)
	if o := c.doc.object(); o != nil {
		answer["object"] = map[string]any(o.with(map[string]any{"id": follow["id"]}))
	} else {
		answer["object"] = follow["id"]
	}
	c.deliver(by, answer, http.StatusAccepted)
	profile := c.finds(by.ID).path
	if kind == "reject" {
		c.until(profile, "offer to follow again", func(p *page) bool { return pressable(p, profile+"/follow") == "1" })
		return
	}
	c.shows("/@mira/following", by.Handle)
	c.shows(profile, "Following")
}

func (c *scene) playBlock() {
	by := c.actor(c.doc.id("actor"))
	c.followed(by)
	c.deliver(by, document(by.Activity("Follow", c.uri)), http.StatusAccepted)
	c.shows("/@mira/followers", by.Handle)
	c.deliver(by, c.doc, http.StatusAccepted)
	c.showsNot("/@mira/followers", by.Handle)
	c.showsNot("/@mira/following", by.Handle)
	profile := c.finds(by.ID)
	if pressable(profile, profile.path+"/follow") != "" {
		c.Errorf("%s offers to follow who has blocked us", profile.path)
	}
}

// playUndo delivers what is undone first.
func (c *scene) playUndo() {
	by, inner := c.actor(c.doc.id("actor")), c.doc.object()
	if inner == nil {
		inner = document(by.Activity(c.want.inner, c.postURI(), map[string]any{"id": c.doc.id("object")}))
	}
	list := map[string]string{"Follow": "/@mira/followers", "Like": c.postPath() + "/favourites", "Announce": c.postPath() + "/boosts"}[inner.text("type")]
	c.deliver(by, inner, http.StatusAccepted)
	c.shows(list, by.Handle)
	c.deliver(by, c.doc, http.StatusAccepted)
	c.showsNot(list, by.Handle)
}
