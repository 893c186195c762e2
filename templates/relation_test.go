package templates

import (
	"maps"
	"time"
)

// relationPages are the pages about what a member says of accounts, tags and posts.
func relationPages() map[string]Page {
	wrong := func(fields ...string) *Frame {
		f := testFrame(true)
		for _, field := range fields {
			f.Errors = append(f.Errors, FieldError{Field: field, Msg: M("join.name_taken")})
		}
		return f
	}
	pager := Pager{Newer: "/lists?after=5", Older: "/lists?before=1"}
	posts := samplePosts()
	filtered, muted := posts[0], posts[1]
	filtered.Folded, muted.Folded, posts[2].FromTag = &Folded{Titles: "politics"}, &Folded{Muted: true, Host: true}, "seedswap"
	contexts := []Ticked{{Value: "home", On: true}, {Value: "notifications"}, {Value: "public", On: true}, {Value: "thread"}, {Value: "account"}}
	return map[string]Page{
		"home-folded": HomePage{Frame: testFrame(true), Kind: "home", Posts: []Post{filtered, posts[2], muted}, Here: posts[2].ID, Newest: 9},
		"mute":        MutePage{Frame: wrong("until"), Account: mira, Until: "week", Notifications: true},
		"options": OptionsPage{Frame: wrong("note"), Account: mira, Follows: true, Following: true, Boosts: true, Note: "Met at the seed swap.", Endorsed: true,
			Languages: []Ticked{{"en", "English", true}, {"de", "Deutsch", false}, {"fr", "Français", false}, {"cy", "Cymraeg", false}}, Lists: []Ticked{{"1", "Neighbours", true}, {"2", "Garden", false}}},
		"said-mutes":   SaidPage{Frame: testFrame(true), Kind: "mutes", Rows: []SaidRow{{Account: mira, Notifications: true}, {Account: sam, Until: Moment{At: now.Add(time.Hour), Now: now}}}, Pager: pager},
		"said-blocks":  SaidPage{Frame: testFrame(true), Kind: "blocks", Rows: []SaidRow{{Account: sam}}},
		"said-domains": SaidPage{Frame: wrong("host"), Kind: "domains", Hosts: []string{"frog.example"}, Host: "x y"},
		"lists":        ListsPage{Frame: wrong("title"), Lists: []ListRow{{1, "Neighbours", 12, true}, {2, "Garden", 1, false}}, Form: ListForm{Replies: "list"}},
		"list":         ListPage{Frame: testFrame(true), ID: 1, Form: ListForm{"Neighbours", "followed", true}, People: []AccountCard{{Account: mira}, {Account: sam}}, Pager: pager},
		"tags":         TagsPage{Frame: wrong("tag"), Tags: []TagRow{{"seedswap", "SeedSwap"}, {"moss", "moss"}}, Muted: []FilterRow{{ID: 1, Title: "#crypto"}}, Follow: "a b", Pager: pager},
		"filters": FiltersPage{Frame: testFrame(true), Filters: []FilterRow{{ID: 1, Title: "politics", Phrases: []string{"election", "parliament"}, Posts: 2, Action: "warn"},
			{ID: 2, Title: "Spoilers", Phrases: []string{"finale"}, Action: "blur", Until: Moment{At: now.Add(time.Hour), Now: now}}, {ID: 3, Title: "Old", Action: "hide", Ended: true, Until: ago(time.Hour)}, {ID: 4, Title: "#crypto", Action: "hide"}}},
		"filter": FilterPage{Frame: wrong("phrases"), ID: 1, Tried: true, Of: 38, Found: posts[:1],
			Form: FilterForm{Title: "politics", Phrases: "election\nparliament", Patterns: `vote[sd]?\b`, Whole: true, Contexts: contexts, Action: "warn", Until: "keep", Ends: Moment{At: now.Add(time.Hour), Now: now}}},
		"why":           WhyPage{Frame: testFrame(true), Post: &posts[0], Reasons: []Msg{M("why.follow", "name", "Mira"), M("why.public")}},
		"why-not":       WhyPage{Frame: testFrame(true), Reasons: []Msg{M("why.you_block", "name", "@bob")}, General: true, Address: "https://hollow.example/2"},
		"why-not-out":   WhyPage{Frame: testFrame(false), General: true, LogIn: "/login?next=%2F%40bob%2F1"},
		"list_timeline": ListTimelinePage{Frame: testFrame(true), Title: "Neighbours", ID: 1, Posts: posts, Pager: pager, Show: sampleShow()},
	}
}

// emptyRelationPages are the same with nothing found.
func emptyRelationPages() map[string]Page {
	f := emptyFrame
	bare := Account{DisplayName: "x", User: "x", URL: "/@x"}
	return map[string]Page{
		"mute": MutePage{Frame: f(), Account: bare}, "options": OptionsPage{Frame: f(), Account: bare}, "options-follows": OptionsPage{Frame: f(), Account: bare, Follows: true},
		"said-mutes": SaidPage{Frame: f(), Kind: "mutes"}, "said-blocks": SaidPage{Frame: f(), Kind: "blocks"}, "said-domains": SaidPage{Frame: f(), Kind: "domains"},
		"lists": ListsPage{Frame: f()}, "list": ListPage{Frame: f()}, "tags": TagsPage{Frame: f()}, "filters": FiltersPage{Frame: f()}, "filter": FilterPage{Frame: f()},
		"why": WhyPage{Frame: f()}, "list_timeline": ListTimelinePage{Frame: f(), Title: "x"},
	}
}

// with joins two sets of pages.
func with(pages map[string]Page, more ...map[string]Page) map[string]Page {
	for _, m := range more {
		maps.Copy(pages, m)
	}
	return pages
}
