package web

import (
	"net/url"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// A post for the people it mentions that mentions nobody is not sent to anyone:
// its author is told, before and after.
func TestWrittenToNobodyIsSaid(t *testing.T) {
	s, _ := newVillage(t)
	mira := s.member("mira")
	for _, c := range []struct {
		name, text, flash string
		alone             bool
	}{
		{"nobody", "note to self", "only you can read it", true},
		{"a name that nobody has", "@nosuch hello", "only you can read it", true},
		{"a member", "@fay hello", "Your post is out.", false},
		{"somebody elsewhere, who is looked for", "@kim@there.example hello", "Your post is out.", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			preview := mira.get("/compose").submit("/posts", "text", c.text, "visibility", "direct", "action", "preview").wants(200)
			const warning = "Nobody but you would read this"
			if said := strings.Contains(preview.words(), warning); said != c.alone {
				t.Errorf("the preview says that nobody reads it: %t, want %t", said, c.alone)
			}
			sent := mira.get("/compose").submit("/posts", "text", c.text, "visibility", "direct", "action", "post").wants(303)
			mira.get(sent.location).wants(200, c.flash)
		})
	}
	mira.get("/compose").submit("/posts", "text", "for all", "action", "post").wants(303)
	mira.get("/home").wants(200, "Your post is out.")
}

// An answer written in a conversation leads back there, through "More options" too.
func TestAnswersInAConversationLeadBackToIt(t *testing.T) {
	s, c := newVillage(t)
	storetest.Post(t, s.db, c.mira, "@fay a word", store.Direct)
	fay := s.member("fay")
	path := ""
	for n := range fay.get("/messages").doc.Descendants() {
		if href := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "/messages/") {
			path = href
		}
	}
	sent := fay.get(path).wants(200).submit("/posts", "text", "@mira yes?", "action", "post").wants(303)
	if to, _, _ := strings.Cut(sent.location, "#"); to != path {
		t.Errorf("the answer leads to %s, want %s", to, path)
	}
	more := fay.get(path).submit("/posts", "text", "@mira one more", "action", "preview").wants(200, "one more")
	if to, _, _ := strings.Cut(more.submit("/posts", "action", "post").wants(303).location, "#"); to != path {
		t.Errorf("after a preview the answer leads to %s, want %s", to, path)
	}
	fay.get(path).wants(200, "yes?", "one more")
}

func TestPeopleAreAddedToAListByTheirHandle(t *testing.T) {
	s, c := newVillage(t) // Fay follows mira
	l := store.List{Title: "Neighbours"}
	s.must(s.db.CreateList(t.Context(), c.fay.ID, &l))
	path := in("/lists/%", l.ID)
	fay := s.member("fay")
	add := func(handle string) *screen {
		return fay.get(path+"/edit").submit(path+"/members", "handle", handle)
	}
	for handle, words := range map[string]string{
		"": "Nobody with this handle", "nosuch": "Nobody with this handle", "@a@b@c": "Nobody with this handle", "@sam": "Only people whom you follow",
	} {
		add(handle).wants(422, words).problem("handle", "")
	}
	for range 2 { // the second time changes nothing
		add("@mira@here.example").wants(303)
	}
	fay.get(path+"/edit").wants(200, "@mira")
	if page, err := s.db.ListAccounts(t.Context(), c.fay.ID, l.ID, store.Cursor{Limit: 5}); err != nil || len(page.Accounts) != 1 {
		t.Errorf("the list has %+v, %v; want mira alone", page, err)
	}
}

// What people paste names a server too, and a mistake says what is wanted.
func TestServersAreNamedAsPeoplePasteThem(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	const path = "/settings/domains"
	for text, want := range map[string]string{
		"there.example": "there.example", "https://there.example/@kim": "there.example", "@kim@there.example": "there.example",
	} {
		p.get(path).submit(path, "host", text).leadsTo("/domains/" + want + "/block").wants(200)
	}
	for _, text := range []string{"", "not a host!", "https://"} {
		p.get(path).submit(path, "host", text).wants(422, "Write the name of a server").problem("host", "")
	}
	p.get("/settings/filters/new").submit("/settings/filters").wants(422, "Give it a name.", "Write a word or a pattern").problem("title", "")
}

// An operator with a value that none has is looked for as a word; where that
// finds nothing, it is said so.
func TestOddOperatorsAreNamed(t *testing.T) {
	s, c := newVillage(t)
	storetest.Post(t, s.db, c.mira, "a moss garden, at https://there.example", store.Public)
	p := s.member("fay")
	for query, odd := range map[string]string{
		"moss has:nonsense": "has:nonsense", "before:2026-13-45 moss": "before:2026-13-45", "is:nice -in:shelf": "is:nice in:shelf", "fern": "", "fern note:this": "",
	} {
		page := p.get("/search?type=posts&q="+url.QueryEscape(query)).wants(200, "Nothing found")
		if odd == "" {
			page.lacks("no such operator")
		} else {
			page.wants(200, "there is no such operator: "+odd+".")
		}
	}
	p.get("/search?type=posts&q=moss").wants(200, "a moss garden")
}

// The tab of requests says of requests that there are none.
func TestAnEmptyTabOfRequestsSpeaksOfRequests(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("stan")
	p.get("/notifications?tab=requests").wants(200, "No open requests").lacks("Nothing new")
	p.get("/notifications?tab=mentions").wants(200, "Nothing new").lacks("No open requests")
}

// A list that is empty says why, and leads to where it can be filled.
func TestEmptyListsLeadOn(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("stan")
	for path, want := range map[string]string{"/bookmarks": "/local", "/favourites": "/local", "/drafts": "/compose", "/scheduled": "/compose", "/messages": "/compose?visibility=direct"} {
		p.get(path).wants(200).holds(`class="btn`, `href="`+want+`"`)
	}
}
