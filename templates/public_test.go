package templates

import "time"

// publicPages are the pages of public.go, full.
func publicPages() map[string]Page {
	said := Announcement{ID: 1, HTML: "<p>The river is <strong>high</strong>.</p>", Text: "The river is high.", At: ago(time.Hour), From: ago(time.Hour), Till: ago(-time.Hour), Reactions: sampleReactions()[:1]}
	over, ahead := said, said
	over.ID, over.Over, ahead.ID, ahead.Ahead, ahead.Dismissed = 2, true, 3, true, true
	home := HomePage{Frame: testFrame(true), Kind: "home", Announcements: []Announcement{said}, Posts: samplePosts()[:1]}
	wrong := func(fields ...string) *Frame {
		f := testFrame(true)
		for _, field := range fields {
			f.Errors = append(f.Errors, FieldError{Field: field, Msg: M("announcements.bad_time")})
		}
		return f
	}
	return map[string]Page{
		"home-announced":       home,
		"announcements":        AnnouncementsPage{Frame: testFrame(true), Rows: []Announcement{said, ahead}},
		"admin_announcements":  AdminAnnouncementsPage{Frame: wrong("text", "from", "till"), Form: AnnouncementForm{Text: "x", From: "y", AllDay: true}, Rows: []Announcement{said, over, ahead}},
		"admin_announcement":   AdminAnnouncementsPage{Frame: testFrame(true), Form: AnnouncementForm{ID: 1, Text: "x"}},
		"settings_feeds":       FeedsPage{Frame: wrong("name"), Public: "https://willowbend.example/@noor", Name: "x", Made: []FeedAddress{{Label: "timeline.home", URL: "https://willowbend.example/feeds/abcdefghijklmnopqrstuvwxyz0123456789abcdefg/home.atom"}, {Text: "Moss people", URL: "https://willowbend.example/feeds/abc/lists/1.atom"}}, Rows: []FeedKey{{1, "Reader", ago(time.Hour), ago(time.Minute)}, {2, "Other", ago(time.Hour), Moment{}}}},
		"embed":                EmbedPage{Frame: testFrame(false), Post: samplePosts()[0], Base: "https://willowbend.example"},
		"admin_rules":          AdminRulesPage{Frame: testFrame(true), Rules: []HouseRule{{"Be kind.", "To all."}, {}}},
		"admin_texts":          AdminTextsPage{Frame: wrong("terms"), About: "# Us", Terms: "x"},
		"terms":                TermsPage{Frame: testFrame(false), HTML: "<p>Be kind.</p>", Edited: ago(time.Hour)},
		"blocks":               BlocksPage{Frame: testFrame(true), Hosts: []BlockedHost{{Name: "frog.example", Reason: "Adverts"}, {Name: "*.toad.example"}}},
		"explore":              ExplorePage{Frame: testFrame(true), People: []AccountCard{{Account: mira, Bio: "Moss."}}, Tags: []TagUse{{"moss", "/tags/moss", 12, 3}}, Posts: samplePosts()[:2]},
		"explore-visitor":      ExplorePage{Frame: testFrame(false), Tags: []TagUse{{"moss", "/tags/moss", 1, 1}}},
		"profile-closed":       ProfilePage{Frame: testFrame(false), Profile: Profile{Account: mira}, Tab: "posts", Closed: true},
		"about-with-terms":     AboutPage{Frame: testFrame(false), HasTerms: true, ShowBlocks: true, ContactAccount: &noor, Rules: []string{"Be kind."}},
		"privacy-in-own-words": PrivacyPage{Frame: testFrame(false), HTML: "<p>We keep little.</p>", SessionDays: 60},
	}
}

// emptyPublicPages are the same with nothing found.
func emptyPublicPages() map[string]Page {
	return map[string]Page{
		"announcements": AnnouncementsPage{Frame: testFrame(true)}, "admin_announcements": AdminAnnouncementsPage{Frame: emptyFrame()},
		"admin_rules": AdminRulesPage{Frame: emptyFrame()}, "embed": EmbedPage{Frame: emptyFrame(), Post: Post{ID: 1, URL: "/@x/1", Author: Account{DisplayName: "x", User: "x", URL: "/@x"}, Visibility: "public"}}, "settings_feeds": FeedsPage{Frame: emptyFrame()}, "admin_texts": AdminTextsPage{Frame: emptyFrame()}, "terms": TermsPage{Frame: emptyFrame()},
		"blocks": BlocksPage{Frame: emptyFrame()}, "explore": ExplorePage{Frame: emptyFrame()}, "explore-member": ExplorePage{Frame: testFrame(true)},
	}
}
