package web

import (
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestTwoPressesMakeOneThing sends each form that makes something twice at once
// and, as after the Back button, once more, and again when the server was
// started anew: one thing is made, and every press leads to it. The form of a new page makes another.
func TestTwoPressesMakeOneThing(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.sam, "Watches", store.Public)
	report, err := s.db.CreateReport(t.Context(), store.NewReport{ReporterID: c.fay.ID, AccountID: c.sam.ID, PostIDs: []int64{post.ID}, Category: store.ReportSpam})
	s.must(err)
	p := s.member("olga")
	for _, test := range []struct {
		page, action string
		fields       []string
		marks        string // what each thing has on its page
		list         string // the page that shows all, when it is not page
	}{
		{"/lists", "/lists", []string{"title", "Neighbours"}, "/edit\"", ""},
		{"/bookmarks", "/bookmarks/folders", []string{"name", "Recipes"}, "<bdi>Recipes", ""},
		{"/settings/filters/new", "/settings/filters", []string{"title", "Politics", "phrases", "parliament", "contexts", "home"}, "/delete\"", "/settings/filters"},
		{"/admin/announcements", "/admin/announcements", []string{"text", "High water"}, "/delete\"", ""},
		{"/admin/invites", "/admin/invites", []string{"uses", "3", "expires", "never"}, "/revoke\"", ""},
		{"/admin/relays", "/admin/relays", []string{"url", "https://relay.example/actor"}, "/remove\"", ""},
		{in("/mod/reports/%", report), in("/mod/reports/%/note", report), []string{"text", "Seen before"}, "Seen before", ""},
		{"/compose", "/posts", []string{"text", "Only once", "action", "post"}, "<article", "/@olga"},
		{"/compose", "/posts", []string{"text", "A thought", "action", "draft"}, "/publish\"", "/drafts"},
		{"/tags", "/tags/mute", []string{"mute", "noise"}, "/delete\"", "/settings/filters"},
		{"/tags", "/tags", []string{"tag", "frogs"}, `name="on" value="0"`, ""},
		{in("/report/%", post.ID) + "?category=spam&step=comment", in("/report/%", post.ID), []string{"category", "spam"}, `href="/mod/reports/`, "/mod/reports"},
	} {
		list := test.list
		if list == "" {
			list = test.page
		}
		before := strings.Count(p.get(list).body, test.marks)
		form := p.get(test.page).fields(test.action)
		for i := 0; i < len(test.fields); i += 2 {
			form[test.fields[i]] = []string{test.fields[i+1]}
		}
		places := p.pressTwice(test.action, form)
		places = append(places, p.post(test.action, form).location)
		s.restart()
		places = append(places, p.post(test.action, form).location)
		for _, place := range places {
			if place == "" || place != places[0] {
				t.Errorf("%s: four presses lead to %q, want one place", test.action, places)
				break
			}
		}
		made := strings.Count(p.get(list).body, test.marks) - before
		if made != 1 {
			t.Errorf("%s %v: four presses made %d, want 1", test.action, test.fields, made)
		}
	}
	p.get("/admin/announcements").submit("/admin/announcements", "text", "High water").wants(303)
	if made := strings.Count(p.get("/admin/announcements").body, `/delete"`); made != 2 {
		t.Errorf("a new page with the same words: got %d announcements, want 2", made)
	}
}

// pressTwice sends a form twice at the same time and returns where both led.
func (p *person) pressTwice(action string, form url.Values) []string {
	p.t.Helper()
	places := make([]string, 2)
	var both sync.WaitGroup
	for i := range places {
		both.Go(func() { places[i] = p.post(action, form).location })
	}
	both.Wait()
	return places
}

// id is the account of somebody who is logged in.
func (p *person) id() int64 {
	p.t.Helper()
	_, user, err := p.site.db.SessionUser(p.t.Context(), p.cookie("session"))
	p.site.must(err)
	return user.Account.ID
}

// TestARefusedPressIsForgotten: what was wrong once can be sent again as it is.
func TestARefusedPressIsForgotten(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	form := p.get("/lists").fields("/lists")
	form.Set("title", "")
	for range 2 {
		p.post("/lists", form).wants(422)
	}
	form.Set("title", "Neighbours")
	p.post("/lists", form).wants(303)
	var o onces
	for i := range maxOnce + 10 {
		var key [32]byte
		copy(key[:], strconv.Itoa(i))
		press, first := o.begin(key)
		press.to = "/lists"
		if o.end(key, press); !first {
			t.Fatalf("press %d is not the first of its kind", i)
		}
	}
	if len(o.pressed) != maxOnce || len(o.order) != maxOnce {
		t.Errorf("%d presses are remembered in an order of %d, want %d", len(o.pressed), len(o.order), maxOnce)
	}
}
