package api

import (
	"net/http"

	"seedling/store"
)

// showHostBlocks is GET domain_blocks.
func (s *Server) showHostBlocks(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(100, maxHosts)
	if err != nil {
		return err
	}
	p, err := s.db.BlockedHosts(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Newer)
	return s.json(w, append([]string{}, p.Hosts...))
}

// previewHostBlock is GET domain_blocks/preview: what a block would end.
func (s *Server) previewHostBlock(w http.ResponseWriter, r *request) error {
	ties, err := s.db.HostTies(r.Context(), r.me(), r.params.Get("domain"))
	if err != nil {
		return err
	}
	return s.json(w, map[string]int{"following_count": ties.Following, "followers_count": ties.Followers})
}

// blockHost is POST domain_blocks.
func (s *Server) blockHost(w http.ResponseWriter, r *request) error {
	if err := s.db.BlockHost(r.Context(), r.me(), r.params.Get("domain")); err != nil {
		return err
	}
	return s.empty(w)
}

// unblockHost is DELETE domain_blocks.
func (s *Server) unblockHost(w http.ResponseWriter, r *request) error {
	if err := s.db.UnblockHost(r.Context(), r.me(), r.params.Get("domain")); err != nil {
		return err
	}
	return s.empty(w)
}

// showEndorsed is GET endorsements: whom the member features.
func (s *Server) showEndorsed(w http.ResponseWriter, r *request) error {
	return s.endorsements(w, r, r.user.Account)
}

// showEndorsementsOf is GET accounts/:id/endorsements.
func (s *Server) showEndorsementsOf(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	return s.endorsements(w, r, a)
}

func (s *Server) endorsements(w http.ResponseWriter, r *request, a *store.Account) error {
	c, err := r.cursor(peoplePage, maxPeople)
	if err != nil {
		return err
	}
	p, err := s.db.EndorsementsOf(r.Context(), a.ID, r.viewer(), c)
	if err != nil {
		return err
	}
	return s.people(w, r, p)
}
