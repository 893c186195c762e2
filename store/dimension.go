package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Dimension is something by which the staff sees posts and accounts apart.
type Dimension int

// What is told apart.
const (
	DimensionLanguages         Dimension = iota // posts of members by language, "" unknown
	DimensionSources                            // posts of members by app, "" these pages
	DimensionServers                            // posts of other servers by host
	DimensionTagServers                         // posts with a hashtag by host, "" here
	DimensionTagLanguages                       // the same by language
	DimensionInstanceLanguages                  // posts of one server by language
	DimensionInstanceAccounts                   // accounts of one server by their followers here
)

// posts of some days, with their authors.
const postsOfDays = ` FROM post p JOIN account a ON a.id = p.account_id WHERE p.id >= ?1 AND p.id < ?2 AND p.visibility <= 1`

// dimensions select what is told apart, and how much of it there is.
var dimensions = [...]string{
	DimensionLanguages: `SELECT p.language, COUNT(*)` + postsOfDays + ` AND a.host = '' GROUP BY 1`,
	DimensionSources: `SELECT COALESCE(n.name, ''), COUNT(*) FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN post_app x ON x.post_id = p.id
		LEFT JOIN app_name n ON n.id = x.app_name_id WHERE p.id >= ?1 AND p.id < ?2 AND p.visibility <= 1 AND a.host = '' GROUP BY 1`,
	DimensionServers:           `SELECT a.host, COUNT(*)` + postsOfDays + ` AND a.host <> '' GROUP BY 1`,
	DimensionTagServers:        `SELECT a.host, COUNT(*)` + postsOfDays + taggedWith + ` GROUP BY 1`,
	DimensionTagLanguages:      `SELECT p.language, COUNT(*)` + postsOfDays + taggedWith + ` GROUP BY 1`,
	DimensionInstanceLanguages: `SELECT p.language, COUNT(*)` + postsOfDays + ` AND a.host = ?4 GROUP BY 1`,
	DimensionInstanceAccounts:  `SELECT a.username, a.followers_count FROM account a WHERE a.host = ?4 AND a.state = 0 AND a.followers_count > 0`,
}

const taggedWith = ` AND EXISTS (SELECT 1 FROM post_tag pt JOIN tag g ON g.id = pt.tag_id WHERE pt.post_id = p.id AND g.name = ?4)`

// DimensionCount is how much there is of one thing.
type DimensionCount struct {
	Key   string
	Count int64
}

// CountDimension counts what was posted on the days from one to another, UTC, the
// most first. About says of which hashtag or server, where it is of one.
func (db *DB) CountDimension(ctx context.Context, d Dimension, about string, from, to time.Time, limit int) ([]DimensionCount, error) {
	list := []DimensionCount{}
	err := db.rows(ctx, dimensions[d]+` ORDER BY 2 DESC, 1 LIMIT ?3`, []any{idAt(from, 0), idAt(to.AddDate(0, 0, 1), 0), limit, about}, func(rows *sql.Rows) error {
		var c DimensionCount
		err := rows.Scan(&c.Key, &c.Count)
		list = append(list, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count a dimension: %w", err)
	}
	return list, nil
}
