package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/store"
	"seedling/store/storetest"
)

// bareKey finds a message that was not put into words.
var bareKey = regexp.MustCompile(`\b(nav|post|form|error|flash|confirm|profile|compose|notifications|follow|visibility|role|timeline|thread|away|lookup|search|people|history)\.[a-z_]+\b`)

// TestPagesAreSound opens everything that can be read and written on a server
// with some life, as a visitor and as a member, and checks what ui.md §6.10
// says of every page.
func TestPagesAreSound(t *testing.T) {
	s, c := newVillage(t)
	s.must(s.db.UpdateProfile(t.Context(), c.mira.ID, store.Profile{Bio: "Gardens", Fields: []store.Field{{Name: "Home", Text: "https://mira.example"}}}))
	s.must(s.db.ChangePrivacy(t.Context(), c.mira.ID, store.PrivacyChange{Locked: new(true)}))
	root := storetest.Post(t, s.db, c.mira, "The root #seeds @fay", store.Public)
	for _, v := range []store.Visibility{store.Public, store.Unlisted, store.Followers, store.LocalOnly} {
		storetest.Reply(t, s.db, c.fay, root, "An answer @mira", v)
	}
	s.pass(time.Minute)
	_, err := s.db.UpdatePost(t.Context(), c.mira.ID, root.ID, store.Edit{Source: root.Source, ContentWarning: "Roots", SeenAt: root.Version()})
	s.must(err)
	s.must(s.db.Pin(t.Context(), c.mira.ID, root.ID))
	s.must(s.db.Boost(t.Context(), c.fay.ID, root.ID))
	s.must(s.db.Favourite(t.Context(), c.fay.ID, root.ID))
	s.must(s.db.Bookmark(t.Context(), c.mira.ID, root.ID))
	s.must(s.db.Favourite(t.Context(), c.mira.ID, root.ID))
	s.must(s.db.Follow(t.Context(), c.stan.ID, c.mira.ID))
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	remote := storetest.Receive(t, s.db, jonas, "https://hollow.example/1", "<p>From afar</p>", func(r *store.RemotePost) {
		r.Title, r.Mentions, r.ReplyToURI = "An article", []int64{c.mira.ID}, "https://far.example/1"
		r.Attachments = []*store.Attachment{{Kind: store.AttachedImage, URL: "https://hollow.example/a.png", Description: "A map"}}
	})
	pages := []string{"/home", "/local", "/federated", "/tags/seeds", "/bookmarks", "/favourites", "/notifications", "/notifications?tab=mentions", "/search", "/search?q=fay", "/follow-requests",
		"/@mira", "/@mira/replies", "/@mira/media", "/@mira/followers", "/@mira/following", "/@mira/about", "/@fay", "/@fay/block", jonas.Path(), jonas.Path() + "/about",
		in("/@mira/%", root.ID), in("/@mira/%?sort=new&cw=open", root.ID), in("/@mira/%/history", root.ID), in("/@mira/%/boosts", root.ID), in("/@mira/%/favourites", root.ID), in(jonas.Path()+"/%", remote.ID),
		"/compose", in("/compose?reply_to=%", root.ID), in("/posts/%/edit", root.ID), in("/posts/%/delete", root.ID), in("/posts/%/redraft", root.ID), in("/interact/%", root.ID)}
	for name, p := range map[string]*person{"visitor": s.person(), "mira": s.member("mira")} {
		opened := 0
		for _, path := range pages {
			page := p.get(path)
			if page.status == 303 {
				continue
			}
			page.wants(200)
			page.sound(name + " " + path)
			if head := p.do("HEAD", path, "", ""); head.status != 200 || head.body != "" {
				t.Errorf("%s: HEAD %s: got %d with %d bytes", name, path, head.status, len(head.body))
			}
			opened++
		}
		if opened < 14 {
			t.Errorf("%s could open %d pages only", name, opened)
		}
	}
	mira := s.member("mira")
	mira.get("/compose").submit("/posts", "text", "*x* @fay", "visibility", "direct", "action", "preview").sound("preview")
	mira.get("/compose").submit("/posts", "text", "", "action", "post").sound("mistake")
}

// sound checks one document.
func (s *screen) sound(name string) {
	s.p.t.Helper()
	ids, h1 := map[string]int{}, 0
	for n := range s.doc.Descendants() {
		if n.Type == html.TextNode && bareKey.MatchString(n.Data) {
			s.p.t.Errorf("%s shows a message's key: %q", name, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		switch n.Data {
		case "h1":
			h1++
		case "img":
			if !hasAttr(n, "alt") || !hasAttr(n, "width") || !hasAttr(n, "height") {
				s.p.t.Errorf("%s: a picture lacks alt, width or height", name)
			}
		case "a":
			if href := attr(n, "href"); href == "" || strings.HasPrefix(href, "http") && !strings.Contains(attr(n, "rel"), "noopener") && !strings.HasPrefix(href, "https://code.example") {
				s.p.t.Errorf("%s: a link to %q with rel %q", name, href, attr(n, "rel"))
			}
		case "script", "style", "iframe":
			if !ourScript(n) {
				s.p.t.Errorf("%s has an element %s", name, n.Data)
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			s.p.t.Errorf("%s: the id %s is there %d times", name, id, n)
		}
	}
	if h1 != 1 {
		s.p.t.Errorf("%s has %d h1", name, h1)
	}
	if strings.Contains(s.body, "ZgotmplZ") {
		s.p.t.Errorf("%s holds something that the templates refused", name)
	}
}

// ourScript says whether an element is a module of static/, with nothing inline.
func ourScript(n *html.Node) bool {
	return n.Data == "script" && attr(n, "type") == "module" && strings.HasPrefix(attr(n, "src"), "/static/js/") && n.FirstChild == nil
}
