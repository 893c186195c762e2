package web

import (
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// TestALongQuotedPostIsCutShort shows the beginning of it inside the post that
// quotes it, and all of it on its own page.
func TestALongQuotedPostIsCutShort(t *testing.T) {
	s, c := newVillage(t)
	long := storetest.Post(t, s.db, c.mira, strings.Repeat("The heap wants air and water. ", 80)+"The end.", store.Public)
	quoting, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.fay.ID, QuoteID: long.ID, Visibility: store.Public, Source: content.Source{Text: "Read this", Format: content.Plain}})
	s.must(err)
	fay := s.member("fay")
	for _, path := range []string{in("/@fay/%", quoting.ID), "/@fay", in("/compose?quote=%", long.ID)} {
		fay.get(path).wants(200, "The heap wants air", "Read on").lacks("The end.")
	}
	fay.get(in("/@mira/%", long.ID)).wants(200, "The end.")
}

// TestAnEditShowsWhatStays: the quoted post is no field of it, and the poll stays unless it is changed.
func TestAnEditShowsWhatStays(t *testing.T) {
	s, c := newVillage(t)
	heap := storetest.Post(t, s.db, c.mira, "The heap wants air", store.Public)
	asks, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.fay.ID, QuoteID: heap.ID, Visibility: store.Public,
		Source: content.Source{Text: "Who turns it?", Format: content.Plain}, Poll: &store.NewPoll{Options: []string{"The robin", "The worm"}, Lasts: time.Hour}})
	s.must(err)
	fay, path := s.member("fay"), in("/posts/%/edit", asks.ID)
	page := fay.get(path).wants(200, "The votes are lost", "The heap wants air")
	page.submit(path, "text", "Who turns it now?", "action", "preview").wants(200, "The robin", "The heap wants air")
	page.submit(path, "text", "Who turns it now?", "action", "post").leadsTo(in("/@fay/%", asks.ID)).wants(200, "The robin", "The heap wants air", "Who turns it now?")
	fay.get(in("/posts/%/edit", storetest.Post(t, s.db, c.fay, "No question", store.Public).ID)).wants(200).lacks("The votes are lost")
}

// TestWhyAPostCannotBeQuoted says it to who sees the post, and nothing to others.
func TestWhyAPostCannotBeQuoted(t *testing.T) {
	s, c := newVillage(t) // Fay follows mira
	post := storetest.Post(t, s.db, c.mira, "For those who follow me", store.Followers)
	path := in("/compose?quote=%", post.ID)
	s.member("fay").get(path).wants(403, "This post can't be quoted")
	s.member("stan").get(path).wants(404).lacks("quoted")
	form := s.member("fay").get("/compose").fields("/posts")
	form.Set("text", "Kept")
	form.Set("action", "post")
	form.Set("quote", in("%", post.ID))
	fay := s.member("fay")
	form.Set("csrf", fay.get("/compose").fields("/posts").Get("csrf"))
	fay.post("/posts", form).wants(422, "does not want it quoted", "Kept")
}

// TestQuotesGoNoFurther offers only whom the quoted post reaches too, and holds to it.
func TestQuotesGoNoFurther(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.fay, "For those who follow me", store.Followers)
	fay, path := s.member("fay"), in("/compose?quote=%", post.ID)
	page := fay.get(path).wants(200, "Only the people who follow you", "Mentioned people").lacks("Quiet public", "This server only")
	page.submit("/posts", "text", "Once more", "action", "post")
	page.submit("/posts", "text", "Forged", "visibility", "public", "token", "another", "action", "post")
	fay.get("/@fay").wants(200, "Once more", "Forged", "For those who follow me")
	s.person().get("/@fay").wants(200).lacks("Once more", "Forged")
}
