package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Directory says which people to list of those who want to be found.
type Directory struct {
	Local  bool // members alone
	Newest bool // by when they came; else by when they last wrote
	Offset int  // apps page by number
	Limit  int
}

// Directory lists people who want to be found (discoverable), without those who
// moved away.
func (db *DB) Directory(ctx context.Context, viewer Viewer, d Directory) ([]*Account, error) {
	where, order := ``, `a.last_post_at DESC, a.id DESC`
	if d.Local {
		where = ` AND a.id IN (SELECT account_id FROM user WHERE state = 0)`
	}
	if d.Newest {
		order = `a.id DESC`
	}
	limit := min(max(d.Limit, 1), maxPageSize)
	return db.listAccounts(ctx, "directory", `a.flags & 4 AND a.kind <> 2 AND (a.host <> '' OR a.id IN (SELECT account_id FROM user WHERE state = 0))
		AND a.moved_to_uri = '' AND a.flags & 32 = 0 AND `+shown+` AND `+notBlocked+``+where+` ORDER BY `+order+` LIMIT ?3 OFFSET ?4`,
		viewer.args(limit, min(max(d.Offset, 0), maxDirectory))...)
}

// Suggestions lists members whom somebody may want to follow: active ones who
// want to be found, without those whom they follow, asked, muted or set aside.
func (db *DB) Suggestions(ctx context.Context, viewer Viewer, limit int) ([]*Account, error) {
	return db.listAccounts(ctx, "suggestions", `a.id IN (SELECT account_id FROM user WHERE state = 0) AND a.flags & 4 AND a.moved_to_uri = ''
		AND a.id <> ?1 AND `+shown+` AND `+notBlocked+`
		AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = a.id)
		AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.account_id = ?1 AND m.target_id = a.id)
		AND NOT EXISTS (SELECT 1 FROM suggestion_aside x WHERE x.account_id = ?1 AND x.target_id = a.id)
		ORDER BY a.last_post_at DESC, a.id DESC LIMIT ?3`, viewer.args(min(max(limit, 1), maxPageSize))...)
}

// TagUse is how much a hashtag is used in public posts.
type TagUse struct {
	Name, Text string
	Posts      int // within the days that are looked at
	People     int // who wrote them
	Days       []TagDay
}

// TagDay is one day of it. The first is today, and there are as many as are
// looked at.
type TagDay struct {
	Start         time.Time // in UTC
	Posts, People int
}

// trends keeps what much reading goes into for a while: it is the same for all.
type trends struct {
	mu    sync.Mutex
	at    time.Time
	tags  []TagUse
	posts []int64
}

// ActiveTags lists the hashtags that most people used in public within the last
// days, of what this server knows. That more people count than posts keeps one
// busy account from deciding.
func (db *DB) ActiveTags(ctx context.Context, limit int) ([]TagUse, error) {
	tags, _, err := db.readTrends(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(tags[:min(limit, len(tags))]), nil
}

// PopularPosts lists the public posts of the last days that most people
// answered, boosted or favourited, newest first. The authors want to be found.
func (db *DB) PopularPosts(ctx context.Context, viewer Viewer, limit int) ([]*PostView, error) {
	_, ids, err := db.readTrends(ctx)
	if err != nil {
		return nil, err
	}
	ids = slices.Clone(ids[:min(limit, len(ids))])
	slices.SortFunc(ids, func(a, b int64) int { return int(min(max(b-a, -1), 1)) })
	return db.viewPosts(ctx, ids, viewer)
}

func (db *DB) readTrends(ctx context.Context) ([]TagUse, []int64, error) {
	c := &db.trends
	c.mu.Lock()
	defer c.mu.Unlock()
	now := db.now()
	if !c.at.IsZero() && now.Sub(c.at).Abs() < trendsAge {
		return c.tags, c.posts, nil
	}
	tags, err := db.activeTags(ctx, now)
	if err != nil {
		return nil, nil, err
	}
	posts, err := db.popularPosts(ctx, now)
	if err != nil {
		return nil, nil, err
	}
	if len(tags)+len(posts) > 0 { // on a young server the first post is seen at once
		c.tags, c.posts, c.at = tags, posts, now
	}
	return tags, posts, nil
}

// recentPublic is the newest public posts since ?1, as many as are looked at,
// whose authors may be shown.
const recentPublic = `(SELECT p.id, p.account_id, p.created_at, p.replies_count + p.boosts_count + p.favourites_count AS talk
	FROM post p INDEXED BY post_federated JOIN account a ON a.id = p.account_id
	WHERE p.timeline > 0 AND p.id > ?1 AND p.visibility = 0 AND p.approval = 0 AND p.reply_to_id IS NULL AND p.reply_to_uri IS NULL
	AND a.state = 0 AND a.flags & 96 = 0 AND a.flags & 4
	ORDER BY p.id DESC LIMIT ?2)`

func (db *DB) popularPosts(ctx context.Context, now time.Time) (ids []int64, err error) {
	err = db.rows(ctx, `SELECT r.id FROM `+recentPublic+` r WHERE r.talk > 0 ORDER BY r.talk DESC, r.id DESC LIMIT ?3`,
		[]any{idAt(now.Add(-trendDays*24*time.Hour), 0), maxTrendPosts, maxPageSize}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("popular posts: %w", err)
	}
	return ids, nil
}

func (db *DB) activeTags(ctx context.Context, now time.Time) ([]TagUse, error) {
	type use struct {
		TagUse
		people map[int64]bool
		daily  [trendDays]map[int64]bool
	}
	today := now.UTC().Truncate(24 * time.Hour)
	start := today.AddDate(0, 0, 1-trendDays)
	uses := map[string]*use{}
	err := db.rows(ctx, `SELECT t.name, t.text, r.account_id, r.id FROM `+recentPublic+` r JOIN post_tag x ON x.post_id = r.id JOIN tag t ON t.id = x.tag_id`,
		[]any{idAt(start, 0), maxTrendPosts}, func(rows *sql.Rows) error {
			var name, text string
			var author, id int64
			if err := rows.Scan(&name, &text, &author, &id); err != nil {
				return err
			}
			u := uses[name]
			if u == nil {
				u = &use{TagUse: TagUse{Name: name, Text: text, Days: make([]TagDay, trendDays)}, people: map[int64]bool{}}
				uses[name] = u
			}
			day := int(today.Add(24*time.Hour).Sub(IDTime(id)) / (24 * time.Hour))
			day = min(max(day, 0), trendDays-1)
			if u.daily[day] == nil {
				u.daily[day] = map[int64]bool{}
			}
			u.daily[day][author], u.people[author] = true, true
			u.Posts++
			u.Days[day].Posts++
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("active tags: %w", err)
	}
	list := make([]TagUse, 0, len(uses))
	for _, u := range uses {
		u.People = len(u.people)
		for i := range u.Days {
			u.Days[i].Start, u.Days[i].People = today.AddDate(0, 0, -i), len(u.daily[i])
		}
		list = append(list, u.TagUse)
	}
	slices.SortFunc(list, func(a, b TagUse) int {
		switch {
		case a.People != b.People:
			return b.People - a.People
		case a.Posts != b.Posts:
			return b.Posts - a.Posts
		case a.Name < b.Name:
			return -1
		}
		return 1
	})
	return list[:min(len(list), maxPageSize)], nil
}
