package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// Poll is what a post of kind Question asks, as one viewer sees it.
type Poll struct {
	Options     []PollOption
	Multiple    bool      // several options may be chosen
	HideResults bool      // until the end; known of local polls alone
	EndsAt      time.Time // zero: never
	Ended       bool      // when it was loaded
	Voters      int       // people; -1: its server does not say
	Voted       bool      // the viewer did
	FetchedAt   time.Time // when the server of a remote poll last told the counts
}

// PollOption is one answer. Options are known by their place, from 0; other
// servers know them by name, so no two of a poll are the same.
type PollOption struct {
	Name  string
	Votes int
	Mine  bool // the viewer chose it
}

// Votes is how often an option was chosen, of all.
func (p *Poll) Votes() int {
	n := 0
	for _, o := range p.Options {
		n += o.Votes
	}
	return n
}

// ResultsHidden says that the counts are not shown yet. A remote poll that has
// voters but no votes hides them too: its server sends zeros till the end.
func (p *Poll) ResultsHidden() bool {
	return !p.Ended && (p.HideResults || p.Voters > 0 && p.Votes() == 0)
}

// Stale says whether the server of a remote poll should be asked for the counts
// again. After the end it is asked once more.
func (p *Poll) Stale(now time.Time) bool {
	if p.FetchedAt.IsZero() || p.Ended && p.FetchedAt.After(p.EndsAt) {
		return false
	}
	return now.Sub(p.FetchedAt) > pollFresh
}

// MayVote says whether a member would be asked to vote.
func (v *PostView) MayVote(accountID int64) bool {
	return v.Poll != nil && accountID != 0 && accountID != v.AccountID && !v.Poll.Ended && !v.Poll.Voted
}

// Bounds of polls. Those of the network are wide, and narrower ones would lose
// what others publish.
const (
	MinPollOptions  = 2
	MaxPollOptions  = 12
	MaxPollOption   = 100 // characters of an option
	MinPollTime     = 5 * time.Minute
	MaxPollTime     = 366 * 24 * time.Hour
	maxRemoteOption = 500           // characters
	maxRemoteVotes  = 1_000_000_000 // more are not believed
	pollFresh       = 5 * time.Minute
	tallyDelay      = 3 * time.Minute // between a vote and telling the counts: others may follow
)

// NewPoll is the poll of a draft. Empty options are left out.
type NewPoll struct {
	Options     []string
	Multiple    bool
	HideResults bool
	Lasts       time.Duration
}

// check returns the poll as it will be stored, without its end; *PostError if
// it can't be asked like this.
func (n *NewPoll) check() (*Poll, error) {
	p := &Poll{Multiple: n.Multiple, HideResults: n.HideResults}
	for _, text := range n.Options {
		if length := content.Count(strings.TrimSpace(text)); length > MaxPollOption {
			return nil, &PostError{Problem: PostOptionTooLong, Limit: MaxPollOption, Length: length}
		}
		name := content.CleanLine(text, MaxPollOption)
		switch {
		case name == "":
			continue
		case p.option(name) >= 0:
			return nil, &PostError{Problem: PostOptionTwice}
		}
		p.Options = append(p.Options, PollOption{Name: name})
	}
	switch {
	case len(p.Options) < MinPollOptions:
		return nil, &PostError{Problem: PostFewOptions, Limit: MinPollOptions, Length: len(p.Options)}
	case len(p.Options) > MaxPollOptions:
		return nil, &PostError{Problem: PostManyOptions, Limit: MaxPollOptions, Length: len(p.Options)}
	case n.Lasts < MinPollTime || n.Lasts > MaxPollTime:
		return nil, &PostError{Problem: PostPollTime}
	}
	return p, nil
}

// again is the poll of a post made at some time as a draft; nil for none.
func (p *Poll) again(made time.Time) *NewPoll {
	if p == nil {
		return nil
	}
	n := &NewPoll{Multiple: p.Multiple, HideResults: p.HideResults, Lasts: p.EndsAt.Sub(made)}
	for _, o := range p.Options {
		n.Options = append(n.Options, o.Name)
	}
	return n
}

// option returns the place of an option by its name, -1 if there is none.
func (p *Poll) option(name string) int {
	return slices.IndexFunc(p.Options, func(o PollOption) bool { return o.Name == name })
}

// trim makes what another server says of a poll fit to be stored.
func (p *Poll) trim() {
	var options []PollOption
	for _, o := range p.Options {
		o.Name = content.CleanLine(o.Name, maxRemoteOption)
		o.Votes = min(max(o.Votes, 0), maxRemoteVotes)
		twice := slices.ContainsFunc(options, func(x PollOption) bool { return x.Name == o.Name })
		if o.Name != "" && !twice {
			options = append(options, o)
		}
	}
	p.Options, p.Voters = options, min(max(p.Voters, -1), maxRemoteVotes)
}

// trimPoll drops a poll without options and makes a post with one a question,
// whatever its server calls it.
func (r *RemotePost) trimPoll() {
	if r.Poll == nil {
		return
	}
	if r.Poll.trim(); len(r.Poll.Options) == 0 {
		r.Poll = nil
		return
	}
	r.Kind = Question
}

const pollQuery = `SELECT q.post_id, q.multiple, q.hide_results, q.ends_at, q.voters, q.fetched_at, o.name, o.votes,
		?1 <> 0 AND EXISTS (SELECT 1 FROM poll_vote v WHERE v.post_id = o.post_id AND v.number = o.number AND v.account_id = ?1)
	FROM poll q JOIN poll_option o ON o.post_id = q.post_id
	WHERE q.post_id IN (SELECT value FROM json_each(?2)) ORDER BY q.post_id, o.number`

// scanPolls returns what reads the rows of pollQuery into polls.
func scanPolls(polls map[int64]*Poll, now time.Time) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var post, ends, fetched int64
		var p Poll
		var o PollOption
		if err := rows.Scan(&post, &p.Multiple, &p.HideResults, &ends, &p.Voters, &fetched, &o.Name, &o.Votes, &o.Mine); err != nil {
			return err
		}
		if polls[post] == nil {
			p.EndsAt, p.FetchedAt = fromMillis(ends), fromMillis(fetched)
			p.Ended = ends != 0 && !p.EndsAt.After(now)
			polls[post] = &p
		}
		all := polls[post]
		all.Options = append(all.Options, o)
		all.Voted = all.Voted || o.Mine
		return nil
	}
}

// fillPolls adds the polls of those posts that have one.
func (db *DB) fillPolls(ctx context.Context, views map[int64]*PostView, viewer Viewer) error {
	ids := idsWhere(views, func(v *PostView) bool { return v.Kind == Question })
	if len(ids) == 0 {
		return nil
	}
	polls := make(map[int64]*Poll, len(ids))
	if err := db.rows(ctx, pollQuery, []any{viewer.AccountID, idList(ids)}, scanPolls(polls, db.now())); err != nil {
		return fmt.Errorf("load polls: %w", err)
	}
	for id, p := range polls {
		views[id].Poll = p
	}
	return nil
}

// txPoll loads the poll of a post inside a write; ErrNotFound if it has none.
func txPoll(t *tx, postID, viewerID int64) (*Poll, error) {
	polls := map[int64]*Poll{}
	if err := t.rows(pollQuery, []any{viewerID, idList([]int64{postID})}, scanPolls(polls, t.now)); err != nil {
		return nil, err
	}
	if polls[postID] == nil {
		return nil, ErrNotFound
	}
	return polls[postID], nil
}

// insertPoll stores the poll of a post that is stored. One that has ended when
// it comes ends quietly.
func insertPoll(t *tx, postID int64, p *Poll) error {
	ended := !p.EndsAt.IsZero() && !p.EndsAt.After(t.now)
	_, err := t.exec(`INSERT INTO poll (post_id, multiple, hide_results, ends_at, ended, voters, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		postID, p.Multiple, p.HideResults, millis(p.EndsAt), ended, p.Voters, millis(p.FetchedAt))
	if err != nil {
		return err
	}
	for i, o := range p.Options {
		if _, err := t.exec(`INSERT INTO poll_option (post_id, number, name, votes) VALUES (?, ?, ?, ?)`, postID, i, o.Name, o.Votes); err != nil {
			return err
		}
	}
	return nil
}

// askPoll stores the poll of a new local post.
func askPoll(t *tx, postID int64, p *Poll, lasts time.Duration) error {
	p.EndsAt = t.now.Add(lasts)
	if err := insertPoll(t, postID, p); err != nil {
		return err
	}
	return endLater(t, postID, p.EndsAt)
}

// receivePoll stores what another server says now of a poll, which may be none.
// Counts are taken over; other questions or answers are a new poll, in which
// nobody has voted, if the version is newer. changed says that it is one.
func receivePoll(t *tx, post *Post, p *Poll, newer bool) (changed bool, err error) {
	old, err := txPoll(t, post.ID, 0)
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return false, err
	case old == nil && p == nil:
		return false, nil
	case old != nil && p != nil && old.sameAs(p):
		return false, recount(t, post, p)
	case !newer:
		return false, nil
	}
	if _, err := t.exec(`DELETE FROM poll WHERE post_id = ?`, post.ID); err != nil || p == nil {
		return true, err
	}
	if _, err := t.exec(`UPDATE post SET kind = ? WHERE id = ?`, Question, post.ID); err != nil {
		return false, err
	}
	p.FetchedAt = t.now
	return true, insertPoll(t, post.ID, p)
}

// changePoll takes over what an edited local post asks from now on. The same
// question keeps its votes, with the end that was chosen anew.
func changePoll(t *tx, p *Post, e Edit, poll *Poll) error {
	if poll == nil && !e.NoPoll {
		return nil
	}
	old, err := txPoll(t, p.ID, 0)
	if unlessMissing(err) != nil {
		return err
	}
	if poll != nil && old != nil && old.sameAs(poll) {
		ends := t.now.Add(e.Poll.Lasts)
		if _, err := t.exec(`UPDATE poll SET hide_results = ?, ends_at = ?, ended = 0 WHERE post_id = ?`, poll.HideResults, millis(ends), p.ID); err != nil {
			return err
		}
		return endLater(t, p.ID, ends)
	}
	if _, err := t.exec(`DELETE FROM poll WHERE post_id = ?`, p.ID); err != nil {
		return err
	}
	if p.Kind = Note; poll != nil {
		p.Kind = Question
	}
	if _, err := t.exec(`UPDATE post SET kind = ? WHERE id = ?`, p.Kind, p.ID); err != nil || poll == nil {
		return err
	}
	return askPoll(t, p.ID, poll, e.Poll.Lasts)
}

// sameAs says whether two versions of a poll ask the same.
func (p *Poll) sameAs(q *Poll) bool {
	return p.Multiple == q.Multiple && slices.EqualFunc(p.Options, q.Options, func(a, b PollOption) bool { return a.Name == b.Name })
}

// recount takes over the counts and the end of a remote poll.
func recount(t *tx, post *Post, p *Poll) error {
	_, err := t.exec(`UPDATE poll SET ends_at = ?, voters = ?, fetched_at = ?, ended = ended AND ?1 > 0 AND ?1 <= ?3 WHERE post_id = ?`,
		millis(p.EndsAt), p.Voters, millis(t.now), post.ID)
	if err != nil {
		return err
	}
	for i, o := range p.Options {
		if _, err := t.exec(`UPDATE poll_option SET votes = ? WHERE post_id = ? AND number = ?`, o.Votes, post.ID, i); err != nil {
			return err
		}
	}
	voted, err := t.exists(`SELECT 1 FROM poll_vote WHERE post_id = ? LIMIT 1`, post.ID)
	if err != nil || !voted || p.EndsAt.IsZero() {
		return err
	}
	if p.EndsAt.After(t.now) {
		return endLater(t, post.ID, p.EndsAt)
	}
	return endPoll(t, post)
}

// endLater adds the job for the end of a poll. Its key holds the time: when a
// poll's end is moved, the job of the old one does nothing.
func endLater(t *tx, postID int64, at time.Time) error {
	id := strconv.FormatInt(postID, 10)
	return addJob(t, NewJob{Kind: JobPollEnd, Key: id + "/" + strconv.FormatInt(millis(at), 10), Payload: id, Delay: at.Sub(t.now)})
}

// EndPoll ends a poll whose time is over: the members who voted are told, the
// author of a local poll too, and other servers get the counts. Before its time
// or a second time it changes nothing. It is the end of JobPollEnd.
func (db *DB) EndPoll(ctx context.Context, postID int64) error {
	return db.write(ctx, "end poll", func(t *tx) error {
		p, err := txPost(t, `p.id = ?`, postID)
		if errors.Is(err, ErrNotFound) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		return endPoll(t, p)
	})
}

func endPoll(t *tx, p *Post) error {
	n, err := t.exec(`UPDATE poll SET ended = 1 WHERE post_id = ? AND ended = 0 AND ends_at > 0 AND ends_at <= ?`, p.ID, millis(t.now))
	if err != nil || n == 0 {
		return err
	}
	told := []int64{p.AccountID}
	err = t.rows(`SELECT DISTINCT v.account_id FROM poll_vote v JOIN user u ON u.account_id = v.account_id WHERE v.post_id = ?`, []any{p.ID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		told = append(told, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range told {
		if err := notify(t, id, NotifyPollEnded, p.AccountID, p.ID); err != nil {
			return err
		}
	}
	if t.db.IsLocal(p.URI) {
		return tellCounts(t, p)
	}
	// Its server counts to the end too; a moment later it knows all.
	return addJob(t, NewJob{Kind: JobFetch, Key: p.URI, Payload: p.URI, Delay: time.Minute})
}

// TellCounts sends the counts of a local poll to other servers, unless nobody
// may know them yet, or EndPoll does it. It is the end of JobPollCounts.
func (db *DB) TellCounts(ctx context.Context, postID int64) error {
	return db.write(ctx, "tell counts", func(t *tx) error {
		p, err := txPost(t, `p.id = ?`, postID)
		if err != nil {
			return unlessMissing(err)
		}
		poll, err := txPoll(t, postID, 0)
		if err != nil || poll.HideResults || poll.Ended {
			return unlessMissing(err)
		}
		return tellCounts(t, p)
	})
}

// unlessMissing turns "it is not there any more" into nothing to do.
func unlessMissing(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func tellCounts(t *tx, p *Post) error {
	if !p.Leaves() {
		return nil
	}
	told, err := toldOf(t, p)
	if err != nil {
		return err
	}
	return addOutbox(t, OutboxUpdatePoll, p.AccountID, OutboxDetail{PostID: p.ID, Told: told})
}
