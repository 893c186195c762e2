package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/store"
)

// list is the entity List.
type list struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	RepliesPolicy string `json:"replies_policy"`
	Exclusive     bool   `json:"exclusive"`
}

func listOf(l *store.List) list {
	return list{ID: id(l.ID), Title: l.Title, RepliesPolicy: l.Replies.String(), Exclusive: l.Exclusive}
}

func listsOf(lists []*store.List) []list {
	out := make([]list, len(lists))
	for i, l := range lists {
		out[i] = listOf(l)
	}
	return out
}

// showLists is GET lists.
func (s *Server) showLists(w http.ResponseWriter, r *request) error {
	lists, err := s.db.Lists(r.Context(), r.me())
	if err != nil {
		return err
	}
	return s.json(w, listsOf(lists))
}

// showListsWith is GET accounts/:id/lists: those of the member that it stands in.
func (s *Server) showListsWith(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	lists, err := s.db.ListsWith(r.Context(), r.me(), a.ID)
	if err != nil {
		return err
	}
	return s.json(w, listsOf(lists))
}

// listOf finds the member's list that the path names.
func (s *Server) listOf(r *request) (*store.List, error) {
	listID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.List(r.Context(), r.me(), listID)
}

// showOneList is GET lists/:id.
func (s *Server) showOneList(w http.ResponseWriter, r *request) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	return s.json(w, listOf(l))
}

// readList takes what was sent of a list.
func readList(r *request, l *store.List) (err error) {
	if r.params.Has("title") {
		l.Title = strings.TrimSpace(r.params.Get("title"))
	}
	if policy := r.params.Get("replies_policy"); policy != "" {
		if l.Replies, err = store.ParseListReplies(policy); err != nil {
			return err
		}
	}
	l.Exclusive = r.params.Bool("exclusive", l.Exclusive)
	return nil
}

// createList is POST lists.
func (s *Server) createList(w http.ResponseWriter, r *request) error {
	var l store.List
	if err := readList(r, &l); err != nil {
		return err
	}
	if err := s.db.CreateList(r.Context(), r.me(), &l); err != nil {
		return err
	}
	return s.json(w, listOf(&l))
}

// updateList is PUT lists/:id.
func (s *Server) updateList(w http.ResponseWriter, r *request) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	if err := readList(r, l); err != nil {
		return err
	}
	if err := s.db.UpdateList(r.Context(), r.me(), *l); err != nil {
		return err
	}
	return s.showOneList(w, r)
}

// deleteList is DELETE lists/:id.
func (s *Server) deleteList(w http.ResponseWriter, r *request) error {
	listID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteList(r.Context(), r.me(), listID); err != nil {
		return err
	}
	return s.empty(w)
}

// showListAccounts is GET lists/:id/accounts; with limit=0 all of them.
func (s *Server) showListAccounts(w http.ResponseWriter, r *request) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	if r.params.Get("limit") == "0" {
		return s.allListAccounts(w, r, l)
	}
	return s.showPeople(w, r, l.ID, func(ctx context.Context, listID int64, c store.Cursor) (*store.AccountPage, error) {
		return s.db.ListAccounts(ctx, r.me(), listID, c)
	})
}

// allListAccounts answers with everybody: a list is bounded.
func (s *Server) allListAccounts(w http.ResponseWriter, r *request, l *store.List) error {
	all, err := s.db.AllListAccounts(r.Context(), r.me(), l.ID)
	if err != nil {
		return err
	}
	return s.people(w, r, &store.AccountPage{Accounts: all})
}

// addToList and removeFromList are POST and DELETE lists/:id/accounts.
func (s *Server) addToList(w http.ResponseWriter, r *request) error {
	return s.changeList(w, r, s.db.AddToList)
}

func (s *Server) removeFromList(w http.ResponseWriter, r *request) error {
	return s.changeList(w, r, s.db.RemoveFromList)
}

func (s *Server) changeList(w http.ResponseWriter, r *request, change func(ctx context.Context, me, listID int64, others ...int64) error) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	err = change(r.Context(), r.me(), l.ID, r.idList("account_ids")...)
	if errors.Is(err, store.ErrForbidden) {
		return store.ErrNotFound // who is not followed, as Mastodon says it
	}
	if err != nil {
		return err
	}
	return s.empty(w)
}

// showListTimeline is GET timelines/list/:id.
func (s *Server) showListTimeline(w http.ResponseWriter, r *request) error {
	l, err := s.listOf(r)
	if err != nil {
		return err
	}
	return s.showList(w, r, func(ctx context.Context, me int64, c store.Cursor) (*store.PostPage, error) {
		return s.db.ListTimeline(ctx, me, l.ID, c)
	})
}
