package web

import (
	"image/color"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestPrivacyPage(t *testing.T) {
	s, c := newVillage(t)
	p := storetest.Post(t, s.db, c.mira, "In the garden", store.Public)
	mira := s.member("mira")
	form := mira.get("/settings/privacy").wants(200, "Who may write to you privately").fields("/settings/privacy")
	form.Set("messages", "friends")
	form.Set("lock", "1")
	form.Del("discoverable")
	mira.post("/settings/privacy", form).wants(422).holds(`name="lock" value="1" checked`)
	form.Set("messages", "nobody")
	form.Set("hide_counts", "1")
	form.Set("hide_posts", "1")
	form.Set("may_quote", "nobody")
	mira.post("/settings/privacy", form).leadsTo("/settings/privacy").wants(200, "Saved.").holds(`value="nobody" checked`)
	a, err := s.db.Account(t.Context(), c.mira.ID)
	s.must(err)
	if !a.Locked || a.Discoverable || !a.Indexable || !a.HidesCounts || !a.HidesPosts || a.HidesNetwork {
		t.Errorf("account %+v", a)
	}
	visitor := s.person()
	visitor.get("/@mira").wants(200, "This member shows visitors no list", "is not told").lacks("In the garden")
	visitor.get("/@mira.rss").wants(404)
	visitor.get(postPath(c.mira, p.ID)).wants(200, "In the garden")
	s.member("fay").get("/@mira").wants(200, "In the garden", "is not told")
	// The short form says nothing of who may do what.
	short := mira.get("/home").fields("/posts")
	short.Set("text", "From the short form")
	mira.post("/posts", short)
	page, err := s.db.LocalTimeline(t.Context(), store.AsMember(c.mira.ID), store.Cursor{Limit: 1})
	s.must(err)
	v := page.Posts[0]
	if rule := v.Policy.Rule(store.DeedQuote); v.Source.Text != "From the short form" || !rule.Said || rule.Always != 0 {
		t.Errorf("%q may be quoted by %+v, want nobody", v.Source.Text, rule)
	}
}

// What a member chose about descriptions counts more than what the server does.
func TestRuleForPicturesWithoutDescription(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("olga")
	choose := func(rule string) {
		form := p.get("/settings/posting").fields("/settings/posting")
		form.Set("alt", rule)
		p.post("/settings/posting", form).leadsTo("/settings/posting")
	}
	post := func() *screen {
		return p.get("/compose").send("/posts", []sentFile{{"media", "red.png", picturePNG(t, color.White)}}, "text", "Red", "action", "post")
	}
	choose("require")
	asked := post().wants(422, "you chose to post none without").lacks("Post without")
	asked.submit("/posts", "action", "post-bare").wants(422, "you chose to post none without")
	asked.submit("/posts", "action", "post", "alt-"+asked.fields("/posts").Get("media_id"), "red").wants(303)
	choose("off")
	post().wants(303)
	s.set("alt_reminder", "false")
	choose("remind")
	post().wants(422, "Post without").submit("/posts", "action", "post-bare").wants(303)
	choose("usual")
	post().wants(303)
}
