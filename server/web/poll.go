package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"seedling/store"
	"seedling/templates"
)

// poll is the question of a post as its card shows it; nil if there is none.
func (c *cards) poll(v *store.PostView) *templates.Poll {
	p := v.Poll
	if p == nil {
		return nil
	}
	view := &templates.Poll{
		ID: v.ID, Multiple: p.Multiple, Hidden: p.ResultsHidden(), Open: !p.Ended,
		Ends: c.moment(p.EndsAt), Votes: p.Votes(), Voters: p.Voters,
	}
	if v.MayVote(c.viewer) {
		view.CanVote = !c.results || view.Hidden
		anchor := "#p" + strconv.FormatInt(v.ID, 10)
		switch {
		case !view.CanVote:
			view.Back = v.Path() + anchor
		case !view.Hidden:
			view.Results = v.Path() + "?results=1" + anchor
		}
	}
	whole := view.Votes
	if p.Multiple && p.Voters > 0 {
		whole = p.Voters
	}
	for i, o := range p.Options {
		view.Options = append(view.Options, templates.PollOption{
			Number: i, Name: o.Name, Rich: c.rich(v.Author.EmojiHost(), o.Name), Votes: o.Votes, Percent: percent(o.Votes, whole), Mine: o.Mine,
		})
	}
	return view
}

// percent is n of whole in percent, rounded. Other servers' counts need not add up.
func percent(n, whole int) int {
	if whole <= 0 {
		return 0
	}
	return min((200*n+whole)/(2*whole), 100)
}

// vote is POST /polls/{id}/vote, with a field "choice" for each option.
func (s *Server) vote(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	var choices []int
	for _, text := range r.form["choice"] {
		n, err := strconv.Atoi(text)
		if err != nil {
			return refuseVote(store.VoteUnknown)
		}
		choices = append(choices, n)
	}
	err = s.db.Vote(r.Context(), r.viewerID(), id, choices)
	var bad *store.VoteError
	if errors.As(err, &bad) {
		return refuseVote(bad.Problem)
	}
	if err != nil {
		return err
	}
	return s.backToPost(w, r, id)
}

// refuseVote puts into words why a vote does not count.
func refuseVote(p store.VoteProblem) error {
	switch p {
	case store.VoteOwn:
		return refuse(http.StatusForbidden, "error.vote_own")
	case store.VoteEnded:
		return refuse(http.StatusUnprocessableEntity, "error.vote_ended")
	case store.VoteTwice:
		return refuse(http.StatusUnprocessableEntity, "error.vote_twice")
	case store.VoteNothing:
		return refuse(http.StatusUnprocessableEntity, "error.vote_nothing")
	case store.VoteMany:
		return refuse(http.StatusUnprocessableEntity, "error.vote_many")
	}
	return refuse(http.StatusUnprocessableEntity, "error.vote_unknown")
}

// freshenPoll asks the server of a poll for its counts, if a member looks at
// it and they are old.
func (s *Server) freshenPoll(r *request, v *store.PostView) {
	if r.viewer == nil || v.Poll == nil || v.Author.Local() || !v.Poll.Stale(s.now()) {
		return
	}
	if s.asked.take("poll"+v.URI, s.now()) > 0 {
		return
	}
	if err := s.db.AddJob(r.Context(), store.NewJob{Kind: store.JobFetch, Key: v.URI, Payload: v.URI}); err != nil {
		s.log.Warn("ask for the counts of a poll", "post", v.URI, "error", err)
	}
}

// pollTimes are how long a poll can be open.
var pollTimes = []struct {
	value string
	lasts time.Duration
}{
	{"5m", 5 * time.Minute}, {"30m", 30 * time.Minute}, {"1h", time.Hour}, {"6h", 6 * time.Hour}, {"12h", 12 * time.Hour},
	{"1d", day}, {"3d", 3 * day}, {"7d", 7 * day}, {"14d", 14 * day}, {"30d", 30 * day}, {"1y", 365 * day},
}

const (
	day         = 24 * time.Hour
	usualTime   = "1d"
	mostOptions = 2 * store.MaxPollOptions // that are shown again: too many are for their author to cut
)

// newPollForm is an empty poll for the composer.
func newPollForm() *templates.PollForm {
	f := &templates.PollForm{Options: make([]string, store.MinPollOptions), Until: usualTime}
	for _, t := range pollTimes {
		f.Times = append(f.Times, templates.Choice{Value: t.value, Label: "compose.poll_" + t.value})
	}
	return f
}

// readPoll is the poll that was typed; nil if there is none.
func readPoll(r *request) *templates.PollForm {
	options, asked := r.form["poll[option][]"]
	if !asked {
		return nil
	}
	f := newPollForm()
	f.Options = nil
	for _, text := range options[:min(len(options), mostOptions)] {
		f.Options = append(f.Options, oneLine(text))
	}
	for len(f.Options) < store.MinPollOptions {
		f.Options = append(f.Options, "")
	}
	f.Until, f.Multiple, f.Hide = r.form.Get("poll[until]"), r.on("poll[multiple]"), r.on("poll[hide]")
	return f
}

// pollFormOf is the form with a poll that was there before.
func pollFormOf(n *store.NewPoll) *templates.PollForm {
	if n == nil {
		return nil
	}
	f := newPollForm()
	f.Options, f.Multiple, f.Hide = n.Options, n.Multiple, n.HideResults
	for _, t := range pollTimes {
		if t.lasts <= n.Lasts {
			f.Until = t.value
		}
	}
	return f
}

// pollOf is the poll of a form as the store takes it; nil for none. A time that
// was not offered is refused there.
func pollOf(f *templates.PollForm) *store.NewPoll {
	if f == nil {
		return nil
	}
	n := &store.NewPoll{Options: f.Options, Multiple: f.Multiple, HideResults: f.Hide}
	for _, t := range pollTimes {
		if t.value == f.Until {
			n.Lasts = t.lasts
		}
	}
	return n
}

// changePoll does what a button of the form asks for: it says whether that was
// one of the poll's, after which the form is shown again.
func changePoll(c *templates.Composer, action string) bool {
	switch action {
	case "add-poll":
		if c.Poll == nil && !c.Edit {
			c.Poll = newPollForm()
			c.Poll.Focus = 1
		}
	case "add-option":
		if c.Poll != nil && len(c.Poll.Options) < store.MaxPollOptions {
			c.Poll.Options = append(c.Poll.Options, "")
			c.Poll.Focus = len(c.Poll.Options)
		}
	case "remove-poll":
		c.Poll = nil
	default:
		return false
	}
	return true
}

// previewPoll is a poll that nobody has voted in.
func previewPoll(f *templates.PollForm, now time.Time) *store.Poll {
	n := pollOf(f)
	if n == nil {
		return nil
	}
	p := &store.Poll{Multiple: n.Multiple, HideResults: n.HideResults, EndsAt: now.Add(n.Lasts)}
	for _, name := range n.Options {
		if name != "" {
			p.Options = append(p.Options, store.PollOption{Name: name})
		}
	}
	return p
}

// pollMistake puts into words why a poll can't be asked; ok is false if the
// problem is another.
func pollMistake(e *store.PostError) (m templates.FieldError, ok bool) {
	switch e.Problem {
	case store.PostFewOptions:
		return mistake("poll", "error.poll_few"), true
	case store.PostManyOptions:
		return mistake("poll", "error.poll_many", "n", e.Limit), true
	case store.PostOptionTooLong:
		return mistake("poll", "error.poll_long", "n", e.Limit), true
	case store.PostOptionTwice:
		return mistake("poll", "error.poll_twice"), true
	case store.PostPollTime:
		return mistake("poll", "error.poll_time"), true
	}
	return m, false
}
