package api

import (
	"context"
	"net/http"

	"seedling/store"
)

// relationship is the entity Relationship.
type relationship struct {
	ID             string   `json:"id"`
	Following      bool     `json:"following"`
	ShowingReblogs bool     `json:"showing_reblogs"`
	Notifying      bool     `json:"notifying"`
	Languages      []string `json:"languages"` // null: all
	FollowedBy     bool     `json:"followed_by"`
	Blocking       bool     `json:"blocking"`
	BlockedBy      bool     `json:"blocked_by"`
	Muting         bool     `json:"muting"`
	MutingNotices  bool     `json:"muting_notifications"`
	MutingEnds     *string  `json:"muting_expires_at"`
	Requested      bool     `json:"requested"`
	RequestedBy    bool     `json:"requested_by"`
	BlockingDomain bool     `json:"domain_blocking"`
	Endorsed       bool     `json:"endorsed"`
	Note           string   `json:"note"`
}

// relationships makes the entities of how a member stands to others.
func (s *Server) relationships(ctx context.Context, me int64, ids []int64) ([]relationship, error) {
	found, err := s.db.Relations(ctx, me, ids)
	if err != nil {
		return nil, err
	}
	list := []relationship{}
	for _, n := range ids {
		r, ok := found[n]
		if !ok {
			continue
		}
		list = append(list, relationship{ID: id(n), Following: r.Following, ShowingReblogs: r.Following, FollowedBy: r.FollowedBy,
			Blocking: r.Blocking, BlockedBy: r.BlockedBy, Requested: r.Requested, RequestedBy: r.Asked})
	}
	return list, nil
}

// relate does something to the account that the path names, and answers with
// how the member stands to it then.
func (s *Server) relate(do func(ctx context.Context, me, other int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		a, err := s.person(r)
		if err != nil {
			return err
		}
		if err := do(r.Context(), r.me(), a.ID); err != nil {
			return err
		}
		return s.answerRelation(w, r, a.ID)
	}
}

func (s *Server) answerRelation(w http.ResponseWriter, r *request, other int64) error {
	list, err := s.relationships(r.Context(), r.me(), []int64{other})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return store.ErrNotFound
	}
	return s.json(w, list[0])
}

func (s *Server) showBlocks(w http.ResponseWriter, r *request) error {
	return s.showPeople(w, r, r.me(), s.db.BlocksOf)
}

func (s *Server) showRequests(w http.ResponseWriter, r *request) error {
	return s.showPeople(w, r, r.me(), s.db.FollowRequests)
}
