package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Notification tells a member what somebody did.
type Notification struct {
	ID        int64
	Kind      NotificationKind
	From      *Account
	Post      *PostView // nil for kinds without one
	Emoji     []Emoji   // NotifyReaction: with what, as it is now
	CreatedAt time.Time
	Unread    bool
	ReportID  int64 // NotifyReport: of which, 0 unknown
}

// NotificationKind is what happened.
type NotificationKind int

// The kinds of notifications.
const (
	NotifyMention       NotificationKind = iota
	NotifyReply                          // somebody answered a post of the member
	NotifyFollow                         // somebody follows the member
	NotifyFollowRequest                  // somebody asks to follow
	NotifyFollowed                       // a follow that the member asked for was accepted
	NotifyFavourite
	NotifyBoost
	NotifyEdit      // a post that the member boosted was changed
	NotifySignUp    // to the staff: somebody asks to join
	NotifyMoved     // somebody whom the member followed has a new account, which they follow now
	NotifyReaction  // somebody reacted to a post of the member with an emoji or several
	NotifyPollEnded // a poll that the member asked, or voted in, has ended
	NotifyQuote     // somebody quotes a post of the member
	NotifyAsked     // somebody asks to answer, boost, favourite or quote a post of the member
	NotifyReport    // to the staff: somebody reports an account; who, is shown only of members
	NotifyPost      // somebody whose posts, or thread, the member asked to be told of wrote one
	NotifyAlt       // somebody suggests a description for a file of a post of the member
)

// notificationKinds is how the kinds are called, in their order.
var notificationKinds = [...]string{"mention", "reply", "follow", "request", "followed", "favourite", "boost", "edit", "signup", "moved",
	"reaction", "poll", "quote", "asked", "report", "post", "alt"}

// String returns the kind as forms, templates and group keys write it.
func (k NotificationKind) String() string {
	if k < 0 || int(k) >= len(notificationKinds) {
		return fmt.Sprintf("notification %d", int(k))
	}
	return notificationKinds[k]
}

// ParseNotificationKind reads a kind as forms write it.
func ParseNotificationKind(s string) (NotificationKind, error) {
	if i := slices.Index(notificationKinds[:], s); i >= 0 {
		return NotificationKind(i), nil
	}
	return 0, fmt.Errorf("unknown kind of notification %q", s)
}

// NotificationKinds lists all kinds.
func NotificationKinds() []NotificationKind {
	list := make([]NotificationKind, len(notificationKinds))
	for i := range list {
		list[i] = NotificationKind(i)
	}
	return list
}

// notify tells a member, unless it is their own deed (a poll that ended is nobody's), they blocked or muted who did it
// or where, do not want to hear of it, or were told before. Accounts that are not members are not told.
func notify(t *tx, accountID int64, kind NotificationKind, fromID, postID int64) error {
	_, err := notifyJudged(t, accountID, kind, fromID, postID)
	return err
}

// notifyJudged is notify, and says what the member's policy says.
func notifyJudged(t *tx, accountID int64, kind NotificationKind, fromID, postID int64) (NotificationVerdict, error) {
	if accountID == fromID && kind != NotifyPollEnded {
		return DropNotification, nil
	}
	verdict, err := judge(t, accountID, kind, fromID, postID)
	if err != nil || verdict == DropNotification {
		return verdict, err
	}
	id := t.db.ids.next()
	n, err := t.exec(`INSERT INTO notification (id, account_id, kind, from_id, post_id, created_at, held)
		SELECT ?1, u.account_id, ?3, ?4, NULLIF(?5, 0), ?6, ?7 FROM user u
		WHERE u.account_id = ?2
		AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = ?2 AND b.target_id = ?4)
		AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.account_id = ?2 AND m.target_id = ?4 AND m.notifications)
		AND NOT EXISTS (SELECT 1 FROM host_block hb JOIN account ha ON ha.host = hb.host WHERE hb.account_id = ?2 AND ha.id = ?4)
		AND NOT EXISTS (SELECT 1 FROM thread_choice c JOIN post cp ON cp.thread_id = c.thread_id WHERE c.account_id = ?2 AND cp.id = ?5 AND c.choice = 1)
		AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.post_id = ?5 AND n.kind = ?3 AND n.account_id = ?2 AND n.from_id = ?4)`,
		id, accountID, kind, fromID, postID, millis(t.now), verdict == HoldNotification)
	if err != nil || n == 0 {
		return verdict, err
	}
	if verdict != HoldNotification {
		t.publish(News{Kind: NewsNotification, AccountID: accountID, EntryID: id})
		return verdict, pushLater(t, accountID, kind, fromID, id)
	}
	return verdict, keepRequest(t, accountID, fromID)
}

// unnotify takes back what was told of a deed that is undone.
func unnotify(t *tx, accountID int64, kind NotificationKind, fromID, postID int64) error {
	_, err := t.exec(`DELETE FROM notification WHERE from_id = ?1 AND account_id = ?2 AND kind = ?3 AND COALESCE(post_id, 0) = ?4`,
		fromID, accountID, kind, postID)
	return err
}

// notifyBoosters tells the members who boosted a post that it was changed.
func notifyBoosters(t *tx, p *Post) error {
	var ids []int64
	err := t.rows(`SELECT b.account_id FROM boost b JOIN user u ON u.account_id = b.account_id WHERE b.post_id = ?`, []any{p.ID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := notify(t, id, NotifyEdit, p.AccountID, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// NotificationPage is a part of the list.
type NotificationPage struct {
	Notifications []*Notification
	Older, Newer  int64
	Top           int64 // the key of the first entry; 0: there is none
}

// NotificationQuery is which notifications to list. The zero value is all that
// the member is told.
type NotificationQuery struct {
	Kinds  []NotificationKind // empty: all
	FromID int64              // 0: of everybody
	Held   bool               // those that the policy holds back too
	group  *notificationGroup
}

// Notifications lists what a member is told, newest first, of all kinds or of
// the given ones. Posts that they may no longer see are left out with their line.
func (db *DB) Notifications(ctx context.Context, accountID int64, kinds []NotificationKind, c Cursor) (*NotificationPage, error) {
	return db.NotificationsWhere(ctx, accountID, NotificationQuery{Kinds: kinds}, c)
}

// kindList is kinds for json_each.
func kindList(kinds []NotificationKind) string {
	if len(kinds) == 0 {
		return "[]"
	}
	return encodeJSON(kinds)
}

// NotificationsWhere is Notifications of a query.
func (db *DB) NotificationsWhere(ctx context.Context, accountID int64, q NotificationQuery, c Cursor) (*NotificationPage, error) {
	viewer := AsMember(accountID)
	if c.Limit == 0 {
		c.Limit = 30
	}
	var lines []*noticeLine
	err := db.rows(ctx, `SELECT n.id, n.kind, n.from_id, COALESCE(n.post_id, 0), n.created_at, n.id > u.notifications_read, COALESCE(n.report_id, 0)
		FROM notification n JOIN user u ON u.account_id = n.account_id
		JOIN account a ON a.id = n.from_id
		WHERE n.account_id = ?1 AND ?2 AND (?5 = '[]' OR n.kind IN (SELECT value FROM json_each(?5)))
		AND (?6 = 0 OR n.from_id = ?6) AND (?7 OR NOT n.held)`+q.group.condition(8)+`
		AND `+shown+` AND `+notBlocked+` AND `+told+` AND (n.post_id IS NULL OR EXISTS (SELECT 1 FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = n.post_id AND `+visible+`))
		AND `+c.clause("n.id", 3), append(append(viewer.args(c.args()...), kindList(q.Kinds), q.FromID, q.Held), q.group.args()...), func(rows *sql.Rows) error {
		var l noticeLine
		var created int64
		err := rows.Scan(&l.ID, &l.Kind, &l.from, &l.post, &created, &l.Unread, &l.ReportID)
		l.CreatedAt = fromMillis(created)
		lines = append(lines, &l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list notifications: %w", err)
	}
	var page NotificationPage
	lines, page.Older, page.Newer = trim(c, lines, func(l *noticeLine) int64 { return l.ID })
	if len(lines) > 0 {
		page.Top = lines[0].ID
	}
	page.Notifications, err = db.fillNotices(ctx, lines, viewer)
	return &page, err
}

// noticeLine is a notification with the ids of what it is about.
type noticeLine struct {
	Notification
	from, post int64
}

// fillNotices loads who and what notifications are about. Those whose account or
// post is not to be seen any more are left out.
func (db *DB) fillNotices(ctx context.Context, lines []*noticeLine, viewer Viewer) ([]*Notification, error) {
	people := map[int64]bool{}
	var posts, reacted, reactors []int64
	for _, l := range lines {
		people[l.from] = true
		if l.post != 0 {
			posts = append(posts, l.post)
		}
		if l.Kind == NotifyReaction {
			reacted, reactors = append(reacted, l.post), append(reactors, l.from)
		}
	}
	emoji, err := db.reactionsBy(ctx, reacted, reactors)
	if err != nil {
		return nil, err
	}
	accounts, err := db.accountsByID(ctx, people)
	if err != nil {
		return nil, err
	}
	views, err := db.viewPosts(ctx, posts, viewer)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*PostView, len(views))
	for _, v := range views {
		byID[v.ID] = v
	}
	var list []*Notification
	for _, l := range lines {
		l.From, l.Post = accounts[l.from], byID[l.post]
		if l.Kind == NotifyReaction {
			l.Emoji = emoji[[2]int64{l.post, l.from}]
		}
		if l.From != nil && (l.post == 0 || l.Post != nil) {
			list = append(list, &l.Notification)
		}
	}
	return list, nil
}

// UnreadNotifications counts what a member has not seen, up to 100.
func (db *DB) UnreadNotifications(ctx context.Context, u *User) (n int, err error) {
	return db.CountUnread(ctx, u, NotificationQuery{}, 100)
}

// CountUnread counts what a query finds of what a member has not seen, up to a limit.
func (db *DB) CountUnread(ctx context.Context, u *User, q NotificationQuery, limit int) (n int, err error) {
	return db.countUnread(ctx, u, q, limit, `1`)
}

// countUnread counts what stands in a column of what a query finds of what a member
// has not seen; more are the arguments of the column, from ?7 on.
func (db *DB) countUnread(ctx context.Context, u *User, q NotificationQuery, limit int, column string, more ...any) (n int, err error) {
	err = db.row(ctx, `SELECT COUNT(*) FROM (SELECT `+column+` FROM notification n JOIN account a ON a.id = n.from_id
		WHERE n.account_id = ?1 AND n.id > ?2 AND (?3 = '[]' OR n.kind IN (SELECT value FROM json_each(?3))) AND (?4 = 0 OR n.from_id = ?4) AND (?5 OR NOT n.held)
		AND `+shown+` AND `+notBlocked+` AND `+told+` LIMIT ?6)`, append([]any{u.Account.ID, u.NotificationsRead, kindList(q.Kinds), q.FromID, q.Held, limit}, more...), &n)
	return n, err
}

// ReadNotifications notes that a member has seen all up to an id.
func (db *DB) ReadNotifications(ctx context.Context, accountID, upTo int64) error {
	return db.write(ctx, "read notifications", func(t *tx) error {
		t.publish(News{Kind: NewsRead, AccountID: accountID})
		_, err := t.exec(`UPDATE user SET notifications_read = MAX(notifications_read, ?) WHERE account_id = ?`, upTo, accountID)
		return err
	})
}

// DismissNotification removes one line of a member's list.
func (db *DB) DismissNotification(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "dismiss notification", func(t *tx) error {
		t.publish(News{Kind: NewsRead, AccountID: accountID})
		_, err := t.exec(`DELETE FROM notification WHERE id = ? AND account_id = ?`, id, accountID)
		return err
	})
}

// ClearNotifications empties a member's list. What their policy holds back stays
// with its requests.
func (db *DB) ClearNotifications(ctx context.Context, accountID int64) error {
	return db.write(ctx, "clear notifications", func(t *tx) error {
		t.publish(News{Kind: NewsRead, AccountID: accountID})
		_, err := t.exec(`DELETE FROM notification WHERE account_id = ? AND NOT held`, accountID)
		return err
	})
}
