package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// chip is the button of an emoji under a post.
func (sc *screen) chip(value string) *html.Node {
	return findNode(sc.doc, func(n *html.Node) bool {
		return n.Data == "button" && nodeAttr(n, "name") == "emoji" && nodeAttr(n, "value") == value
	})
}

func findNode(n *html.Node, ok func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && ok(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := findNode(c, ok); found != nil {
			return found
		}
	}
	return nil
}

func nodeAttr(n *html.Node, name string) string {
	if n != nil {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
	}
	return ""
}

func TestPickerOffersWhatIsStored(t *testing.T) {
	s := newFoundedSite(t)
	for _, g := range s.server.pages.EmojiGroups("en", "") {
		for _, e := range g.Emoji {
			if full, ok := content.Emoji(e); !ok || full != e {
				t.Errorf("%s is not written as it is stored: %q, %v", e, full, ok)
			}
		}
	}
}

func TestReactAndTakeBack(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	s.user("bob", store.Member)
	p := storetest.Post(t, s.db, alice, "hello", store.Public)
	id := strconv.FormatInt(p.ID, 10)
	thread, picker := "/@alice/"+id, "/posts/"+id+"/react"
	bob := s.member("bob")
	page := bob.get(picker).wants(http.StatusOK)
	if page.chip("🌱") == nil {
		t.Fatal("the picker has no seedling")
	}
	if found := bob.get(picker + "?q=seedl"); found.chip("🌱") == nil || found.chip("🔥") != nil {
		t.Error("the search does not find the seedling alone")
	}
	if found := bob.get(picker + "?q=" + url.QueryEscape("🪿")); found.chip("🪿") == nil {
		t.Error("an emoji that was typed is not offered")
	}
	if found := bob.get(picker + "?q=nothingatall"); !strings.Contains(found.body, "No emoji here") {
		t.Error("an empty search says nothing")
	}
	token := nodeAttr(findNode(page.doc, func(n *html.Node) bool { return n.Data == "input" && nodeAttr(n, "name") == "csrf" }), "value")
	form := func(emoji, on string) url.Values {
		return url.Values{"csrf": {token}, "emoji": {emoji}, "on": {on}, "back": {thread}}
	}
	if got := bob.post(picker, form("🌱", "1")).wants(http.StatusSeeOther).location; got != thread+"#p"+id {
		t.Errorf("led to %s, want the post", got)
	}
	mine := bob.get(thread).chip("🌱")
	if nodeAttr(mine, "aria-pressed") != "true" || nodeAttr(mine, "formaction") != picker+"?on=0" {
		t.Errorf("bob's chip is %+v, want it pressed and to take back", mine)
	}
	if theirs := s.member("olga").get(thread).chip("🌱"); nodeAttr(theirs, "aria-pressed") != "false" || nodeAttr(theirs, "formaction") != picker {
		t.Errorf("olga's chip is %+v, want it not pressed", theirs)
	}
	if visitor := s.person().get(thread); !strings.Contains(visitor.body, "🌱") || visitor.chip("🌱") != nil {
		t.Error("a visitor should see the chip, without a button")
	}
	if list := bob.get(thread + "/reactions").wants(http.StatusOK); !strings.Contains(list.body, "🌱") || !strings.Contains(list.body, "@bob") {
		t.Error("the list of reactions lacks bob")
	}
	if notes := s.member("alice").get("/notifications"); !strings.Contains(notes.body, "reacted 🌱 to your post") {
		t.Error("alice is not told")
	}
	bob.post(picker, form("hello", "1")).wants(http.StatusUnprocessableEntity)
	bob.post(picker, form(":blobcat@far.example:", "1")).wants(http.StatusUnprocessableEntity)
	bob.post("/posts/1/react", form("🌱", "1")).wants(http.StatusNotFound)
	bob.post(picker, form("🌱", "0")).wants(http.StatusSeeOther)
	if bob.get(thread).chip("🌱") != nil {
		t.Error("the reaction is still there")
	}
	secret := storetest.Post(t, s.db, alice, "psst", store.Followers)
	for _, path := range []string{"/posts/" + strconv.FormatInt(secret.ID, 10) + "/react", "/@alice/" + strconv.FormatInt(secret.ID, 10) + "/reactions"} {
		bob.get(path).wants(http.StatusNotFound)
	}
}

func TestCustomReactionsAreWordsAndCanBeJoined(t *testing.T) {
	s := newFoundedSite(t)
	alice := s.user("alice", store.Member).Account
	p := storetest.Post(t, s.db, alice, "hello", store.Public)
	zoe := storetest.Remote(t, s.db, "zoe@far.example")
	err := s.db.ReceiveReaction(t.Context(), store.RemoteReaction{URI: "https://far.example/r/1", AccountID: zoe.ID, PostID: p.ID,
		Emoji: store.Emoji{Text: ":blobcat:", Host: "far.example", IconURL: "https://far.example/blobcat.png"}})
	if err != nil {
		t.Fatal(err)
	}
	id := strconv.FormatInt(p.ID, 10)
	member := s.member("alice")
	page := member.get("/@alice/" + id)
	if page.chip(":blobcat@far.example:") == nil || strings.Contains(page.body, "blobcat.png") {
		t.Error("want the custom emoji as words, and nothing loaded from elsewhere")
	}
	token := nodeAttr(findNode(page.doc, func(n *html.Node) bool { return n.Data == "input" && nodeAttr(n, "name") == "csrf" }), "value")
	member.post("/posts/"+id+"/react", url.Values{"csrf": {token}, "emoji": {":blobcat@far.example:"}}).wants(http.StatusSeeOther)
	if chip := member.get("/@alice/" + id).chip(":blobcat@far.example:"); nodeAttr(chip, "aria-pressed") != "true" {
		t.Error("the member could not join in")
	}
}
