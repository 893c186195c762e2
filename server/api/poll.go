package api

import (
	"net/http"
	"strconv"

	"seedling/store"
)

// poll is the entity Poll. Its id is that of its status.
type poll struct {
	ID          string   `json:"id"`
	ExpiresAt   *string  `json:"expires_at"`
	Expired     bool     `json:"expired"`
	Multiple    bool     `json:"multiple"`
	VotesCount  int      `json:"votes_count"`
	VotersCount *int     `json:"voters_count"` // null: its server does not say
	Voted       *bool    `json:"voted,omitempty"`
	OwnVotes    []int    `json:"own_votes,omitzero"`
	Options     []option `json:"options"`
	Emojis      []emoji  `json:"emojis"`
}

type option struct {
	Title string `json:"title"`
	Votes *int   `json:"votes_count"` // null: not shown yet
}

// poll makes the entity of what a post asks, or nil.
func (e *entities) poll(v *store.PostView) *poll {
	q := v.Poll
	if q == nil {
		return nil
	}
	p := &poll{ID: id(v.ID), ExpiresAt: momentOrNil(q.EndsAt), Expired: q.Ended, Multiple: q.Multiple, Options: make([]option, len(q.Options))}
	hidden := q.ResultsHidden()
	if !hidden {
		p.VotesCount = q.Votes()
	}
	if q.Voters >= 0 {
		p.VotersCount = &q.Voters
	}
	if e.viewer.AccountID != 0 {
		voted := q.Voted || v.AccountID == e.viewer.AccountID
		p.Voted, p.OwnVotes = &voted, []int{}
	}
	names := make([]string, len(q.Options))
	for i := range q.Options {
		names[i] = q.Options[i].Name
	}
	p.Emojis = e.s.emojis(v.Emojis.In(v.Author.EmojiHost(), names...))
	for i := range q.Options {
		p.Options[i].Title = q.Options[i].Name
		if !hidden {
			p.Options[i].Votes = &q.Options[i].Votes
		}
		if q.Options[i].Mine {
			p.OwnVotes = append(p.OwnVotes, i)
		}
	}
	return p
}

// showPoll is GET polls/:id.
func (s *Server) showPoll(w http.ResponseWriter, r *request) error {
	postID, err := r.id("id")
	if err != nil {
		return err
	}
	v, err := s.db.PostVisibleTo(r.Context(), postID, r.viewer())
	if err != nil {
		return err
	}
	if v.Poll == nil {
		return store.ErrNotFound
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	return s.json(w, e.poll(v))
}

// vote is POST polls/:id/votes.
func (s *Server) vote(w http.ResponseWriter, r *request) error {
	postID, err := r.id("id")
	if err != nil {
		return err
	}
	var choices []int
	for _, text := range r.params.All("choices") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return invalid("The chosen vote option does not exist")
		}
		choices = append(choices, n)
	}
	if err := s.db.Vote(r.Context(), r.me(), postID, choices); err != nil {
		return err
	}
	return s.showPoll(w, r)
}
