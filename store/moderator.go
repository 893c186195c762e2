package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// moderator.go keeps who moderates a community elsewhere, as its own server
// lists them. Their names stand on its page, and what they decide about what
// stands in it counts also without the community repeating it.

// Moderators lists who moderates a community, by their names.
func (db *DB) Moderators(ctx context.Context, groupID int64) ([]*Account, error) {
	ids := map[int64]bool{}
	var order []int64
	err := db.rows(ctx, `SELECT m.account_id FROM moderator m JOIN account a ON a.id = m.account_id WHERE m.group_id = ? AND `+shown+` ORDER BY a.username, a.id`,
		[]any{groupID}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids[id] = true
			order = append(order, id)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("moderators of %d: %w", groupID, err)
	}
	byID, err := db.accountsByID(ctx, ids)
	list := make([]*Account, 0, len(order))
	for _, id := range order {
		if a := byID[id]; a != nil {
			list = append(list, a)
		}
	}
	return list, err
}

// SetModerators replaces the list of a community elsewhere.
func (db *DB) SetModerators(ctx context.Context, groupID int64, accountIDs []int64) error {
	return db.write(ctx, "set moderators", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM moderator WHERE group_id = ?`, groupID); err != nil {
			return err
		}
		_, err := t.exec(`INSERT OR IGNORE INTO moderator (group_id, account_id)
			SELECT g.id, m.value FROM account g, json_each(?2) m WHERE g.id = ?1 AND g.kind = ?3 AND g.host <> ''`, groupID, idList(accountIDs[:min(len(accountIDs), MaxModerators)]), Group)
		return err
	})
}

// AddModerator puts an account on the list of a community elsewhere.
// ErrNotFound if the account is not known here.
func (db *DB) AddModerator(ctx context.Context, groupID int64, accountURI string) error {
	return db.write(ctx, "add moderator", func(t *tx) error {
		a, err := txAccount(t, `a.uri = ? AND a.state <> 2`, accountURI)
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT OR IGNORE INTO moderator (group_id, account_id)
			SELECT g.id, ?2 FROM account g WHERE g.id = ?1 AND g.kind = ?3 AND (SELECT COUNT(*) FROM moderator WHERE group_id = ?1) < ?4`, groupID, a.ID, Group, MaxModerators)
		return err
	})
}

// RemoveModerator takes an account from the list again.
func (db *DB) RemoveModerator(ctx context.Context, groupID int64, accountURI string) error {
	return db.write(ctx, "remove moderator", func(t *tx) error {
		_, err := t.exec(`DELETE FROM moderator WHERE group_id = ? AND account_id = (SELECT id FROM account WHERE uri = ?)`, groupID, accountURI)
		return err
	})
}

// GroupModeratedBy returns the community in which a post stands, if an account
// moderates it; else ErrNotFound.
func (db *DB) GroupModeratedBy(ctx context.Context, accountID int64, postURI string) (*Account, error) {
	return db.account(ctx, `a.uri = (SELECT group_uri FROM post WHERE uri = ?1 AND group_uri <> '')
		AND a.kind = 3 AND EXISTS (SELECT 1 FROM moderator WHERE group_id = a.id AND account_id = ?2)`, postURI, accountID)
}

// GroupOfCollection returns the community whose pinned posts or moderators are in
// a collection, if an account moderates it; else ErrNotFound.
func (db *DB) GroupOfCollection(ctx context.Context, accountID int64, collectionURI string) (*Account, error) {
	if collectionURI == "" {
		return nil, ErrNotFound
	}
	a, err := db.account(ctx, `a.id IN (SELECT m.group_id FROM moderator m WHERE m.account_id = ?2)
		AND (a.featured_uri = ?1 OR a.moderators_uri = ?1) AND a.kind = 3 LIMIT 1`, collectionURI, accountID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("community of the collection %s: %w", collectionURI, err)
	}
	return a, err
}
