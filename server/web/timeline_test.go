package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// shown are the first words of the posts on a page, in order.
func (s *screen) shown() []string {
	var list []string
	for n := range s.doc.Descendants() {
		if n.Data == "div" && attr(n, "class") == "body" {
			list = append(list, textOf(n))
		}
	}
	return list
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// link is where the link with this rel leads, or empty.
func (s *screen) link(rel string) string {
	for n := range s.doc.Descendants() {
		if n.Data == "a" && attr(n, "rel") == rel {
			return attr(n, "href")
		}
	}
	return ""
}

// node finds an element by its id.
func (s *screen) node(id string) *html.Node {
	for n := range s.doc.Descendants() {
		if attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// button finds a button of the hidden form by its path.
func (s *screen) button(action string) *html.Node {
	for n := range s.doc.Descendants() {
		if n.Data == "button" && attr(n, "formaction") == action {
			return n
		}
	}
	return nil
}

func TestPagingBothWays(t *testing.T) {
	s, c := newVillage(t)
	var want []string
	for i := range 45 {
		s.pass(time.Second)
		text := fmt.Sprintf("post %02d #seeds", i)
		storetest.Post(t, s.db, c.mira, text, store.Public)
		want = append([]string{text}, want...)
	}
	p := s.member("fay")
	for _, path := range []string{"/home", "/local", "/federated", "/tags/seeds", "/@mira"} {
		var got []string
		page := p.get(path).wants(200)
		if page.link("prev") != "" {
			t.Errorf("%s: the newest page links to a newer one", path)
		}
		for {
			got = append(got, page.shown()...)
			next := page.link("next")
			if next == "" {
				break
			}
			page = p.get(next).wants(200)
		}
		if path == "/home" {
			want := want[len(want)-len(got):] // from when fay followed
			if len(got) < 40 || !slices.Equal(got, want) {
				t.Errorf("%s downwards: got %d posts %q", path, len(got), got)
			}
		} else if !slices.Equal(got, want) {
			t.Errorf("%s downwards: got %q, want %q", path, got, want)
		}
		var back []string
		for {
			back = append(page.shown(), back...)
			prev := page.link("prev")
			if prev == "" {
				break
			}
			page = p.get(prev).wants(200)
		}
		if !slices.Equal(back, got) {
			t.Errorf("%s upwards: got %q, want %q", path, back, got)
		}
	}
	// A bookmark of a page shows the same page after new posts.
	second := p.get("/local").link("next")
	before := p.get(second).shown()
	storetest.Post(t, s.db, c.mira, "newer #seeds", store.Public)
	if after := p.get(second).shown(); !slices.Equal(before, after) {
		t.Errorf("a new post moved an older page: %q, then %q", before, after)
	}
	p.get("/local?before=1").wants(200)
	p.get("/local?before=x&after=-3").wants(200, "newer")
}

func TestEmptyPagesSayWhatToDo(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	for path, want := range map[string]string{
		"/home": "Nothing here yet", "/local": "No posts yet", "/federated": "No posts yet", "/tags/nothing": "No posts with this tag",
		"/bookmarks": "No bookmarks yet", "/favourites": "No favourites yet", "/notifications": "Nothing new", "/search": "Find people, or open a link",
		"/follow-requests": "No open requests", "/@olga": "No posts yet", "/@olga/replies": "No replies yet", "/@olga/media": "No posts with pictures",
		"/@olga/followers": "Nobody here yet", "/@olga/following": "Nobody here yet", "/@olga/about": "About this account",
	} {
		p.get(path).wants(200, want)
	}
	p.get("/tags/no%20tag").wants(404)
	p.get("/tags/%ff").wants(404)
	p.get("/@olga/unknown").wants(404)
	p.get("/@nobody").wants(404)
	p.get("/@olga%00").wants(404)
	p.get("/@instance.actor").wants(404)
}

// TestFailedActionsLeadBack: who pressed a button in vain finds the place again.
func TestFailedActionsLeadBack(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "Tomatoes", store.Public)
	page := s.member("fay").get("/local?x=1")
	s.must(s.db.DeletePost(t.Context(), c.mira.ID, post.ID))
	page.press(in("/posts/%/favourite", post.ID)).wants(http.StatusNotFound, "Back to where you were").holds(in(`href="/local?x=1#p%"`, post.ID))
}

// TestActions walks through the buttons under a post, each twice.
func TestActions(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "Tomatoes", store.Public)
	p := s.member("fay")
	for action, words := range map[string][2]string{"favourite": {"Favourite1", "Favourite"}, "boost": {"Boost1", "Boost"}, "bookmark": {"Bookmark", "Bookmark"}} {
		path := in("/posts/%/"+action, post.ID)
		there := in("/local?x=1#p%", post.ID)
		page := p.get("/local?x=1")
		stale := page
		for i, state := range []string{"true", "false"} {
			page.press(path).leadsTo(there)
			page = p.get("/local?x=1") // without the flash, whose button takes it back
			b := page.button(path)
			if got := attr(b, "aria-pressed"); got != state {
				t.Errorf("%s pressed %d times: aria-pressed is %q, want %q", action, i+1, got, state)
			}
			if got := textOf(b); got != words[i] {
				t.Errorf("%s pressed %d times: text %q, want %q", action, i+1, got, words[i])
			}
		}
		// The same form twice, as a double click or a reload sends it.
		stale.press(path).leadsTo(there)
		page = stale.press(path).leadsTo(there)
		if got := textOf(page.button(path)); got != words[0] {
			t.Errorf("%s sent twice: text %q, want %q", action, got, words[0])
		}
	}
	p.get("/bookmarks").wants(200, "Tomatoes")
	p.get("/favourites").wants(200, "Tomatoes")
	p.get(in("/@mira/%/favourites", post.ID)).wants(200, "Favourited by", "fay")
	p.get(in("/@mira/%/boosts", post.ID)).wants(200, "Boosted by", "fay")
	s.member("mira").get("/notifications").wants(200, "fay favourited your post", "fay boosted your post", "Tomatoes")
}

func TestBoostNeedsPermission(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "Only us", store.Followers)
	p := s.member("fay")
	page := p.get("/home").wants(200, "Only us")
	if page.button(in("/posts/%/boost", post.ID)) != nil || !strings.Contains(page.body, "Boosting is off") {
		t.Error("a followers-only post of another offers to be boosted")
	}
	form := page.fieldsOfAct()
	form.Set("on", "1")
	p.post(in("/posts/%/boost", post.ID), form).wants(403, "Boosting is off")
	s.member("mira").get("/@mira").press(in("/posts/%/boost", post.ID)).wants(303)
}

func TestPin(t *testing.T) {
	s, c := newVillage(t)
	first := storetest.Post(t, s.db, c.mira, "The first", store.Public)
	storetest.Post(t, s.db, c.mira, "The second", store.Public)
	p := s.member("mira")
	page := p.get("/@mira").press(in("/posts/%/pin", first.ID)).leadsTo(in("/@mira#p%", first.ID)).wants(200, "Pinned to your profile.")
	if got := page.shown(); !slices.Equal(got, []string{"The first", "The second"}) {
		t.Errorf("pinned: got %q", got)
	}
	if other := s.member("fay").get("/@mira"); other.button(in("/posts/%/pin", first.ID)) != nil || !strings.Contains(other.words(), "Pinned") {
		t.Error("others see no pinned post, or may pin it")
	}
	page.press(in("/posts/%/pin", first.ID)).leadsTo(in("/@mira#p%", first.ID)).wants(200, "No longer pinned.")
}

func TestBoostedPostNamesAll(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "Tomatoes", store.Public)
	for _, a := range []*store.Account{c.fay, c.sam} {
		s.must(s.db.Follow(t.Context(), c.stan.ID, a.ID))
		s.pass(time.Second)
		s.must(s.db.Boost(t.Context(), a.ID, post.ID))
	}
	page := s.member("stan").get("/home").wants(200, "Tomatoes", "and 1 other boosted")
	if n := len(page.shown()); n != 1 {
		t.Errorf("a post that two boosted is shown %d times", n)
	}
}

// TestHostileNames fills every text of other servers with markup.
func TestHostileNames(t *testing.T) {
	s := newFoundedSite(t)
	const evil = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`
	eve := &store.Account{URI: "https://evil.example/users/eve", Username: "eve", Host: "evil.example", URL: "https://evil.example/@eve", Inbox: "https://evil.example/inbox",
		DisplayName: evil + "\u202e", Bio: content.Sanitise(evil + `<a href="javascript:alert(1)">x</a>`), CreatedAt: s.Now(),
		Fields: []store.Field{{Name: evil, Value: content.Sanitise(evil)}}}
	s.must(s.db.SaveRemoteAccount(t.Context(), eve))
	olga, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	post := storetest.Receive(t, s.db, eve, "https://evil.example/1", "<p>hello "+evil+"</p>", func(r *store.RemotePost) {
		r.ContentWarning, r.Title, r.Language = evil, evil, `en" onclick="x`
		r.Mentions = []int64{olga.Account.ID}
		r.Attachments = []*store.Attachment{
			{Kind: store.AttachedImage, URL: "https://evil.example/x.png?" + evil, Description: evil, Width: 640, Height: 480},
			{Kind: store.AttachedFile, URL: "javascript:alert(1)", Description: "dropped"},
		}
	})
	s.must(s.db.ReceiveFollow(t.Context(), eve.ID, olga.Account.ID, "https://evil.example/f"))
	p := s.member("olga")
	for _, path := range []string{"/federated", "/notifications", "/@eve@evil.example", "/@eve@evil.example/about", in("/@eve@evil.example/%", post.ID), "/@olga/followers", "/search?q=eve",
		in("/compose?reply_to=%", post.ID), "/@eve@evil.example/block", in("/@eve@evil.example/%/history", post.ID)} {
		page := p.get(path).wants(200)
		for _, bad := range []string{"<script>alert", "onerror=alert(1)>", "javascript:", `onclick="x`, "\u202e"} {
			if strings.Contains(strings.ReplaceAll(page.body, "&#34;&gt;&lt;img src=x onerror=alert(1)&gt;", ""), bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
		for n := range page.doc.Descendants() {
			if n.Data == "script" && !ourScript(n) || n.Data == "img" && !strings.HasPrefix(attr(n, "src"), "/") {
				t.Errorf("%s has an element of somebody else's: %s %s", path, n.Data, attr(n, "src"))
			}
		}
	}
	p.get("/federated").wants(200, "ALT").lacks("dropped")
}

// TestLinksStayHere follows mentions and tags of a post from elsewhere.
func TestLinksStayHere(t *testing.T) {
	s, c := newVillage(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	storetest.Receive(t, s.db, jonas, "https://hollow.example/1",
		`<p><a href="https://here.example/@mira">@mira</a> <a href="https://hollow.example/@jonas">@jonas</a> `+
			`<a href="https://hollow.example/tags/Seeds">#Seeds</a> <a href="https://hollow.example/tag/s%C3%A9?x=1">#sé</a> `+
			`<a href="https://blog.example/tags/Seeds">a blog</a> <a href="https://here.example.evil.example/x">not us</a></p>`,
		func(r *store.RemotePost) { r.Mentions = []int64{c.mira.ID, jonas.ID} })
	page := s.member("mira").get("/federated").wants(200)
	var got []string
	for n := range page.doc.Descendants() {
		if n.Data == "div" && attr(n, "class") == "body" {
			for a := range n.Descendants() {
				if a.Data == "a" {
					got = append(got, attr(a, "href"))
				}
			}
		}
	}
	want := []string{"/@mira", "/@jonas@hollow.example", "/tags/Seeds", "/tags/s%C3%A9", "https://blog.example/tags/Seeds", "https://here.example.evil.example/x"}
	if !slices.Equal(got, want) {
		t.Errorf("got links\n%q, want\n%q", got, want)
	}
}

func TestOtherMethodsAreNotFound(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	for _, path := range []string{"/posts", "/posts/1/favourite", "/posts/1/fetch-replies", "/@olga/follow", "/@olga/fetch", "/notifications/read", "/follow-requests/1/accept"} {
		if got := p.get(path).status; got != http.StatusNotFound {
			t.Errorf("GET %s: got %d, want 404", path, got)
		}
	}
}

// TestALongPostIsFoldedInTimelines shows its beginning there and all of it in
// its thread. Letters stand whole in their conversation.
func TestALongPostIsFoldedInTimelines(t *testing.T) {
	s, c := newVillage(t) // Fay follows mira
	text := strings.Repeat("The heap wants air and water. ", 105) + "The end."
	long := storetest.Post(t, s.db, c.mira, text, store.Public)
	fay, path := s.member("fay"), in("/@mira/%", long.ID)
	for _, list := range []string{"/home", "/local", "/@mira", "/search?q=heap&type=posts"} {
		fay.get(list).wants(200, "The heap wants air", "Read on").holds(`href="` + path).lacks("The end.")
	}
	fay.get(path).wants(200, "The end.").lacks("Read on")
	answer := storetest.Reply(t, s.db, c.fay, long, text, store.Public)
	fay.get(path).wants(200, "The end.").lacks("Read on") // no answer is folded either
	fay.get(in("/@fay/%", answer.ID)).wants(200, "The end.").lacks("Read on")

	storetest.Post(t, s.db, c.mira, text[:2800]+"The middle.", store.Public)
	fay.get("/local").wants(200, "The middle.")
	storetest.Post(t, s.db, c.mira, "@fay "+text, store.Direct)
	list, err := s.db.Conversations(t.Context(), c.fay.ID, store.Cursor{})
	s.must(err)
	fay.get(in("/messages/%", list.Conversations[0].ID)).wants(200, "The end.").lacks("Read on")
}
