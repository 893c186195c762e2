package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// whisper stores a private post from elsewhere to a member.
func (s *site) whisper(from *store.Account, uri, text string, to *store.Account) *store.Post {
	s.t.Helper()
	return storetest.Receive(s.t, s.db, from, from.URI+uri, "<p>"+text+"</p>", func(r *store.RemotePost) {
		r.Visibility, r.Mentions = store.Direct, []int64{to.ID}
	})
}

func TestStrangersWaitUntilTheyAreAnswered(t *testing.T) {
	s, c := newVillage(t)
	zoe, yan := storetest.Remote(t, s.db, "zoe@far.example"), storetest.Remote(t, s.db, "yan@far.example")
	s.whisper(zoe, "/1", "psst", c.mira)
	s.whisper(yan, "/1", "buy this", c.mira)
	p, other := s.member("mira"), s.member("fay")
	p.get("/notifications").wants(200, "2 people you do not know wait").lacks("psst")
	page := p.get("/notifications/filtered").wants(200, "zoe", "yan", "psst", "1 notification")
	held, err := s.db.NotificationRequests(t.Context(), c.mira.ID, store.Cursor{})
	s.must(err)
	ids := map[string]string{}
	for _, r := range held.Requests {
		ids[r.From.Username] = strconv.FormatInt(r.ID, 10)
	}
	other.get("/notifications/filtered").wants(200, "Nobody waits")
	form := other.get("/settings/appearance").fields("/settings/appearance")
	other.post("/notifications/filtered", url.Values{"csrf": form["csrf"], "accept": {ids["zoe"]}}).wants(404)
	other.post("/notifications/filtered", url.Values{"csrf": form["csrf"], "dismiss": {ids["yan"]}}).wants(404)
	p.get("/notifications/filtered").wants(200, "zoe", "yan")
	page.submit("/notifications/filtered", "dismiss", ids["yan"]).leadsTo("/notifications/filtered").wants(200, "Dismissed.", "zoe").lacks("buy this")
	page.submit("/notifications/filtered", "accept", ids["zoe"]).leadsTo("/notifications/filtered").wants(200, "Nobody waits")
	page.submit("/notifications/filtered", "accept", ids["zoe"]).wants(404, "given already")
	page.submit("/notifications/filtered", "dismiss", ids["zoe"]).wants(404, "given already")
	page.submit("/notifications/filtered", "dismiss", "999").wants(404).lacks("Dismissed.")
	p.get("/notifications").wants(200, "mentioned you", "psst")
	for _, bad := range []string{"", "x", "-1", "99999999999999999999"} {
		page.submit("/notifications/filtered", "accept", bad).wants(404)
	}
}

func TestNotificationSettingsAreKept(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("mira")
	page := p.get("/settings/notifications").wants(200, "Mentions", "People you do not know").lacks("Requests to join")
	v := page.fields("/settings/notifications")
	if v.Has("private_mentions") || v.Get("new_accounts") != "accept" || len(v["page"]) != 15 {
		t.Errorf("the form begins with %v", v)
	}
	v["page"], v["push"] = []string{"mention", "signup", "nonsense"}, []string{"reply"}
	v.Set("new_accounts", "drop")
	p.post("/settings/notifications", v).leadsTo("/settings/notifications").wants(200, "Saved what you are told.")
	got, err := s.db.NotificationPolicy(t.Context(), c.mira.ID)
	s.must(err)
	if got.NewAccounts != store.DropNotification || len(got.Off) != 14 || len(got.NoPush) != 14 {
		t.Errorf("kept: %+v", got)
	}
	for _, value := range []string{"", "everything", "1"} {
		v.Set("not_followers", value)
		p.post("/settings/notifications", v).wants(422).problem("not_followers", "Choose one of these")
	}
	s.member("olga").get("/settings/notifications").wants(200, "Requests to join", "Reports")
}

func TestNotificationRowsAreGroupedFilteredAndDismissed(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "tomatoes", store.Public)
	for _, a := range []*store.Account{c.fay, c.sam, c.stan} {
		s.must(s.db.Favourite(t.Context(), a.ID, post.ID))
	}
	s.must(s.db.Boost(t.Context(), c.sam.ID, post.ID))
	p := s.member("mira")
	all := p.get("/notifications").wants(200, "stan", "and 2 others favourited your post", "boosted your post")
	p.get("/notifications?tab=mentions").wants(200, "Nothing new")
	p.get("/notifications?tab=follows").wants(200, "followed you").lacks("favourited your post")
	form := all.fields("/notifications/show")
	if len(form["kind"]) != 15 {
		t.Errorf("kinds ticked at first: %v", form["kind"])
	}
	form["kind"] = []string{"boost", "follow"}
	p.post("/notifications/show", form).leadsTo("/notifications").wants(200, "boosted your post").lacks("favourited your post")
	form["kind"] = nil
	p.post("/notifications/show", form).leadsTo("/notifications").wants(200, "favourited your post")
	groups, err := s.db.NotificationGroups(t.Context(), c.mira.ID, store.NotificationQuery{Kinds: []store.NotificationKind{store.NotifyFavourite}}, nil, store.Cursor{})
	s.must(err)
	gone := url.Values{"csrf": form["csrf"], "group": {groups.Groups[0].Key}}
	s.member("fay").get("/notifications")
	p.post("/notifications/dismiss", gone).leadsTo("/notifications").wants(200, "boosted your post").lacks("favourited your post")
	p.post("/notifications/dismiss", gone).wants(303) // a reload is harmless
	for _, bad := range []string{"", "mention-1-1", "ungrouped-", strings.Repeat("9", 400)} {
		p.post("/notifications/dismiss", url.Values{"csrf": form["csrf"], "group": {bad}}).wants(404)
	}
}

func TestConversationsAreReadAndAnswered(t *testing.T) {
	s, c := newVillage(t)
	s.clock.pass(time.Minute)
	first, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.fay.ID, Visibility: store.Direct, Source: content.Source{Text: "@mira the key is under the frog", Format: content.Plain}})
	s.must(err)
	p, other := s.member("mira"), s.member("stan")
	p.get("/home").wants(200, "Messages1 new")
	p.get("/messages").wants(200, "fay", "the key is under the frog")
	talk, err := s.db.ConversationWith(t.Context(), c.mira.ID, first.ID)
	s.must(err)
	path := "/messages/" + strconv.FormatInt(talk.ID, 10)
	page := p.get(path).wants(200, "Not encrypted.", "the key is under the frog")
	p.get("/home").lacks("Messages1 new")
	page.submit("/posts", "text", "@fay which frog?", "action", "post").wants(303)
	p.get(path).wants(200, "which frog?").holds(`aria-label="Reply to fay"`) // and not to oneself, who wrote last
	s.member("fay").get("/messages").wants(200, "mira", "which frog?")
	p.get(path).press(path+"/mute").leadsTo(path).wants(200, "Unmute it")
	p.get(path).press(path+"/mute").leadsTo(path).wants(200, "Mute this conversation")
	p.get(path).press(path+"/read").leadsTo("/messages").wants(200, "Marked as unread.")
	for _, bad := range []string{path, "/messages/0", "/messages/x", "/messages/1"} {
		other.get(bad).wants(404)
	}
	csrf := other.get("/settings/appearance").fields("/settings/appearance")["csrf"]
	for _, action := range []string{"/read", "/mute", "/remove"} {
		other.post(path+action, url.Values{"csrf": csrf, "on": {"1"}}).wants(404)
	}
	p.get(path).press(path+"/remove").leadsTo("/messages").wants(200, "No messages yet")
	p.get(path).wants(404)
}
