package live

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"seedling/store"
)

// streamsOf returns the streams of a member.
func (s *Server) streamsOf(accountID int64) []opened {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m := s.members[accountID]
	if m == nil {
		return nil
	}
	list := make([]opened, 0, len(m.streams))
	for st := range m.streams {
		list = append(list, opened{st, st.channels})
	}
	return list
}

// pokePages makes the open pages of a member count anew.
func (s *Server) pokePages(accountID int64) {
	for _, st := range s.streamsOf(accountID) {
		if st.counts {
			st.poke()
		}
	}
}

// tellMember sends a message to those of a member's streams that follow a
// channel of these kinds.
func (s *Server) tellMember(accountID int64, m message, kinds ...channelKind) {
	w := written{}
	for _, st := range s.streamsOf(accountID) {
		for _, c := range st.channels {
			if slices.Contains(kinds, c.kind) && (st.notifications || !ofNotifications(m.event)) {
				st.send(w.to(st.stream, c, nil, m))
			}
		}
	}
}

// ofNotifications says whether an event needs the right to read notifications:
// the channel user alone is for all who read posts.
func ofNotifications(event string) bool {
	return event == "notification" || event == "notifications_merged"
}

// follow says whether a member has a stream with a channel of these kinds.
func (s *Server) follow(accountID int64, kinds ...channelKind) bool {
	r := reader{streams: s.streamsOf(accountID)}
	return slices.ContainsFunc(kinds, r.follows)
}

// tellNotification tells a member what they are told.
func (s *Server) tellNotification(ctx context.Context, n store.News) error {
	s.pokePages(n.AccountID)
	if !s.follow(n.AccountID, channelUser, channelNotifications) {
		return nil
	}
	notice, err := notification(ctx, s.db, n.AccountID, n.EntryID)
	if err != nil || notice == nil {
		return err
	}
	payload, err := s.api.NotificationStream(ctx, notice, n.AccountID)
	if err != nil || payload == nil {
		return err
	}
	s.tellMember(n.AccountID, message{"notification", payload}, channelUser, channelNotifications)
	return nil
}

// notification loads one line of a member's list; nil if it is not to be shown.
func notification(ctx context.Context, db *store.DB, accountID, id int64) (*store.Notification, error) {
	p, err := db.Notifications(ctx, accountID, nil, store.Cursor{After: id - 1, Before: id + 1, Limit: 1})
	if err != nil || len(p.Notifications) == 0 {
		return nil, err
	}
	return p.Notifications[0], nil
}

// tellConversation tells a member of a private post in one of theirs.
func (s *Server) tellConversation(ctx context.Context, n store.News) error {
	s.pokePages(n.AccountID)
	if !s.follow(n.AccountID, channelDirect) {
		return nil
	}
	c, err := s.db.ConversationWith(ctx, n.AccountID, n.PostID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	payload, err := s.api.ConversationStream(ctx, c, n.AccountID)
	if err != nil {
		return err
	}
	s.tellMember(n.AccountID, message{"conversation", payload}, channelDirect)
	return nil
}

// tellAnnouncement tells everybody what the admins announce.
func (s *Server) tellAnnouncement(ctx context.Context, n store.News) error {
	m, err := s.announcement(ctx, n)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || m.event == "" {
		return err
	}
	s.mu.RLock()
	ids := make([]int64, 0, len(s.members))
	for id := range s.members {
		ids = append(ids, id)
	}
	s.mu.RUnlock()
	for _, id := range ids {
		s.tellMember(id, m, channelUser)
	}
	return nil
}

// announcement makes the message; one without an event is for later.
func (s *Server) announcement(ctx context.Context, n store.News) (message, error) {
	id := strconv.FormatInt(n.EntryID, 10)
	if n.Kind == store.NewsAnnouncementGone {
		return message{"announcement.delete", []byte(id)}, nil
	}
	a, err := s.db.Announcement(ctx, n.EntryID)
	if err != nil || a.StartsAt.After(s.now()) {
		return message{}, err
	}
	if n.Kind == store.NewsAnnouncement {
		payload, err := s.api.AnnouncementStream(a)
		return message{"announcement", payload}, err
	}
	count := 0
	if i := slices.IndexFunc(a.Reactions, func(r store.Reaction) bool { return r.Text == n.Emoji }); i >= 0 {
		count = a.Reactions[i].Count
	}
	payload, err := json.Marshal(map[string]any{"name": n.Emoji, "count": count, "announcement_id": id})
	return message{"announcement.reaction", payload}, err
}
