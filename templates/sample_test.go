package templates

import (
	"html/template"
	"time"
)

// A small invented place, used by the tests and by the screenshots. Every page
// comes full and empty.

var now = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) Moment { return Moment{At: now.Add(-d), Now: now} }

func testFrame(viewer bool) *Frame {
	f := &Frame{
		Site: Site{Name: "Willow Bend", Host: "willowbend.example", Version: "0.1", SourceURL: "https://willowbend.example/source", JoinMode: "approval", ShowLocal: true, Passkeys: true,
			Description: "Neighbours along one small river, 64 of us. Posts by members, nothing ranked, nothing sold."},
		CSRF: "t0ken", Path: "/home?before=9", Lang: "en", Dir: "ltr", Now: now,
	}
	if viewer {
		f.Viewer = &Viewer{ID: 7, Name: "noor", DisplayName: "Noor Haddad", Avatar: "/avatars/7.svg", Admin: true, Moderator: true, Notifications: 3, Requests: 1, SignUps: 2}
	}
	return f
}

// emptyFrame has what a frame never lacks.
func emptyFrame() *Frame { return &Frame{Site: Site{Name: "Willow Bend", Host: "willowbend.example"}} }

var (
	fern  = Account{ID: 101, DisplayName: "Fern Street Garden", User: "fernstreet", URL: "/@fernstreet", Avatar: "/avatars/101.svg"}
	mira  = Account{ID: 102, DisplayName: "Mira Okafor", User: "mira", URL: "/@mira", Avatar: "/avatars/102.svg", Role: "moderator"}
	jonas = Account{ID: 103, DisplayName: "Jonas Vale", User: "jonas", Host: "hollow.example", URL: "/@jonas@hollow.example", Avatar: "/avatars/103.svg"}
	sam   = Account{ID: 104, DisplayName: "Sam Mossbank", User: "sam", URL: "/@sam", Avatar: "/avatars/104.svg"}
	owl   = Account{ID: 105, DisplayName: "Night Owl Radio", User: "nightowl", Host: "airwaves.example", URL: "/@nightowl@airwaves.example", Avatar: "/avatars/105.svg", Bot: true}
	moss  = Account{ID: 106, DisplayName: "Moss watchers", User: "moss", Host: "hollow.example", URL: "/@moss@hollow.example", Avatar: "/avatars/106.svg", Group: true}
	noor  = Account{ID: 7, DisplayName: "Noor Haddad", User: "noor", URL: "/@noor", Avatar: "/avatars/7.svg", Role: "owner"}
)

func samplePosts() []Post {
	return []Post{
		{ID: 1, URL: "/@fernstreet/1", Author: fern, HTML: `<p>Day nine on the window sill. The tomatoes have opinions about the light already, and the basil is simply pretending not to notice.</p><p>Spare trays for anyone in walking distance, bring a box! <a href="/tags/seedswap">#seedswap</a></p>`,
			Lang: "en", Visibility: "public", Created: ago(12 * time.Minute), Replies: 4, Boosts: 9, Favourites: 1121, Favourited: true, CanBoost: true, Reactions: sampleReactions()},
		{ID: 2, URL: "/@jonas@hollow.example/2", Origin: "https://hollow.example/p/2", Author: jonas, HTML: `<p>We walked the old parcel road from the harbour to the ridge and drew every bench, spring and friendly dog along it.</p>`, Visibility: "public", Created: ago(34 * time.Minute),
			BoostedBy: &mira, Boosted: true, Boosts: 48, CanBoost: true,
			Attachments: []Attachment{{Kind: "image", URL: "https://hollow.example/m/1.jpg", Alt: "A hand drawn map of eleven quiet kilometres"}, {Kind: "audio", URL: "https://hollow.example/m/2.ogg"}}},
		{ID: 3, URL: "/@jonas@hollow.example/3", Author: jonas, HTML: `<p>Dad is home, walking, and already complaining about the coffee.</p>`, ContentWarning: "Hospital, good outcome", Visibility: "unlisted", Created: ago(time.Hour),
			ReplyTo: &ReplyRef{Name: "Sam Mossbank", URL: "/@sam/99"}, Replies: 7, CanBoost: true, Bookmarked: true, Edited: ago(30 * time.Minute)},
		{ID: 4, URL: "/@noor/4", Author: noor, HTML: `<p>Key to the shed is under the <em>second</em> frog, not the first. Ask me how long I looked.</p><ul><li>Frog one: moss</li><li>Frog two: key</li></ul><blockquote><p>It was the third frog.</p></blockquote><pre><code>look under frog --all</code></pre>`, Visibility: "followers", Created: ago(26 * time.Hour), Mine: true, Pinned: true, PinnedByMe: true, Tag: "post.you"},
		{ID: 5, URL: "/@nightowl@airwaves.example/5", Author: owl, HTML: `<p>מחר בערב: מוזיקה לחלונות פתוחים.</p>`, Lang: "he", Visibility: "public", Created: ago(5 * 24 * time.Hour), ReplyTo: &ReplyRef{}, CanBoost: true},
		{ID: 16, URL: "/@nightowl@airwaves.example/16", Origin: "https://airwaves.example/e/6", Author: owl, Group: &moss, Closed: true, Title: "Open windows night", Excerpt: "Bring a radio, a chair and…", Visibility: "public", Created: ago(6 * 24 * time.Hour), CanBoost: true,
			Facts: &Facts{Kind: "event", Start: now, End: now.Add(26 * time.Hour), Cancelled: true, Place: "The ridge, Willow Bend", Duration: time.Hour, Artist: "Owl", Album: "Nights",
				BookURL: "https://books.example/book/1", Rating: "4.5", Page: 25, Origin: "https://airwaves.example/e/6", Host: "airwaves.example"}},
		{ID: 21, URL: "/@nightowl@airwaves.example/21", Author: owl, HTML: `<p>Quoting.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), CanQuote: true,
			Quote: &Quote{Post: &Post{ID: 22, URL: "/@sam/22", Author: sam, HTML: `<p>Quoted.</p>`, Visibility: "public", Created: ago(8 * 24 * time.Hour)}}},
		{ID: 23, URL: "/@nightowl@airwaves.example/23", Author: owl, HTML: `<p>Quoting.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), Quote: &Quote{State: "away", URL: "https://far.example/1", Away: true}},
		{ID: 24, URL: "/@nightowl@airwaves.example/24", Author: owl, HTML: `<p>Quoting.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), Quote: &Quote{State: "waiting", URL: "/@sam/22"}},
		{ID: 25, URL: "/@nightowl@airwaves.example/25", Author: owl, HTML: `<p>Quoting.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), Quote: &Quote{State: "hidden"}},
		{ID: 26, URL: "/@nightowl@airwaves.example/26", Author: owl, HTML: `<p>Quoting.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), Quote: &Quote{State: "removed"}},
		{ID: 28, URL: "/@nightowl@airwaves.example/28", Author: owl, HTML: `<p>The ridge.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), CanBoost: true,
			Card: &LinkCard{URL: "https://slowmaps.example/ridge", Site: "Slow maps", Title: "The Ridge Walk, sheet four", Description: "A hand drawn map of eleven quiet kilometres, with water, shade and places to sit.", Lang: "en", Picture: "/img/1.png", Author: &mira}},
		{ID: 29, URL: "/@nightowl@airwaves.example/29", Author: owl, HTML: `<p>The leaflet.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), CanBoost: true,
			Card: &LinkCard{URL: "https://slowmaps.example/a_very_long_name_of_a_leaflet_that_somebody_made.pdf", Site: "slowmaps.example", Byline: "Fern Street", Title: "a_very_long_name_of_a_leaflet_that_somebody_made_and_that_never_ends.pdf", Document: true}},
		{ID: 18, URL: "/@nightowl@airwaves.example/18", Author: owl, HTML: `<p>A show.</p>`, Visibility: "public", Created: ago(7 * 24 * time.Hour), Facts: &Facts{Type: "Show", Percent: 40, Duration: 200 * time.Second}},
		{ID: 6, URL: "/@mira/6", Author: mira, HTML: `<p>Repair café on Saturday: what should we open with?</p>`, Lang: "en", Visibility: "public", Created: ago(2 * time.Hour), CanBoost: true,
			Poll: &Poll{ID: 6, Open: true, Ends: ago(-30 * time.Hour), Votes: 39, Voters: 39, Options: []PollOption{{Number: 0, Name: "Bikes and wheels", Votes: 18, Percent: 46, Mine: true}, {Number: 1, Name: "Lamps & toasters", Votes: 12, Percent: 31, Mine: false}, {Number: 2, Name: "Clothes and zips", Votes: 9, Percent: 23, Mine: false}}}},
		{ID: 7, URL: "/@sam/7", Author: sam, HTML: `<p>Which frogs stay?</p>`, ContentWarning: "Frogs", Visibility: "public", Created: ago(3 * time.Hour), CanBoost: true,
			Poll: &Poll{ID: 7, Open: true, CanVote: true, Multiple: true, Voters: -1, Votes: 3, Results: "/@sam/7?results=1#p7", Options: []PollOption{{Number: 0, Name: "One", Votes: 2, Percent: 67, Mine: false}, {Number: 1, Name: "Two", Votes: 1, Percent: 33, Mine: false}}}},
		{ID: 8, URL: "/@fernstreet/8", Author: fern, HTML: `<p>Soup?</p>`, Visibility: "public", Created: ago(3 * time.Hour), CanBoost: true,
			Poll: &Poll{ID: 8, Ends: ago(time.Hour), Voters: 1, Votes: 1, Hidden: true, Back: "/@fernstreet/8#p8", Options: []PollOption{{Number: 0, Name: "Yes", Votes: 1, Percent: 100, Mine: false}, {Number: 1, Name: "No", Votes: 0, Percent: 0, Mine: false}}}},
	}
}

// sampleReactions are more than find room, and each kind.
func sampleReactions() []Reaction {
	list := []Reaction{{Emoji: "🌱", Value: "🌱", Count: 9, Mine: true}, {Emoji: "❤\ufe0f", Value: "❤\ufe0f", Count: 1204}, {Emoji: ":blobcat:", Value: ":blobcat@far.example:", Count: 1}, {Emoji: "🪿", Value: "🪿", Count: 2}, {Emoji: ":a_name_of_a_custom_emoji_that_somebody_elsewhere_made_too_long:", Value: ":x@far.example:", Count: 1}}
	for _, e := range []string{"🐶", "🐱", "🐭", "🐰", "🦊", "🐻", "🐼", "🐸", "🐵", "🙈"} {
		list = append(list, Reaction{Emoji: e, Value: e, Count: 1})
	}
	return list
}

func samplePeople() []AccountCard {
	return []AccountCard{
		{Account: sam, Bio: "Knows where the shed key is, mostly.", Since: ago(5 * time.Hour)},
		{Account: fern, Since: ago(50 * time.Hour), Relation: Relation{Following: true}},
		{Account: jonas, Bio: "Walks, draws, walks back. One teenager, slightly used.", Relation: Relation{FollowedBy: true}},
		{Account: owl, Relation: Relation{Requested: true}},
		{Account: mira, Relation: Relation{Blocking: true}},
		{Account: noor, Relation: Relation{Self: true}},
	}
}

func asRequests(cards []AccountCard) []AccountCard {
	for i := range cards {
		cards[i].Request = true
	}
	return cards
}

func sampleChoices() []Choice {
	var list []Choice
	for _, v := range []string{"public", "unlisted", "followers", "direct", "local"} {
		list = append(list, Choice{Value: v, Label: "visibility." + v + ".name", Hint: "visibility." + v + ".text"})
	}
	return list
}

func sampleComposer(id string, full bool) Composer {
	return Composer{ID: id, Full: full, Visibility: "public", Visibilities: sampleChoices(), Lang: "en", Format: "plain", Limit: 5000, Token: "once", Avatar: "/avatars/7.svg",
		Languages: []Choice{{Value: "en", Text: "English"}, {Value: "de", Text: "Deutsch"}, {Value: "ar", Text: "العربية"}}}
}

func timelineTabs() []Tab {
	return []Tab{{Key: "timeline.home", URL: "/home", Icon: "home", Current: true}, {Key: "timeline.local", URL: "/local", Icon: "local"}, {Key: "timeline.federated", URL: "/federated", Icon: "globe"}}
}

func profileTabs() []Tab {
	return []Tab{{Key: "profile.tab_posts", URL: "/@mira", Current: true}, {Key: "profile.tab_replies", URL: "/@mira/replies"}, {Key: "profile.tab_media", URL: "/@mira/media"}, {Key: "profile.tab_about", URL: "/@mira/about"}}
}

func sampleTree() []Node {
	post := func(id int64, a Account, text template.HTML, d time.Duration, tag string) *Post {
		return &Post{ID: id, URL: a.URL + "/9", Author: a, HTML: "<p>" + text + "</p>", Visibility: "public", Created: ago(d), CanBoost: true, Tag: tag, Favourites: int(id % 7)}
	}
	return []Node{
		{Post: post(310, sam, "Drill, two batteries, and a box of the long screws. Sunday at nine?", 2*time.Hour, "post.started"), Below: 3, Next: 315, Children: []Node{
			{Post: post(311, mira, "Nine is perfect. I will bring soup, so nobody may leave.", 2*time.Hour, ""), Children: []Node{
				{Post: post(312, noor, "I can do soup duty so you can hold the other end of the board.", time.Hour, "post.you"), Children: []Node{
					{Post: post(313, mira, "Deal.", time.Hour, ""), To: "@noor", ToID: 312, Continue: "/@mira/313", More: 14}}}}},
			{Post: post(314, jonas, "Coming over from Hollow with a spade and one teenager, slightly used.", time.Hour, "")}}},
		{Gap: "deleted", Children: []Node{{Post: post(315, fern, "We have planks. Old ones, but honest.", 30*time.Minute, "")}}},
		{Gap: "hidden"}, {Gap: "unknown"},
	}
}

// fullPages is every page with everything on it, by a name for the file.
func fullPages() map[string]Page {
	posts := samplePosts()
	composer, reply := sampleComposer("c", false), sampleComposer("r", false)
	reply.ReplyTo, reply.ReplyName = 1, "Mira Okafor"
	composer.ContentWarning = "Soil"
	visits := &RemoteFollow{Action: "/@mira/remote-follow", Name: "Mira", Message: "away.follow", Login: "/login?next=/@mira"}
	pager := Pager{Newer: "/home?after=5", Older: "/home?before=1"}
	flashed := testFrame(true)
	flashed.Flashes = []Flash{{Msg: M("flash.unfollowed", "name", "Mira"), Undo: &Undo{"/@mira/follow", "1"}}, {Bad: true, Msg: M("flash.fetch_failed")}}
	wrong := func(fields ...string) *Frame {
		f := testFrame(fields[0] == "viewer")
		for _, field := range fields[1:] {
			f.Errors = append(f.Errors, FieldError{Field: field, Msg: M("join.name_taken")})
		}
		return f
	}
	focus := posts[0]
	focus.ID, focus.Author, focus.Edited, focus.CanBoost = 302, mira, ago(time.Hour), true
	focus.ReplyTo = &ReplyRef{Name: "Sam Mossbank", URL: "/@sam/99"}
	draft := sampleComposer("c", true)
	draft.Text, draft.ContentWarning, draft.ReplyTo, draft.ReplyName = "Hello <b> & all", "Wind", 1, "Sam"
	draft.Poll = &PollForm{Options: []string{"Bikes & wheels", ""}, Until: "1d", Times: []Choice{{Value: "1d", Label: "compose.poll_1d"}}, Multiple: true, Focus: 2}
	profile := Profile{Account: mira, Bio: "<p>I mend things and the people who own them. Saturday repair café, weekday allotment, permanently short of jam jars.</p>",
		Fields: []ProfileField{{Name: "Site", Value: `<a href="https://mendery.example" rel="me nofollow">mendery.example</a>`, Verified: true}, {Name: "Pronouns", Value: "she/her"}, {Name: "Where", Value: "Willow Bend, third bridge"}},
		Joined: Moment{At: now.AddDate(-2, 2, 0), Now: now}, Posts: 1204, Following: 311, Followers: 1, Relation: Relation{FollowedBy: true}}
	remote := profile
	remote.Account, remote.MovedTo, remote.RequestsMe, remote.Memorial, remote.Suspended = jonas, &sam, true, true, true
	remote.Moved = true
	elsewhere := profile
	elsewhere.Account, elsewhere.MovedURL = jonas, "https://new.example/users/jonas"
	elsewhere.Moved = true
	self := profile
	self.Account, self.Relation = noor, Relation{Self: true}
	signed := testFrame(true)
	narrow := testFrame(false)
	narrow.Description, narrow.Canonical, narrow.Alternate, narrow.NoIndex, narrow.Theme, narrow.TextSize = "d", "https://x.example/", "https://x.example/ap/1", true, "dark", "l"
	errorWords := M("error.token")
	return with(map[string]Page{
		"home":              HomePage{Frame: flashed, Kind: "home", Tabs: timelineTabs(), Composer: &composer, Posts: withStrip(posts), Show: sampleShow(), Pager: pager, Suggest: samplePeople()[:2]},
		"local-nothing":     nothingShown(posts),
		"local-visitor":     HomePage{Frame: testFrame(false), Kind: "local", Tabs: timelineTabs()[1:], Posts: posts, Pager: pager},
		"bubble":            HomePage{Frame: testFrame(true), Kind: "bubble", Hosts: []string{"far.example", "hollow.example"}, Tabs: timelineTabs(), Posts: posts[:1]},
		"server":            ServerPage{Frame: testFrame(true), Host: "far.example", Posts: posts[:2], Pager: pager},
		"landing":           LandingPage{Frame: testFrame(false), Posts: posts[:3], Staff: []AccountCard{{Account: noor}, {Account: mira}}, Members: 64},
		"thread":            ThreadPage{Frame: signed, Post: focus, Ancestors: []Node{{Gap: "deleted"}, {Post: &posts[4]}}, Composer: &reply, ReplyCount: 5, Replies: sampleTree(), SortURL: "?sort=new", WarningsURL: "?cw=open", CanFetch: true, Fetched: &Fetched{At: ago(time.Minute), Posts: 3, Stopped: "time", More: 2, Hosts: []FetchedHost{{Host: "hollow.example", Brought: 3}, {Host: "moss.example", Failed: 4, Cause: "timeout", Silent: true}}}, People: []ThreadPerson{{Account: sam, Posts: 2, Started: true}, {Account: mira, Posts: 2}}},
		"thread-visitor":    ThreadPage{Frame: testFrame(false), Post: focus, ReplyCount: 5, Replies: sampleTree(), SortURL: "?sort=old", Sort: "new", Visits: visits},
		"compose":           ComposePage{Frame: wrong("viewer", "text", "cw", "visibility", "poll"), Title: "compose.reply", Composer: draft, Parent: &posts[0], Preview: &posts[2], Readers: []Account{mira, sam}},
		"compose-stale":     ComposePage{Frame: wrong("viewer", "text"), Title: "compose.edit", Composer: draft, Asks: true, Newer: &Newer{Warning: "Frogs", Text: "The frog is green", Descriptions: []string{"A frog", ""}, Options: []string{"Tree frog", "Moor frog"}}},
		"confirm-delete":    ConfirmPage{Frame: testFrame(true), Title: M("confirm.delete"), Body: []Msg{M("confirm.delete_text")}, Action: "/posts/4/delete", Button: "confirm.delete_do", Danger: true, Cancel: "/@noor/4", Post: &posts[3], Hidden: []Pair{{"a", "b"}}},
		"confirm-redraft":   ConfirmPage{Frame: testFrame(true), Title: M("confirm.redraft"), Body: []Msg{M("confirm.redraft_text")}, Action: "/posts/4/redraft", Button: "confirm.redraft_do", Cancel: "/@noor/4"},
		"confirm-block":     ConfirmPage{Frame: testFrame(true), Title: M("confirm.block", "name", "Jonas Vale"), Body: []Msg{M("confirm.block_follows"), M("confirm.block_told")}, Action: "/@jonas/block", Button: "confirm.block_do", Danger: true, Cancel: "/@jonas", Account: &AccountCard{Account: jonas}},
		"history":           HistoryPage{Frame: testFrame(true), Post: posts[2], Versions: []Version{{At: ago(time.Hour), ContentWarning: []DiffPart{{"ins", "Hospital"}}, Text: []DiffPart{{"", "Dad is "}, {"del", "better"}, {"ins", "home, walking"}, {"", "."}}}, {At: ago(2 * time.Hour), First: true, Text: []DiffPart{{"", "Dad is better."}}}}},
		"react":             ReactPage{Frame: testFrame(true), Post: posts[0], Query: "x", Back: "/home", Groups: []EmojiGroup{{Title: "emoji.group_recent", Emoji: []string{"🌱", ":blobcat@far.example:"}}, {Title: "emoji.group_nature", Emoji: []string{"🐙", "🪿"}}}},
		"reactions":         PeoplePage{Frame: testFrame(true), Title: "people.reactions", Back: "/@mira/302", People: []AccountCard{{Account: sam, Emoji: "🌱"}, {Account: jonas, Emoji: ":blobcat:", Bio: "Walks."}}},
		"settings-data":     DataPage{Frame: testFrame(true), Rows: []TakeoutRow{{Asked: ago(time.Hour)}, {Asked: ago(90 * time.Hour), URL: "/settings/data/7.zip", Megabytes: 12}, {Asked: ago(900 * time.Hour), Failed: true}}},
		"collection":        CollectionPage{Frame: testFrame(true), Title: "Gardeners", Owner: jonas, Text: []string{"Who grows things."}, Lang: "en", Tag: "seeds", People: samplePeople(), Leave: "/collections/7/leave"},
		"boosts":            PeoplePage{Frame: testFrame(true), Title: "people.boosts", Back: "/@mira/302", People: samplePeople(), Pager: pager},
		"favourites-of":     PeoplePage{Frame: testFrame(false), Title: "people.favourites", Back: "/@mira/302", People: samplePeople()},
		"bookmarks":         SavedPage{Frame: testFrame(true), Kind: "bookmarks", Posts: posts, Pager: pager},
		"bookmarks-folder":  SavedPage{Frame: wrong("viewer", "name", "emoji"), Kind: "bookmarks", Posts: posts[:2], Folders: []Folder{{ID: 4, Name: "Seeds", Emoji: "🌱", Posts: 2, Current: true}, {ID: 5, Name: "Later"}}, Form: FolderForm{ID: 4, Name: "Seeds", Emoji: "x"}},
		"post-filter":       PostFilterPage{Frame: wrong("viewer", "title"), Post: samplePosts()[0], Name: "Rain", Filters: []Ticked{{Value: "1", Text: "Moss", On: true}}},
		"settings-privacy":  PrivacySettingsPage{Frame: wrong("viewer", "messages"), Form: PrivacyForm{Lock: true, HidePosts: true, Messages: "followed", Policy: samplePolicy()}},
		"settings-posting":  PostingPage{Frame: wrong("viewer", "visibility", "lang", "cw", "days", "min_boosts"), Form: PostingForm{Visibility: "public", Warning: "Frogs", Days: "45", Pinned: true, MinBoosts: "x"}, Visibilities: sampleChoices(), Ages: []Choice{{Value: "0", Label: "tidy.days_0"}, {Value: "45", Text: "45"}}},
		"drafts":            DraftsPage{Frame: testFrame(true), Kind: "drafts", Rows: []DraftRow{{ID: 1, Text: "Half a thought about tomatoes", Warning: "Tomatoes", Visibility: "public", Files: 2, Poll: true, Reply: true, Saved: ago(time.Hour)}}, Pager: pager},
		"scheduled":         DraftsPage{Frame: testFrame(true), Kind: "scheduled", Rows: []DraftRow{{ID: 2, Text: "Good morning", Visibility: "followers", Files: 1, Saved: ago(time.Hour), At: ago(-time.Hour), Problem: &Msg{Key: "error.post_parent"}}}},
		"tag":               TagPage{Frame: testFrame(true), Tag: "seedswap", Posts: posts},
		"profile":           ProfilePage{Frame: testFrame(true), Profile: profile, Tab: "posts", Tabs: profileTabs(), Pinned: posts[3:4], Posts: posts[:2], Pager: pager},
		"profile-visitor":   ProfilePage{Frame: narrow, Profile: profile, Tab: "posts", Tabs: profileTabs(), Posts: posts[:2], Visits: visits},
		"profile-remote":    ProfilePage{Frame: testFrame(true), Profile: remote, Tab: "posts", Tabs: profileTabs(), Posts: posts[1:3], Remote: &RemoteNote{Host: "hollow.example", URL: "https://hollow.example/@jonas", Known: 12, Total: 1204, CanFetch: true}},
		"profile-moved":     ProfilePage{Frame: testFrame(true), Profile: elsewhere, Tab: "posts", Tabs: profileTabs()},
		"profile-self":      ProfilePage{Frame: testFrame(true), Profile: self, Tab: "media", Tabs: profileTabs()},
		"profile-about":     ProfilePage{Frame: testFrame(true), Profile: profile, Tab: "about", Tabs: profileTabs()},
		"profile-followers": ProfilePage{Frame: testFrame(true), Profile: profile, Tab: "followers", Tabs: profileTabs(), People: samplePeople()},
		"remote-follow":     RemoteFollowPage{Frame: wrong("", "handle"), Form: *visits, Copy: "https://willowbend.example/@mira"},
		"notifications":     NotificationsPage{Frame: testFrame(true), Tabs: []Tab{{Key: "notifications.tab_all", URL: "/notifications", Icon: "bell", Current: true}, {Key: "notifications.tab_mentions", URL: "/notifications?kind=mentions", Icon: "at"}}, Unread: true, Pager: pager, Rows: sampleNotes(posts), Held: 2, Kinds: []Ticked{{Value: "mention", On: true}, {Value: "boost"}}},
		"requests":          RequestsPage{Frame: testFrame(true), People: asRequests(samplePeople()[:3])},
		"search-people":     SearchPage{Frame: testFrame(true), Query: "moss", Tab: "people", Tabs: searchTabs(), People: samplePeople()},
		"search-posts":      SearchPage{Frame: testFrame(true), Query: "moss", Tab: "posts", Tabs: searchTabs(), Posts: posts},
		"search-tags":       SearchPage{Frame: testFrame(true), Query: "moss", Tab: "tags", Tabs: searchTabs(), Tags: []TagCount{{"seedswap", 12}, {"moss", 1}}},
		"search-nothing":    SearchPage{Frame: testFrame(true), Query: "mos from:sam", Tab: "posts", Tabs: searchTabs(), Plain: "mos", Nobody: "@sam@far.example", Odd: "has:moss", PlainURL: "/search?q=mos", Similar: []TagCount{{"moss", 1}, {"most", 2}}},
		"search-slow":       SearchPage{Frame: testFrame(false), Query: "the", Tab: "posts", Tabs: searchTabs(), Slow: true},
		"search-failed":     SearchPage{Frame: testFrame(true), Query: "@a@b.example", Tabs: searchTabs(), Lookup: &Lookup{Failed: &Msg{"lookup.no_host", []any{"host", "b.example"}}}},
		"search-waiting":    SearchPage{Frame: testFrame(true), Query: "@a@b.example", Lookup: &Lookup{Waiting: true}},
		"login":             LoginPage{Frame: wrong("", "login"), Login: "noor", Next: "/home"},
		"join-approval":     JoinPage{Frame: wrong("", "name", "password"), Form: JoinForm{Name: "noor", Email: "a@b.example", AskEmail: true, Reason: "Tomatoes"}, Rules: []string{"Be kind.", "Ask before you borrow the ladder."}, Started: "1"},
		"join-open":         JoinPage{Frame: joinFrame("open"), Rules: []string{"Be kind."}, Form: JoinForm{Invite: "abc"}},
		"join-invite":       JoinPage{Frame: joinFrame("invite"), Form: JoinForm{Invite: "abc"}},
		"join-closed":       JoinPage{Frame: joinFrame("closed"), Message: "We are painting the walls."},
		"join-waiting":      JoinWaitingPage{Frame: testFrame(false), Name: "pell", State: "waiting", Reason: "I grow tomatoes.", Change: "/join/waiting/k", Withdraw: "/join/waiting/k/withdraw"},
		"join-rejected":     JoinWaitingPage{Frame: testFrame(false), State: "rejected"},
		"join-accepted":     JoinWaitingPage{Frame: testFrame(false), State: "accepted", Name: "pell"},
		"login-kept":        LoginPage{Frame: wrong("", ""), Again: "/posts", Keep: []Pair{{"keep.text", "Moss & fern"}}},
		"source":            SourcePage{Frame: testFrame(false), Staff: []AccountCard{{Account: noor}}},
		"unfounded":         UnfoundedPage{Frame: testFrame(false)},
		"privacy":           PrivacyPage{Frame: testFrame(false), SessionDays: 60},
		"keys":              KeysPage{Frame: testFrame(true), On: true, Groups: []KeyGroup{{Title: "keys.going", Keys: []Key{{Press: []string{"g", "h"}, Does: "keys.home"}}}}},
		"settings-migration": MigrationPage{Frame: wrong("viewer", "alias", "target", "password"), Handle: "@noor@willowbend.example", Alias: "x", Target: "y", MovedTo: &sam, MovedURL: "https://new.example/users/sam",
			Aliases: []AliasRow{{URI: "https://old.example/users/noor", Name: "@noor@old.example", URL: "/@noor@old.example"}, {URI: "https://older.example/users/noor", Name: "https://older.example/users/noor"}}},
		"settings-delete":  LeavePage{Frame: wrong("viewer", "name", "password"), Name: "noor"},
		"setup":            SetupPage{Frame: testFrame(false), Key: "k", Form: SetupForm{JoinMode: "approval"}},
		"about":            AboutPage{Frame: testFrame(false), Description: "<p>Neighbours along one small river.</p>", Rules: []string{"Be kind.", "Ask before you borrow the ladder."}, Staff: []AccountCard{{Account: noor}}, Contact: "noor@willowbend.example", Members: 64, Posts: 12043, Instances: 1},
		"rules":            RulesPage{Frame: testFrame(true), Rules: []HouseRule{{"Be kind.", "To all."}}},
		"error-404":        ErrorPage{Frame: testFrame(false), Status: 404},
		"error-500":        ErrorPage{Frame: testFrame(true), Status: 500, Number: "ab12cd34"},
		"error-403":        ErrorPage{Frame: testFrame(true), Status: 403, Msg: &errorWords, Retry: &Retry{Action: "/posts", Fields: []Pair{{"text", "Hello"}}, Texts: []Pair{{"text", "Hello"}}}},
		"menu":             MenuPage{Frame: testFrame(true)},
		"settings-proof":   ProofPage{Frame: testFrame(true), URL: "https://willowbend.example/@mira", Running: true, Rows: []ProofRow{{URL: "https://mira.example/", Found: "no_answer", Looked: ago(time.Hour), Since: ago(300 * time.Hour)}, {URL: "https://new.example/", Found: "nothing"}}},
		"settings-profile": ProfileSettingsPage{Frame: wrong("viewer", "bio"), Form: ProfileForm{DisplayName: "Noor Haddad", Bio: "Hi", Fields: make([]Pair, 8)}},
		"admin-emoji": EmojiAdminPage{Frame: testFrame(true), Groups: []EmojiAdminGroup{{Category: "Garden", Rows: []EmojiRow{
			{ID: 1, Name: "seed", Picture: "/media/1.png", Licence: "CC0"}, {ID: 2, Name: "sprout", Picture: "/media/2.png", Disabled: true}}}},
			Sources: []EmojiSource{{Host: "frog.example", Count: 1200}}},
		"admin-emoji-elsewhere": EmojiAdminPage{Frame: testFrame(true), From: "frog.example", Query: "s", Next: "sprout",
			Groups: []EmojiAdminGroup{{Rows: []EmojiRow{{ID: 3, Name: "frog", Picture: "/remote/emoji/3/x"}}}}},
		"admin-emoji-edit":  EmojiEditPage{Frame: testFrame(true), Row: EmojiRow{ID: 1, Name: "seed", Picture: "/media/1.png"}, Form: EmojiForm{Name: "seed", Aliases: "a b"}},
		"welcome":           WelcomePage{Frame: testFrame(true), Step: 2, Steps: 4, Action: "/welcome/2", Before: "/welcome/1", Next: "/welcome/3", Tags: []WelcomeTag{{TagUse: TagUse{Name: "seeds", URL: "/tags/seeds", Posts: 3, People: 2}, On: true}}},
		"settings-look":     AppearancePage{Frame: testFrame(true), Form: AppearanceForm{Theme: "auto", Size: "m", Zone: "UTC", Clock: "24"}, Locales: []Choice{{Label: "settings.locale_auto"}, {Value: "en", Text: "English"}}, Zones: []string{"Europe/Berlin"}},
		"settings-security": SecurityPage{Frame: wrong("viewer", "old_password"), Sessions: []Session{{ID: 1, Browser: "Firefox on Linux", Address: "203.0.113.9", Created: ago(100 * time.Hour), Seen: ago(time.Second), Current: true}, {ID: 2, Browser: "Safari on iPhone", Created: ago(900 * time.Hour), Seen: ago(30 * time.Hour)}}},
		"authorize":         AuthorizePage{Frame: testFrame(true), App: ConnectingApp{Name: "Tusky", Website: "https://tusky.app", Host: "tusky.example"}, Groups: sampleScopes(), Fields: []Pair{{"client_id", "x"}}},
		"authorize-code":    AuthorizePage{Frame: testFrame(true), App: ConnectingApp{Name: "toot", CopyCode: true}, Groups: sampleScopes()[:1]},
		"oauth-code":        CodePage{Frame: testFrame(true), App: "toot", Code: "yH3o-vq8mJb8xQ2bXl0Zf5c7tUe1aWn4sKd6gRiPpLk"},
		"settings-apps":     AppsPage{Frame: testFrame(true), Rows: []ConnectedApp{{ID: 1, Name: "Tusky", Website: "https://tusky.app", Groups: sampleScopes(), Since: ago(900 * time.Hour), Used: ago(time.Hour)}, {Groups: sampleScopes()[:1], Since: ago(time.Hour)}}},
		"admin-settings":    AdminSettingsPage{Frame: testFrame(true), Form: AdminForm{Title: "Willow Bend", JoinMode: "approval", PostLimit: "5000", PublicTimelines: true}},
		"post_delivery":     sampleDelivery(),
		"post_policy":       PolicyPage{Frame: testFrame(true), Post: samplePosts()[0], Fields: samplePolicy(), Stamps: []PolicyStamp{{ID: 1, Deed: "reply", URI: "https://far.example/1", Text: "https://far.example/1"}, {ID: 2, Deed: "quote", Text: "urn:x"}}},
		"post_alt":          AltPage{Frame: testFrame(true), URL: "/@noor/1", Own: true, Files: []AltFile{{ID: 1, PostID: 2, Number: 1, Kind: "image", Preview: "/static/x.png", Alt: "A lake", Suggested: []AltSuggested{{ID: 4, From: samplePosts()[0].Author, Text: "A boat on a lake"}}}, {ID: 2, PostID: 2, Number: 2, Kind: "audio"}}},
		"post_alt_other":    AltPage{Frame: testFrame(true), URL: "/@noor/1", Files: []AltFile{{ID: 1, PostID: 2, Number: 1, Kind: "video", Limit: 1500, Typed: "A boat", Wrong: true, Suggested: []AltSuggested{{ID: 4, From: samplePosts()[0].Author, Text: "A boat"}}}}},
		"asked":             AskedPage{Frame: testFrame(true), Rows: []Asked{{ID: 1, Deed: "reply", From: samplePosts()[0].Author, At: ago(time.Hour), Post: samplePosts()[0], Made: &samplePosts()[1]}, {ID: 2, Deed: "quote", From: samplePosts()[0].Author, At: ago(time.Hour), Post: samplePosts()[0], Away: "https://far.example/2"}}},
		"admin_federation":  FederationPage{Frame: testFrame(true), Tabs: []CountTab{{Key: "federation.show_all", URL: "/admin/federation", N: 3, Current: true}, {Key: "federation.show_failing", URL: "/admin/federation?show=failing", N: 1}}, Waiting: 14, Rows: sampleHosts(), Next: "/admin/federation?after=z", Ignored: []Counted{{"View", 1204}}, Refused: []Counted{{"401 Unauthorized", 3}, {"404 Not Found: there is no account … here", 1}}},
		"admin_relays":      RelaysPage{Frame: testFrame(true), URL: "https://relay.example/inbox", Rows: []Relay{{1, "https://relay.example/inbox", "relays.state_accepted", "relays.kind_mastodon", ago(time.Hour)}}},
		"admin_host":        HostPage{Frame: testFrame(true), Host: sampleHosts()[0]},
		"admin_jobs":        JobsPage{Frame: testFrame(true), Kinds: []JobKind{{"replies", 3, 2, 1, 1}}, Rows: []Job{{ID: 4, Kind: "replies", About: "https://frog.example/posts/1", Attempts: 12, Failed: ago(time.Hour), Reason: "frog.example answered 500"}}, Pager: pager},
		"report-what":       sampleReport("what"),
		"report-posts":      sampleReport("posts"),
		"report-comment":    sampleReport("comment"),
		"report-done":       sampleReport("done"),
		"mod_reports":       ReportsPage{Frame: testFrame(true), Open: true, Tabs: []Tab{{Key: "reports.tab_open", URL: "/mod/reports", Icon: "flag", Current: true}}, Rows: sampleReports(), Pager: pager},
		"mod_report": ModReportPage{Frame: wrong("viewer", "text"), Report: sampleReports()[0], Note: "x", Mine: true,
			Posts: []ReportedPost{{URL: "/@sam/1", Text: "Buy seeds", Visibility: "public"}, {Visibility: "direct"}, {Text: "Buy", Gone: true, Visibility: "unlisted"}}, Notes: []ReportNote{{Author: &noor, Text: "I asked them.", At: ago(time.Hour)}, {Text: "Hm", At: ago(time.Minute)}}},
		"mod_report-resolved": ModReportPage{Frame: testFrame(true), Report: sampleReports()[1]},
		"setup_step":          SetupStepPage{Frame: testFrame(true), Step: 5, Steps: 5, Before: "/setup/4", Next: "/welcome/1", Checks: []Check{{"webfinger", true, ""}, {"reach", false, "dial tcp 203.0.113.7:443: i/o timeout"}}},
		"setup_place":         SetupStepPage{Frame: testFrame(true), Step: 3, Steps: 5, Action: "/setup/3", Next: "/setup/4", Form: SetupForm{Title: "Willow Bend", JoinMode: "approval"}, Rules: "Be kind."},
		"admin_overview": OverviewPage{Frame: testFrame(true), Members: 64, Active: 41, Posts: 12044, Instances: 1904, Queue: 3, Waiting: 12, Database: 412_000_000, Free: 38_000_000_000, FreeKnown: true, Owner: true,
			Todo: []Todo{{M("overview.do_backup", "n", 9), "/admin/backup", true}, {M("overview.do_hosts", "n", 1), "/admin/federation?show=failing", false}, {M("overview.do_rules"), "/admin/rules", false}}, Hours: NewHours(sampleHours())},
		"admin_storage": StoragePage{Frame: testFrame(true), Database: 412_000_000, Log: 4_100_000, Free: 900_000_000, FreeKnown: true, Full: true, At: ago(5 * time.Hour), Counting: true, Kinds: []FileSum{{"pictures", 812, 204_000_000}, {"remote", 40_112, 9_100_000_000}},
			Hosts: []FileSum{{"hollow.example", 4012, 1_200_000_000}}, CacheBytes: 9_100_000_000, CacheLimit: 10 << 30, Loose: 2, Unneeded: 1, UnneededBytes: 12_000, Evicted: 4, EvictedBytes: 900, Strays: 1, StrayBytes: 30, Bucket: "https://KEY:xxxxx@s3.example/bucket"},
		"admin_backup": BackupPage{Frame: testFrame(true), LastAt: ago(30 * time.Hour), LastIn: "/var/lib/seedling/backups", FailedAt: ago(time.Hour), Failure: "no_room", Reason: "no space left on device", Folder: "/var/lib/seedling/backups", Owner: true, Kept: "3",
			Rows: []BackupRow{{Name: "seedling-20260313T060000.000Z", At: ago(30 * time.Hour), Bytes: 411_000_000, Files: 812}, {Name: "seedling-20260301T060000.000Z", At: ago(13 * 24 * time.Hour), Damaged: true}}},
		"admin_members":    MembersPage{Frame: testFrame(true), Query: "fern", Tabs: []Tab{{Key: "members.all", URL: "/admin/users", Current: true}, {Key: "members.staff", URL: "/admin/users?show=staff"}}, Rows: sampleMembers(), Pager: pager},
		"admin_member":     MemberPage{Frame: testFrame(true), MemberRow: sampleMembers()[0], Email: "fern@letters.example", Reason: "I grow tomatoes.", Codes: true, Actions: []string{"role", "link", "factors", "disable", "enable"}, Log: sampleStaffLog()},
		"admin_member_act": MemberActPage{Frame: testFrame(true), MemberRow: sampleMembers()[0], Act: "role", Reason: "Is kind", Roles: RoleChoices("member", "moderator")},
		"admin_member_new": NewMemberPage{Frame: testFrame(true), Name: "pell", Email: "pell@letters.example", Role: "member", Roles: RoleChoices("member", "moderator")},
		"mod_overview":     ModOverviewPage{Frame: testFrame(true), Todo: []Todo{{M("overview.do_reports", "n", 2), "/mod/reports", true}}, Log: sampleStaffLog()},
		"mod_log":          StaffLogPage{Frame: testFrame(true), Rows: sampleStaffLog(), Pager: pager},
		"password_forgot":  ForgottenPage{Frame: testFrame(false), Contact: "noor@letters.example", ContactAccount: &noor},
		"password_reset":   NewPasswordPage{Frame: testFrame(false), Name: "pell", Action: "/password/reset/x"},
		"signups":          SignUpsPage{Frame: testFrame(true), Rows: []SignUp{{ID: 1, Name: "pell", Reason: "I grow tomatoes and would like to talk about them.", Email: "letters.example", At: ago(time.Hour)}, {ID: 2, Name: "quill", At: ago(time.Minute)}}},
		"invites":          InvitesPage{Frame: testFrame(true), Uses: "3", Expires: "week", Created: "https://willowbend.example/invite/abc", Rows: []Invite{{ID: 1, URL: "https://willowbend.example/invite/abc", By: "noor", Used: 1, Max: 3, Expires: Moment{At: now.AddDate(0, 0, 7), Now: now}}, {ID: 2, URL: "https://willowbend.example/invite/xyz", By: "noor", Dead: true}, {ID: 3, URL: "https://willowbend.example/invite/uvw", By: "noor"}}},
	}, relationPages(), publicPages(), notifyPages())
}

func joinFrame(mode string) *Frame {
	f := testFrame(false)
	f.Site.JoinMode = mode
	return f
}

func searchTabs() []Tab {
	return []Tab{{Key: "search.tab_people", URL: "/search?q=moss&type=people", Icon: "people", Current: true}, {Key: "search.tab_posts", URL: "/search?q=moss&type=posts", Icon: "quote"}, {Key: "search.tab_tags", URL: "/search?q=moss&type=tags", Icon: "hash"}}
}

func sampleNotes(posts []Post) []Notification {
	return []Notification{
		{ID: 21, Kind: "request", Unread: true, From: []Account{jonas}, At: ago(time.Minute)},
		{ID: 22, Kind: "favourite", Unread: true, From: []Account{mira, sam, owl, fern, jonas, noor}, Others: 7, At: ago(time.Hour), Excerpt: "Key to the shed is under the second frog", URL: "/@noor/4"},
		{ID: 23, Kind: "mention", From: []Account{fern}, At: ago(2 * time.Hour), Post: &posts[0]},
		{ID: 24, Kind: "reply", From: []Account{jonas}, At: ago(3 * time.Hour), Post: &posts[2]},
		{ID: 25, Kind: "boost", From: []Account{mira}, At: ago(4 * time.Hour), Excerpt: "Key to the shed", URL: "/@noor/4"},
		{ID: 39, Kind: "reaction", From: []Account{mira, sam}, Others: 1, At: ago(5 * time.Hour), Emoji: []UsedEmoji{{Text: "🌱"}, {Text: ":blobcat:", Picture: "/static/img/logo.svg"}}, Excerpt: "Key to the shed", URL: "/@noor/4"},
		{ID: 26, Kind: "follow", From: []Account{sam, owl}, Others: 1, At: ago(30 * time.Hour)},
		{ID: 27, Kind: "edit", From: []Account{sam}, At: ago(40 * time.Hour), Excerpt: "Day nine on the window sill"},
		{ID: 29, Kind: "moved", From: []Account{jonas}, At: ago(45 * time.Hour)},
		{ID: 30, Kind: "report", From: []Account{sam}, At: ago(48 * time.Hour)},
		{ID: 31, Kind: "reportaway", From: []Account{jonas}, Reason: "frog.example", At: ago(49 * time.Hour)},
		{ID: 28, Kind: "signup", From: []Account{sam}, At: ago(50 * time.Hour), Reason: "I grow tomatoes."},
	}
}

// emptyPages is every page as a handler would give it with nothing found.
func emptyPages() map[string]Page {
	f := emptyFrame
	bare := Post{ID: 1, URL: "/@x/1", Author: Account{DisplayName: "x", User: "x", URL: "/@x"}, Visibility: "public"}
	nobody := Profile{Account: Account{DisplayName: "x", User: "x", URL: "/@x"}}
	return with(map[string]Page{
		"home": HomePage{Frame: f(), Kind: "home"}, "federated": HomePage{Frame: testFrame(true), Kind: "federated"}, "thread": ThreadPage{Frame: f(), Post: bare},
		"compose": ComposePage{Frame: f(), Title: "compose.title"}, "confirm": ConfirmPage{Frame: f(), Title: M("confirm.delete"), Button: "confirm.delete_do", Circles: sampleChoices()},
		"history": HistoryPage{Frame: f(), Post: bare}, "react": ReactPage{Frame: f(), Post: bare}, "people": PeoplePage{Frame: f(), Title: "people.boosts"}, "settings-data": DataPage{Frame: f()}, "collection": CollectionPage{Frame: f(), Title: "x", Owner: jonas, Sensitive: true, Private: true}, "bookmarks": SavedPage{Frame: f(), Kind: "bookmarks"}, "server": ServerPage{Frame: f(), Host: "x.example"}, "folder": SavedPage{Frame: f(), Kind: "bookmarks", Folders: []Folder{{ID: 4, Name: "x", Current: true}}, Form: FolderForm{ID: 4}}, "favourites": SavedPage{Frame: f(), Kind: "favourites"},
		"post-filter": PostFilterPage{Frame: f(), Post: samplePosts()[0]}, "settings-privacy": PrivacySettingsPage{Frame: f()}, "settings-posting": PostingPage{Frame: f()}, "drafts": DraftsPage{Frame: f(), Kind: "drafts"}, "scheduled": DraftsPage{Frame: f(), Kind: "scheduled"}, "tag": TagPage{Frame: f()}, "profile": ProfilePage{Frame: f(), Profile: nobody, Tab: "posts"}, "profile-hidden": ProfilePage{Frame: f(), Profile: nobody, Tab: "followers", Hidden: true}, "profile-following": ProfilePage{Frame: f(), Profile: nobody, Tab: "following"}, "profile-about": ProfilePage{Frame: f(), Profile: nobody, Tab: "about"}, "profile-remote": ProfilePage{Frame: f(), Profile: nobody, Tab: "replies", Remote: &RemoteNote{Host: "h.example"}},
		"remote_follow": RemoteFollowPage{Frame: f(), Form: RemoteFollow{Message: "away.interact"}}, "notifications": NotificationsPage{Frame: f()}, "requests": RequestsPage{Frame: f()},
		"search": SearchPage{Frame: f()}, "search-nothing": SearchPage{Frame: f(), Query: "x"}, "landing": LandingPage{Frame: f()}, "login": LoginPage{Frame: f()}, "join": JoinPage{Frame: joinFrame("open")},
		"join_waiting": JoinWaitingPage{Frame: f()}, "setup": SetupPage{Frame: f()}, "about": AboutPage{Frame: f()}, "rules": RulesPage{Frame: f()},
		"error": ErrorPage{Frame: f(), Status: 418}, "menu": MenuPage{Frame: testFrame(true)},
		"source": SourcePage{Frame: f()}, "unfounded": UnfoundedPage{Frame: f()}, "privacy": PrivacyPage{Frame: f()}, "keys": KeysPage{Frame: f()}, "settings_delete": LeavePage{Frame: f()}, "settings_migration": MigrationPage{Frame: f()}, "settings_migrated": MigrationPage{Frame: f(), MovedURL: "https://new.example/users/x"},
		"settings_profile": ProfileSettingsPage{Frame: f()}, "settings_proof": ProofPage{Frame: f()}, "welcome": WelcomePage{Frame: f(), Step: 3, Steps: 4, Action: "/welcome/1", Next: "/welcome/2"}, "settings_appearance": AppearancePage{Frame: f()}, "authorize": AuthorizePage{Frame: f()}, "oauth_code": CodePage{Frame: f()}, "settings_apps": AppsPage{Frame: f()}, "settings_security": SecurityPage{Frame: f()},
		"post_policy": PolicyPage{Frame: f(), Post: Post{Visibility: "public"}}, "asked": AskedPage{Frame: f()}, "post_alt": AltPage{Frame: f()},
		"post_delivery": PostDeliveryPage{Frame: f(), Post: Post{Visibility: "public"}}, "admin_federation": FederationPage{Frame: f()}, "admin_host": HostPage{Frame: f(), Host: Host{Name: "frog.example"}}, "admin_jobs": JobsPage{Frame: f()}, "admin_relays": RelaysPage{Frame: f()},
		"admin_emoji": EmojiAdminPage{Frame: f()}, "admin_emoji_edit": EmojiEditPage{Frame: f()},
		"admin_overview": OverviewPage{Frame: f()}, "welcome_look": WelcomePage{Frame: f(), Step: 4}, "setup_step": SetupStepPage{Frame: f(), Step: 4, Steps: 5, Action: "/setup/4", Next: "/setup/5"}, "setup_place": SetupStepPage{Frame: f(), Step: 3, Action: "/setup/3"}, "admin_storage": StoragePage{Frame: f()}, "admin_backup": BackupPage{Frame: f(), Running: true},
		"admin_members": MembersPage{Frame: f()}, "admin_member": MemberPage{Frame: f(), MemberRow: MemberRow{Rank: "member", State: "active"}}, "admin_member_act": MemberActPage{Frame: f(), Act: "link"}, "admin_member_new": NewMemberPage{Frame: f()}, "mod_log": StaffLogPage{Frame: f()}, "mod_overview": ModOverviewPage{Frame: f()}, "password_forgot": ForgottenPage{Frame: f()}, "password_reset": NewPasswordPage{Frame: f()},
		"admin_settings": AdminSettingsPage{Frame: f()}, "report": ReportPage{Frame: f(), Step: "what"}, "report_posts": ReportPage{Frame: f(), Step: "posts"}, "mod_reports": ReportsPage{Frame: f()}, "mod_report": ModReportPage{Frame: f(), Report: Report{Category: "reports.category_other"}}, "signups": SignUpsPage{Frame: f()}, "invites": InvitesPage{Frame: f()},
	}, emptyRelationPages(), emptyPublicPages(), emptyNotifyPages())
}

func sampleReport(step string) ReportPage {
	f := testFrame(true)
	if step != "done" {
		field := map[string]string{"what": "category", "posts": "post", "comment": "comment"}[step]
		f.Errors = []FieldError{{Field: field, Msg: M("report.error_category")}}
	}
	return ReportPage{Frame: f, Step: step, Path: "/report/7", Account: jonas,
		Form:  ReportForm{Category: "rule", Rules: []string{"0"}, Posts: []string{"7"}, Comment: "Every day", Forward: true, Token: "t"},
		Rules: []CheckChoice{{Value: "0", Text: "Be kind.", On: true}, {Value: "1", Text: "Ask before you borrow the ladder."}},
		Posts: []CheckChoice{{Value: "7", Text: "Buy my seeds", At: ago(time.Hour), On: true}, {Value: "8", Text: "Buy them today", At: ago(2 * time.Hour)}}}
}

func sampleReports() []Report {
	return []Report{
		{ID: 3, Account: jonas, Reporter: &noor, Category: "reports.category_rule", Rules: []string{"Be kind."}, Comment: "Every day", Forwarded: true, Assigned: &mira, Open: true, At: ago(time.Hour)},
		{ID: 2, Account: mira, Host: "frog.example", Category: "reports.category_other", Resolved: &noor, At: ago(50 * time.Hour), Ended: ago(time.Hour)},
	}
}

func sampleDelivery() PostDeliveryPage {
	return PostDeliveryPage{Frame: testFrame(true), Post: samplePosts()[0], Next: "/posts/1/delivery?after=x",
		Tabs: []CountTab{{Key: "delivery.show_all", URL: "/posts/1/delivery", N: 1204, Current: true}, {Key: "delivery.show_failed", URL: "/posts/1/delivery?show=failed", N: 2}},
		Rows: []PostDelivery{
			{Host: "airwaves.example", State: "arrived", At: ago(time.Minute)},
			{Host: "frog.example", State: "retrying", At: ago(time.Hour), RetryAt: Moment{At: now.Add(time.Hour), Now: now}, Cause: "timeout", Reason: "https://frog.example/inbox did not answer in time"},
			{Host: "hollow.example", State: "waiting", At: ago(time.Second)},
			{Host: "letters.example:8443", State: "refused", At: ago(time.Hour), Cause: "forbidden", Reason: "403 Forbidden: <no>", ToldAt: ago(2 * time.Hour)},
			{Host: "moss.example", State: "given_up", At: ago(time.Hour), Cause: "expired"},
		}}
}

func sampleHosts() []Host {
	return []Host{
		{Name: "frog.example", Software: "mastodon", Version: "4.5.0", Heard: ago(50 * time.Hour), Delivered: ago(60 * time.Hour), Waiting: 14, Oldest: ago(50 * time.Hour), FailingSince: ago(50 * time.Hour), Failures: 12, RetryAt: Moment{At: now.Add(time.Hour), Now: now}, Cause: "connect", Reason: "connection refused", Signature: "cavage"},
		{Name: "letters.example:8443", Waiting: 1, Oldest: ago(time.Hour), FailingSince: ago(time.Hour), Failures: 1},
		{Name: "moss.example", Heard: ago(time.Minute), Delivered: ago(time.Minute), Signature: "rfc9421"},
	}
}

func sampleScopes() []ScopeGroup {
	return []ScopeGroup{{Title: "scope.read"}, {Title: "scope.write", Parts: []string{"scope.write_statuses", "scope.write_media"}}, {Title: "scope.push"}, {Title: "scope.admin_write", Parts: []string{"scope.admin_reports"}, Grave: true}}
}

func samplePolicy() []PolicyField {
	var list []PolicyField
	for i, name := range []string{"reply", "boost", "favourite", "quote"} {
		list = append(list, PolicyField{Name: name, Value: "nobody", Ask: i == 0, Choices: []Choice{{Value: "everyone", Label: "policy.everyone"}, {Value: "nobody", Label: "policy.nobody"}}})
	}
	return list
}

func sampleMembers() []MemberRow {
	return []MemberRow{
		{Account: fern, Link: "/admin/users/101", Rank: "member", State: "active", Joined: ago(400 * 24 * time.Hour), Seen: ago(time.Hour)},
		{Account: mira, Link: "/admin/users/102", Rank: "moderator", State: "active", Joined: ago(500 * 24 * time.Hour)},
		{Account: sam, Link: "/admin/users/104", Rank: "member", State: "disabled", Joined: ago(40 * 24 * time.Hour), Seen: ago(9 * 24 * time.Hour)},
	}
}

func sampleStaffLog() []StaffLine {
	return []StaffLine{
		{ID: 2, Actor: "noor", Action: "role", Account: "mira", Path: "/admin/users/102", Before: "member", After: "moderator", Reason: "Knows everybody.", At: ago(time.Hour)},
		{ID: 1, Action: "disabled", Account: "sam", At: ago(50 * time.Hour)},
	}
}

func sampleHours() []Hour {
	rows := make([]Hour, 24)
	for i := range rows {
		rows[i] = Hour{From: ago(time.Duration(24-i) * time.Hour), Here: i % 5, Elsewhere: i * i / 3}
	}
	return rows
}
