package live

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"seedling/server/api"
	"seedling/store"
)

// tell puts messages about one piece of news into the queues of all whom it
// concerns.
func (s *Server) tell(ctx context.Context, n store.News) error {
	switch n.Kind {
	case store.NewsPost, store.NewsBoost:
		return s.tellPost(ctx, n, "update")
	case store.NewsEdit:
		return s.tellPost(ctx, n, "status.update")
	case store.NewsDelete, store.NewsUnboost:
		return s.tellGone(ctx, n)
	case store.NewsNotification:
		return s.tellNotification(ctx, n)
	case store.NewsConversation:
		return s.tellConversation(ctx, n)
	case store.NewsAnnouncement, store.NewsAnnouncementGone, store.NewsAnnouncementReaction:
		return s.tellAnnouncement(ctx, n)
	case store.NewsMerged:
		s.tellMember(n.AccountID, message{"notifications_merged", []byte("1")}, channelUser, channelNotifications)
		s.pokePages(n.AccountID)
	case store.NewsFilters:
		s.forgetStandings(n.AccountID)
		s.tellMember(n.AccountID, message{event: "filters_changed"}, channelUser)
	case store.NewsStanding:
		s.forgetStandings(n.AccountID)
		s.pokePages(n.AccountID)
	case store.NewsRead:
		s.pokePages(n.AccountID)
	case store.NewsAccess:
		return s.check(ctx, n.AccountID)
	}
	return nil
}

// reader is a member while one piece of news is told.
type reader struct {
	standing *store.Standing
	streams  []opened
	home     bool // the post is in their home
}

// opened is a stream with the channels that it followed when the news came.
type opened struct {
	*stream
	channels []channel
}

// follows says whether one of the streams follows a channel of a kind.
func (r *reader) follows(kind channelKind) bool {
	for _, st := range r.streams {
		for _, c := range st.channels {
			if c.kind == kind {
				return true
			}
		}
	}
	return false
}

// readers returns everybody with a stream, and how they stand to others.
func (s *Server) readers(ctx context.Context) ([]*reader, error) {
	s.mu.RLock()
	members := make([]*member, 0, len(s.members))
	list := make([]*reader, 0, len(s.members))
	for _, m := range s.members {
		r := &reader{streams: make([]opened, 0, len(m.streams))}
		for st := range m.streams {
			r.streams = append(r.streams, opened{st, st.channels})
		}
		members, list = append(members, m), append(list, r)
	}
	s.mu.RUnlock()
	for i, m := range members {
		if m.standing == nil || s.now().Sub(m.readAt).Abs() > standingAge {
			standing, err := s.db.Standing(ctx, m.id)
			if err != nil {
				return nil, err
			}
			m.standing, m.readAt = standing, s.now()
		}
		list[i].standing = m.standing
	}
	return list, nil
}

// forgetStandings makes a member's standing, or with 0 everybody's, be read again.
func (s *Server) forgetStandings(accountID int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for id, m := range s.members {
		if accountID == 0 || id == accountID {
			m.standing = nil
		}
	}
}

// tellPost tells of a post that is new, changed, or boosted.
func (s *Server) tellPost(ctx context.Context, n store.News, event string) error {
	readers, err := s.readers(ctx)
	if err != nil || len(readers) == 0 {
		return err
	}
	scope, err := s.db.Scope(ctx, n.PostID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // gone by now
	}
	if err != nil {
		return err
	}
	at := scope.CreatedAt
	if n.Kind == store.NewsBoost {
		at = store.IDTime(n.EntryID)
		if scope, err = s.db.BoostedBy(ctx, scope, n.AccountID); err != nil {
			return err
		}
	}
	if n.Kind != store.NewsEdit && s.now().Sub(at) > realtime {
		return nil // read late, for a thread or a profile: it is old
	}
	if readers, err = s.seeing(ctx, readers, scope, n.EntryID); err != nil || len(readers) == 0 {
		return err
	}
	return s.sendPost(ctx, readers, scope, n, event)
}

// seeing returns the readers who see a post in one of their channels, or whose
// pages count it.
func (s *Server) seeing(ctx context.Context, readers []*reader, scope *store.PostScope, entryID int64) ([]*reader, error) {
	var ids []int64
	for _, r := range readers {
		ids = append(ids, r.standing.AccountID)
	}
	homes, err := s.db.HomesWith(ctx, entryID, ids)
	if err != nil {
		return nil, err
	}
	var found []*reader
	for _, r := range readers {
		if !r.standing.Sees(scope) {
			continue
		}
		r.home = homes[r.standing.AccountID] && r.standing.ShowsAtHome(scope)
		wanted := false
		for _, st := range r.streams {
			if st.counts && r.home {
				st.poke()
			}
			for _, c := range st.channels {
				wanted = wanted || r.has(c, scope)
			}
		}
		if wanted {
			found = append(found, r)
		}
	}
	return found, nil
}

// has says whether a channel of a reader has a post that they see.
func (r *reader) has(c channel, scope *store.PostScope) bool {
	switch c.kind {
	case channelUser:
		return r.home
	case channelPublic:
		return scope.InPublic(c.public) && r.standing.Hears(scope)
	case channelTag:
		return scope.InTag(c.tag, c.public) && r.standing.Hears(scope)
	case channelList:
		return r.standing.InList(c.list, scope)
	}
	return false
}

// sendPost makes the entity for each look that the post has, and sends it.
func (s *Server) sendPost(ctx context.Context, readers []*reader, scope *store.PostScope, n store.News, event string) error {
	ids := make([]int64, len(readers))
	for i, r := range readers {
		ids[i] = r.standing.AccountID
	}
	b, err := s.db.Broadcast(ctx, scope, ids, n.Kind == store.NewsPost)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p := posting{s: s, b: b, event: event, payloads: map[store.Look][]byte{}, written: written{}}
	if n.Kind == store.NewsBoost {
		if p.booster, err = s.db.Account(ctx, n.AccountID); err != nil {
			return fmt.Errorf("who boosted: %w", err)
		}
		p.entryID = n.EntryID
	}
	for _, r := range readers {
		if err := p.send(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// posting is a post while it is sent to many.
type posting struct {
	s        *Server
	b        *store.Broadcast
	booster  *store.Account // nil: nobody
	entryID  int64          // of the boost
	event    string
	encoder  *api.Encoder
	payloads map[store.Look][]byte
	written  written
}

// send sends the post to all streams of one reader.
func (p *posting) send(ctx context.Context, r *reader) error {
	v, look, err := p.b.For(ctx, r.standing, p.booster)
	if errors.Is(err, store.ErrNotFound) {
		return nil // what they see has changed just now
	}
	if err != nil {
		return err
	}
	if p.booster != nil {
		v.EntryID = p.entryID
	}
	payload := p.payloads[look]
	if payload == nil {
		if payload, err = p.encode(ctx, v, r.standing.AccountID); err != nil {
			return err
		}
		p.payloads[look] = payload
	}
	m := message{p.event, payload}
	for _, st := range r.streams {
		for _, c := range st.channels {
			if r.has(c, p.b.Scope) {
				st.send(p.written.to(st.stream, c, look, m))
			}
		}
	}
	return nil
}

func (p *posting) encode(ctx context.Context, v *store.PostView, readerID int64) (payload []byte, err error) {
	if p.encoder == nil {
		if p.encoder, err = p.s.api.Encoder(ctx, nil, v); err != nil {
			return nil, err
		}
	}
	return p.encoder.Status(v, readerID)
}

// tellGone tells of a post or boost that is gone those who could see it: its
// id alone, which says nothing to others, but is none of their business either.
func (s *Server) tellGone(ctx context.Context, n store.News) error {
	readers, err := s.readers(ctx)
	if err != nil || n.Scope == nil {
		return err
	}
	m, w := message{"delete", []byte(strconv.FormatInt(n.EntryID, 10))}, written{}
	for _, r := range readers {
		if !r.standing.Sees(n.Scope) {
			continue
		}
		r.home = r.standing.BringsHome(n.Scope)
		for _, st := range r.streams {
			if st.counts {
				st.poke()
			}
			for _, c := range st.channels {
				if r.has(c, n.Scope) {
					st.send(w.to(st.stream, c, nil, m))
				}
			}
		}
	}
	return nil
}
