package api

import (
	"context"
	"encoding/json"
	"net/http"

	"seedling/store"
)

// Encoder makes the entities that streams send. Unlike an answer it is not for
// one reader: what it loaded serves all that a post is sent to.
type Encoder struct{ e *entities }

// Encoder loads what the entities of posts and accounts need beside them.
func (s *Server) Encoder(ctx context.Context, people []*store.Account, posts ...*store.PostView) (*Encoder, error) {
	staff, err := s.staffRoles(ctx)
	if err != nil {
		return nil, err
	}
	e := &entities{s: s, staff: staff}
	if err := e.loadPeople(ctx, people); err != nil {
		return nil, err
	}
	return &Encoder{e}, e.load(ctx, posts)
}

// Status is a post, or the boost that brought it, as a member sees it.
func (c *Encoder) Status(v *store.PostView, reader int64) ([]byte, error) {
	c.e.viewer = store.AsMember(reader)
	return json.Marshal(c.e.entry(v))
}

// NotificationStream makes a notification. It is nil for kinds that apps have no word for.
func (s *Server) NotificationStream(ctx context.Context, n *store.Notification, reader int64) ([]byte, error) {
	if noticeType(n.Kind) == "" {
		return nil, nil
	}
	list, err := s.notifications(s.streamTo(ctx, reader), []*store.Notification{n})
	if err != nil {
		return nil, err
	}
	return json.Marshal(list[0])
}

// NoticeType is a kind of notification in the words that apps know, or "".
func NoticeType(kind store.NotificationKind) string { return noticeType(kind) }

// AvatarURL is the picture of an account, as entities have it.
func (s *Server) AvatarURL(a *store.Account) string {
	url, _ := s.avatarURLs(a)
	return url
}

// ConversationStream makes a conversation of a member.
func (s *Server) ConversationStream(ctx context.Context, c *store.Conversation, reader int64) ([]byte, error) {
	e, err := s.entities(s.streamTo(ctx, reader))
	if err != nil {
		return nil, err
	}
	list, err := e.conversations(ctx, []*store.Conversation{c})
	if err != nil {
		return nil, err
	}
	return json.Marshal(list[0])
}

// AnnouncementStream makes an announcement as it looks to somebody who has not
// reacted to it, for all members.
func (s *Server) AnnouncementStream(a *store.Announcement) ([]byte, error) {
	return json.Marshal(s.announcement(a, false))
}

// streamTo is the request that a stream stands for: one of a member, for an answer
// that nobody asked for just now.
func (s *Server) streamTo(ctx context.Context, reader int64) *request {
	me := &store.User{Account: &store.Account{ID: reader}, Role: store.Moderator} // who is told of a report at this moment is one
	return &request{Request: (&http.Request{}).WithContext(ctx), user: me}
}
