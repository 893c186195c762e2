package api

import (
	"net/http"
	"slices"

	"seedling/store"
)

// notification is the entity Notification.
type notification struct {
	ID        string     `json:"id"`
	Type      string     `json:"type"`
	GroupKey  string     `json:"group_key"`
	CreatedAt string     `json:"created_at"`
	Account   *account   `json:"account"`
	Status    *status    `json:"status,omitempty"`
	Report    *report    `json:"report,omitempty"`    // to the staff, where it is known
	Target    *account   `json:"target,omitempty"`    // Akkoma's, of a move: where to
	Emoji     string     `json:"emoji,omitempty"`     // Akkoma's, of a reaction
	EmojiURL  *string    `json:"emoji_url,omitempty"` // and of a custom one
	Fallback  *fallback  `json:"fallback,omitempty"`  // for apps that do not know the type
	Pleroma   noticeMore `json:"pleroma"`
}

// noticeMore is what Akkoma says of a notification.
type noticeMore struct {
	Seen  bool `json:"is_seen"`
	Muted bool `json:"is_muted"`
}

// noticeTypes are the kinds of notifications in the API's words, in the order in
// which they are documented. The kinds that are missing have no word that apps
// know: they show on the pages alone.
var noticeTypes = []struct {
	name  string
	kinds []store.NotificationKind
}{
	{"mention", []store.NotificationKind{store.NotifyMention, store.NotifyReply}},
	{"reblog", []store.NotificationKind{store.NotifyBoost}},
	{"follow", []store.NotificationKind{store.NotifyFollow}},
	{"follow_request", []store.NotificationKind{store.NotifyFollowRequest}},
	{"favourite", []store.NotificationKind{store.NotifyFavourite}},
	{"poll", []store.NotificationKind{store.NotifyPollEnded}},
	{"update", []store.NotificationKind{store.NotifyEdit}},
	{"quote", []store.NotificationKind{store.NotifyQuote}},
	{"status", []store.NotificationKind{store.NotifyPost}},
	{"pleroma:emoji_reaction", []store.NotificationKind{store.NotifyReaction}},
	{"move", []store.NotificationKind{store.NotifyMoved}},
	{"admin.report", []store.NotificationKind{store.NotifyReport}},
	{"admin.sign_up", []store.NotificationKind{store.NotifySignUp}},
}

// noticeType is a kind in the API's words, or "".
func noticeType(kind store.NotificationKind) string {
	for _, t := range noticeTypes {
		if slices.Contains(t.kinds, kind) {
			return t.name
		}
	}
	return ""
}

// noticeKinds reads which kinds are wanted: types alone, or all but
// exclude_types. Types that this server does not know are left out, and reports for
// who is not of the staff any more; empty means none.
func (r *request) noticeKinds() []store.NotificationKind {
	types, without := r.params.All("types"), r.params.All("exclude_types")
	var kinds []store.NotificationKind
	for _, t := range noticeTypes {
		if t.name == "admin.report" && r.user.Role < store.Moderator {
			continue
		}
		if (len(types) == 0 || slices.Contains(types, t.name)) && !slices.Contains(without, t.name) {
			kinds = append(kinds, t.kinds...)
		}
	}
	return kinds
}

// noticeQuery reads which notifications are wanted; ok is false if none can be.
func (r *request) noticeQuery() (q store.NotificationQuery, ok bool, err error) {
	q = store.NotificationQuery{Kinds: r.noticeKinds(), Held: r.params.Bool("include_filtered", false)}
	q.FromID, err = r.idParam("account_id")
	return q, len(q.Kinds) > 0, err
}

// noticeEmoji is what somebody reacted with, and its picture.
func (s *Server) noticeEmoji(n *store.Notification) (string, *string) {
	if len(n.Emoji) == 0 {
		return "", nil
	}
	var known store.EmojiSet
	if n.Post != nil {
		known = n.Post.Emojis
	}
	return emojiName(n.Emoji[0]), s.emojiURL(known, n.Emoji[0])
}

// showNotifications is GET notifications.
func (s *Server) showNotifications(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(peoplePage, maxPeople)
	if err != nil {
		return err
	}
	q, ok, err := r.noticeQuery()
	if err != nil {
		return err
	}
	if !ok {
		return s.none(w, r)
	}
	p, err := s.db.NotificationsWhere(r.Context(), r.me(), q, c)
	if err != nil {
		return err
	}
	list, err := s.notifications(r, p.Notifications)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, list)
}

// notifications makes the entities.
func (s *Server) notifications(r *request, notices []*store.Notification) ([]notification, error) {
	reports, err := s.reportsIn(r, notices)
	if err != nil {
		return nil, err
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	var posts []*store.PostView
	var people []*store.Account
	for _, n := range notices {
		people = append(people, n.From)
		if n.Post != nil {
			posts = append(posts, n.Post)
		}
	}
	if err := e.loadMoved(r.Context(), people); err != nil {
		return nil, err
	}
	if err := e.load(r.Context(), posts); err != nil {
		return nil, err
	}
	list := []notification{}
	for _, n := range notices {
		v := notification{ID: id(n.ID), Type: noticeType(n.Kind), GroupKey: n.GroupKey(), CreatedAt: moment(n.CreatedAt), Account: e.account(n.From), Pleroma: noticeMore{Seen: !n.Unread}}
		v.Emoji, v.EmojiURL = s.noticeEmoji(n)
		if n.Kind == store.NotifyMoved {
			v.Target = v.Account.Moved
		}
		if n.Post != nil {
			v.Status = e.post(n.Post)
		}
		v.Report = reports[n.ReportID]
		if v.Fallback, err = s.fallback(r, n); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// reportsIn makes the entities of reports that notifications tell the staff of.
// Who reports is told of members alone: in place of accounts elsewhere stands who
// is reported.
func (s *Server) reportsIn(r *request, notices []*store.Notification) (map[int64]*report, error) {
	var ids []int64
	for _, n := range notices {
		if n.ReportID != 0 {
			ids = append(ids, n.ReportID)
		}
	}
	made, err := s.db.ReportsByID(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	for _, n := range notices {
		if n.Kind != store.NotifyReport || n.From.Local() {
			continue
		}
		n.From = r.user.Account // of a report that is not known any more
		if report := made[n.ReportID]; report != nil {
			n.From = report.Account
		}
	}
	if r.user.Role < store.Moderator {
		return nil, nil
	}
	return s.reports(r, made)
}

// showNotification is GET notifications/:id.
func (s *Server) showNotification(w http.ResponseWriter, r *request) error {
	noticeID, err := r.id("id")
	if err != nil {
		return err
	}
	notice, err := s.noticeByID(r, noticeID)
	if err != nil {
		return err
	}
	list, err := s.notifications(r, []*store.Notification{notice})
	if err != nil {
		return err
	}
	return s.json(w, list[0])
}

// doubleSpacing is how far apart the numbers are, at most, that a float64 holds of the
// size of our ids, until 2037.
const doubleSpacing = 64

// noticeByID finds a notification. Pushes name it by a number, which JavaScript
// rounds to a float64: where nothing has the id itself, what alone rounds alike is
// meant.
func (s *Server) noticeByID(r *request, noticeID int64) (*store.Notification, error) {
	p, err := s.db.Notifications(r.Context(), r.me(), nil, store.Cursor{After: noticeID - doubleSpacing, Before: noticeID + doubleSpacing, Limit: doubleSpacing})
	if err != nil {
		return nil, err
	}
	var alike []*store.Notification
	for _, n := range p.Notifications {
		if n.ID == noticeID {
			alike = []*store.Notification{n}
			break
		}
		if float64(n.ID) == float64(noticeID) {
			alike = append(alike, n)
		}
	}
	if len(alike) != 1 || noticeType(alike[0].Kind) == "" {
		return nil, store.ErrNotFound
	}
	return alike[0], nil
}

// clearNotifications is POST notifications/clear.
func (s *Server) clearNotifications(w http.ResponseWriter, r *request) error {
	if err := s.db.ClearNotifications(r.Context(), r.me()); err != nil {
		return err
	}
	return s.empty(w)
}

// dismissNotification is POST notifications/:id/dismiss, and notifications/dismiss
// with the id as a parameter, as older apps have it.
func (s *Server) dismissNotification(w http.ResponseWriter, r *request) error {
	noticeID, err := r.id("id")
	if r.path.ByName("id") == "" {
		noticeID, err = r.idParam("id")
	}
	if err != nil {
		return err
	}
	if err := s.db.DismissNotification(r.Context(), r.me(), noticeID); err != nil {
		return err
	}
	return s.empty(w)
}

// countNotifications is GET notifications/unread_count.
func (s *Server) countNotifications(w http.ResponseWriter, r *request) error {
	q, ok, err := r.noticeQuery()
	if err != nil {
		return err
	}
	n := 0
	if ok {
		if n, err = s.db.CountUnread(r.Context(), r.user, q, r.limit(100, 1000)); err != nil {
			return err
		}
	}
	return s.json(w, map[string]int{"count": n})
}
