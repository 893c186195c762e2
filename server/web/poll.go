package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
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
			n = -1 // no poll has such an option
		}
		choices = append(choices, n)
	}
	err = s.db.Vote(r.Context(), r.viewerID(), id, choices)
	var bad *store.VoteError
	if errors.As(err, &bad) {
		return s.refuseVote(w, r, id, bad.Problem)
	}
	if err != nil {
		return err
	}
	return s.backToPost(w, r, id)
}

// refuseVote shows the thread of a poll once more, and why the vote does not
// count. A script has the poll before it still: the sentence is enough for it.
func (s *Server) refuseVote(w http.ResponseWriter, r *request, id int64, p store.VoteProblem) error {
	status, key, again := http.StatusUnprocessableEntity, "error.vote_unknown", true
	switch p {
	case store.VoteOwn:
		status, key, again = http.StatusForbidden, "error.vote_own", false
	case store.VoteEnded:
		key, again = "error.vote_ended", false
	case store.VoteTwice:
		key, again = "error.vote_twice", false
	case store.VoteNothing:
		key = "error.vote_nothing"
	case store.VoteMany:
		key = "error.vote_many"
	}
	if r.Header.Get(fragmentHeader) != "" {
		return refuse(status, key)
	}
	t, err := s.db.Thread(r.Context(), id, r.asViewer())
	if err != nil {
		return err
	}
	field := ""
	if again {
		field = templates.PollField(id)
	}
	r.URL = &url.URL{Path: t.Post.Path()} // where the links of the page lead on from
	return s.renderThread(w, r, status, t, mistake(field, key))
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

// sameTime is the choice that leaves the end of a poll where it is.
const sameTime = "same"

// editedPoll is the form with a poll that was asked before.
func editedPoll(p *store.Poll) *templates.PollForm {
	f := newPollForm()
	f.Options, f.Multiple, f.Hide, f.Until = optionNames(p), p.Multiple, p.HideResults, sameTime
	return f
}

// keepsTime adds to the form of a poll that was asked before how long it still lasts.
func (s *Server) keepsTime(r *request, f *templates.PollForm, p *store.Poll) {
	ends, words := s.moment(r, p.EndsAt), s.pages.WordsIn(r.language().Code)
	same := templates.Choice{Value: sameTime, Text: words.Left(ends)}
	if p.Ended {
		same.Text = words.T("poll.ended", "time", words.Date(ends))
	}
	f.Times = append([]templates.Choice{same}, f.Times...)
}

func optionNames(p *store.Poll) (names []string) {
	for _, o := range p.Options {
		names = append(names, o.Name)
	}
	return names
}

// editPoll is what the form makes of the poll of the post that it changes: a
// new one, none, or neither, and it stays as it is.
func (in *composing) editPoll(now time.Time) (poll *store.NewPoll, none bool) {
	f, old := in.form.Poll, in.editOf.Poll
	if f == nil || old == nil {
		return pollOf(f), old != nil
	}
	poll = pollOf(f)
	if f.Until == sameTime {
		if asksThat(f, old) {
			return nil, false
		}
		poll.Lasts = old.EndsAt.Sub(now)
	}
	return poll, false
}

// asksThat tells whether a form asks what a poll does, but for the time.
func asksThat(f *templates.PollForm, p *store.Poll) bool {
	written := slices.DeleteFunc(slices.Clone(f.Options), func(o string) bool { return o == "" })
	return slices.Equal(written, optionNames(p)) && f.Multiple == p.Multiple && f.Hide == p.HideResults
}

// saysPoll tells whether the form asks what a saved post does. A time that was
// chosen runs from the press of the button, so that a minute makes no difference.
func (in *composing) saysPoll(saved *store.Poll, now time.Time) bool {
	f := in.form.Poll
	if f == nil || saved == nil {
		return f == nil && saved == nil
	}
	return asksThat(f, saved) && (f.Until == sameTime || saved.EndsAt.Sub(now.Add(pollOf(f).Lasts)).Abs() < time.Minute)
}

// changePoll does what a button of the form asks for: it says whether that was
// one of the poll's, after which the form is shown again.
func changePoll(c *templates.Composer, action string) bool {
	switch action {
	case "add-poll":
		if c.Poll == nil {
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
func previewPoll(n *store.NewPoll, now time.Time) *store.Poll {
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
