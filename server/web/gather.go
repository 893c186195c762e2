package web

import (
	"seedling/store"
	"seedling/templates"
)

// home are the cards of home: what an author wrote on below their own post is
// folded into that, where it stands in a row; and boosts in a row into a strip,
// if the viewer chose so.
func (c *cards) home(views []*store.PostView, strips bool) []templates.Post {
	var shown []*store.PostView
	var boosters []*store.Account
	for _, v := range views {
		if !c.hides(v) {
			shown = append(shown, v)
			boosters = append(boosters, v.BoostedBy...)
		}
	}
	c.meet(boosters...)
	var list []templates.Post
	for len(shown) > 0 {
		n := c.threadRun(shown)
		p := c.entry(shown[n-1])
		p.EntryID, p.More = shown[0].EntryID, n-1
		list, shown = append(list, p), shown[n:]
	}
	if strips {
		list = stripBoosts(list)
	}
	return list
}

// threadRun says how many posts, newest first, are one thread by one author whose
// first post is the last of them.
func (c *cards) threadRun(views []*store.PostView) int {
	parents := map[int64]bool{}
	n, run := 1, 1
	for ; n < len(views) && c.goesOn(views[n-1]); n++ {
		v := views[n]
		parents[views[n-1].ReplyToID] = true
		if v.AccountID != views[0].AccountID || !c.plain(v) || !parents[v.ID] && !parents[v.ReplyToID] {
			break
		}
		if parents[v.ID] {
			run = n + 1
		}
	}
	return run
}

// goesOn says whether a post goes on under another by its author.
func (c *cards) goesOn(v *store.PostView) bool {
	return v.ReplyToID != 0 && v.ReplyToAccountID == v.AccountID && c.plain(v)
}

// plain says whether nobody boosted a post here, and no filter has anything to
// say about it.
func (c *cards) plain(v *store.PostView) bool {
	found, _ := c.filters(v)
	return len(v.BoostedBy) == 0 && len(found) == 0 && !v.Muted
}

// stripBoosts puts boosts that stand in a row into one strip at their place.
func stripBoosts(posts []templates.Post) []templates.Post {
	var list []templates.Post
	for i, p := range posts {
		switch {
		case p.BoostedBy == nil:
			list = append(list, p)
		case i > 0 && posts[i-1].BoostedBy != nil:
			last := &list[len(list)-1]
			last.Strip = append(last.Strip, p)
		default:
			list = append(list, templates.Post{ID: p.ID, EntryID: p.EntryID, Strip: []templates.Post{p}})
		}
	}
	return list
}
