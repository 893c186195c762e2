package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Marker is how far a member has read a list.
type Marker struct {
	LastRead  int64 // the id of an entry
	Version   int
	UpdatedAt time.Time
}

// The lists that have markers.
const (
	MarkHome          = "home"
	MarkNotifications = "notifications"
)

// Markers returns how far a member has read, by list. What they saw of their
// notifications on the pages counts too.
func (db *DB) Markers(ctx context.Context, accountID int64) (map[string]Marker, error) {
	found := map[string]Marker{}
	err := db.rows(ctx, `SELECT m.timeline, CASE m.timeline WHEN 'notifications' THEN MAX(m.last_read, u.notifications_read) ELSE m.last_read END,
			m.version, m.updated_at
		FROM marker m JOIN user u ON u.account_id = m.account_id WHERE m.account_id = ?1
		UNION ALL SELECT 'notifications', u.notifications_read, 0, u.created_at FROM user u WHERE u.account_id = ?1 AND u.notifications_read > 0
			AND NOT EXISTS (SELECT 1 FROM marker m WHERE m.account_id = ?1 AND m.timeline = 'notifications')`,
		[]any{accountID}, func(rows *sql.Rows) error {
			var name string
			var m Marker
			var updated int64
			err := rows.Scan(&name, &m.LastRead, &m.Version, &updated)
			m.UpdatedAt = fromMillis(updated)
			found[name] = m
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read markers: %w", err)
	}
	return found, nil
}

// SetMarkers stores how far a member has read, by list. Notifications up to
// there are seen on the pages too.
func (db *DB) SetMarkers(ctx context.Context, accountID int64, lastRead map[string]int64) error {
	return db.write(ctx, "set markers", func(t *tx) error {
		if _, read := lastRead[MarkNotifications]; read {
			t.publish(News{Kind: NewsRead, AccountID: accountID})
		}
		for name, id := range lastRead {
			_, err := t.exec(`INSERT INTO marker (account_id, timeline, last_read, version, updated_at) VALUES (?1, ?2, ?3, 1, ?4)
				ON CONFLICT (account_id, timeline) DO UPDATE SET last_read = ?3, version = version + 1, updated_at = ?4`,
				accountID, name, id, millis(t.now))
			if err != nil {
				return err
			}
			if name != MarkNotifications {
				continue
			}
			if _, err := t.exec(`UPDATE user SET notifications_read = MAX(notifications_read, ?) WHERE account_id = ?`, id, accountID); err != nil {
				return err
			}
		}
		return nil
	})
}
