package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// noteTabs are the tabs of the list with what they show; the first shows all
// but what the member left out.
var noteTabs = []struct {
	name, icon string
	kinds      []store.NotificationKind
}{
	{"all", "bell", nil},
	{"mentions", "at", []store.NotificationKind{store.NotifyMention, store.NotifyReply, store.NotifyQuote}},
	{"follows", "follow", []store.NotificationKind{store.NotifyFollow, store.NotifyFollowed, store.NotifyMoved}},
	{"requests", "clock", []store.NotificationKind{store.NotifyFollowRequest, store.NotifyAsked}},
}

// showNotifications is /notifications. Looking at the list marks what it shows
// as read: unlike all other changes this one needs no button, and asking for
// it twice changes nothing more.
func (s *Server) showNotifications(w http.ResponseWriter, r *request) error {
	tab, kinds := tabOf(r)
	groups, err := s.db.NotificationGroups(r.Context(), r.viewerID(), store.NotificationQuery{Kinds: kinds}, nil, r.storeCursor(notificationsPerPage))
	if err != nil {
		return err
	}
	held, _, err := s.db.CountHeld(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.NotificationsPage{
		Frame: s.frame(r), Tabs: notificationTabs(tab), Asking: tab == "requests", Pager: r.links(groups.Older, groups.Newer),
		Rows: c.in(store.FilterNotifications).notifications(groups.Groups), Held: held,
	}
	p.Unread = p.Viewer.Notifications > 0
	if tab == "all" {
		p.Kinds = kindTicks(r.viewer)
		if err := s.markSeen(r); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

// tabOf is the tab that is asked for, and the kinds on it.
func tabOf(r *request) (string, []store.NotificationKind) {
	for _, t := range noteTabs[1:] {
		if t.name == r.query("tab") {
			return t.name, t.kinds
		}
	}
	if r.viewer.Preferences.HiddenNotes == "" {
		return "all", nil
	}
	var kinds []store.NotificationKind
	for _, t := range kindTicks(r.viewer) {
		if k, err := store.ParseNotificationKind(t.Value); err == nil && t.On {
			kinds = append(kinds, k)
		}
	}
	return "all", kinds
}

// kindTicks are the kinds that a member can be told of, those ticked that the
// list shows.
func kindTicks(u *store.User) []templates.Ticked {
	hidden := strings.Split(u.Preferences.HiddenNotes, ",")
	var list []templates.Ticked
	for _, k := range kindsFor(u) {
		list = append(list, templates.Ticked{Value: k.String(), On: !slices.Contains(hidden, k.String())})
	}
	return list
}

// kindsFor are the kinds that a member can be told of.
func kindsFor(u *store.User) []store.NotificationKind {
	return slices.DeleteFunc(store.NotificationKinds(), func(k store.NotificationKind) bool {
		return (k == store.NotifySignUp || k == store.NotifyReport) && u.Role < store.Moderator
	})
}

// updateShown is POST /notifications/show: the kinds that the list shows.
func (s *Server) updateShown(w http.ResponseWriter, r *request) error {
	var hidden []string
	for _, k := range kindsFor(r.viewer) {
		if !slices.Contains(r.form["kind"], k.String()) {
			hidden = append(hidden, k.String())
		}
	}
	if len(hidden) == len(kindsFor(r.viewer)) {
		hidden = nil // an empty list would only look broken
	}
	p := r.viewer.Preferences
	p.HiddenNotes = strings.Join(hidden, ",")
	if err := s.db.SetPreferences(r.Context(), r.viewerID(), p); err != nil {
		return err
	}
	return redirect(w, r, "/notifications")
}

// dismissNotification is POST /notifications/dismiss: a row of the list goes.
func (s *Server) dismissNotification(w http.ResponseWriter, r *request) error {
	if err := s.db.DismissNotificationGroup(r.Context(), r.viewerID(), r.form.Get("group")); err != nil {
		return err
	}
	return s.backWith(w, r, "/notifications", "flash.dismissed")
}

// markSeen notes that a member has seen all up to the newest there is, also of
// the kinds that they left out. A browser that only loads ahead has not.
func (s *Server) markSeen(r *request) error {
	if r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" || r.URL.Query().Has("before") {
		return nil
	}
	newest, err := s.db.Notifications(r.Context(), r.viewerID(), nil, store.Cursor{Limit: 1})
	if err != nil || len(newest.Notifications) == 0 || !newest.Notifications[0].Unread {
		return err
	}
	return s.db.ReadNotifications(r.Context(), r.viewerID(), newest.Notifications[0].ID)
}

func notificationTabs(current string) []templates.Tab {
	var tabs []templates.Tab
	for _, t := range noteTabs {
		tab := templates.Tab{Key: "notifications.tab_" + t.name, URL: "/notifications?tab=" + t.name, Icon: t.icon, Current: t.name == current}
		if t.name == "all" {
			tab.URL = "/notifications"
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

// readNotifications is POST /notifications/read: all there is now.
func (s *Server) readNotifications(w http.ResponseWriter, r *request) error {
	page, err := s.db.Notifications(r.Context(), r.viewerID(), nil, store.Cursor{Limit: 1})
	if err != nil {
		return err
	}
	if len(page.Notifications) > 0 {
		if err := s.db.ReadNotifications(r.Context(), r.viewerID(), page.Notifications[0].ID); err != nil {
			return err
		}
	}
	return s.backWith(w, r, "/notifications", "flash.read")
}

// notifications are the rows of the list, a group each: what several people did
// to the same post, and new followers, stand in one, where the newest of it is.
func (c *cards) notifications(list []*store.NotificationGroup) []templates.Notification {
	rows := make([]templates.Notification, 0, len(list))
	var from []*store.Account
	for _, g := range list {
		for _, n := range g.Notifications {
			from = append(from, n.From)
		}
	}
	c.meet(from...)
	for _, g := range list {
		n := g.Newest()
		if n.Post != nil && c.hides(n.Post) {
			continue
		}
		row := c.notification(n)
		row.Key, row.Others = g.Key, g.Count-1
		for _, other := range g.Notifications[1:] {
			row.From = append(row.From, c.account(other.From))
			row.Unread = row.Unread || other.Unread
			row.Emoji = c.used(row.Emoji, other.Emoji)
		}
		rows = append(rows, row)
	}
	return rows
}

// notification is one row.
func (c *cards) notification(n *store.Notification) templates.Notification {
	row := templates.Notification{
		ID: n.ID, Kind: n.Kind.String(), Unread: n.Unread, From: []templates.Account{c.account(n.From)}, At: c.moment(n.CreatedAt),
		Emoji: c.used(nil, n.Emoji),
	}
	if n.Kind == store.NotifyReport && !n.From.Local() {
		row.Kind, row.Reason = "reportaway", n.From.Host
	}
	if n.Post == nil {
		return row
	}
	if n.Kind == store.NotifyMention || n.Kind == store.NotifyReply || n.Kind == store.NotifyQuote || n.Kind == store.NotifyPost {
		v := c.post(n.Post)
		row.Post = &v
		return row
	}
	if n.Kind == store.NotifyPollEnded && n.From.ID == c.viewer {
		row.Kind = "ownpoll"
	}
	row.URL = n.Post.Path()
	if n.Kind == store.NotifyAlt {
		row.Answer = altPath(n.Post.ID)
	}
	row.Excerpt = excerptOf(n.Post)
	if row.Excerpt == "" {
		row.Excerpt = strconv.FormatInt(n.Post.ID, 10)
	}
	return row
}
