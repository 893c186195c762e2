package outbox

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// TestPollActivities holds what others get of polls and votes to golden files.
func TestPollActivities(t *testing.T) {
	now := testTime
	w := &town{db: storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})}
	w.alice, w.bob, w.dave = storetest.Member(t, w.db, "alice"), storetest.Remote(t, w.db, "bob@there.example"), storetest.Remote(t, w.db, "dave@else.example")
	must(t, w.db.ReceiveFollow(t.Context(), w.bob.ID, w.alice.ID, w.bob.URI+"#follows/1"))
	drain(t, w.db)
	ask := func(n store.NewPoll) *store.Post {
		n.Options, n.Lasts = []string{"Fox & hare", "Owl"}, time.Hour
		p, err := w.db.CreatePost(t.Context(), store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "Who?", Format: content.Plain}, Poll: &n})
		must(t, err)
		return p
	}
	check := func(name, kind string, seenAs vocab.Visibility, inboxes ...string) {
		t.Helper()
		all := drain(t, w.db)
		if len(all) == 0 {
			t.Fatalf("%s: nothing is told", name)
		}
		m := all[len(all)-1]
		golden(t, name, m.body)
		a := readBack(t, m.body)
		if got := urls(m.inboxes); !slices.Equal(got, inboxes) || a.Type != kind || a.Visibility(w.alice.FollowersURI) != seenAs {
			t.Errorf("%s: %s for %s to %q, want %s for %s to %q", name, a.Type, a.Visibility(w.alice.FollowersURI), got, kind, seenAs, inboxes)
		}
	}
	open := ask(store.NewPoll{})
	check("create_poll", "Create", vocab.VisibilityPublic, there)
	must(t, w.db.ReceiveVote(t.Context(), w.dave.ID, open.ID, "Owl"))
	must(t, w.db.TellCounts(t.Context(), open.ID))
	check("update_poll", "Update", vocab.VisibilityPublic, elsew, there)
	hidden := ask(store.NewPoll{Multiple: true, HideResults: true})
	must(t, w.db.ReceiveVote(t.Context(), w.bob.ID, hidden.ID, "Owl"))
	check("create_poll_hidden", "Create", vocab.VisibilityPublic, there)
	now = now.Add(time.Hour)
	must(t, w.db.EndPoll(t.Context(), hidden.ID))
	check("update_poll_ended", "Update", vocab.VisibilityPublic, there)

	theirs := storetest.Receive(t, w.db, w.dave, "https://else.example/polls/1", "<p>Tea?</p>", func(r *store.RemotePost) {
		r.Kind, r.Poll = store.Question, &store.Poll{Multiple: true, Options: []store.PollOption{{Name: "Yes"}, {Name: "<Not> now"}}}
	})
	must(t, w.db.Vote(t.Context(), w.alice.ID, theirs.ID, []int{0, 1}))
	items, err := w.db.Outbox(t.Context(), 10)
	must(t, err)
	if len(items) != 2 {
		t.Errorf("two options make %d activities, want one each", len(items))
	}
	check("vote", "Create", vocab.VisibilityDirect, w.dave.Inbox)
}

// A vote says who voted: its activity goes to the author of the poll alone, and
// others would read it as a vote.
func TestAVoteReadsAsOne(t *testing.T) {
	body, err := vocab.CreateVote(vocab.Envelope{ID: "https://a.example/1/activity", Actor: "https://a.example/u"},
		vocab.VoteDoc{ID: "https://a.example/1", AttributedTo: "https://a.example/u", InReplyTo: "https://b.example/1", Name: "Yes", To: "https://b.example/u"})
	must(t, err)
	o, err := readBack(t, body).Object.Embedded.Object()
	must(t, err)
	if !o.IsVote() || o.Name != "Yes" || o.InReplyTo.ID != "https://b.example/1" || strings.Contains(string(body), "content\"") {
		t.Errorf("got %s", body)
	}
}
