package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// options are the rows for the poll's options in a form.
func (s *screen) options() []string { return s.fields("/posts")["poll[option][]"] }

// submitAll is submit with several values for a field.
func (p *person) submitAll(page *screen, changes url.Values) *screen {
	form := page.fields("/posts")
	for name, values := range changes {
		form[name] = values
	}
	return p.post("/posts", form)
}

func TestWriteAPoll(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	short := p.get("/home").fields("/posts")
	short["text"], short["cw"], short["add"] = []string{"Soup on <Sunday>?"}, []string{"Food"}, []string{"poll"}
	page := p.post("/compose", short).wants(200, "Option 1", "Option 2")
	if got := page.options(); len(got) != 2 {
		t.Fatalf("the new poll has %d rows, want 2", len(got))
	}
	page = p.submitAll(page, url.Values{"poll[option][]": {"Leek", "Pea <b>"}, "poll[multiple]": {"1"}, "poll[until]": {"6h"}, "action": {"add-option"}}).wants(200)
	kept := page.fields("/posts")
	if got := page.options(); !slices.Equal(got, []string{"Leek", "Pea <b>", ""}) || kept.Get("text") != "Soup on <Sunday>?" || kept.Get("cw") != "Food" || kept.Get("poll[until]") != "6h" || kept.Get("poll[multiple]") != "1" {
		t.Errorf("after adding a row: %q", kept)
	}
	p.submitAll(page, url.Values{"action": {"preview"}}).wants(200, "Pea <b>", "0%", "several options possible", "6 h left")
	refused := p.submitAll(page, url.Values{"poll[option][]": {"Leek", "Leek"}, "action": {"post"}})
	refused.wants(422)
	refused.problem("poll", "Two options of the poll are the same")
	if got := refused.options(); !slices.Equal(got, []string{"Leek", "Leek"}) {
		t.Errorf("a refused poll came back as %q", got)
	}
	for words, change := range map[string]url.Values{
		"A poll needs two options at least":  {"poll[option][]": {"Leek", " ", ""}},
		"A poll can have 12 options at most": {"poll[option][]": strings.Split("a b c d e f g h i j k l m", " ")},
		"An option of the poll is too long":  {"poll[option][]": {"Leek", strings.Repeat("a", 101)}},
		"Choose how long the poll is open":   {"poll[until]": {"1000y"}},
		"Write something first":              {"text": {""}},
		"The content warning is too long":    {"cw": {strings.Repeat("w", 501)}},
	} {
		if change != nil {
			change.Set("action", "post")
			p.submitAll(page, change).wants(422, words)
		}
	}
	if gone := p.submitAll(page, url.Values{"action": {"remove-poll"}}).wants(200); gone.options() != nil || gone.fields("/posts").Get("text") == "" {
		t.Error("removing the poll left it, or took the text")
	}
	posted := p.submitAll(page, url.Values{"action": {"post"}}).wants(303)
	home := p.get(posted.location).wants(200, "Soup on <Sunday>?", "Leek", "Pea <b>", "0 people voted", "6 h left")
	home.lacks("Option 3", "Choose one option")
	if got := p.get("/compose?add=poll").wants(200).options(); len(got) != 2 {
		t.Errorf("/compose?add=poll has %d rows", len(got))
	}
}

// ask posts a poll of a member.
func ask(t *testing.T, db *store.DB, author *store.Account, change ...func(*store.Draft)) *store.Post {
	t.Helper()
	d := store.Draft{AuthorID: author.ID, Source: content.Source{Text: "Which frog?", Format: content.Plain},
		Poll: &store.NewPoll{Options: []string{"Tree frog", "Moor frog"}, Lasts: time.Hour}}
	for _, f := range change {
		f(&d)
	}
	p, err := db.CreatePost(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestVoteInAPoll(t *testing.T) {
	s, c := newVillage(t)
	post := ask(t, s.db, c.fay)
	path, vote := in("/@fay/%", post.ID), in("/polls/%/vote", post.ID)
	olga, fay := s.member("olga"), s.member("fay")
	page := olga.get(path).wants(200, "Choose one option", "Tree frog", "0 people voted", "See results")
	results := olga.get(path+"?results=1").wants(200, "0%", "Back to the options")
	results.lacks("Choose one option")
	page.submit(vote, "choice", "7").wants(422, "no such option")
	page.submit(vote, "choice", "x").wants(422, "no such option")
	again := page.submit(vote).wants(422, "Choose an option first", "Which frog?")
	again.problem(templates.PollField(post.ID), "Choose an option first")
	done := again.submit(vote, "choice", "1").wants(303)
	if !strings.HasSuffix(done.location, in("#p%", post.ID)) {
		t.Errorf("after voting: %q", done.location)
	}
	olga.get(done.location).wants(200, "Moor frog (your vote)", "100%", "1 person voted").lacks("Choose one option", "See results")
	page.submit(vote, "choice", "1").wants(422, "You have voted in this poll already", "Moor frog (your vote)")
	fay.get(path).wants(200, "100%").lacks("Choose one option", "your vote")
	form := page.fields(vote)
	form.Set("choice", "0")
	form.Set("csrf", fay.get(path).fields("/posts").Get("csrf"))
	fay.post(vote, form).wants(403, "your own poll")
	s.person().get(path).wants(200, "100%", "Vote from your own server").lacks("Choose one option")
	sam := s.member("sam").get(path)
	s.clock.pass(2 * time.Hour)
	sam.submit(vote, "choice", "0").wants(422, "This poll has ended")
}

func TestHiddenResults(t *testing.T) {
	s, c := newVillage(t)
	post := ask(t, s.db, c.fay, func(d *store.Draft) { d.Poll.HideResults, d.Poll.Multiple, d.ContentWarning = true, true, "frogs" })
	path := in("/@fay/%", post.ID)
	olga := s.member("olga")
	before := olga.get(path).wants(200, "Choose one option or more", "results are shown at the end").lacks("See results")
	if strings.Contains(before.words(), "%") {
		t.Error("a share of the votes is told before the end")
	}
	olga.get(path).submit(in("/polls/%/vote", post.ID), "choice", "0").wants(303)
	olga.get(path).wants(200, "Tree frog (your vote)", "1 person voted").lacks("100%", "1 vote")
	s.clock.pass(2 * time.Hour)
	if err := s.db.EndPoll(t.Context(), post.ID); err != nil {
		t.Fatal(err)
	}
	s.member("olga").get(path).wants(200, "100%", "Ended")
	s.member("olga").get("/notifications").wants(200, "fay that you voted in has ended", "frogs")
	s.member("fay").get("/notifications").wants(200, "Your poll has ended")
}

func TestRedraftKeepsThePoll(t *testing.T) {
	s, c := newVillage(t)
	post := ask(t, s.db, c.fay)
	page := s.member("fay").get(in("/posts/%/redraft", post.ID)).submit(in("/posts/%/redraft", post.ID)).wants(303)
	page = page.p.get(page.location).wants(200)
	if got := page.options(); !slices.Equal(got, []string{"Tree frog", "Moor frog"}) || page.fields("/posts").Get("poll[until]") != "1h" {
		t.Errorf("got %q, open for %s", got, page.fields("/posts").Get("poll[until]"))
	}
}

// TestEditAPoll: what the poll of a post asks is a part of the edit. Votes are
// kept until other options, or other ways to choose, are asked about.
func TestEditAPoll(t *testing.T) {
	s, c := newVillage(t)
	post := ask(t, s.db, c.fay, func(d *store.Draft) { d.Poll.Lasts = 3 * time.Hour })
	path, edit, vote := in("/@fay/%", post.ID), in("/posts/%/edit", post.ID), in("/polls/%/vote", post.ID)
	olga, fay := s.member("olga"), s.member("fay")
	olga.get(path).submit(vote, "choice", "1").wants(303)
	save := func(page *screen, changes url.Values) *screen {
		form := page.fields(edit)
		for name, values := range changes {
			form[name] = values
		}
		return fay.post(edit, form)
	}
	s.pass(time.Hour)
	page := fay.get(edit).wants(200, "The votes are lost when you change the options", "2 h left")
	form := page.fields(edit)
	if got := form["poll[option][]"]; !slices.Equal(got, []string{"Tree frog", "Moor frog"}) || form.Get("poll[until]") != "same" || form.Has("poll[multiple]") || form.Has("poll[hide]") {
		t.Fatalf("the form holds %q", form)
	}
	save(page, url.Values{"text": {"Which frog now?"}, "action": {"preview"}}).wants(200, "Moor frog", "100%")
	save(page, url.Values{"text": {"Which frog now?"}, "action": {"post"}}).wants(303)
	olga.get(path).wants(200, "Which frog now?", "Moor frog (your vote)", "1 person voted", "2 h left")

	s.pass(time.Minute)
	stale := fay.get(edit)
	save(stale, url.Values{"poll[until]": {"3d"}, "poll[hide]": {"1"}, "action": {"post"}}).wants(303)
	save(stale, url.Values{"poll[until]": {"3d"}, "poll[hide]": {"1"}, "action": {"post"}}).wants(303) // a double click
	olga.get(path).wants(200, "Moor frog (your vote)", "3 days left", "results are shown at the end")

	s.pass(time.Minute)
	both := save(stale, url.Values{"poll[option][]": {"Tree frog", "Pond frog"}, "action": {"post"}}).wants(409, "changed meanwhile", "Moor frog")
	if got := both.fields(edit)["poll[option][]"]; !slices.Equal(got, []string{"Tree frog", "Pond frog"}) {
		t.Errorf("the late change came back as %q", got)
	}
	save(both, url.Values{"action": {"add-option"}}).wants(200, "Option 3")
	save(both, url.Values{"poll[option][]": {"Tree frog", "Tree frog"}, "action": {"post"}}).wants(422, "Two options of the poll are the same")
	save(both, url.Values{"action": {"post"}}).wants(303)
	olga.get(path).wants(200, "Pond frog", "Choose one option", "3 days left").lacks("Moor frog", "your vote")

	s.pass(time.Minute)
	gone := save(fay.get(edit), url.Values{"action": {"remove-poll"}}).wants(200, "the poll is gone, with all votes")
	again := save(gone, url.Values{"action": {"add-poll"}}).wants(200, "Option 2")
	again.wants(200, "The votes are lost")
	save(gone, url.Values{"action": {"post"}}).wants(303)
	olga.get(path).wants(200, "Which frog now?").lacks("Pond frog")

	s.pass(time.Minute)
	save(fay.get(edit), url.Values{"poll[option][]": {"Toad", "Newt"}, "poll[until]": {"1h"}, "action": {"post"}}).wants(303)
	s.pass(2 * time.Hour)
	over := fay.get(edit).wants(200, "Ended")
	save(over, url.Values{"poll[option][]": {"Toad", "Eft"}, "action": {"post"}}).wants(422, "Choose how long the poll is open")
	save(over, url.Values{"text": {"Neither"}, "action": {"post"}}).wants(303)
	olga.get(path).wants(200, "Neither", "Newt", "Ended")
}
