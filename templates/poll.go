package templates

import (
	"html/template"
	"strconv"
	"time"
)

// Poll is the question of a post, as one viewer sees it.
type Poll struct {
	ID       int64 // of the post
	Options  []PollOption
	Multiple bool
	CanVote  bool // shows the form; otherwise the results
	Hidden   bool // the results are shown when the poll has ended
	Open     bool // it has not ended
	Ends     Moment
	Votes    int
	Voters   int    // -1: not known
	Results  string // address of the results, for who may vote and see them; or empty
	Back     string // address of the form, for who looks at the results before they vote; or empty
}

// PollField names the options of a post's poll where a mistake in a vote is said.
func PollField(postID int64) string { return "poll" + strconv.FormatInt(postID, 10) }

// PollOption is one row of a poll.
type PollOption struct {
	Number  int // value of the form's field
	Name    string
	Votes   int
	Percent int
	Mine    bool          // the viewer chose it
	Rich    template.HTML // see Account.Rich
}

// PollForm is the part of the composer that asks for a poll.
type PollForm struct {
	Options        []string
	Until          string // how long it is open, as one of Times
	Times          []Choice
	Multiple, Hide bool
	Focus          int // the row to write in, from 1; 0: none in particular
}

// Left is how long it is until a moment, in words.
func (c *Catalogue) Left(m Moment) string {
	const day = 24 * time.Hour
	switch d := m.At.Sub(m.Now); {
	case d > day-30*time.Minute:
		return c.T("time.days_left", "n", max(1, int((d+day/2)/day)))
	case d > time.Hour-time.Minute:
		return c.T("time.hours_left", "n", max(1, int((d+30*time.Minute)/time.Hour)))
	default:
		return c.T("time.minutes_left", "n", max(1, int((d+59*time.Second)/time.Minute)))
	}
}
