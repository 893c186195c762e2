package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// SearchAccounts finds active accounts whose user name begins with a text or
// whose display name holds it: people here first, then the most followed.
func (db *DB) SearchAccounts(ctx context.Context, viewer Viewer, text string, limit int) ([]*Account, error) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	name, host, _ := strings.Cut(text, "@")
	if name == "" {
		return nil, nil
	}
	return db.listAccounts(ctx, "search accounts", shown+` AND a.kind <> 2 AND `+notBlocked+`
		AND (a.username LIKE ?3 ESCAPE '\' OR a.display_name LIKE '%' || ?3 ESCAPE '\') AND (?4 = '' OR a.host LIKE ?4 ESCAPE '\')
		ORDER BY a.host <> '', a.followers_count DESC, a.id LIMIT ?5`,
		viewer.args(likePrefix(name), likeHost(host), min(limit, maxPageSize))...)
}

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

// SearchTags lists hashtags that begin with a text, those that are used most
// first.
func (db *DB) SearchTags(ctx context.Context, text string, limit int) ([]string, error) {
	var names []string
	prefix := foldTag(text)
	err := db.rows(ctx, `SELECT t.name FROM (SELECT id, name FROM tag WHERE name >= ?1 AND name < ?1 || char(1114111) LIMIT 500) t
		ORDER BY t.name <> ?1, (SELECT COUNT(*) FROM (SELECT 1 FROM post_tag x WHERE x.tag_id = t.id LIMIT 1000)) DESC, t.name LIMIT ?2`,
		[]any{prefix, limit}, func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			names = append(names, name)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("search tags: %w", err)
	}
	return names, nil
}
