package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Measure is something that the staff counts by days.
type Measure int

// What is counted.
const (
	MeasureNewUsers Measure = iota
	MeasureActiveUsers
	MeasureOpenedReports
	MeasureResolvedReports
)

// measured selects when it happened, and to whom: what counts once a day.
var measured = [...]string{
	MeasureNewUsers:        `SELECT created_at AS at, account_id AS who FROM user`,
	MeasureActiveUsers:     `SELECT created_at AS at, account_id AS who FROM sign_in UNION ALL SELECT seen_at, account_id FROM session UNION ALL SELECT used_at, account_id FROM token WHERE account_id IS NOT NULL`,
	MeasureOpenedReports:   `SELECT created_at AS at, id AS who FROM report`,
	MeasureResolvedReports: `SELECT resolved_at AS at, id AS who FROM report WHERE resolved_at > 0`,
}

// MeasureDays counts what happened on each of some days from one on, UTC.
func (db *DB) MeasureDays(ctx context.Context, m Measure, from time.Time, days int) ([]int, error) {
	const day = int64(24 * time.Hour / time.Millisecond)
	first := millis(from) / day
	list := make([]int, days)
	err := db.rows(ctx, `SELECT x.at / ?1, COUNT(DISTINCT x.who) FROM (`+measured[m]+`) x WHERE x.at >= ?2 AND x.at < ?3 GROUP BY 1`,
		[]any{day, first * day, (first + int64(days)) * day}, func(rows *sql.Rows) error {
			var at int64
			var n int
			err := rows.Scan(&at, &n)
			if i := at - first; err == nil && i >= 0 && i < int64(days) {
				list[i] = n
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("measure: %w", err)
	}
	return list, nil
}
