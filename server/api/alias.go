package api

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// showAliases is GET pleroma/aliases: the handles of the accounts that the
// member says are theirs too.
func (s *Server) showAliases(w http.ResponseWriter, r *request) error {
	known, err := s.db.AccountsByURI(r.Context(), r.user.Account.AlsoKnownAs)
	if err != nil {
		return err
	}
	list := []string{}
	for _, uri := range r.user.Account.AlsoKnownAs {
		if a := known[uri]; a != nil {
			uri = a.Acct()
		}
		list = append(list, uri)
	}
	return s.json(w, map[string][]string{"aliases": list})
}

// alias finds the account that is sent as an alias, asking its server if it is
// not known here.
func (s *Server) alias(r *request) (*store.Account, error) {
	text := strings.TrimPrefix(strings.TrimSpace(r.params.Get("alias")), "@")
	h, err := content.ParseHandle(text)
	if err != nil {
		return nil, store.ErrNotFound
	}
	a, err := s.db.AccountByHandle(r.Context(), h)
	if !errors.Is(err, store.ErrNotFound) || h.Host == "" {
		return a, err
	}
	accountID, _, err := s.askElsewhere(r, h.String())
	if err != nil {
		return nil, err
	}
	return s.db.Account(r.Context(), accountID)
}

// addAlias and removeAlias are PUT and DELETE pleroma/aliases.
func (s *Server) addAlias(w http.ResponseWriter, r *request) error {
	a, err := s.alias(r)
	if err != nil {
		return err
	}
	if err := s.db.AddAlias(r.Context(), r.me(), a.URI); err != nil {
		return err
	}
	return s.json(w, map[string]string{"status": "success"})
}

func (s *Server) removeAlias(w http.ResponseWriter, r *request) error {
	a, err := s.alias(r)
	if err != nil {
		return err
	}
	if err := s.db.RemoveAlias(r.Context(), r.me(), a.URI); err != nil {
		return err
	}
	return s.json(w, map[string]string{"status": "success"})
}
