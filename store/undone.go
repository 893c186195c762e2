package store

import (
	"context"
	"time"
)

// undoneKept is how long it is remembered that something was taken back: as
// long as a proof of it is believed that somebody passes on, which may be dated an
// hour ahead.
const undoneKept = 50 * time.Hour

// RememberUndone notes that a favourite, boost or reaction of another server was
// taken back, so that a copy of the activity by which it was made, which anybody
// may have kept, does not make it again.
func (db *DB) RememberUndone(ctx context.Context, uri string) error {
	return db.write(ctx, "remember undone", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM undone WHERE at < ?`, millis(t.now.Add(-undoneKept))); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO undone (uri, at) VALUES (?1, ?2) ON CONFLICT (uri) DO UPDATE SET at = ?2`, uri, millis(t.now))
		return err
	})
}

// Undone says whether an activity was taken back lately.
func (db *DB) Undone(ctx context.Context, uri string) (bool, error) {
	var n int
	err := db.row(ctx, `SELECT COUNT(*) FROM undone WHERE uri = ?`, []any{uri}, &n)
	return n > 0, err
}
