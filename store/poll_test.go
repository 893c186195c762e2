package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// pollTown is a store with a clock, a member who asks and others who vote.
type pollTown struct {
	*store.DB
	now         time.Time
	alice, ben  *store.Account // members
	carol, dave *store.Account // elsewhere; carol follows alice
}

func newPollTown(t *testing.T) *pollTown {
	t.Helper()
	w := &pollTown{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.DB = storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return w.now }})
	w.alice, w.ben = storetest.Member(t, w.DB, "alice"), storetest.Member(t, w.DB, "ben")
	w.carol, w.dave = storetest.Remote(t, w.DB, "carol@there.example"), storetest.Remote(t, w.DB, "dave@else.example")
	must(t, w.ReceiveFollow(ctx, w.carol.ID, w.alice.ID, "https://there.example/follows/1"))
	return w
}

// ask posts a poll of alice.
func (w *pollTown) ask(t *testing.T, v store.Visibility, change ...func(*store.NewPoll)) *store.Post {
	t.Helper()
	n := &store.NewPoll{Options: []string{"Fox", "Owl", "Hare"}, Lasts: time.Hour}
	for _, f := range change {
		f(n)
	}
	p, err := w.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "Who?", Format: content.Plain}, Visibility: v, Poll: n})
	must(t, err)
	return p
}

// counts are the votes of a poll's options, then its voters, as ben sees them.
func (w *pollTown) counts(t *testing.T, postID int64) string {
	t.Helper()
	v, err := w.PostVisibleTo(ctx, postID, store.AsMember(w.alice.ID))
	must(t, err)
	var list []string
	for _, o := range v.Poll.Options {
		list = append(list, fmt.Sprint(o.Votes))
	}
	return strings.Join(list, " ") + " by " + fmt.Sprint(v.Poll.Voters)
}

// question is a poll of dave, as his server sends it.
func (w *pollTown) question(change ...func(*store.RemotePost)) *store.RemotePost {
	r := &store.RemotePost{Post: store.Post{URI: "https://else.example/polls/1", URL: "https://else.example/polls/1", AccountID: w.dave.ID, Kind: store.Question,
		HTML: content.Sanitise("<p>Tea?</p>"), CreatedAt: w.now}}
	r.Poll = &store.Poll{Options: []store.PollOption{{Name: "Yes", Votes: 5}, {Name: "No", Votes: 2}}, EndsAt: w.now.Add(time.Hour), Voters: 7}
	for _, f := range change {
		f(r)
	}
	return r
}

func (w *pollTown) receive(t *testing.T, r *store.RemotePost) *store.Post {
	t.Helper()
	_, err := w.ReceivePost(ctx, r)
	must(t, err)
	p, err := w.PostByURI(ctx, r.URI)
	must(t, err)
	return p
}

func multiple(n *store.NewPoll) { n.Multiple = true }

func TestPollsThatCannotBeAsked(t *testing.T) {
	w := newPollTown(t)
	many := make([]string, store.MaxPollOptions+1)
	for i := range many {
		many[i] = fmt.Sprint("option ", i)
	}
	for name, c := range map[string]struct {
		poll store.NewPoll
		want store.PostProblem
	}{
		"one option":        {store.NewPoll{Options: []string{"Fox", " ", "\u200b"}, Lasts: time.Hour}, store.PostFewOptions},
		"thirteen options":  {store.NewPoll{Options: many, Lasts: time.Hour}, store.PostManyOptions},
		"long option":       {store.NewPoll{Options: []string{"Fox", strings.Repeat("ö", 101)}, Lasts: time.Hour}, store.PostOptionTooLong},
		"same option twice": {store.NewPoll{Options: []string{"Fox", " Fox"}, Lasts: time.Hour}, store.PostOptionTwice},
		"no time":           {store.NewPoll{Options: []string{"Fox", "Owl"}}, store.PostPollTime},
		"four minutes":      {store.NewPoll{Options: []string{"Fox", "Owl"}, Lasts: 4 * time.Minute}, store.PostPollTime},
		"two years":         {store.NewPoll{Options: []string{"Fox", "Owl"}, Lasts: 2 * 365 * 24 * time.Hour}, store.PostPollTime},
	} {
		_, err := w.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "Who?"}, Poll: &c.poll})
		var bad *store.PostError
		if !errors.As(err, &bad) || bad.Problem != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	p := w.ask(t, store.Public, func(n *store.NewPoll) { n.Options = []string{strings.Repeat("ö", 100), "", many[0]} })
	if got := w.counts(t, p.ID); got != "0 0 by 0" {
		t.Errorf("a poll with the longest option and an empty one: got %q, want two options", got)
	}
}

func TestMembersVoteOnce(t *testing.T) {
	w := newPollTown(t)
	single, several := w.ask(t, store.Public), w.ask(t, store.Public, multiple)
	private := w.ask(t, store.Followers)
	over := w.ask(t, store.Public)
	plain := storetest.Post(t, w.DB, w.alice, "no poll", store.Public)
	refused := func(what string, who *store.Account, p *store.Post, want store.VoteProblem, choices ...int) {
		t.Helper()
		var bad *store.VoteError
		if err := w.Vote(ctx, who.ID, p.ID, choices); !errors.As(err, &bad) || bad.Problem != want {
			t.Errorf("%s: got %v, want %q", what, err, want)
		}
	}
	refused("own poll", w.alice, single, store.VoteOwn, 0)
	refused("nothing chosen", w.ben, single, store.VoteNothing)
	refused("two where one may be", w.ben, single, store.VoteMany, 0, 1)
	refused("no such option", w.ben, single, store.VoteUnknown, 3)
	refused("negative option", w.ben, several, store.VoteUnknown, -1, 0)
	for what, p := range map[string]*store.Post{"a poll for followers": private, "no poll": plain} {
		if err := w.Vote(ctx, w.ben.ID, p.ID, []int{0}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", what, err)
		}
	}
	must(t, w.Vote(ctx, w.ben.ID, single.ID, []int{1, 1}))
	must(t, w.Vote(ctx, w.ben.ID, several.ID, []int{2, 0}))
	refused("the same again", w.ben, single, store.VoteTwice, 1)
	refused("another option", w.ben, single, store.VoteTwice, 0)
	refused("one more of several", w.ben, several, store.VoteTwice, 1)
	w.now = w.now.Add(time.Hour)
	refused("at the end", w.ben, over, store.VoteEnded, 0)
	for p, want := range map[*store.Post]string{single: "0 1 0 by 1", several: "1 0 1 by 1", private: "0 0 0 by 0", over: "0 0 0 by 0"} {
		if got := w.counts(t, p.ID); got != want {
			t.Errorf("counts: got %s, want %s", got, want)
		}
	}
	v, err := w.PostVisibleTo(ctx, several.ID, store.AsMember(w.ben.ID))
	must(t, err)
	if o := v.Poll.Options; !o[0].Mine || o[1].Mine || !o[2].Mine || !v.Poll.Voted || v.MayVote(w.ben.ID) {
		t.Errorf("ben's own votes: %+v", v.Poll)
	}
	if v, err = w.PostVisibleTo(ctx, several.ID, store.Viewer{}); err != nil || v.Poll.Voted || v.MayVote(0) {
		t.Errorf("a visitor: %+v, %v", v.Poll, err)
	}
}

func TestVotesFromElsewhereCountOnce(t *testing.T) {
	w := newPollTown(t)
	single, several, private := w.ask(t, store.Public), w.ask(t, store.Public, multiple), w.ask(t, store.Followers)
	remote := w.receive(t, w.question())
	vote := func(who *store.Account, p *store.Post, name string) error {
		return w.ReceiveVote(ctx, who.ID, p.ID, name)
	}
	for range 2 { // the second time it is a replay
		must(t, vote(w.carol, single, "Owl"))
		must(t, vote(w.carol, several, "Owl"))
		must(t, vote(w.carol, several, "Fox"))
		must(t, vote(w.dave, several, " Fox "))
		must(t, vote(w.carol, private, "Hare"))
	}
	refused := func(what string, err error, want store.VoteProblem) {
		t.Helper()
		var bad *store.VoteError
		if !errors.As(err, &bad) || bad.Problem != want {
			t.Errorf("%s: got %v, want %q", what, err, want)
		}
	}
	refused("another option", vote(w.carol, single, "Fox"), store.VoteTwice)
	refused("no such option", vote(w.carol, several, "fox"), store.VoteUnknown)
	if err := vote(w.dave, private, "Fox"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger in a poll for followers: got %v, want not found", err)
	}
	if err := vote(w.carol, remote, "Yes"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("in a poll of another server: got %v, want not found", err)
	}
	must(t, w.Block(ctx, w.alice.ID, w.dave.ID))
	if err := vote(w.dave, single, "Fox"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody blocked: got %v, want not found", err)
	}
	w.now = w.now.Add(2 * time.Hour)
	refused("after the end", vote(w.carol, several, "Hare"), store.VoteEnded)
	for p, want := range map[*store.Post]string{single: "0 1 0 by 1", several: "2 1 0 by 2", private: "0 0 1 by 1"} {
		if got := w.counts(t, p.ID); got != want {
			t.Errorf("counts: got %s, want %s", got, want)
		}
	}
}

func TestResultsStayHiddenUntilTheEnd(t *testing.T) {
	w := newPollTown(t)
	p := w.ask(t, store.Public, func(n *store.NewPoll) { n.HideResults = true })
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{0}))
	outbox := len(w.drain(t))
	must(t, w.TellCounts(ctx, p.ID))
	if got := len(w.drain(t)); got != 0 || outbox == 0 {
		t.Errorf("told while hidden: got %d rows after %d, want none", got, outbox)
	}
	hidden := func() bool {
		v, err := w.PostVisibleTo(ctx, p.ID, store.AsMember(w.alice.ID))
		must(t, err)
		return v.Poll.ResultsHidden()
	}
	if !hidden() {
		t.Error("shown before the end")
	}
	if w.now = w.now.Add(time.Hour); hidden() {
		t.Error("hidden after the end")
	}
}

// drain takes all rows out of the outbox and returns their kinds.
func (w *pollTown) drain(t *testing.T) []store.OutboxKind {
	t.Helper()
	items, err := w.Outbox(ctx, 100)
	must(t, err)
	var kinds []store.OutboxKind
	for _, o := range items {
		kinds = append(kinds, o.Kind)
		must(t, w.ExpandOutbox(ctx, o, nil, nil))
	}
	return kinds
}

// runEnds does the jobs that end polls, if they are due.
func (w *pollTown) runEnds(t *testing.T) {
	t.Helper()
	jobs, err := w.ClaimJobs(ctx, 100, time.Minute)
	must(t, err)
	for _, j := range jobs {
		if j.Kind == store.JobPollEnd {
			var id int64
			_, err := fmt.Sscan(j.Payload, &id)
			must(t, err)
			must(t, w.EndPoll(ctx, id))
			must(t, w.EndPoll(ctx, id)) // twice is harmless
		}
		must(t, w.FinishJob(ctx, j.ID))
	}
}

func (w *pollTown) endsHeard(t *testing.T, who *store.Account) int {
	t.Helper()
	page, err := w.Notifications(ctx, who.ID, []store.NotificationKind{store.NotifyPollEnded}, store.Cursor{})
	must(t, err)
	return len(page.Notifications)
}

func TestTheEndIsToldOnce(t *testing.T) {
	w := newPollTown(t)
	local := w.ask(t, store.Public)
	remote := w.receive(t, w.question())
	must(t, w.Vote(ctx, w.ben.ID, local.ID, []int{0}))
	must(t, w.ReceiveVote(ctx, w.dave.ID, local.ID, "Owl"))
	must(t, w.Vote(ctx, w.ben.ID, remote.ID, []int{1}))
	if got := w.counts(t, remote.ID); got != "5 3 by 8" {
		t.Errorf("a member's vote in a remote poll: got %s, want 5 3 by 8", got)
	}
	if got := w.drain(t); !slices.Contains(got, store.OutboxVote) {
		t.Errorf("outbox: got %q, want a vote", got)
	}
	w.runEnds(t)
	if a, b := w.endsHeard(t, w.alice), w.endsHeard(t, w.ben); a != 0 || b != 0 {
		t.Fatalf("told before the end: %d and %d", a, b)
	}
	w.now = w.now.Add(time.Hour)
	w.runEnds(t)
	if a, b := w.endsHeard(t, w.alice), w.endsHeard(t, w.ben); a != 1 || b != 2 {
		t.Errorf("told of the end: alice %d times, ben %d; want 1 and 2", a, b)
	}
	items, err := w.Outbox(ctx, 10)
	must(t, err)
	if len(items) != 1 || items[0].Kind != store.OutboxUpdatePoll || !slices.Contains(items[0].Told, w.dave.ID) {
		t.Errorf("outbox: %+v, want the counts, for dave too", items)
	}
	jobs, err := w.ClaimJobs(ctx, 10, time.Minute)
	must(t, err)
	w.now = w.now.Add(2 * time.Minute)
	later, err := w.ClaimJobs(ctx, 10, time.Minute)
	must(t, err)
	asked := func(j *store.Job) bool { return j.Kind == store.JobFetch && j.Payload == remote.URI }
	if slices.ContainsFunc(jobs, asked) || !slices.ContainsFunc(later, asked) {
		t.Error("the server of the remote poll is not asked for the last counts a moment later")
	}
}

func TestCountsAreNoEdit(t *testing.T) {
	w := newPollTown(t)
	p := w.receive(t, w.question())
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{0}))
	w.now = w.now.Add(time.Minute)
	must(t, w.ReceiveEdit(ctx, w.question(func(r *store.RemotePost) {
		r.Poll.Options[0].Votes, r.Poll.Options[1].Votes, r.Poll.Voters = 30, 2_000_000_000_000, -5
	})))
	if got := w.counts(t, p.ID); got != "30 1000000000 by -1" {
		t.Errorf("counts: got %s", got)
	}
	v, err := w.PostVisibleTo(ctx, p.ID, store.AsMember(w.ben.ID))
	must(t, err)
	if !v.EditedAt.IsZero() || !v.Poll.Options[0].Mine {
		t.Errorf("after new counts: edited %v, own vote %v", v.EditedAt, v.Poll.Options[0].Mine)
	}
	history, err := w.PostHistory(ctx, p.ID, store.AsMember(w.ben.ID))
	must(t, err)
	if len(history) != 0 {
		t.Errorf("new counts made %d versions", len(history))
	}
}

func TestANewQuestionIsANewPoll(t *testing.T) {
	w := newPollTown(t)
	p := w.receive(t, w.question())
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{0}))
	w.now = w.now.Add(time.Minute)
	edit := w.question(func(r *store.RemotePost) { r.EditedAt, r.Poll.Options[0].Name = w.now, "Certainly" })
	must(t, w.ReceiveEdit(ctx, edit))
	v, err := w.PostVisibleTo(ctx, p.ID, store.AsMember(w.ben.ID))
	must(t, err)
	if v.Poll.Options[0].Name != "Certainly" || v.Poll.Voted || v.EditedAt.IsZero() {
		t.Errorf("after other options: %+v, edited %v", v.Poll, v.EditedAt)
	}
	// The version of before comes late: nothing changes.
	must(t, w.ReceiveEdit(ctx, w.question(func(r *store.RemotePost) { r.EditedAt = w.now.Add(-time.Second) })))
	if v, err = w.PostVisibleTo(ctx, p.ID, store.AsMember(w.ben.ID)); err != nil || v.Poll.Options[0].Name != "Certainly" {
		t.Errorf("after an older version: %+v, %v", v.Poll, err)
	}
}

// A member who changes what a poll asks asks anew; the same question keeps its
// votes, and a post can stop asking.
func TestAMemberChangesAPoll(t *testing.T) {
	w := newPollTown(t)
	p := w.ask(t, store.Public)
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{0}))
	for _, c := range []struct {
		name string
		poll *store.NewPoll
		none bool
		want string
	}{
		{"only the text", nil, false, "1 0 0 by 1"},
		{"the same for longer", &store.NewPoll{Options: []string{"Fox", "Owl", "Hare"}, Lasts: 2 * time.Hour}, false, "1 0 0 by 1"},
		{"other options", &store.NewPoll{Options: []string{"Fox", "Owl"}, Lasts: time.Hour}, false, "0 0 by 0"},
		{"several answers", &store.NewPoll{Options: []string{"Fox", "Owl"}, Multiple: true, Lasts: time.Hour}, false, "0 0 by 0"},
	} {
		w.now = w.now.Add(time.Minute)
		before, err := w.Post(ctx, p.ID)
		must(t, err)
		_, err = w.UpdatePost(ctx, w.alice.ID, p.ID, store.Edit{Source: content.Source{Text: c.name, Format: content.Plain}, Poll: c.poll, NoPoll: c.none, SeenAt: before.Version()})
		must(t, err)
		if got := w.counts(t, p.ID); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{0, 1}))
	before, err := w.Post(ctx, p.ID)
	must(t, err)
	_, err = w.UpdatePost(ctx, w.alice.ID, p.ID, store.Edit{Source: content.Source{Text: "never mind", Format: content.Plain}, NoPoll: true, SeenAt: before.Version()})
	must(t, err)
	if v, err := w.PostVisibleTo(ctx, p.ID, store.AsMember(w.ben.ID)); err != nil || v.Poll != nil || v.Kind != store.Note {
		t.Errorf("without a poll: %+v, %v", v.Poll, err)
	}
}

// The key of an app that repeats a request is good for an hour, a form's for a week.
func TestTokensOfPostsAreForgotten(t *testing.T) {
	w := newPollTown(t)
	write := func(token string) int64 {
		t.Helper()
		p, err := w.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "again", Format: content.Plain}, Token: token})
		must(t, err)
		return p.ID
	}
	app, form := write("api 1 k"), write("k")
	for _, c := range []struct {
		after     time.Duration
		app, form bool // the same post comes back
	}{{50 * time.Minute, true, true}, {20 * time.Minute, false, true}, {8 * 24 * time.Hour, false, false}} {
		w.now = w.now.Add(c.after)
		must(t, w.ForgetPostTokens(ctx))
		if gotApp, gotForm := write("api 1 k") == app, write("k") == form; gotApp != c.app || gotForm != c.form {
			t.Errorf("%s later: the app's first post %v, the form's %v; want %v, %v", c.after, gotApp, gotForm, c.app, c.form)
		}
	}
}

// An author who closes the poll early ends it for those who voted here, and one
// who gives it more time does not.
func TestTheEndMoves(t *testing.T) {
	w := newPollTown(t)
	p := w.receive(t, w.question())
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{0}))
	longer := w.question(func(r *store.RemotePost) { r.Poll.EndsAt = w.now.Add(3 * time.Hour) })
	must(t, w.ReceiveEdit(ctx, longer))
	w.now = w.now.Add(2 * time.Hour)
	w.runEnds(t)
	if n := w.endsHeard(t, w.ben); n != 0 {
		t.Errorf("told of the end that was moved %d times", n)
	}
	must(t, w.ReceiveEdit(ctx, w.question(func(r *store.RemotePost) { r.Poll.EndsAt = w.now.Add(-time.Minute) })))
	w.now = w.now.Add(2 * time.Hour)
	w.runEnds(t)
	if n := w.endsHeard(t, w.ben); n != 1 {
		t.Errorf("told of the early end %d times, want once", n)
	}
}

func TestForeignPollsAreBounded(t *testing.T) {
	w := newPollTown(t)
	p := w.receive(t, w.question(func(r *store.RemotePost) {
		r.Kind, r.Poll.EndsAt = store.Note, time.Time{}
		r.Poll.Options = []store.PollOption{{Name: "a\u202eb", Votes: -4}, {Name: "ab"}, {Name: " "}, {Name: strings.Repeat("x", 2000)}}
	}))
	v, err := w.PostVisibleTo(ctx, p.ID, store.AsMember(w.ben.ID))
	must(t, err)
	o := v.Poll.Options
	if len(o) != 2 || o[0].Name != "ab" || o[0].Votes != 0 || len(o[1].Name) != 500 || v.Poll.Ended || v.Kind != store.Question {
		t.Errorf("got %+v", v.Poll)
	}
	must(t, w.Vote(ctx, w.ben.ID, p.ID, []int{1}))
	none := w.question(func(r *store.RemotePost) { r.URI, r.Poll.Options = r.URI+"2", nil })
	if v, err = w.PostVisibleTo(ctx, w.receive(t, none).ID, store.Viewer{}); err != nil || v.Poll != nil {
		t.Errorf("a question without options: %+v, %v", v, err)
	}
}

func TestRedraftBringsThePollBack(t *testing.T) {
	w := newPollTown(t)
	d, err := w.Redraft(ctx, w.alice.ID, w.ask(t, store.Public, multiple).ID)
	must(t, err)
	if n := d.Poll; n == nil || !n.Multiple || n.Lasts != time.Hour || !slices.Equal(n.Options, []string{"Fox", "Owl", "Hare"}) {
		t.Errorf("got %+v", n)
	}
	d, err = w.Redraft(ctx, w.alice.ID, storetest.Post(t, w.DB, w.alice, "none", store.Public).ID)
	must(t, err)
	if d.Poll != nil {
		t.Errorf("a post without one: got %+v", d.Poll)
	}
}
