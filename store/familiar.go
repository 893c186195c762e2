package store

import (
	"context"
	"database/sql"
	"fmt"
)

// FamiliarFollowers lists, for each of some accounts, whom a member follows
// that follow it too, a few of each.
func (db *DB) FamiliarFollowers(ctx context.Context, accountID int64, ids []int64) (map[int64][]*Account, error) {
	found := map[int64][]*Account{}
	err := db.rows(ctx, `SELECT `+accountColumns+`, f.target_id FROM follow mine JOIN follow f ON f.account_id = mine.target_id
		JOIN account a ON a.id = f.account_id
		WHERE mine.account_id = ?1 AND mine.accepted AND f.accepted AND f.target_id IN (SELECT value FROM json_each(?2)) AND `+shown+`
		ORDER BY f.id DESC LIMIT ?3`, []any{accountID, idList(ids), maxFamiliar}, func(rows *sql.Rows) error {
		var target int64
		a, err := scanAccount(rows, &target)
		if err == nil {
			found[target] = append(found[target], a)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("familiar followers: %w", err)
	}
	return found, nil
}
