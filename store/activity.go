package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Week is what happened here in seven days.
type Week struct {
	Begin         time.Time // a Monday, UTC
	Posts         int       // of members
	Logins        int       // members who logged in, or used a browser or an app that they have not used since
	Registrations int
}

// weekLength is how long a week is in milliseconds, as times are stored.
const weekLength = int64(7 * 24 * time.Hour / time.Millisecond)

// firstMonday is a Monday before everything here: 1970 began on a Thursday.
const firstMonday = -3 * 24 * int64(time.Hour/time.Millisecond)

// Activity counts the last weeks, this one first.
func (db *DB) Activity(ctx context.Context, weeks int) ([]Week, error) {
	now := (millis(db.now()) - firstMonday) / weekLength
	since := firstMonday + (now-int64(weeks)+1)*weekLength
	list := make([]Week, weeks)
	for i := range list {
		list[i].Begin = time.UnixMilli(firstMonday + (now-int64(i))*weekLength).UTC()
	}
	err := db.rows(ctx, `SELECT 0, (p.created_at - ?1) / ?2, COUNT(*) FROM user u JOIN post p ON p.account_id = u.account_id
			WHERE p.id >= ?4 AND p.created_at >= ?3 GROUP BY 2
		UNION ALL SELECT 1, (x.at - ?1) / ?2, COUNT(DISTINCT x.account_id) FROM (
				SELECT account_id, created_at AS at FROM sign_in UNION ALL SELECT account_id, seen_at FROM session
				UNION ALL SELECT account_id, MAX(used_at, created_at) FROM token WHERE account_id IS NOT NULL) x
			WHERE x.at >= ?3 GROUP BY 2
		UNION ALL SELECT 2, (created_at - ?1) / ?2, COUNT(*) FROM user WHERE created_at >= ?3 GROUP BY 2`,
		[]any{firstMonday, weekLength, since, idAt(time.UnixMilli(since), 0)}, func(rows *sql.Rows) error {
			var what, n int
			var week int64
			if err := rows.Scan(&what, &week, &n); err != nil {
				return err
			}
			i := now - week
			if i < 0 || i >= int64(weeks) {
				return nil
			}
			*[]*int{&list[i].Posts, &list[i].Logins, &list[i].Registrations}[what] = n
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("count weeks: %w", err)
	}
	return list, nil
}
