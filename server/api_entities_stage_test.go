package server_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"image/color"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

const everyScope = "read write follow push profile admin:read admin:write"

// entityStage is a server on which everything that an entity can say was done by
// somebody, and nothing by somebody else.
type entityStage struct {
	t                *testing.T
	in               *instance
	mira, noor, boss *client // mira has everything, noor little
	others           []*client
	visitor, plain   *client // plain is of an app that has no website
	miraID, noorID   string
	far, away        *store.Account // elsewhere
}

func newEntityStage(t *testing.T) *entityStage {
	in, mira, noor, noorID := two(t, everyScope)
	s := &entityStage{t: t, in: in, mira: mira, noor: noor, noorID: noorID, visitor: in.app(), boss: in.signIn(in.boss(), everyScope),
		miraID: mira.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")}
	go http.Serve(in.net.Listen("maps.example"), http.HandlerFunc(mapSite))
	for _, name := range []string{"olga", "pavel", "quinn"} {
		s.others = append(s.others, in.signIn(in.member(name), everyScope))
	}
	s.plain = in.app()
	app := s.plain.ask("POST", "/api/v1/apps", form("client_name", "Plain", "redirect_uris", outOfBand, "scopes", "read write")).wants(200)
	s.plain.id, s.plain.secret = app.text("client_id"), app.text("client_secret")
	s.plain.token = s.plain.exchange(s.plain.code(in.member("rob"), outOfBand, "read write"), outOfBand).wants(200).text("access_token")
	in.addEmoji("seed", color.RGBA{G: 200, A: 255})
	s.far, s.away = storetest.Remote(t, in.db, "fay@far.example"), storetest.Remote(t, in.db, "abe@away.example")
	return s
}

// try fails the test for an error of the store.
func (s *entityStage) try(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// post writes a post and checks the answer.
func (s *entityStage) post(e *entityTable, by *client, pairs ...string) *answer {
	s.t.Helper()
	return e.in("Status", by.ask("POST", "/api/v1/statuses", form(pairs...)))
}

func (s *entityStage) people(e *entityTable) {
	t, in := s.t, s.in
	const self = "/api/v1/accounts/verify_credentials"
	e.in("Account", s.noor.ask("GET", self, nil))
	e.in("Profile", s.noor.ask("GET", "/api/v1/profile", nil))
	s.mira.ask("PATCH", "/api/v1/accounts/update_credentials", form("display_name", ":seed: Mira", "note", "I *grow* :seed:", "discoverable", "true", "source[language]", "en",
		"fields_attributes[0][name]", "Home", "fields_attributes[0][value]", "https://mira.example/", "fields_attributes[1][name]", "Town", "fields_attributes[1][value]", "Willow Bend",
		"hide_collections", "true", "attribution_domains[]", "maps.example")).wants(200)
	s.try(in.db.SetFieldProofs(t.Context(), number(t, s.miraID), map[string]store.FieldLook{"https://mira.example/": store.FieldLinksBack}))
	for _, picture := range []string{"avatar", "header"} {
		s.mira.upload("PATCH", "/api/v1/accounts/update_credentials", picture, picture+"_description", "a square").wants(200)
	}
	s.hideCounts(s.miraID)
	tag := s.mira.ask("POST", "/api/v1/featured_tags", form("name", "seeds"))
	e.in("FeaturedTag", tag)
	s.post(e, s.mira, "status", "first #seeds")
	e.all("FeaturedTag", s.mira.ask("GET", "/api/v1/featured_tags", nil))
	e.in("Account", s.mira.ask("GET", self, nil))
	e.in("Profile", s.mira.ask("GET", "/api/v1/profile", nil))
	for _, a := range []*client{s.mira, s.noor} {
		e.in("Preferences", a.ask("GET", "/api/v1/preferences", nil))
	}

	s.far.MovedToURI, s.far.DisplayName = s.away.URI, "Fay :flower:"
	s.try(in.db.SaveRemoteAccount(t.Context(), s.far, store.EmojiTag{Name: "flower", IconURL: "https://far.example/flower.png"}))
	gone := storetest.Remote(t, in.db, "gus@gone.example")
	gone.Suspended, gone.Inbox = true, "https://gone.example/inbox"
	s.try(in.db.SaveRemoteAccount(t.Context(), gone))
	for _, handle := range []string{"fay@far.example", "gus@gone.example", "abe@away.example", "boss_of_this", "noor"} {
		e.in("Account", s.visitor.ask("GET", "/api/v1/accounts/lookup?acct="+handle, nil))
	}
	s.relations(e)
	s.moves()
}

// moves lets somebody whom mira follows go to another account.
func (s *entityStage) moves() {
	s.others[1].ask("PUT", "/api/pleroma/aliases", form("alias", "olga")).wants(200)
	s.others[0].ask("POST", "/api/pleroma/move_account", form("password", password, "target_account", "pavel")).wants(200)
	eventually(s.t, "the news of the move", func() bool {
		return s.mira.ask("GET", "/api/v1/notifications?types[]=move", nil).wants(200).len() > 0
	})
}

// hideCounts hides the numbers of followers and follows.
func (s *entityStage) hideCounts(id string) {
	s.t.Helper()
	yes := true
	s.try(s.in.db.ChangePrivacy(s.t.Context(), number(s.t, id), store.PrivacyChange{HidesCounts: &yes, HidesNetwork: &yes}))
}

func (s *entityStage) relations(e *entityTable) {
	away := decimal(s.away.ID)
	relation := func(do string, pairs ...string) {
		s.t.Helper()
		e.in("Relationship", s.mira.ask("POST", "/api/v1/accounts/"+do, form(pairs...)))
	}
	relation(s.noorID+"/follow", "languages[]", "en", "notify", "true")
	relation(s.noorID+"/note", "comment", "from the market")
	relation(s.noorID + "/endorse")
	relation(away+"/mute", "duration", "3600")
	relation(decimal(s.far.ID)+"/mute", "notifications", "false")
	e.all("Account", s.mira.ask("GET", "/api/v1/mutes", nil))
	relation(away + "/unmute")
	relation(decimal(s.far.ID) + "/unmute")
	e.all("Relationship", s.mira.ask("GET", "/api/v1/accounts/relationships?id[]="+s.noorID+"&id[]="+away, nil))
	olga := s.others[0]
	olga.ask("POST", "/api/v1/accounts/"+s.noorID+"/follow", nil).wants(200)
	olgaID := olga.ask("GET", "/api/v1/accounts/verify_credentials", nil).text("id")
	relation(olgaID + "/follow")
	e.all("FamiliarFollowers", s.mira.ask("GET", "/api/v1/accounts/familiar_followers?id[]="+s.noorID, nil))
	e.all("Suggestion", s.others[1].ask("GET", "/api/v2/suggestions", nil))
	e.all("Account", s.visitor.ask("GET", "/api/v1/directory", nil))
	e.all("Account", s.mira.ask("GET", "/api/v1/endorsements", nil))
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// picture uploads a file of mira's.
func (s *entityStage) picture(e *entityTable, fields ...string) string {
	s.t.Helper()
	return e.in("MediaAttachment", s.mira.upload("POST", "/api/v2/media", "file", fields...)).text("id")
}

func (s *entityStage) posts(e *entityTable) {
	media := s.picture(e, "description", "a square", "focus", "0.5,-0.25")
	s.picture(e)
	post := s.post(e, s.mira, "status", "Everything #seeds @noor :seed:", "spoiler_text", "long", "language", "en", "media_ids[]", media, "expires_in", "86400").text("id")
	reply := s.post(e, s.noor, "status", "@mira why?", "in_reply_to_id", post).text("id")
	e.in("Context", s.mira.ask("GET", "/api/v1/statuses/"+post+"/context", nil))
	e.in("Context", s.mira.ask("GET", "/api/v1/statuses/"+reply+"/context", nil))
	for _, emoji := range []string{"🌱", "seed"} {
		e.in("Status", s.noor.ask("PUT", "/api/v1/pleroma/statuses/"+post+"/reactions/"+emoji, nil))
	}
	e.all("Pleroma::Reaction", s.mira.ask("GET", "/api/v1/pleroma/statuses/"+post+"/reactions", nil))
	for _, do := range []string{"favourite", "bookmark", "mute"} {
		e.in("Status", s.noor.ask("POST", "/api/v1/statuses/"+post+"/"+do, nil))
	}
	e.in("Status", s.others[2].ask("POST", "/api/v1/statuses/"+post+"/favourite", nil))
	e.in("Status", s.boss.ask("PUT", "/api/v1/pleroma/statuses/"+post+"/reactions/🌱", nil))
	for _, other := range s.others[:2] {
		e.in("Status", other.ask("POST", "/api/v1/statuses/"+post+"/favourite", nil))
		e.in("Status", other.ask("PUT", "/api/v1/pleroma/statuses/"+post+"/reactions/seed", nil))
	}
	e.in("Status", s.noor.ask("POST", "/api/v1/statuses/"+post+"/reblog", nil))
	e.in("Status", s.mira.ask("POST", "/api/v1/statuses/"+post+"/pin", nil))
	quoting := s.post(e, s.noor, "status", "look", "quoted_status_id", post).text("id")
	deeper := s.post(e, s.mira, "status", "twice", "quoted_status_id", quoting).text("id")
	e.in("Status", s.noor.ask("POST", "/api/v1/statuses/"+quoting+"/unbookmark", nil))
	e.in("Status", s.visitor.ask("GET", "/api/v1/statuses/"+deeper, nil))
	e.in("Status", s.mira.ask("PUT", "/api/v1/statuses/"+post, form("status", "Less #seeds @noor :seed:", "media_ids[]", media)))
	e.all("StatusEdit", s.mira.ask("GET", "/api/v1/statuses/"+post+"/history", nil))
	e.in("StatusSource", s.mira.ask("GET", "/api/v1/statuses/"+post+"/source", nil))
	s.post(e, s.plain, "status", "plainly said")
	s.poll(e)
	s.cards(e)
	s.postsElsewhere(e)
	s.post(e, s.noor, "status", "only here", "visibility", "local")
	for _, path := range []string{"timelines/home", "timelines/public", "timelines/tag/seeds", "accounts/" + s.miraID + "/statuses", "accounts/" + s.noorID + "/statuses"} {
		for _, who := range []*client{s.mira, s.noor, s.visitor} {
			if path != "timelines/home" || who != s.visitor {
				e.all("Status", who.ask("GET", "/api/v1/"+path, nil))
			}
		}
	}
	s.mira.ask("POST", "/api/v1/statuses/"+post+"/quotes/"+quoting+"/revoke", nil).wants(200)
	e.in("Status", s.visitor.ask("GET", "/api/v1/statuses/"+quoting, nil))
	e.in("Status", s.mira.ask("DELETE", "/api/v1/statuses/"+deeper, nil))
	s.scheduled(e)
}

func (s *entityStage) poll(e *entityTable) {
	asked := s.post(e, s.mira, "status", "Tea?", "poll[options][]", "yes :seed:", "poll[options][]", "no", "poll[expires_in]", "3600", "poll[hide_totals]", "true")
	poll := "/api/v1/polls/" + asked.text("poll", "id")
	for _, who := range []*client{s.mira, s.noor, s.visitor} {
		e.in("Poll", who.ask("GET", poll, nil))
	}
	e.in("Poll", s.noor.ask("POST", poll+"/votes", form("choices[]", "1")))
	e.all("StatusEdit", s.mira.ask("GET", "/api/v1/statuses/"+asked.text("id")+"/history", nil))
	s.try(s.in.db.EndPoll(s.t.Context(), number(s.t, asked.text("poll", "id"))))
}

// mapSite is a site whose pages say everything about themselves, or little.
func mapSite(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path != "/ridge" {
		w.Write([]byte(`<title>A plain page</title><meta name="author" content="Jo">`))
		return
	}
	w.Write([]byte(`<html lang="en"><title>Ridge</title><meta property="og:site_name" content="Slow maps"><meta property="og:description" content="Eleven kilometres">
		<meta name="fediverse:creator" content="@mira@here.example"><meta property="article:published_time" content="2026-01-02T03:04:05Z">
		<meta property="og:image" content="/i.png"><meta property="og:image:alt" content="A ridge">`))
}

// cards waits for the cards of two posts, one with everything and one with little.
func (s *entityStage) cards(e *entityTable) {
	s.t.Helper()
	for _, page := range []string{"ridge", "plain"} {
		post := s.post(e, s.mira, "status", "see https://maps.example/"+page).text("id")
		at := "/api/v1/statuses/" + post
		eventually(s.t, "the card of "+post, func() bool { return s.mira.ask("GET", at, nil).wants(200).at("card") != nil })
		e.in("PreviewCard", s.mira.ask("GET", at+"/card", nil))
	}
}

// postsElsewhere receives posts of other servers, with everything and with little.
func (s *entityStage) postsElsewhere(e *entityTable) {
	t, db := s.t, s.in.db
	big := storetest.Receive(t, db, s.away, "https://away.example/big", "<p>big</p>", func(r *store.RemotePost) {
		r.Attachments = []*store.Attachment{
			{Kind: store.AttachedImage, URL: "https://away.example/a.png", MediaType: "image/png", Description: "a square", Width: 40, Height: 30, Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj"},
			{Kind: store.AttachedVideo, URL: "https://away.example/b.mp4", MediaType: "video/mp4", Duration: 3 * time.Second},
			{Kind: store.AttachedFile, URL: "https://away.example/c.pdf", MediaType: "application/pdf"}}
	})
	asked := storetest.Receive(t, db, s.away, "https://away.example/asks", "<p>asks</p>", func(r *store.RemotePost) {
		r.Kind = store.Question
		r.Poll = &store.Poll{Options: []store.PollOption{{Name: "yes"}, {Name: "no"}}, Voters: -1}
	})
	picky := storetest.Receive(t, db, s.away, "https://away.example/picky", "<p>ask me</p>", func(r *store.RemotePost) {
		r.Policy = r.Policy.With(store.DeedQuote, store.Rule{Said: true, Ask: store.CircleEveryone})
	})
	e.in("Context", s.mira.ask("GET", "/api/v1/statuses/"+decimal(big.ID)+"/context", nil))
	e.in("WrappedRefresh", s.mira.ask("GET", "/api/v1_alpha/async_refreshes/"+decimal(big.ID), nil))
	for _, p := range []*store.Post{big, asked, picky} {
		e.in("Status", s.mira.ask("GET", "/api/v1/statuses/"+decimal(p.ID), nil))
	}
}

func (s *entityStage) scheduled(e *entityTable) {
	media := s.picture(e)
	post := s.post(e, s.noor, "status", "quote me").text("id")
	s.noor.ask("POST", "/api/v1/statuses", form("status", "later", "scheduled_at", inHours(2))).wants(200)
	e.all("ScheduledStatus", s.noor.ask("GET", "/api/v1/scheduled_statuses", nil))
	e.in("ScheduledStatus", s.mira.ask("POST", "/api/v1/statuses", form("status", "later", "scheduled_at", inHours(3), "spoiler_text", "x", "language", "de", "media_ids[]", media,
		"in_reply_to_id", post)))
	e.in("ScheduledStatus", s.mira.ask("POST", "/api/v1/statuses", form("status", "later", "scheduled_at", inHours(4), "quoted_status_id", post)))
	e.in("ScheduledStatus", s.mira.ask("POST", "/api/v1/statuses", form("status", "asks", "scheduled_at", inHours(5), "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "3600")))
	e.all("ScheduledStatus", s.mira.ask("GET", "/api/v1/scheduled_statuses", nil))
}

func (s *entityStage) told(e *entityTable) {
	for _, q := range []string{"", "?supported_types[]=mention"} {
		for _, who := range []*client{s.mira, s.noor, s.others[1]} {
			e.all("Notification", who.ask("GET", "/api/v1/notifications"+q, nil))
			e.in("NotificationGroups", who.ask("GET", "/api/v2/notifications"+q, nil))
		}
	}
	a := e.in("NotificationGroups", s.mira.ask("GET", "/api/v2/notifications?expand_accounts=partial_avatars", nil))
	e.in("NotificationGroups", s.mira.ask("GET", "/api/v2/notifications/"+a.text("notification_groups", 0, "group_key"), nil))
	s.boss.ask("POST", "/api/v1/accounts/"+s.noorID+"/follow", nil).wants(200)
	e.in("NotificationPolicy", s.noor.ask("PATCH", "/api/v2/notifications/policy", form("for_not_following", "filter")))
	s.mira.ask("POST", "/api/v1/statuses", form("status", "@noor hello")).wants(200)
	s.others[2].ask("POST", "/api/v1/accounts/"+s.noorID+"/follow", nil).wants(200)
	e.all("NotificationRequest", s.noor.ask("GET", "/api/v1/notifications/requests", nil))
	e.in("Report", s.mira.ask("POST", "/api/v1/reports", form("account_id", s.noorID)))
	post := s.post(e, s.noor, "status", "buy my seeds").text("id")
	e.in("Report", s.mira.ask("POST", "/api/v1/reports", form("account_id", s.noorID, "status_ids[]", post, "rule_ids[]", "1", "comment", "an advert")))
	direct := s.post(e, s.noor, "status", "@mira hush", "visibility", "direct").text("id")
	for _, path := range []string{"/api/v1/notifications?types[]=admin.report", "/api/v1/notifications?types[]=move"} {
		who := s.boss
		if path == "/api/v1/notifications?types[]=move" {
			who = s.mira
		}
		e.all("Notification", who.ask("GET", path, nil))
	}
	e.in("NotificationGroups", s.boss.ask("GET", "/api/v2/notifications", nil))
	e.all("Conversation", s.mira.ask("GET", "/api/v1/conversations", nil))
	s.noor.ask("DELETE", "/api/v1/statuses/"+direct, nil).wants(200)
	a = s.mira.ask("POST", "/api/v1/markers", form("home[last_read_id]", "103", "notifications[last_read_id]", "7")).wants(200)
	for _, name := range []string{"home", "notifications"} {
		e.holds("Marker", a.at(name), "markers "+name)
	}
	s.announce(e)
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	s.try(err)
	e.in("WebPushSubscription", s.mira.ask("POST", "/api/v1/push/subscription", form("subscription[endpoint]", "https://push.example/x", "subscription[keys][p256dh]", base64.URLEncoding.EncodeToString(key.PublicKey().Bytes()),
		"subscription[keys][auth]", base64.RawURLEncoding.EncodeToString(make([]byte, 16)), "data[alerts][mention]", "true")))
}

func (s *entityStage) announce(e *entityTable) {
	t, db := s.t, s.in.db
	for _, n := range []store.NewAnnouncement{{Source: "Hello :seed:"}, {Source: "Days", StartsAt: time.Now().Add(-time.Hour), EndsAt: time.Now().Add(time.Hour), AllDay: true}} {
		_, err := db.CreateAnnouncement(t.Context(), n)
		s.try(err)
	}
	a := e.all("Announcement", s.mira.ask("GET", "/api/v1/announcements", nil))
	for _, emoji := range []string{"🌱", "seed"} {
		s.mira.ask("PUT", "/api/v1/announcements/"+a.text(0, "id")+"/reactions/"+emoji, nil).wants(200)
	}
	e.all("Announcement", s.noor.ask("GET", "/api/v1/announcements", nil))
}

func (s *entityStage) lists(e *entityTable) {
	e.in("List", s.mira.ask("POST", "/api/v1/lists", form("title", "Friends")))
	e.all("List", s.mira.ask("GET", "/api/v1/lists", nil))
	post := s.post(e, s.noor, "status", "of cabbage").text("id")
	e.in("Filter", s.mira.ask("POST", "/api/v2/filters", form("title", "x", "context[]", "home", "keywords_attributes[0][keyword]", "cabbage", "expires_in", "3600")))
	f := e.in("Filter", s.mira.ask("POST", "/api/v2/filters", form("title", "y", "context[]", "public"))).text("id")
	e.in("FilterKeyword", s.mira.ask("POST", "/api/v2/filters/"+f+"/keywords", form("keyword", "leek")))
	e.in("FilterStatus", s.mira.ask("POST", "/api/v2/filters/"+f+"/statuses", form("status_id", post)))
	e.all("Filter", s.mira.ask("GET", "/api/v2/filters", nil))
	e.all("V1::Filter", s.mira.ask("GET", "/api/v1/filters", nil))
	for _, path := range []string{"timelines/home", "timelines/public"} {
		e.all("Status", s.mira.ask("GET", "/api/v1/"+path, nil))
	}
	e.in("Tag", s.mira.ask("POST", "/api/v1/tags/seeds/follow", nil))
	e.all("Tag", s.mira.ask("GET", "/api/v1/trends/tags", nil))
	e.all("Tag", s.mira.ask("GET", "/api/v1/followed_tags", nil))
	e.in("Search", s.mira.ask("GET", "/api/v2/search?q=seeds", nil))
	e.in("Search", s.mira.ask("GET", "/api/v2/search?q=noor", nil))
	collection := e.in("WrappedCollection", s.mira.ask("POST", "/api/v1/collections", form("name", "Growers"))).text("collection", "id")
	s.noor.ask("PATCH", "/api/v1/accounts/update_credentials", form("discoverable", "true")).wants(200)
	e.in("WrappedCollectionItem", s.mira.ask("POST", "/api/v1/collections/"+collection+"/items", form("account_id", s.noorID)))
	e.in("WrappedCollection", s.mira.ask("PATCH", "/api/v1/collections/"+collection, form("language", "en", "tag_name", "seeds", "description", "They grow")))
	e.in("CollectionWithAccounts", s.visitor.ask("GET", "/api/v1/collections/"+collection, nil))
	e.in("CollectionsWithAccountPreviews", s.visitor.ask("GET", "/api/v1/accounts/"+s.miraID+"/collections", nil))
}

func (s *entityStage) site(e *entityTable) {
	t, in := s.t, s.in
	e.in("Instance", s.visitor.ask("GET", "/api/v2/instance", nil))
	e.in("V1::Instance", s.visitor.ask("GET", "/api/v1/instance", nil))
	for entity, path := range map[string]string{"ExtendedDescription": "extended_description", "PrivacyPolicy": "privacy_policy"} {
		e.in(entity, s.visitor.ask("GET", "/api/v1/instance/"+path, nil))
	}
	for _, name := range store.PageNames() {
		s.try(in.db.SetSitePage(t.Context(), name, "Words of *ours*"))
	}
	for entity, path := range map[string]string{"ExtendedDescription": "extended_description", "PrivacyPolicy": "privacy_policy", "TermsOfService": "terms_of_service"} {
		e.in(entity, s.visitor.ask("GET", "/api/v1/instance/"+path, nil))
	}
	for key, value := range map[string]string{"blocked_hosts": "loud.example", "show_blocks": "all", "contact_account": "boss_of_this", "closed_message": "Come back"} {
		s.try(in.db.SetSetting(t.Context(), key, value))
	}
	s.try(in.db.SetHouseRules(t.Context(), []store.HouseRule{{Text: "Be kind", Hint: "to all"}}))
	e.in("Instance", s.visitor.ask("GET", "/api/v2/instance", nil))
	e.in("V1::Instance", s.visitor.ask("GET", "/api/v1/instance", nil))
	e.all("Rule", s.visitor.ask("GET", "/api/v1/instance/rules", nil))
	e.all("Activity", s.visitor.ask("GET", "/api/v1/instance/activity", nil))
	e.all("DomainBlock", s.visitor.ask("GET", "/api/v1/instance/domain_blocks", nil))
	e.all("CustomEmoji", s.visitor.ask("GET", "/api/v1/custom_emojis", nil))
	e.holds("Error", s.visitor.ask("GET", "/api/v1/statuses/1", nil).wants(404).value, "an error")
	e.holds("Error", s.mira.ask("POST", "/api/v1/lists", nil).wants(422).value, "an error beside a field")
	e.holds("Error", s.visitor.ask("POST", "/oauth/token", form("grant_type", "nonsense")).wants(400).value, "an error of OAuth")
}

func (s *entityStage) staff(e *entityTable) {
	t, in := s.t, s.in
	u, err := in.db.User(t.Context(), number(t, s.noorID))
	s.try(err)
	u.Preferences.Locale = "de"
	s.try(in.db.SetPreferences(t.Context(), u.Account.ID, u.Preferences))
	s.try(in.db.SetSetting(t.Context(), "registrations", "approval"))
	_, _, err = in.db.SignUp(t.Context(), store.SignUp{NewUser: store.NewUser{Name: "rosa", Password: password}, Reason: "I grow things"})
	s.try(err)
	e.all("Admin::Account", s.boss.ask("GET", "/api/v2/admin/accounts", nil))
	e.all("Admin::Account", s.boss.ask("GET", "/api/v2/admin/accounts?origin=remote", nil))
	s.try(in.db.ReceiveReport(t.Context(), store.RemoteReport{URI: "https://away.example/flags/1", Host: "away.example", FromID: s.away.ID, AccountID: number(t, s.noorID), Comment: "from afar"}))
	reports := e.all("Admin::Report", s.boss.ask("GET", "/api/v1/admin/reports", nil))
	one := "/api/v1/admin/reports/" + reports.text(0, "id")
	e.in("Admin::Report", s.boss.ask("POST", one+"/assign_to_self", nil))
	e.in("Admin::Report", s.boss.ask("POST", one+"/resolve", nil))
	e.all("Notification", s.boss.ask("GET", "/api/v1/notifications?types[]=admin.report", nil))
	e.in("Admin::DomainBlock", s.boss.ask("POST", "/api/v1/admin/domain_blocks", form("domain", "worse.example", "private_comment", "since May", "public_comment", "Adverts")))
	e.all("Admin::DomainBlock", s.boss.ask("GET", "/api/v1/admin/domain_blocks", nil))
	e.in("Admin::DomainAllow", s.boss.ask("POST", "/api/v1/admin/domain_allows", form("domain", "good.example")))
	e.all("Admin::DomainAllow", s.boss.ask("GET", "/api/v1/admin/domain_allows", nil))
	day := time.Now().UTC().Format(time.DateOnly)
	e.all("Admin::Tag", s.boss.ask("GET", "/api/v1/admin/trends/tags", nil))
	e.in("Admin::Tag", s.boss.ask("GET", "/api/v1/admin/tags/seeds", nil))
	e.all("Admin::Dimension", s.boss.ask("POST", "/api/v1/admin/dimensions", url.Values{"keys[]": {"languages", "space_usage"}, "start_at": {day}, "end_at": {day}}))
	e.all("Admin::Measure", s.boss.ask("POST", "/api/v1/admin/measures", url.Values{"keys[]": {"new_users", "opened_reports"}, "start_at": {day}, "end_at": {day}}))
}

func (s *entityStage) apps(e *entityTable) {
	e.all("Pleroma::Backup", s.mira.ask("POST", "/api/v1/pleroma/backups", nil))
	e.in("Application", s.visitor.ask("POST", "/api/v1/apps", form("client_name", "Plain", "redirect_uris", outOfBand, "scopes", "read")))
	app := s.in.app()
	a := e.in("Application", app.ask("POST", "/api/v1/apps", form("client_name", "Rich", "redirect_uris", outOfBand, "scopes", "read", "website", "https://app.example/")))
	e.in("Application", s.mira.ask("GET", "/api/v1/apps/verify_credentials", nil))
	e.in("Token", app.ask("POST", "/oauth/token", form("grant_type", "client_credentials", "client_id", a.text("client_id"), "client_secret", a.text("client_secret"), "scope", "read")))
}
