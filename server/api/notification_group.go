package api

import (
	"net/http"
	"slices"

	"seedling/store"
)

// notificationGroups is the entity GroupedNotificationsResults: accounts and
// statuses once each, and groups that name them.
type notificationGroups struct {
	Accounts []*account          `json:"accounts"`
	Partial  *[]partialAccount   `json:"partial_accounts,omitempty"` // if they were asked for
	Statuses []*status           `json:"statuses"`
	Groups   []notificationGroup `json:"notification_groups"`
}

// notificationGroup is the entity NotificationGroup.
type notificationGroup struct {
	Key      string   `json:"group_key"`
	Count    int      `json:"notifications_count"`
	Type     string   `json:"type"`
	NewestID int64    `json:"most_recent_notification_id"` // a number, alone among IDs of notifications
	MinID    *string  `json:"page_min_id,omitempty"`
	MaxID    *string  `json:"page_max_id,omitempty"`
	LatestAt *string  `json:"latest_page_notification_at,omitempty"`
	Samples  []string `json:"sample_account_ids"`
	StatusID *string  `json:"status_id,omitempty"`
	Report   *report  `json:"report,omitempty"`    // to the staff, where it is known
	Emoji    string   `json:"emoji,omitempty"`     // Akkoma's, of a reaction
	EmojiURL *string  `json:"emoji_url,omitempty"` // and of a custom one

	Fallback *fallback `json:"fallback,omitempty"` // for apps that do not know the type
}

// partialOf is as much of an account as its picture needs.
func partialOf(v *account) partialAccount {
	return partialAccount{v.ID, v.Acct, v.URL, v.Avatar, v.AvatarStatic, v.Locked, v.Bot}
}

// partialAccount is the entity PartialAccountWithAvatar.
type partialAccount struct {
	ID           string `json:"id"`
	Acct         string `json:"acct"`
	URL          string `json:"url"`
	Avatar       string `json:"avatar"`
	AvatarStatic string `json:"avatar_static"`
	Locked       bool   `json:"locked"`
	Bot          bool   `json:"bot"`
}

// usuallyGrouped are the kinds that apps expect in groups if they do not say.
var usuallyGrouped = []string{"favourite", "reblog", "follow"}

// grouped reads the kinds that shall make groups.
func (r *request) grouped() []store.NotificationKind {
	wanted := usuallyGrouped
	if r.params.Has("grouped_types") {
		wanted = r.params.All("grouped_types")
	}
	kinds := []store.NotificationKind{}
	for _, t := range noticeTypes {
		if slices.Contains(wanted, t.name) {
			kinds = append(kinds, t.kinds...)
		}
	}
	return kinds
}

// showNotificationGroups is GET v2/notifications.
func (s *Server) showNotificationGroups(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(peoplePage, maxPeople)
	if err != nil {
		return err
	}
	q, ok, err := r.noticeQuery()
	if err != nil {
		return err
	}
	p := &store.NotificationGroupPage{}
	if ok {
		if p, err = s.db.NotificationGroups(r.Context(), r.me(), q, r.grouped(), c); err != nil {
			return err
		}
	}
	out, err := s.groupResults(r, p.Groups)
	if err != nil {
		return err
	}
	for i, g := range p.Groups {
		oldest := g.Notifications[len(g.Notifications)-1]
		out.Groups[i].MinID, out.Groups[i].MaxID = idOrNil(oldest.ID), idOrNil(g.Newest().ID)
		out.Groups[i].LatestAt = momentOrNil(g.Newest().CreatedAt)
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, out)
}

// groupResults makes the entities of groups.
func (s *Server) groupResults(r *request, groups []*store.NotificationGroup) (*notificationGroups, error) {
	c := groupCast{whole: map[int64]bool{}, partial: map[int64]bool{}, posts: map[int64]bool{}, faces: r.params.Get("expand_accounts") == "partial_avatars"}
	out := &notificationGroups{Groups: make([]notificationGroup, len(groups))}
	newest := make([]*store.Notification, len(groups))
	for i, g := range groups {
		newest[i] = g.Newest()
	}
	reports, err := s.reportsIn(r, newest)
	if err != nil {
		return nil, err
	}
	for i, g := range groups {
		out.Groups[i] = c.take(s, g)
		out.Groups[i].Report = reports[newest[i].ReportID]
		if out.Groups[i].Fallback, err = s.fallback(r, g.Newest()); err != nil {
			return nil, err
		}
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	if out.Accounts, err = e.accounts(r.Context(), c.accounts); err != nil {
		return nil, err
	}
	if c.faces {
		out.Partial = e.partial(c)
	}
	out.Statuses, err = e.statuses(r.Context(), c.views)
	return out, err
}

// partial makes the entities of those who come without their profiles.
func (e *entities) partial(c groupCast) *[]partialAccount {
	list := []partialAccount{}
	for _, a := range c.others {
		if !c.whole[a.ID] {
			list = append(list, partialOf(e.account(a)))
		}
	}
	return &list
}

// groupCast gathers whom and what groups name, each once.
type groupCast struct {
	faces                 bool // all but the newest of a group come without their profiles
	whole, partial, posts map[int64]bool
	accounts, others      []*store.Account
	views                 []*store.PostView
}

// take makes a group and gathers what it names.
func (c *groupCast) take(s *Server, g *store.NotificationGroup) notificationGroup {
	newest := g.Newest()
	v := notificationGroup{Key: g.Key, Count: g.Count, Type: noticeType(newest.Kind), NewestID: newest.ID, Samples: []string{}}
	v.Emoji, v.EmojiURL = s.noticeEmoji(newest)
	for _, n := range g.Notifications {
		text := id(n.From.ID)
		if len(v.Samples) == maxFaces || slices.Contains(v.Samples, text) {
			continue
		}
		v.Samples = append(v.Samples, text)
		if c.faces && n != newest {
			if !c.partial[n.From.ID] {
				c.partial[n.From.ID], c.others = true, append(c.others, n.From)
			}
		} else if !c.whole[n.From.ID] {
			c.whole[n.From.ID], c.accounts = true, append(c.accounts, n.From)
		}
	}
	if newest.Post != nil {
		v.StatusID = idOrNil(newest.Post.ID)
		if !c.posts[newest.Post.ID] {
			c.posts[newest.Post.ID], c.views = true, append(c.views, newest.Post)
		}
	}
	return v
}

// noticeGroup finds the group that the path names.
func (s *Server) noticeGroup(r *request) (*store.NotificationGroup, error) {
	g, err := s.db.NotificationGroup(r.Context(), r.me(), r.path.ByName("group_key"))
	if err == nil && noticeType(g.Newest().Kind) == "" {
		err = store.ErrNotFound
	}
	return g, err
}

// showNotificationGroup is GET v2/notifications/:group_key.
func (s *Server) showNotificationGroup(w http.ResponseWriter, r *request) error {
	g, err := s.noticeGroup(r)
	if err != nil {
		return err
	}
	out, err := s.groupResults(r, []*store.NotificationGroup{g})
	if err != nil {
		return err
	}
	return s.json(w, out)
}

// showGroupAccounts is GET v2/notifications/:group_key/accounts.
func (s *Server) showGroupAccounts(w http.ResponseWriter, r *request) error {
	g, err := s.noticeGroup(r)
	if err != nil {
		return err
	}
	p := &store.AccountPage{}
	seen := map[int64]bool{}
	for _, n := range g.Notifications {
		if !seen[n.From.ID] {
			seen[n.From.ID], p.Accounts = true, append(p.Accounts, n.From)
		}
	}
	return s.people(w, r, p)
}

// dismissGroup is POST v2/notifications/:group_key/dismiss.
func (s *Server) dismissGroup(w http.ResponseWriter, r *request) error {
	if err := s.db.DismissNotificationGroup(r.Context(), r.me(), r.path.ByName("group_key")); err != nil {
		return err
	}
	return s.empty(w)
}

// countGroups is GET v2/notifications/unread_count.
func (s *Server) countGroups(w http.ResponseWriter, r *request) error {
	q, ok, err := r.noticeQuery()
	if err != nil {
		return err
	}
	n := 0
	if ok {
		if n, err = s.db.CountUnreadGroups(r.Context(), r.user, q, r.grouped(), r.limit(100, 1000)); err != nil {
			return err
		}
	}
	return s.json(w, map[string]int{"count": n})
}
