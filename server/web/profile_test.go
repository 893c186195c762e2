package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

func TestFollowAndUnfollow(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("stan")
	page := p.get("/@mira").press("/@mira/follow").leadsTo("/@mira").wants(200, "You follow mira now.", "Following")
	p.get("/@mira/followers").wants(200, "stan")
	s.member("mira").get("/notifications").wants(200, "stan and 1 other followed you")
	page.press("/@mira/follow").leadsTo("/@mira").wants(200, "You no longer follow mira.")
	if rel, _ := s.db.Relation(t.Context(), c.stan.ID, c.mira.ID); rel.Following {
		t.Error("still follows")
	}
	form := page.fieldsOfAct()
	form.Set("on", "1")
	p.post("/@stan/follow", form).wants(403, "That is you.")
	p.post("/@nobody/follow", form).wants(404)
	bob := s.member("bob")
	form = bob.get("/@fay").fieldsOfAct()
	form.Set("on", "1")
	bob.post("/@mira/follow", form).wants(403, "You cannot follow mira")
}

func TestLockedAccount(t *testing.T) {
	s, c := newVillage(t)
	s.must(s.db.ChangePrivacy(t.Context(), c.mira.ID, store.PrivacyChange{Locked: new(true)}))
	p, mira := s.member("stan"), s.member("mira")
	ask := "/@mira/follow"
	page := p.get("/@mira").wants(200, "Ask to follow").press(ask).leadsTo("/@mira").wants(200, "You asked to follow mira.", "Requested")
	page.press(ask).leadsTo("/@mira").wants(200, "You no longer follow mira.")
	p.get("/@mira").press(ask)
	path := in("/follow-requests/%/", c.stan.ID)
	mira.get("/@stan").wants(200, "stan asks to follow you.")
	mira.get("/notifications").wants(200, "stan asks to follow you")
	requests := mira.get("/follow-requests").wants(200, "stan")
	requests.press(path+"accept").leadsTo("/follow-requests").wants(200, "stan follows you now.", "No open requests")
	// An old page refuses who was accepted meanwhile: nothing happens.
	requests.press(path+"reject").leadsTo("/follow-requests").wants(200, "answered already")
	p.get("/notifications").wants(200, "mira accepted your request to follow")
	if rel, _ := s.db.Relation(t.Context(), c.stan.ID, c.mira.ID); !rel.Following {
		t.Error("does not follow after the request was accepted")
	}
	s.member("sam").get("/@mira").press(ask)
	mira.get("/follow-requests").press(in("/follow-requests/%/reject", c.sam.ID)).leadsTo("/follow-requests").wants(200, "The request was turned down.")
	form := requests.fieldsOfAct()
	mira.post("/follow-requests/1/accept", form).leadsTo("/follow-requests").wants(200, "answered already")
}

func TestBlock(t *testing.T) {
	s, c := newVillage(t)
	storetest.Post(t, s.db, c.mira, "aloud", store.Public)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	p := s.member("fay")
	confirm := p.get("/@mira/block").wants(200, "Block mira?", "Neither of you follows").lacks("Their server is told")
	page := confirm.submit("/@mira/block").leadsTo("/@mira").wants(200, "You block mira now.", "Unblock").lacks("aloud")
	p.get("/local").wants(200).lacks("aloud")
	p.get("/search?q=mira").wants(200, "Nothing found")
	page.press("/@mira/block").leadsTo("/@mira").wants(200, "You no longer block mira.", "aloud")
	p.get(jonas.Path()+"/block").wants(200, "Their server is told")
	p.get("/@fay/block").wants(403, "That is you.")
	s.person().get("/@mira/block").leadsTo("/login?next=%2F%40mira%2Fblock")
}

// TestBlockedViewer opens the profile of somebody who blocked the viewer.
func TestBlockedViewer(t *testing.T) {
	s, c := newVillage(t)
	s.must(s.db.UpdateProfile(t.Context(), c.mira.ID, store.Profile{Bio: "My secret garden", Fields: []store.Field{{Name: "Door", Text: "left"}}}))
	storetest.Post(t, s.db, c.mira, "aloud", store.Public)
	bob := s.member("bob")
	for _, tab := range []string{"", "/replies", "/media", "/followers", "/following", "/about"} {
		page := bob.get("/@mira"+tab).wants(200, "mira has blocked you").lacks("secret garden", "aloud", "Door", "/@fay", "0 posts", "No posts yet", "Nobody", "Mention in a post", "Write a private message")
		if page.button("/@mira/follow") != nil {
			t.Errorf("%s offers to follow", tab)
		}
	}
}

func TestLocalProfile(t *testing.T) {
	s, c := newVillage(t)
	s.must(s.db.UpdateProfile(t.Context(), c.mira.ID, store.Profile{DisplayName: "Mira <Okafor>", Bio: "Knows @fay and https://x.example",
		Fields: []store.Field{{Name: "Home", Text: "https://mira.example"}}}))
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	s.must(s.db.ReceiveFollow(t.Context(), jonas.ID, c.mira.ID, "https://hollow.example/f"))
	reply := storetest.Reply(t, s.db, c.mira, storetest.Post(t, s.db, c.fay, "root", store.Public), "An answer", store.Public)
	s.must(s.db.Boost(t.Context(), c.mira.ID, storetest.Post(t, s.db, c.sam, "By sam", store.Public).ID))
	p := s.person()
	page := p.get("/@mira").wants(200, "Mira <Okafor>", "@mira@here.example", "Knows", "Home", "By sam", "mira@here.example", "Copy this handle").lacks("An answer", "<Okafor>")
	for _, want := range []string{`href="/@fay"`, `href="https://x.example"`, `<link rel="canonical" href="https://here.example/@mira">`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the profile lacks %s", want)
		}
	}
	if strings.Contains(page.body, "noindex") {
		t.Error("an open profile is kept from search engines")
	}
	p.get("/@mira/replies").wants(200, "An answer")
	p.get("/@mira/followers").wants(200, "fay", "jonas")
	p.get("/@fay/following").wants(200, "Mira")
	p.get("/@MIRA").leadsTo("/@mira")
	p.get("/@mira@here.example/replies").leadsTo("/@mira/replies")
	p.get("/@mira/12" + in("%", reply.ID)).wants(404)
}

func TestWaitingMembersHaveNoProfile(t *testing.T) {
	s := newFoundedSite(t)
	s.set("registrations", "approval")
	_, _, err := s.db.SignUp(t.Context(), store.SignUp{NewUser: store.NewUser{Name: "hopeful", Password: storetest.Password}, Reason: "please"})
	s.must(err)
	s.person().get("/@hopeful").wants(404)
	s.member("olga").get("/@hopeful").wants(404)
	if got := s.person().asJSON("/@hopeful").status; got != 404 {
		t.Errorf("as a document: got %d, want 404", got)
	}
}

func TestRemoteProfile(t *testing.T) {
	s := newFoundedSite(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	storetest.Receive(t, s.db, jonas, "https://hollow.example/1", "<p>From afar</p>")
	s.must(s.db.SetRemoteCounts(t.Context(), jonas.ID, 1204, 30, 40))
	for _, path := range []string{"/@jonas@hollow.example", "/@jonas@hollow.example/followers"} {
		visitor := s.person().get(path)
		if visitor.status != 303 || visitor.location != jonas.URL || visitor.header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s as a visitor: got %d to %q, want the original", path, visitor.status, visitor.location)
		}
	}
	p := s.member("olga")
	page := p.get("/@jonas@hollow.example").wants(200, "From afar", "You see what reached Willow Bend: 1 of about 1,204 posts.", "Open at hollow.example", "1,204 posts", "30 followers")
	for _, want := range []string{`content="noindex"`, `<link rel="canonical" href="https://hollow.example/@jonas">`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if got := s.jobs(); len(got) != 0 {
		t.Errorf("a profile that was read now is asked for again: %q", got)
	}
	s.pass(fetchAgain + time.Second)
	page.press("/@jonas@hollow.example/fetch").leadsTo("/@jonas@hollow.example").wants(200, "Asking the other server")
	if got, want := s.jobs(), []string{in("outbox %", jonas.ID)}; !slices.Equal(got, want) {
		t.Errorf("jobs: got %q, want %q", got, want)
	}
	s.pass(refreshAfter)
	p.get("/@jonas@hollow.example").wants(200)
	if got, want := s.jobs(), []string{in("refresh %", jonas.ID)}; !slices.Equal(got, want) {
		t.Errorf("jobs a day later: got %q, want %q", got, want)
	}
	form := p.get("/@olga").fieldsOfAct()
	p.post("/@olga/fetch", form).wants(404)
}

// TestFirstViewAsksForPosts: only members cause requests to other servers.
func TestFirstViewAsksForPosts(t *testing.T) {
	s := newFoundedSite(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	s.person().get(jonas.Path())
	if got := s.jobs(); len(got) != 0 {
		t.Errorf("a visitor caused %q", got)
	}
	p := s.member("olga")
	p.get(jonas.Path()).wants(200, "There may be more.")
	if got, want := s.jobs(), []string{in("outbox %", jonas.ID)}; !slices.Equal(got, want) {
		t.Errorf("jobs: got %q, want %q", got, want)
	}
	p.get(jonas.Path()).wants(200)
	if got := s.jobs(); len(got) != 0 {
		t.Errorf("asked twice: %q", got)
	}
}

// TestNoWayOut: an account can't make our addresses lead to where it likes.
func TestNoWayOut(t *testing.T) {
	s := newFoundedSite(t)
	eve := &store.Account{URI: "https://evil.example/users/eve", Username: "eve", Host: "evil.example", URL: "https://bank.example/login", Inbox: "https://evil.example/inbox", CreatedAt: s.Now()}
	s.must(s.db.SaveRemoteAccount(t.Context(), eve))
	post := storetest.Receive(t, s.db, eve, "https://evil.example/1", "<p>x</p>", func(r *store.RemotePost) { r.URL = "javascript:alert(1)" })
	for path, want := range map[string]string{eve.Path(): eve.URI, postPath(eve, post.ID): "https://evil.example/1"} {
		if got := s.person().get(path); got.location != want {
			t.Errorf("%s leads to %q, want %q", path, got.location, want)
		}
	}
}

func TestMovedAccount(t *testing.T) {
	s := newFoundedSite(t)
	newer := storetest.Remote(t, s.db, "jonas@new.example")
	old := &store.Account{URI: "https://old.example/jonas", Username: "jonas", Host: "old.example", URL: "https://old.example/jonas", Inbox: "https://old.example/i", CreatedAt: s.Now(), MovedToURI: newer.URI,
		Bio: content.Sanitise("<p>gone</p>")}
	s.must(s.db.SaveRemoteAccount(t.Context(), old))
	s.member("olga").get(old.Path()).wants(200, "This account has moved to jonas @jonas@new.example")
}

func TestNotifications(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "Tomatoes", store.Public)
	for _, a := range []*store.Account{c.fay, c.sam, c.stan} {
		s.must(s.db.Favourite(t.Context(), a.ID, post.ID))
	}
	reply := storetest.Reply(t, s.db, c.sam, post, "@mira which ones?", store.Public)
	storetest.Post(t, s.db, c.stan, "Ask @mira", store.Public)
	storetest.Post(t, s.db, c.bob, "No word to her", store.Public)
	p := s.member("mira")
	p.get("/home").wants(200, "Notifications6 new") // fay's follow is the sixth
	mentions := p.get("/notifications?tab=mentions").wants(200, "sam replied to you", "stan mentioned you", "which ones?").lacks("favourited")
	if mentions.button(in("/posts/%/favourite", reply.ID)) == nil {
		t.Error("a reply comes without its buttons")
	}
	p.get("/home").wants(200, "Notifications6 new") // the tab shows only some
	page := p.get("/notifications").wants(200, "stan and 2 others favourited your post", "fay followed you", "Tomatoes", "Mark all as read")
	if n := strings.Count(page.body, `class="dot"`); n != 4 {
		t.Errorf("got %d marks of unread rows, want 4", n)
	}
	p.get("/home").wants(200).lacks("Notifications6", `class="count"`)
	if again := p.get("/notifications").wants(200, "fay followed you"); strings.Contains(again.body, `class="dot"`) {
		t.Error("rows are still marked as unread")
	}
	s.must(s.db.Boost(t.Context(), c.fay.ID, post.ID))
	page.press("/notifications/read").leadsTo("/notifications").wants(200, "All marked as read.", "fay boosted your post").lacks(`class="dot"`)
	// Another member's list is their own.
	s.member("stan").get("/notifications").wants(200, "Nothing new").lacks("Tomatoes")
}

func TestNotificationPaging(t *testing.T) {
	s, c := newVillage(t)
	for range 70 {
		storetest.Post(t, s.db, c.fay, "Hey @mira", store.Public)
	}
	p := s.member("mira")
	page, n := p.get("/notifications"), 0
	for {
		n += len(page.shown())
		next := page.link("next")
		if next == "" {
			break
		}
		page = p.get(next).wants(200)
	}
	if n != 70 {
		t.Errorf("got %d mentions, want 70", n)
	}
	if page.link("prev") == "" {
		t.Error("the last page has no way back")
	}
}
