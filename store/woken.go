package store

import (
	"context"
	"database/sql"
	"time"
)

// Woken is a browser or an app of a member that is woken by push.
type Woken struct {
	ID        int64
	SessionID int64  // 0: an app
	UserAgent string // of a browser
	App       string // name of an app; empty: a browser, or a token that no app asked for
	Since     time.Time
}

// Woken lists the browsers and apps of a member that are woken, the newest first.
func (db *DB) Woken(ctx context.Context, accountID int64) (list []Woken, err error) {
	err = db.rows(ctx, `SELECT p.id, COALESCE(p.session_id, 0), COALESCE(s.user_agent, ''), COALESCE(a.name, ''), COALESCE(s.created_at, t.created_at)
		FROM push_subscription p LEFT JOIN session s ON s.id = p.session_id LEFT JOIN token t ON t.id = p.token_id LEFT JOIN app a ON a.id = t.app_id
		WHERE p.account_id = ? ORDER BY p.id DESC`, []any{accountID}, func(rows *sql.Rows) error {
		var w Woken
		var since int64
		err := rows.Scan(&w.ID, &w.SessionID, &w.UserAgent, &w.App, &since)
		w.Since = fromMillis(since)
		list = append(list, w)
		return err
	})
	return list, err
}

// LetSleep removes a subscription of a member's, a browser's or an app's. One
// that is gone is what was wanted.
func (db *DB) LetSleep(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "let sleep", func(t *tx) error {
		_, err := t.exec(`DELETE FROM push_subscription WHERE id = ? AND account_id = ?`, id, accountID)
		return err
	})
}
