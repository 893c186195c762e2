package api

import (
	"context"
	"maps"
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
	emoji  store.EmojiSet            // in what accounts say of themselves
	deeper map[int64]*quote          // by post that is quoted: what it quotes itself

	boosts   map[int64]store.Boost
	showApps map[int64]bool // by account: who lets everybody know with which app a post was written
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
	var boosts, writers, quoted []int64
	for _, v := range views {
		if len(v.BoostedBy) > 0 {
			boosts = append(boosts, v.EntryID)
		}
		people = append(append(people, v.Author), v.BoostedBy...)
		if v.App != nil {
			writers = append(writers, v.AccountID)
		}
		if v.Quote != nil && v.Quote.Post != nil {
			quoted = append(quoted, v.Quote.Post.ID)
			people = append(people, v.Quote.Post.Author)
			if v.Quote.Post.App != nil {
				writers = append(writers, v.Quote.Post.AccountID)
			}
		}
	}
	if err := e.loadMoved(ctx, people); err != nil {
		return err
	}
	if err := e.loadDeeper(ctx, quoted); err != nil {
		return err
	}
	found, err := e.s.db.Boosts(ctx, boosts)
	if err != nil {
		return err
	}
	show, err := e.s.db.WhoShowApps(ctx, writers)
	if err != nil {
		return err
	}
	e.boosts, e.showApps = joined(e.boosts, found), joined(e.showApps, show)
	return nil
}

// joined adds what was found to what is known.
func joined[V any](known, found map[int64]V) map[int64]V {
	if known == nil {
		return found
	}
	maps.Copy(known, found)
	return known
}

// loadDeeper finds what quoted posts quote themselves.
func (e *entities) loadDeeper(ctx context.Context, quoted []int64) error {
	if len(quoted) == 0 {
		return nil
	}
	found, err := e.s.db.QuotesBy(ctx, quoted, e.viewer)
	if err != nil {
		return err
	}
	if e.deeper == nil {
		e.deeper = make(map[int64]*quote, len(found))
	}
	for postID, q := range found {
		e.deeper[postID] = shallow(q)
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
