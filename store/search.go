package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrSearchSlow says that a search found nothing within the time that it may
// take: fewer or rarer words are needed.
var ErrSearchSlow = errors.New("the search takes too long")

// findable holds of a post p and its author a if the viewer, who can see it, may
// find it by its words: their own, what names them or what they kept (?8: these
// alone), and public posts whose authors let themselves be found (FEP-5feb).
// Visitors and other servers find what was written here.
const findable = `(p.account_id = ?1 OR NOT ?8 AND p.visibility = 0 AND a.flags & 8 AND (?2 OR a.host = '')
	OR ?2 AND (EXISTS (SELECT 1 FROM mention x WHERE x.post_id = p.id AND x.account_id = ?1)
		OR EXISTS (SELECT 1 FROM favourite x WHERE x.post_id = p.id AND x.account_id = ?1)
		OR EXISTS (SELECT 1 FROM bookmark x WHERE x.post_id = p.id AND x.account_id = ?1)
		OR EXISTS (SELECT 1 FROM boost x WHERE x.post_id = p.id AND x.account_id = ?1)))`

// SearchPosts lists the posts that a query finds for a viewer, newest first. It
// returns ErrSearchSlow if that takes too long.
func (db *DB) SearchPosts(ctx context.Context, viewer Viewer, q SearchQuery, c Cursor) (*PostPage, error) {
	if q.Empty() {
		return &PostPage{}, nil
	}
	match, err := db.searchMatch(ctx, viewer, q)
	if err != nil || match == "" {
		return &PostPage{}, err
	}
	from, until := int64(0), int64(math.MaxInt64)
	if !q.After.IsZero() {
		from = idAt(q.After, 0)
	}
	if !q.Before.IsZero() {
		until = idAt(q.Before, 0)
	}
	limited, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	page, err := db.timeline(limited, "search", viewer, c, `SELECT s.rowid, s.rowid, 0 FROM post_search s CROSS JOIN post p ON p.id = s.rowid JOIN account a ON a.id = p.account_id
		WHERE s.post_search MATCH ?5 AND s.rowid >= ?6 AND s.rowid < ?7 AND `+findable+` AND `+visible+` AND `+c.clause("s.rowid", 3)+` OFFSET ?9`,
		append(viewer.args(c.args()...), match, from, until, q.Library, q.Offset))
	if limited.Err() != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("search posts: %w", ErrSearchSlow)
	}
	return page, err
}

// searchMatch is a query for the index; "" if it names people or tags that
// nobody here knows.
func (db *DB) searchMatch(ctx context.Context, viewer Viewer, q SearchQuery) (string, error) {
	var marks, not []string
	if q.Mine {
		marks = append(marks, authorMark(viewer.AccountID))
	}
	if q.ByID != 0 {
		marks = append(marks, authorMark(q.ByID))
	}
	authors, err := db.AccountsByHandle(ctx, slices.Concat(q.From, q.NotFrom))
	if err != nil {
		return "", err
	}
	for _, h := range q.From {
		if authors[h] == nil {
			return "", nil
		}
		marks = append(marks, authorMark(authors[h].ID))
	}
	for _, h := range q.NotFrom {
		if a := authors[h]; a != nil {
			not = append(not, authorMark(a.ID))
		}
	}
	known, err := db.tagMarks(ctx, q.Tags)
	if err != nil || len(known) < len(q.Tags) {
		return "", err
	}
	without, err := db.tagMarks(ctx, q.NotTags)
	if err != nil {
		return "", err
	}
	return q.match(append(marks, known...), append(not, without...)), nil
}

func authorMark(id int64) string { return "a" + strconv.FormatInt(id, 10) }

// tagMarks are those of the tags that are known here.
func (db *DB) tagMarks(ctx context.Context, names []string) (marks []string, err error) {
	for _, name := range names { // as many as a query has words
		var id int64
		err := db.row(ctx, `SELECT id FROM tag WHERE name = ?`, []any{foldTag(name)}, &id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		marks = append(marks, "t"+strconv.FormatInt(id, 10))
	}
	return marks, nil
}

// SearchAccounts finds active accounts by any part of their names: first those
// of exactly this name, then whom the viewer follows, people here, and the most
// followed. Of a name of one or two characters the beginning counts. Visitors
// find who is here and wants to be found.
func (db *DB) SearchAccounts(ctx context.Context, viewer Viewer, text string, limit int) ([]*Account, error) {
	return db.FindAccounts(ctx, viewer, AccountSearch{Text: text, Limit: limit})
}

// AccountSearch is what somebody looks for among accounts.
type AccountSearch struct {
	Text          string
	Followed      bool // among those whom the viewer follows
	Limit, Offset int
}

// FindAccounts is SearchAccounts for who wants more of it, or of fewer people.
func (db *DB) FindAccounts(ctx context.Context, viewer Viewer, s AccountSearch) ([]*Account, error) {
	text := s.Text
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	name, host, _ := strings.Cut(text, "@")
	if name == "" || len(name) > maxAccountQuery {
		return nil, nil
	}
	where, arg := `(a.username LIKE ?3 ESCAPE '\' OR a.display_name LIKE '%' || ?3 ESCAPE '\')`, likePrefix(name)
	if utf8.RuneCountInString(name) >= 3 {
		where, arg = `a.id IN (SELECT rowid FROM account_search WHERE account_search MATCH ?3)`, quoted(name)
	}
	return db.listAccounts(ctx, "search accounts", where+` AND `+shown+` AND a.kind <> 2 AND (`+notBlocked+` OR `+blockedByName+`) AND (?4 = '' OR a.host LIKE ?4 ESCAPE '\')
		AND (NOT ?8 OR `+followedByViewer+`) AND (?2 OR a.host = '' AND a.flags & 4)
		ORDER BY a.username = ?5 COLLATE NOCASE DESC, `+followedByViewer+` DESC, a.host <> '', a.followers_count DESC, a.id LIMIT ?6 OFFSET ?9`,
		viewer.args(arg, likeHost(host), name, min(s.Limit, maxPageSize), host, s.Followed, s.Offset)...)
}

// followedByViewer holds for whom a member follows.
const followedByViewer = `EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = a.id AND ?2)`

// blockedByName holds for somebody whom the viewer blocked and looks for by their
// whole handle: who wants to lift a block must find them. The name is ?5, the
// host ?7.
const blockedByName = `(a.username = ?5 COLLATE NOCASE AND a.host = ?7 AND EXISTS (SELECT 1 FROM block vd WHERE vd.account_id = ?1 AND vd.target_id = a.id))`

func likePrefix(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

func likeHost(host string) string {
	if host == "" {
		return ""
	}
	return likePrefix(host)
}

func (db *DB) listAccounts(ctx context.Context, what, where string, args ...any) ([]*Account, error) {
	var list []*Account
	err := db.rows(ctx, `SELECT `+accountColumns+` FROM account a WHERE `+where, args, func(rows *sql.Rows) error {
		a, err := scanAccount(rows)
		list = append(list, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return list, nil
}

// NewMembers lists who joined last and wants to be found, without those whom
// the viewer follows.
func (db *DB) NewMembers(ctx context.Context, viewer Viewer, limit int) ([]*Account, error) {
	return db.listAccounts(ctx, "new members", `a.id IN (SELECT account_id FROM user WHERE state = 0 ORDER BY account_id DESC LIMIT 100)
		AND a.state = 0 AND a.flags & 4 AND a.id <> ?1 AND `+notBlocked+`
		AND (?2 = 0 OR NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = a.id))
		ORDER BY a.id DESC LIMIT ?3`, viewer.args(min(limit, maxPageSize))...)
}

// Stats are the numbers that a server publishes of itself.
type Stats struct{ Users, ActiveMonth, ActiveHalfYear, LocalPosts, Instances int }

// Stats counts members, posts and known servers. Active is who was logged in.
func (db *DB) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	now := db.now()
	err := db.row(ctx, `SELECT
		(SELECT COUNT(*) FROM user WHERE state = 0),
		(SELECT COUNT(DISTINCT account_id) FROM session WHERE seen_at > ?),
		(SELECT COUNT(DISTINCT account_id) FROM session WHERE seen_at > ?),
		(SELECT COALESCE(SUM(a.posts_count), 0) FROM user u JOIN account a ON a.id = u.account_id),
		(SELECT COUNT(*) FROM instance)`,
		[]any{millis(now.AddDate(0, -1, 0)), millis(now.AddDate(0, -6, 0))},
		&s.Users, &s.ActiveMonth, &s.ActiveHalfYear, &s.LocalPosts, &s.Instances)
	if err != nil {
		return Stats{}, fmt.Errorf("count: %w", err)
	}
	return s, nil
}

// TagFound is a hashtag with the number of its posts here, counted up to a bound.
type TagFound struct {
	Name  string
	Posts int
}

// FindTags lists hashtags that begin with a text, those that are used most first.
func (db *DB) FindTags(ctx context.Context, text string, limit int) ([]TagFound, error) {
	prefix := foldTag(text)
	return db.tagUses(ctx, `SELECT name, n FROM (SELECT t.name AS name, (SELECT COUNT(*) FROM (SELECT 1 FROM post_tag x WHERE x.tag_id = t.id LIMIT 1000)) AS n
		FROM (SELECT id, name FROM tag WHERE name >= ?1 AND name < ?1 || char(1114111) LIMIT 500) t) ORDER BY name <> ?1, n DESC, name LIMIT ?2`, prefix, limit)
}

func (db *DB) tagUses(ctx context.Context, query string, args ...any) ([]TagFound, error) {
	var list []TagFound
	err := db.rows(ctx, query, args, func(rows *sql.Rows) error {
		var u TagFound
		err := rows.Scan(&u.Name, &u.Posts)
		list = append(list, u)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find tags: %w", err)
	}
	return list, nil
}

// SearchTags lists hashtags that begin with a text, those that are used most
// first.
func (db *DB) SearchTags(ctx context.Context, text string, limit int) ([]string, error) {
	uses, err := db.FindTags(ctx, text, limit)
	var names []string
	for _, u := range uses {
		names = append(names, u.Name)
	}
	return names, err
}

// SimilarTags lists hashtags that are written nearly like a word, the nearest
// first, for who found nothing.
func (db *DB) SimilarTags(ctx context.Context, word string, limit int) ([]TagFound, error) {
	word = foldTag(word)
	chars := []rune(word)
	if len(chars) < 3 || len(chars) > maxSimilar {
		return nil, nil
	}
	near, err := db.FindTags(ctx, string(chars[:2]), similarAmong)
	if err != nil {
		return nil, err
	}
	most := 1 + len(chars)/5
	near = slices.DeleteFunc(near, func(u TagFound) bool { return u.Posts == 0 || distance(chars, []rune(u.Name), most) > most })
	slices.SortStableFunc(near, func(a, b TagFound) int {
		return cmp.Compare(distance(chars, []rune(a.Name), most), distance(chars, []rune(b.Name), most))
	})
	return near[:min(len(near), limit)], nil
}

// distance counts the letters by which two words differ (Levenshtein); past most
// it is only known to be more.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			step := diagonal
			if x != y {
				step = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], step
		}
	}
	return row[len(b)]
}
