package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Cursor says which part of a list to read, by key: older than Before, or newer
// than After, or the newest. Lists come newest first. After is the page just
// above a key, Since the newest page cut at a key. With After, Before is where
// the page ends.
type Cursor struct {
	Before, After, Since int64
	Limit                int
	Without              Omit // home, lists, local, bubble and federated leave these out
}

// limit bounds the page's size.
func (c Cursor) limit() int {
	if c.Limit <= 0 {
		return 20
	}
	return min(c.Limit, maxPageSize)
}

// clause is the condition and order for a key, with the bound as parameter n.
// One row more than the page is read, to know whether the list goes on.
func (c Cursor) clause(column string, n int) string {
	if c.After != 0 {
		return fmt.Sprintf(`%s > ?%d ORDER BY %s ASC LIMIT ?%d`, column, n, column, n+1)
	}
	return fmt.Sprintf(`%s < ?%d ORDER BY %s DESC LIMIT ?%d`, column, n, column, n+1)
}

// args are the values for clause.
func (c Cursor) args() []any {
	if c.After != 0 {
		return []any{c.After, c.limit() + 1}
	}
	if c.Before != 0 {
		return []any{c.Before, c.limit() + 1}
	}
	return []any{int64(math.MaxInt64), c.limit() + 1}
}

// beyond says whether a key, in the order in which clause reads, lies behind the
// cursor's other end.
func (c Cursor) beyond(key int64) bool {
	if c.After != 0 {
		return c.Before != 0 && key >= c.Before
	}
	return key <= c.Since
}

// trim cuts a list read by clause to the page, newest first, and says with
// which keys to go on (0: no further).
func trim[T any](c Cursor, list []T, key func(T) int64) (page []T, older, newer int64) {
	more := len(list) > c.limit()
	if more {
		list = list[:c.limit()]
	}
	if n := slices.IndexFunc(list, func(v T) bool { return c.beyond(key(v)) }); n >= 0 {
		list, more = list[:n], false
	}
	if c.After != 0 {
		slices.Reverse(list)
	}
	if len(list) == 0 {
		// Past the end: the way back is from the bound itself.
		if c.After != 0 {
			return nil, c.After + 1, 0
		}
		if c.Before != 0 {
			return nil, 0, c.Before - 1
		}
		return nil, 0, 0
	}
	if more || c.After != 0 || c.Since != 0 {
		older = key(list[len(list)-1])
	}
	if more && c.After != 0 || c.Before != 0 {
		newer = key(list[0])
	}
	return list, older, newer
}

// PostPage is a part of a timeline.
type PostPage struct {
	Posts        []*PostView
	Older, Newer int64 // for Cursor.Before and Cursor.After; 0: no further
	Top          int64 // the key of the first entry; 0: there is none
}

// entry is a line of a timeline before its post is loaded.
type entry struct {
	id, postID, booster int64
	glance              glance // at the post
}

// errNotAsked is a mistake in the program: a timeline that would show posts to anybody.
var errNotAsked = errors.New("the query does not ask who may see the posts")

// timeline loads the page whose entries a query returns as (id, post, booster).
// The query asks whether the viewer sees the posts (visible); how they stand to
// them is read with it.
func (db *DB) timeline(ctx context.Context, what string, viewer Viewer, c Cursor, query string, args []any) (*PostPage, error) {
	if !strings.Contains(query, visible) {
		return nil, fmt.Errorf("%s timeline: %w", what, errNotAsked)
	}
	var entries []entry
	err := db.rows(ctx, `WITH entry (id, post_id, booster) AS MATERIALIZED (`+query+`) SELECT e.id, e.booster, p.id, `+glanceColumns+`
		FROM entry e CROSS JOIN post p ON p.id = e.post_id CROSS JOIN account a ON a.id = p.account_id`, args, func(rows *sql.Rows) error {
		var e entry
		err := rows.Scan(&e.id, &e.booster, &e.postID, &e.glance.post, &e.glance.author, &e.glance.marks)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s timeline: %w", what, err)
	}
	var page PostPage
	entries, page.Older, page.Newer = trim(c, entries, func(e entry) int64 { return e.id })
	if len(entries) > 0 {
		page.Top = entries[0].id
	}
	page.Posts, err = db.viewEntries(ctx, entries, viewer)
	return &page, err
}

// viewEntries loads the posts of entries. A post that several brought is shown
// once, where it comes first, with all their names.
func (db *DB) viewEntries(ctx context.Context, entries []entry, viewer Viewer) ([]*PostView, error) {
	var ids []int64
	glances := make(map[int64]glance, len(entries))
	boosters := map[int64]bool{}
	for _, e := range entries {
		if _, seen := glances[e.postID]; !seen {
			glances[e.postID] = e.glance
			ids = append(ids, e.postID)
		}
		if e.booster != 0 {
			boosters[e.booster] = true
		}
	}
	views, err := db.viewGlances(ctx, ids, glances, viewer)
	if err != nil {
		return nil, err
	}
	accounts, err := db.accountsByID(ctx, boosters)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*PostView, len(views))
	for _, v := range views {
		v.EntryID = 0
		byID[v.ID] = v
	}
	for _, e := range entries {
		v := byID[e.postID]
		if v == nil {
			continue
		}
		if v.EntryID == 0 {
			v.EntryID = e.id
		}
		if a := accounts[e.booster]; a != nil {
			v.BoostedBy = append(v.BoostedBy, a)
		}
	}
	return views, nil
}

// LocalTimeline is what members wrote in public.
func (db *DB) LocalTimeline(ctx context.Context, viewer Viewer, c Cursor) (*PostPage, error) {
	return db.timeline(ctx, "local", viewer, c, `SELECT p.id, p.id, 0 FROM post p INDEXED BY post_local JOIN account a ON a.id = p.account_id
		WHERE p.timeline = 2 AND `+visible+` AND `+heard+c.Without.condition()+` AND `+c.clause("p.id", 3), viewer.args(c.args()...))
}

// FederatedTimeline is everything public that this server knows.
func (db *DB) FederatedTimeline(ctx context.Context, viewer Viewer, c Cursor) (*PostPage, error) {
	return db.timeline(ctx, "federated", viewer, c, `SELECT p.id, p.id, 0 FROM post p INDEXED BY post_federated JOIN account a ON a.id = p.account_id
		WHERE p.timeline > 0 AND `+visible+` AND `+heard+c.Without.condition()+` AND `+c.clause("p.id", 3), viewer.args(c.args()...))
}

// TagTimeline is the public posts with a hashtag.
func (db *DB) TagTimeline(ctx context.Context, tag string, viewer Viewer, c Cursor) (*PostPage, error) {
	return db.timeline(ctx, "tag", viewer, c, `SELECT p.id, p.id, 0 FROM post_tag t JOIN post p ON p.id = t.post_id JOIN account a ON a.id = p.account_id
		WHERE t.tag_id = (SELECT id FROM tag WHERE name = ?5) AND (p.visibility = 0 OR p.visibility = 4)
		AND `+visible+` AND `+heard+` AND `+c.clause("t.post_id", 3), append(viewer.args(c.args()...), foldTag(tag)))
}

// ProfileTab is which posts of an account to list.
type ProfileTab int

// The tabs of a profile.
const (
	ProfilePosts   ProfileTab = iota // without replies to others, with boosts
	ProfileReplies                   // everything
	ProfileMedia                     // posts with attachments
	ProfilePublic                    // public and unlisted posts alone, for other servers
)

// ProfileTimeline is what an account wrote and boosted.
func (db *DB) ProfileTimeline(ctx context.Context, accountID int64, tab ProfileTab, viewer Viewer, c Cursor) (*PostPage, error) {
	own := `SELECT p.id AS id, p.id AS post_id, 0 AS booster FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.account_id = ?5 AND ` + visible + tabCondition(tab) + ` AND ` + c.clause("p.id", 3)
	if tab == ProfileMedia || tab == ProfilePublic {
		return db.timeline(ctx, "profile", viewer, c, own, append(viewer.args(c.args()...), accountID))
	}
	boosts := `SELECT b.id, b.post_id, b.account_id FROM boost b JOIN post p ON p.id = b.post_id JOIN account a ON a.id = p.account_id
		WHERE b.account_id = ?5 AND ` + visible + ` AND ` + boostShown + threadsOnly(tab) + ` AND ` + c.clause("b.id", 3)
	return db.timeline(ctx, "profile", viewer, c, `SELECT id, post_id, booster FROM
		(SELECT * FROM (`+own+`) UNION ALL SELECT * FROM (`+boosts+`)) WHERE `+c.clause("id", 3),
		append(viewer.args(c.args()...), accountID))
}

// threadsOnly keeps the answers that a group shows around from its first page.
func threadsOnly(tab ProfileTab) string {
	if tab != ProfilePosts {
		return ""
	}
	return ` AND (p.reply_to_id IS NULL AND p.reply_to_uri IS NULL OR (SELECT g.kind FROM account g WHERE g.id = ?5) <> 3)`
}

func tabCondition(tab ProfileTab) string {
	switch tab {
	case ProfilePosts:
		return ` AND (p.reply_to_id IS NULL AND p.reply_to_uri IS NULL OR p.reply_to_account_id = p.account_id)`
	case ProfileMedia:
		return ` AND EXISTS (SELECT 1 FROM attachment x WHERE x.post_id = p.id)`
	case ProfilePublic:
		return ` AND p.visibility <= 1`
	}
	return ""
}

// Bookmarks lists what an account keeps, newest saved first.
func (db *DB) Bookmarks(ctx context.Context, accountID int64, c Cursor) (*PostPage, error) {
	return db.saved(ctx, "bookmark", accountID, c)
}

// Favourites lists what an account favourited, newest first.
func (db *DB) Favourites(ctx context.Context, accountID int64, c Cursor) (*PostPage, error) {
	return db.saved(ctx, "favourite", accountID, c)
}

// saved lists the posts in one of the tables of (id, account_id, post_id).
func (db *DB) saved(ctx context.Context, table string, accountID int64, c Cursor) (*PostPage, error) {
	viewer := AsMember(accountID)
	return db.timeline(ctx, table, viewer, c, `SELECT s.id, s.post_id, 0 FROM `+table+` s JOIN post p ON p.id = s.post_id
		JOIN account a ON a.id = p.account_id WHERE s.account_id = ?1 AND `+visible+` AND `+c.clause("s.id", 3), viewer.args(c.args()...))
}

// PinnedPosts lists the posts at the top of a profile, newest pinned first.
func (db *DB) PinnedPosts(ctx context.Context, accountID int64, viewer Viewer) ([]*PostView, error) {
	page, err := db.timeline(ctx, "pinned", viewer, Cursor{}, `SELECT s.id, s.post_id, 0 FROM pin s JOIN post p ON p.id = s.post_id
		JOIN account a ON a.id = p.account_id WHERE s.account_id = ?3 AND `+visible+` ORDER BY s.id DESC LIMIT 20`, viewer.args(accountID))
	if err != nil {
		return nil, err
	}
	return page.Posts, nil
}
