package api

import (
	"context"
	"net/http"

	"seedling/store"
)

// showList answers with a list of posts that belongs to the member.
func (s *Server) showList(w http.ResponseWriter, r *request, list func(context.Context, int64, store.Cursor) (*store.PostPage, error)) error {
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	p, err := list(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	return s.page(w, r, p)
}

// people answers with a page of accounts and where the list goes on.
func (s *Server) people(w http.ResponseWriter, r *request, p *store.AccountPage) error {
	list, _, err := s.peopleOf(r, p)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, list)
}

// peopleOf makes the entities of a page of accounts, with their ids.
func (s *Server) peopleOf(r *request, p *store.AccountPage) (list []*account, ids []int64, err error) {
	e, err := s.entities(r)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range p.Accounts {
		ids = append(ids, a.ID)
	}
	list, err = e.accounts(r.Context(), p.Accounts)
	return list, ids, err
}

// showPeople answers with a list of accounts that belongs to a thing with an id.
func (s *Server) showPeople(w http.ResponseWriter, r *request, of int64, list func(context.Context, int64, store.Cursor) (*store.AccountPage, error)) error {
	c, err := r.cursor(peoplePage, maxPeople)
	if err != nil {
		return err
	}
	p, err := list(r.Context(), of, c)
	if err != nil {
		return err
	}
	return s.people(w, r, p)
}
