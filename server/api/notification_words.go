package api

import (
	"cmp"
	"slices"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// fallback is the entity NotificationFallback: a notification in words, for apps
// that do not know its type.
type fallback struct {
	Title   string  `json:"title"`
	Summary string  `json:"summary"` // empty, and not null: Mastodon's Android app leaves out what has none
	Details *string `json:"details"`
}

// NoticeTitle is a notification in a few words of the language that its reader
// chose: what the pages say of it.
func (s *Server) NoticeTitle(locale string, n *store.Notification, readerID int64) (string, error) {
	kind, host := n.Kind.String(), ""
	if n.Kind == store.NotifyReport && !n.From.Local() {
		kind, host = "reportaway", n.From.Host
	}
	if n.Kind == store.NotifyPollEnded && n.From.ID == readerID {
		kind = "ownpoll"
	}
	var emoji []string
	for _, used := range n.Emoji {
		emoji = append(emoji, emojiName(used))
	}
	return s.speaker.Say(locale, templates.M("notifications."+kind, "name", cmp.Or(n.From.DisplayName, n.From.Username), "emoji", strings.Join(emoji, " "), "host", host))
}

// fallback makes the entity if the app says which types it knows, and this is
// none of them; else nil.
func (s *Server) fallback(r *request, n *store.Notification) (*fallback, error) {
	if !r.params.Has("supported_types") || slices.Contains(r.params.All("supported_types"), noticeType(n.Kind)) {
		return nil, nil
	}
	title, err := s.NoticeTitle(r.user.Preferences.Locale, n, r.me())
	return &fallback{Title: escape(title)}, err
}
