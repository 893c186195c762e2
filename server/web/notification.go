package web

import (
	"net/http"
	"strconv"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// mentionKinds are what the tab "Mentions" shows.
var mentionKinds = []store.NotificationKind{store.NotifyMention, store.NotifyReply, store.NotifyQuote}

// excerptLength is how many characters of a post stand in a notification.
const excerptLength = 140

// showNotifications is /notifications. Looking at the list marks what it shows
// as read: unlike all other changes this one needs no button, and asking for
// it twice changes nothing more.
func (s *Server) showNotifications(w http.ResponseWriter, r *request) error {
	var kinds []store.NotificationKind
	tab := r.query("tab")
	if tab == "mentions" {
		kinds = mentionKinds
	}
	page, err := s.db.Notifications(r.Context(), r.viewerID(), kinds, r.storeCursor(notificationsPerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.NotificationsPage{
		Frame: s.frame(r), Tabs: notificationTabs(tab), Pager: r.links(page.Older, page.Newer),
		Rows: c.in(store.FilterNotifications).notifications(page.Notifications),
	}
	p.Unread = p.Viewer.Notifications > 0
	if kinds == nil {
		if err := s.markSeen(r, page.Notifications); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

// markSeen notes that a member has seen all up to the newest of a list. A
// browser that only loads ahead has not.
func (s *Server) markSeen(r *request, list []*store.Notification) error {
	if len(list) == 0 || !list[0].Unread || r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" {
		return nil
	}
	return s.db.ReadNotifications(r.Context(), r.viewerID(), list[0].ID)
}

func notificationTabs(current string) []templates.Tab {
	return []templates.Tab{
		{Key: "notifications.tab_all", URL: "/notifications", Icon: "bell", Current: current != "mentions"},
		{Key: "notifications.tab_mentions", URL: "/notifications?tab=mentions", Icon: "at", Current: current == "mentions"},
	}
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

// notifications are the rows of the list: what several people did to the same
// post, and new followers, stand in one, where the newest of it is.
func (c *cards) notifications(list []*store.Notification) []templates.Notification {
	type group struct {
		kind store.NotificationKind
		post int64
	}
	rows := make([]templates.Notification, 0, len(list))
	at := map[group]int{}
	for _, n := range list {
		if n.Post != nil && c.hides(n.Post) {
			continue
		}
		g := group{kind: n.Kind}
		if n.Post != nil {
			g.post = n.Post.ID
		}
		i, known := at[g]
		if known && grouped(n.Kind) {
			row := &rows[i]
			row.From = append(row.From, c.account(n.From))
			row.Others++
			row.Unread = row.Unread || n.Unread
			row.Emoji = emojiText(row.Emoji, n.Emoji)
			continue
		}
		at[g] = len(rows)
		rows = append(rows, c.notification(n))
	}
	return rows
}

// grouped says whether several of a kind stand in one row.
func grouped(k store.NotificationKind) bool {
	return k == store.NotifyFavourite || k == store.NotifyBoost || k == store.NotifyReaction || k == store.NotifyFollow
}

// notification is one row.
func (c *cards) notification(n *store.Notification) templates.Notification {
	row := templates.Notification{
		ID: n.ID, Kind: kindName(n.Kind), Unread: n.Unread, From: []templates.Account{c.account(n.From)}, At: c.moment(n.CreatedAt),
		Emoji: emojiText("", n.Emoji),
	}
	if len(n.Emoji) > 0 {
		row.Picture = c.picture(n.Emoji[0])
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
	row.Excerpt = n.Post.ContentWarning
	if row.Excerpt == "" {
		row.Excerpt = content.Excerpt(n.Post.HTML, excerptLength)
	}
	if row.Excerpt == "" {
		row.Excerpt = strconv.FormatInt(n.Post.ID, 10)
	}
	return row
}

// kindName is how templates call a kind.
func kindName(k store.NotificationKind) string {
	switch k {
	case store.NotifyMention:
		return "mention"
	case store.NotifyReply:
		return "reply"
	case store.NotifyAsked:
		return "asked"
	case store.NotifyQuote:
		return "quote"
	case store.NotifyFollow:
		return "follow"
	case store.NotifyFollowRequest:
		return "request"
	case store.NotifyFollowed:
		return "followed"
	case store.NotifyFavourite:
		return "favourite"
	case store.NotifyBoost:
		return "boost"
	case store.NotifyReaction:
		return "reaction"
	case store.NotifyEdit:
		return "edit"
	case store.NotifyPollEnded:
		return "poll"
	case store.NotifyReport:
		return "report"
	case store.NotifyPost:
		return "post"
	case store.NotifyMoved:
		return "moved"
	}
	return "signup"
}
