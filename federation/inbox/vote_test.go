package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
)

// ask posts a poll of alice with the options yes and no.
func (w *world) ask(v store.Visibility, change ...func(*store.NewPoll)) *store.Post {
	w.Helper()
	n := &store.NewPoll{Options: []string{"yes", "no"}, Lasts: time.Hour}
	for _, f := range change {
		f(n)
	}
	p, err := w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "Tea?"}, Visibility: v, Poll: n})
	w.must(err)
	return p
}

// ballot is a vote as Mastodon sends it (fixture mastodon/create-vote).
func (w *world) ballot(by *fedtest.Actor, p *store.Post, name string) map[string]any {
	id := by.ID + "#votes/" + fmt.Sprint(time.Now().UnixNano())
	return by.Activity("Create", map[string]any{"id": id, "type": "Note", "attributedTo": by.ID, "name": name, "inReplyTo": p.URI, "to": w.alice.URI},
		map[string]any{"id": id + "/activity", "to": w.alice.URI})
}

func (w *world) counts(uri string) string {
	w.Helper()
	v, err := w.db.PostVisibleTo(ctx, w.post(uri).ID, store.AsMember(w.alice.ID))
	w.must(err)
	var b strings.Builder
	for _, o := range v.Poll.Options {
		fmt.Fprintf(&b, "%s %d, ", o.Name, o.Votes)
	}
	return fmt.Sprintf("%sby %d", b.String(), v.Poll.Voters)
}

func TestVotesAreCountedOnceAndAreNoPosts(t *testing.T) {
	w := newWorld(t)
	single := w.ask(store.Public)
	several := w.ask(store.Public, func(n *store.NewPoll) { n.Multiple = true })
	first := w.ballot(w.bob, single, "yes")
	w.send(w.bob, first, 202)
	w.send(w.bob, first, 202)
	w.send(w.bob, w.ballot(w.bob, single, "yes"), 202)
	w.send(w.bob, w.ballot(w.bob, single, "no"), 403)
	w.send(w.eve, w.ballot(w.eve, single, "no"), 202)
	w.send(w.eve, w.ballot(w.eve, single, "maybe"), 403)
	w.send(w.eve, w.ballot(w.bob, single, "no"), 401) // eve signs for bob
	w.send(w.bob, w.ballot(w.bob, several, "yes"), 202)
	w.send(w.bob, w.ballot(w.bob, several, "no"), 202)
	if got, want := w.counts(single.URI), "yes 1, no 1, by 2"; got != want {
		t.Errorf("single choice: got %s, want %s", got, want)
	}
	if got, want := w.counts(several.URI), "yes 1, no 1, by 1"; got != want {
		t.Errorf("several choices: got %s, want %s", got, want)
	}
	w.missing(first["object"].(map[string]any)["id"].(string))
	page, err := w.db.Notifications(ctx, w.alice.ID, nil, store.Cursor{})
	w.must(err)
	if len(page.Notifications) != 0 {
		t.Errorf("votes made %d notifications", len(page.Notifications))
	}
	if n := w.inbox.Ignored()["vote: "+string(store.VoteTwice)]; n != 1 {
		t.Errorf("counted %d second votes, want 1: %v", n, w.inbox.Ignored())
	}
}

// A stranger is told the same of a poll for followers and of none at all.
func TestVotesByStrangers(t *testing.T) {
	w := newWorld(t)
	private := w.ask(store.Followers)
	w.send(w.bob, w.ballot(w.bob, private, "yes"), 202)
	nowhere := *private
	nowhere.URI = "https://here.example/ap/posts/1"
	w.send(w.bob, w.ballot(w.bob, &nowhere, "yes"), 202)
	if got, want := w.counts(private.URI), "yes 0, no 0, by 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := w.inbox.Ignored()["vote in an unknown poll"]; n != 2 {
		t.Errorf("counted %d, want 2: %v", n, w.inbox.Ignored())
	}
}

func TestQuestionsAndTheirCounts(t *testing.T) {
	w := newWorld(t)
	options := func(votes ...int) []any {
		var list []any
		for i, n := range votes {
			list = append(list, map[string]any{"type": "Note", "name": string(rune('A' + i)), "replies": map[string]any{"type": "Collection", "totalItems": n}})
		}
		return list
	}
	id := "https://far.example/polls/1"
	question := func(more map[string]any) map[string]any {
		return note(w.bob, id, "<p>Which?</p>", map[string]any{"type": "Question", "anyOf": []any{}, "published": "2026-01-01T00:00:00Z"}, more)
	}
	w.send(w.bob, w.bob.Activity("Create", question(map[string]any{"oneOf": options(1, 0), "endTime": nil})), 202)
	if got, want := w.counts(id), "A 1, B 0, by -1"; got != want {
		t.Errorf("as created: got %s, want %s", got, want)
	}
	w.send(w.eve, w.eve.Activity("Update", question(map[string]any{"oneOf": options(90, 0)})), 403)
	w.send(w.bob, w.bob.Activity("Update", question(map[string]any{"oneOf": options(8, 3), "votersCount": 11, "closed": "2026-01-02T00:00:00Z"})), 202)
	if got, want := w.counts(id), "A 8, B 3, by 11"; got != want {
		t.Errorf("after the update: got %s, want %s", got, want)
	}
	v, err := w.db.PostVisibleTo(ctx, w.post(id).ID, store.AsMember(w.alice.ID))
	w.must(err)
	if !v.EditedAt.IsZero() || !v.Poll.Ended || v.Poll.Multiple {
		t.Errorf("edited %v, poll %+v; want no edit, ended, one choice", v.EditedAt, v.Poll)
	}
	huge := make([]int, 5000)
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id+"0", "<p>Huge</p>", map[string]any{"type": "Question", "anyOf": slices.Repeat(options(huge[:26]...), 20)})), 202)
	if v, err = w.db.PostVisibleTo(ctx, w.post(id+"0").ID, store.AsMember(w.alice.ID)); err != nil || len(v.Poll.Options) != 26 {
		t.Errorf("520 options, most of them twice: %v, %v", v, err)
	}
}
