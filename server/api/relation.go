package api

import (
	"context"
	"net/http"
	"time"

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

// relationships makes the entities of how a member stands to others, one of each.
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
		list = append(list, relationshipOf(n, r))
		delete(found, n)
	}
	return list, nil
}

func relationshipOf(n int64, r store.Relation) relationship {
	follows := r.Following || r.Requested
	v := relationship{ID: id(n), Following: r.Following, ShowingReblogs: follows && r.Options.Boosts, Notifying: follows && r.Options.Notify,
		FollowedBy: r.FollowedBy, Blocking: r.Blocking, BlockedBy: r.BlockedBy, Requested: r.Requested, RequestedBy: r.Asked,
		Muting: r.Muting, MutingNotices: r.Muting && r.Mute.Notifications, MutingEnds: momentOrNil(r.MutedUntil),
		BlockingDomain: r.HostBlocked, Endorsed: r.Endorsed, Note: r.Note}
	if follows {
		v.Languages = r.Options.Languages
	}
	return v
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

// follow is POST accounts/:id/follow, which also changes what a follow brings.
func (s *Server) follow(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	if err := s.db.Follow(r.Context(), r.me(), a.ID); err != nil {
		return err
	}
	if err := s.followOptions(r, a.ID); err != nil {
		return err
	}
	return s.answerRelation(w, r, a.ID)
}

// followOptions changes what was sent of reblogs, notify and languages.
func (s *Server) followOptions(r *request, other int64) error {
	if !r.params.Has("reblogs") && !r.params.Has("notify") && !r.params.Has("languages") {
		return nil
	}
	relation, err := s.db.Relation(r.Context(), r.me(), other)
	if err != nil {
		return err
	}
	o := relation.Options
	o.Boosts, o.Notify = r.params.Bool("reblogs", o.Boosts), r.params.Bool("notify", o.Notify)
	if r.params.Has("languages") {
		o.Languages = r.params.All("languages")
	}
	return s.db.SetFollowOptions(r.Context(), r.me(), other, o)
}

// mute is POST accounts/:id/mute.
func (s *Server) mute(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	o := store.MuteOptions{Notifications: r.params.Bool("notifications", true)}
	if seconds, ok := r.params.Int("duration"); ok && seconds > 0 {
		o.Lasts = time.Duration(min(seconds, maxMuteSeconds)) * time.Second
	}
	if err := s.db.Mute(r.Context(), r.me(), a.ID, o); err != nil {
		return err
	}
	return s.answerRelation(w, r, a.ID)
}

// note is POST accounts/:id/note.
func (s *Server) note(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	if err := s.db.SetNote(r.Context(), r.me(), a.ID, r.params.Get("comment")); err != nil {
		return err
	}
	return s.answerRelation(w, r, a.ID)
}

// mutedAccount is the entity MutedAccount.
type mutedAccount struct {
	*account
	ExpiresAt *string `json:"mute_expires_at"` // null: for good
}

// showMutes is GET mutes.
func (s *Server) showMutes(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(peoplePage, maxPeople)
	if err != nil {
		return err
	}
	p, err := s.db.MutesOf(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	people, ids, err := s.peopleOf(r, p)
	if err != nil {
		return err
	}
	relations, err := s.db.Relations(r.Context(), r.me(), ids)
	if err != nil {
		return err
	}
	list := make([]mutedAccount, len(people))
	for i, a := range people {
		list[i] = mutedAccount{a, momentOrNil(relations[ids[i]].MutedUntil)}
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, list)
}

func (s *Server) showBlocks(w http.ResponseWriter, r *request) error {
	return s.showPeople(w, r, r.me(), s.db.BlocksOf)
}

func (s *Server) showRequests(w http.ResponseWriter, r *request) error {
	return s.showPeople(w, r, r.me(), s.db.FollowRequests)
}
