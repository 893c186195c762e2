package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// HourCount is how many public posts were written in one hour.
type HourCount struct {
	From            time.Time
	Here, Elsewhere int
}

// PostsByHour counts the public posts of the last hours, oldest hour first: those
// of members, and those that came from elsewhere. Two indexes answer it.
func (db *DB) PostsByHour(ctx context.Context, hours int) ([]HourCount, error) {
	const hour = int64(time.Hour / time.Millisecond)
	first := millis(db.now())/hour - int64(hours) + 1
	list := make([]HourCount, hours)
	for i := range list {
		list[i].From = fromMillis((first + int64(i)) * hour)
	}
	for _, part := range []struct {
		where string
		add   func(*HourCount, int)
	}{
		{`timeline > 0`, func(c *HourCount, n int) { c.Elsewhere += n }},
		{`timeline = 2`, func(c *HourCount, n int) { c.Here += n; c.Elsewhere -= n }},
	} {
		err := db.rows(ctx, `SELECT ((id >> ?1) + ?2) / ?3, COUNT(*) FROM post WHERE `+part.where+` AND id >= ?4 GROUP BY 1`,
			[]any{idBits, idEpoch, hour, idAt(list[0].From, 0)}, func(rows *sql.Rows) error {
				var at int64
				var n int
				err := rows.Scan(&at, &n)
				if i := at - first; i >= 0 && i < int64(hours) {
					part.add(&list[i], n)
				}
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("posts by hour: %w", err)
		}
	}
	return list, nil
}
