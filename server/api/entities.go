package api

import (
	"context"
	"sync"
	"time"

	"seedling/store"
)

// entities turns what the store returns into what one answer holds, as its
// reader sees it. What it needs beside that is loaded in one query for all.
type entities struct {
	s      *Server
	viewer store.Viewer
	staff  map[int64]store.Role
	moved  map[string]*store.Account // by URI: whom others moved to
	more   map[int64]store.PostMore  // by post
	emoji  store.EmojiSet            // in what accounts say of themselves
}

// entities prepares an answer.
func (s *Server) entities(r *request) (*entities, error) {
	staff, err := s.staffRoles(r.Context())
	if err != nil {
		return nil, err
	}
	return &entities{s: s, viewer: r.viewer(), staff: staff}, nil
}

// accounts makes entities of a list.
func (e *entities) accounts(ctx context.Context, list []*store.Account) ([]*account, error) {
	if err := e.loadPeople(ctx, list); err != nil {
		return nil, err
	}
	out := make([]*account, len(list))
	for i, a := range list {
		out[i] = e.account(a)
	}
	return out, nil
}

// loadPeople finds what accounts need beside what is stored of them.
func (e *entities) loadPeople(ctx context.Context, list []*store.Account) (err error) {
	if e.emoji, err = e.s.db.EmojiOf(ctx, list...); err != nil {
		return err
	}
	return e.loadMoved(ctx, list)
}

// loadMoved finds the accounts that others moved to.
func (e *entities) loadMoved(ctx context.Context, list []*store.Account) error {
	var uris []string
	for _, a := range list {
		if a.MovedToURI != "" && e.moved[a.MovedToURI] == nil {
			uris = append(uris, a.MovedToURI)
		}
	}
	if len(uris) == 0 {
		return nil
	}
	found, err := e.s.db.AccountsByURI(ctx, uris)
	if err != nil {
		return err
	}
	if e.moved == nil {
		e.moved = found
		return nil
	}
	for uri, a := range found {
		e.moved[uri] = a
	}
	return nil
}

// statuses makes entities of posts, each with the boost that brought it.
func (e *entities) statuses(ctx context.Context, views []*store.PostView) ([]*status, error) {
	if err := e.load(ctx, views); err != nil {
		return nil, err
	}
	out := make([]*status, len(views))
	for i, v := range views {
		out[i] = e.entry(v)
	}
	return out, nil
}

// status makes the entity of one post.
func (e *entities) status(ctx context.Context, v *store.PostView) (*status, error) {
	list, err := e.statuses(ctx, []*store.PostView{v})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// load finds what posts need beside their views.
func (e *entities) load(ctx context.Context, views []*store.PostView) error {
	var people []*store.Account
	ids := make([]int64, 0, len(views))
	for _, v := range views {
		if ids = append(ids, v.ID); v.EntryID != v.ID {
			ids = append(ids, v.EntryID)
		}
		people = append(append(people, v.Author), v.BoostedBy...)
		if v.Quote != nil && v.Quote.Post != nil {
			ids = append(ids, v.Quote.Post.ID)
			people = append(people, v.Quote.Post.Author)
		}
	}
	if err := e.loadMoved(ctx, people); err != nil {
		return err
	}
	more, err := e.s.db.PostsMore(ctx, ids)
	if err != nil {
		return err
	}
	if e.more == nil {
		e.more = more
		return nil
	}
	for id, m := range more {
		e.more[id] = m
	}
	return nil
}

// staffCache keeps who has a role: there are few, and every account says it.
type staffCache struct {
	mu     sync.Mutex
	roles  map[int64]store.Role
	readAt time.Time
}

// staffRoles returns the roles of the staff, a minute old at most.
func (s *Server) staffRoles(ctx context.Context) (map[int64]store.Role, error) {
	c := &s.staff
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.roles != nil && s.now().Sub(c.readAt).Abs() < staffAge {
		return c.roles, nil
	}
	users, err := s.db.Staff(ctx)
	if err != nil {
		return nil, err
	}
	c.roles, c.readAt = make(map[int64]store.Role, len(users)), s.now()
	for _, u := range users {
		c.roles[u.Account.ID] = u.Role
	}
	return c.roles, nil
}
