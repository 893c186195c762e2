package store

import (
	"context"
	"database/sql"
	"fmt"
)

// AppName is the app that a post was written with, as it called itself then.
type AppName struct {
	Name    string
	Website string // "" none
}

// WhoShowApps returns which members among some accounts let everybody know the
// apps that they write with.
func (db *DB) WhoShowApps(ctx context.Context, accountIDs []int64) (map[int64]bool, error) {
	show := map[int64]bool{}
	if len(accountIDs) == 0 {
		return show, nil
	}
	err := db.rows(ctx, `SELECT account_id FROM user WHERE account_id IN (SELECT value FROM json_each(?)) AND json_extract(NULLIF(preferences, ''), '$.show_app')`,
		[]any{idList(accountIDs)}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			show[id] = true
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("load who shows apps: %w", err)
	}
	return show, nil
}

// keepAppName notes the app that a post is written with; 0 is none.
func keepAppName(t *tx, postID, appID int64) error {
	if appID == 0 {
		return nil
	}
	if _, err := t.exec(`INSERT OR IGNORE INTO app_name (name, website) SELECT name, website FROM app WHERE id = ?`, appID); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO post_app (post_id, app_name_id) SELECT ?, n.id FROM app p JOIN app_name n ON n.name = p.name AND n.website = p.website
		WHERE p.id = ?`, postID, appID)
	return err
}

// ForgetPostTokens ends the tokens that keep a form or an app from posting the
// same twice, once nobody can mean the first post any more, and the names of
// apps that no post has. A few at a time.
func (db *DB) ForgetPostTokens(ctx context.Context) error {
	for {
		var n int64
		err := db.write(ctx, "forget post tokens", func(t *tx) (err error) {
			n, err = t.exec(`UPDATE post SET token = NULL WHERE id IN (SELECT id FROM post
				WHERE token IS NOT NULL AND created_at < CASE WHEN token LIKE 'api %' THEN ?1 ELSE ?2 END LIMIT ?3)`,
				millis(t.now.Add(-keepAppToken)), millis(t.now.Add(-keepFormToken)), pruneBatch)
			if err != nil {
				return err
			}
			_, err = t.exec(`DELETE FROM app_name WHERE NOT EXISTS (SELECT 1 FROM post_app x WHERE x.app_name_id = app_name.id)`)
			return err
		})
		if err != nil {
			return fmt.Errorf("forget post tokens: %w", err)
		}
		if n < pruneBatch {
			return nil
		}
	}
}
