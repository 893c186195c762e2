package vocab

import (
	"math"
	"time"

	"github.com/superseriousbusiness/activity/streams"

	"seedling/store"
)

// Ends is when the poll closes or closed, zero for never. Mastodon gives
// endTime and, after it, closed; Pleroma gives closed alone, also beforehand.
func (p *Poll) Ends() time.Time {
	if p.EndTime.IsZero() || !p.Closed.IsZero() && p.Closed.Before(p.EndTime) {
		return p.Closed
	}
	return p.EndTime
}

// stored is the poll as the store keeps it; nil for none.
func (p *Poll) stored() *store.Poll {
	if p == nil {
		return nil
	}
	s := &store.Poll{Multiple: p.Multiple, EndsAt: p.Ends(), Voters: clampInt(p.Voters)}
	for _, o := range p.Options {
		s.Options = append(s.Options, store.PollOption{Name: o.Name, Votes: clampInt(o.Votes)})
	}
	return s
}

func clampInt(n int64) int { return int(min(n, math.MaxInt32)) }

// pollOf is the poll of a member's post as other servers get it; nil for none.
// Results that are hidden till the end are sent as zeros.
func pollOf(s *store.Poll) *Poll {
	if s == nil {
		return nil
	}
	p := &Poll{Multiple: s.Multiple, EndTime: s.EndsAt, Voters: int64(s.Voters)}
	if s.Ended {
		p.Closed = s.EndsAt
	}
	for _, o := range s.Options {
		option := PollOption{Name: o.Name, Votes: int64(o.Votes)}
		if s.ResultsHidden() {
			option.Votes = 0
		}
		p.Options = append(p.Options, option)
	}
	return p
}

// extend makes a note a Question (Activity Vocabulary §3.2, FEP-9967).
func (p *Poll) extend(m tree) {
	options := make([]any, 0, len(p.Options))
	for _, o := range p.Options {
		options = append(options, tree{"type": "Note", "name": o.Name, "replies": tree{"type": "Collection", "totalItems": o.Votes}})
	}
	key := "oneOf"
	if p.Multiple {
		key = "anyOf"
	}
	m["type"], m[key] = "Question", options
	setTime(m, "endTime", p.EndTime)
	setTime(m, "closed", p.Closed)
	if p.Voters >= 0 {
		m["votersCount"] = p.Voters
	}
}

// VoteDoc is a vote as it goes to the author of a poll: a Note with a name and
// no content, one for each option that was chosen (FEP-9967).
type VoteDoc struct {
	ID           string
	AttributedTo string
	InReplyTo    string // the Question
	Name         string // of the option, as it was received
	To           string // the Question's author, nobody else
}

// JSON builds the document.
func (d VoteDoc) JSON() ([]byte, error) { return finish(d.build()) }

func (d VoteDoc) build() (tree, error) {
	c := uriCheck{what: "vote"}
	c.need("id", d.ID)
	c.need("attributedTo", d.AttributedTo)
	c.need("inReplyTo", d.InReplyTo)
	c.need("to", d.To)
	if c.err == nil && d.Name == "" {
		c.err = &BuildError{"vote", "name", ""}
	}
	if c.err != nil {
		return nil, c.err
	}
	note := streams.NewActivityStreamsNote()
	note.SetJSONLDId(idOf(d.ID))
	author := streams.NewActivityStreamsAttributedToProperty()
	author.AppendIRI(iri(d.AttributedTo))
	note.SetActivityStreamsAttributedTo(author)
	note.SetActivityStreamsTo(toOf([]string{d.To}))
	m, err := serialize(note)
	if err != nil {
		return nil, err
	}
	lists(m, "to")
	m["name"], m["inReplyTo"] = d.Name, d.InReplyTo
	return m, nil
}

// CreateVote sends a vote.
func CreateVote(e Envelope, d VoteDoc) ([]byte, error) {
	if len(e.To) == 0 {
		e.To = []string{d.To}
	}
	return e.wrapDocument(streams.NewActivityStreamsCreate(), d)
}
