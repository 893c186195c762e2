package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dayMillis is how long what happens counts as one thing: a group is of one
// kind, about one post, of one day (UTC). So its key needs no row of its own
// and stays the same.
const dayMillis = int64(24 * time.Hour / time.Millisecond)

// notificationGroup is what a group key says.
type notificationGroup struct {
	kind       NotificationKind
	postID     int64
	day        int64 // since 1970
	ungrouped  int64 // the id of a notification that stands alone
	groupsKind bool
}

// Groups says whether several notifications of a kind make one line.
func (k NotificationKind) Groups() bool {
	return k == NotifyFavourite || k == NotifyBoost || k == NotifyReaction || k == NotifyFollow
}

// GroupKey names the group that a notification belongs to. What stands alone
// has a key too.
func (n *Notification) GroupKey() string {
	if !n.Kind.Groups() {
		return n.OwnKey()
	}
	var postID int64
	if n.Post != nil {
		postID = n.Post.ID
	}
	return fmt.Sprintf("%s-%d-%d", n.Kind, postID, millis(n.CreatedAt)/dayMillis)
}

// OwnKey names the group of this notification alone.
func (n *Notification) OwnKey() string { return "ungrouped-" + strconv.FormatInt(n.ID, 10) }

// parseGroupKey reads a key; ErrNotFound if it is none.
func parseGroupKey(key string) (*notificationGroup, error) {
	name, rest, _ := strings.Cut(key, "-")
	if name == "ungrouped" {
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil || id <= 0 {
			return nil, ErrNotFound
		}
		return &notificationGroup{ungrouped: id}, nil
	}
	kind, err := ParseNotificationKind(name)
	if err != nil || !kind.Groups() {
		return nil, ErrNotFound
	}
	post, day, _ := strings.Cut(rest, "-")
	g := notificationGroup{kind: kind, groupsKind: true}
	if g.postID, err = strconv.ParseInt(post, 10, 64); err != nil {
		return nil, ErrNotFound
	}
	if g.day, err = strconv.ParseInt(day, 10, 64); err != nil {
		return nil, ErrNotFound
	}
	return &g, nil
}

// condition holds of the notifications n of a group, with its arguments from
// parameter at on; nil is no condition.
func (g *notificationGroup) condition(at int) string {
	switch {
	case g == nil:
		return ``
	case !g.groupsKind:
		return fmt.Sprintf(` AND n.id = ?%d`, at)
	}
	return fmt.Sprintf(` AND n.kind = ?%d AND COALESCE(n.post_id, 0) = ?%d AND n.created_at / ?%d = ?%d`, at, at+1, at+2, at+3)
}

func (g *notificationGroup) args() []any {
	switch {
	case g == nil:
		return nil
	case !g.groupsKind:
		return []any{g.ungrouped}
	}
	return []any{g.kind, g.postID, dayMillis, g.day}
}

// NotificationGroup is what several people did to one post on one day, or one
// notification that stands alone.
type NotificationGroup struct {
	Key           string
	Notifications []*Notification // newest first: those on the page
	Count         int             // of all
}

// Newest is the notification that gives the group its place.
func (g *NotificationGroup) Newest() *Notification { return g.Notifications[0] }

// NotificationGroupPage is a part of the list, in groups.
type NotificationGroupPage struct {
	Groups            []*NotificationGroup
	Older, Newer, Top int64
}

// NotificationGroups lists what a member is told in groups: of the kinds in
// grouped, or, if that is nil, of all that make groups. c.Limit is of groups. A
// group of which older notifications lie beyond the page has the number of all,
// and stands on the page of these again.
func (db *DB) NotificationGroups(ctx context.Context, accountID int64, q NotificationQuery, grouped []NotificationKind, c Cursor) (*NotificationGroupPage, error) {
	most := c.limit()
	c.Limit = maxPageSize
	lines, err := db.NotificationsWhere(ctx, accountID, q, c)
	if err != nil {
		return nil, err
	}
	page := &NotificationGroupPage{Older: lines.Older, Newer: lines.Newer, Top: lines.Top}
	list := lines.Notifications
	if c.After != 0 {
		slices.Reverse(list) // the groups next to the bound are wanted
	}
	byKey := map[string]*NotificationGroup{}
	for i, n := range list {
		key := n.OwnKey()
		if grouped == nil || slices.Contains(grouped, n.Kind) {
			key = n.GroupKey()
		}
		g := byKey[key]
		if g == nil && len(page.Groups) == most {
			page.cut(c, list[i-1].ID)
			break
		}
		if g == nil {
			g = &NotificationGroup{Key: key}
			byKey[key], page.Groups = g, append(page.Groups, g)
		}
		g.Notifications = append(g.Notifications, n)
		g.Count++
	}
	if c.After != 0 {
		page.turn()
	}
	if q.group != nil {
		return page, nil
	}
	return page, db.countGroups(ctx, accountID, byKey)
}

// cut ends the page behind the line with this id.
func (p *NotificationGroupPage) cut(c Cursor, id int64) {
	if c.After != 0 {
		p.Newer, p.Top = id, id
		return
	}
	p.Older = id
}

// turn puts groups that were made from the oldest on into the usual order.
func (p *NotificationGroupPage) turn() {
	for _, g := range p.Groups {
		slices.Reverse(g.Notifications)
	}
	slices.SortFunc(p.Groups, func(a, b *NotificationGroup) int {
		return int(min(max(b.Newest().ID-a.Newest().ID, -1), 1))
	})
}

// countGroups counts what belongs to the groups of a page and is older than it.
func (db *DB) countGroups(ctx context.Context, accountID int64, groups map[string]*NotificationGroup) error {
	var first, last int64 // what can belong to them has ids between these
	var kinds []NotificationKind
	for key, g := range groups {
		n := g.Newest()
		if key == n.OwnKey() {
			continue
		}
		day := n.CreatedAt.UTC().Truncate(24 * time.Hour)
		if at := idAt(day, 0); first == 0 || at < first {
			first = at
		}
		last = max(last, n.ID)
		kinds = append(kinds, n.Kind)
	}
	if len(kinds) == 0 {
		return nil
	}
	return db.rows(ctx, `SELECT n.kind, COALESCE(n.post_id, 0), n.created_at / ?5, COUNT(*) FROM notification n
		WHERE n.account_id = ?1 AND n.id BETWEEN ?2 AND ?3 AND NOT n.held AND n.kind IN (SELECT value FROM json_each(?4)) GROUP BY 1, 2, 3`,
		[]any{accountID, first, last, encodeJSON(kinds), dayMillis}, func(rows *sql.Rows) error {
			var kind NotificationKind
			var post, day int64
			var count int
			if err := rows.Scan(&kind, &post, &day, &count); err != nil {
				return err
			}
			if g := groups[fmt.Sprintf("%s-%d-%d", kind, post, day)]; g != nil {
				g.Count = max(g.Count, count)
			}
			return nil
		})
}

// NotificationGroup returns one group with its newest notifications. ErrNotFound
// if there are none, or the key is none.
func (db *DB) NotificationGroup(ctx context.Context, accountID int64, key string) (*NotificationGroup, error) {
	g, err := parseGroupKey(key)
	if err != nil {
		return nil, err
	}
	page, err := db.NotificationsWhere(ctx, accountID, NotificationQuery{group: g}, Cursor{Limit: maxPageSize})
	if err != nil {
		return nil, err
	}
	if len(page.Notifications) == 0 {
		return nil, ErrNotFound
	}
	group := &NotificationGroup{Key: key, Notifications: page.Notifications, Count: len(page.Notifications)}
	return group, db.countGroups(ctx, accountID, map[string]*NotificationGroup{key: group})
}

// DismissNotificationGroup removes a group from a member's list. A key that is
// none is ErrNotFound; a group that is gone is what was wanted.
func (db *DB) DismissNotificationGroup(ctx context.Context, accountID int64, key string) error {
	g, err := parseGroupKey(key)
	if err != nil {
		return err
	}
	return db.write(ctx, "dismiss notification group", func(t *tx) error {
		_, err := t.exec(`DELETE FROM notification AS n WHERE n.account_id = ?1 AND NOT n.held`+g.condition(2), append([]any{accountID}, g.args()...)...)
		return err
	})
}

// CountUnreadGroups counts the groups that a member has not seen, up to limit.
func (db *DB) CountUnreadGroups(ctx context.Context, u *User, q NotificationQuery, grouped []NotificationKind, limit int) (int, error) {
	var kinds []NotificationKind // see GroupKey
	for _, k := range grouped {
		if k.Groups() {
			kinds = append(kinds, k)
		}
	}
	return db.countUnread(ctx, u, q, limit, `DISTINCT CASE WHEN n.kind IN (SELECT value FROM json_each(?7))
		THEN n.kind || '-' || COALESCE(n.post_id, 0) || '-' || n.created_at / ?8 ELSE n.id END`, kindList(kinds), dayMillis)
}
