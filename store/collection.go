package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// Collection is a list of accounts that a member recommends to everybody. It
// stays on this server: accounts elsewhere can't be asked whether they want to be
// in it, so only members who let themselves be found are.
type Collection struct {
	ID           int64
	OwnerID      int64
	Name         string
	Description  string // plain text
	Language     string // BCP 47, "" unknown
	Tag          string // what it is about, without #; "": nothing said
	Sensitive    bool
	Discoverable bool // it is shown to others beside its owner and those who have its address
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Items        []CollectionItem // oldest first, as the viewer sees them
}

// Path is where its page is.
func (c *Collection) Path() string { return "/collections/" + strconv.FormatInt(c.ID, 10) }

// Item is the id of an account's item, 0 if it is not in it.
func (c *Collection) Item(accountID int64) int64 {
	for _, i := range c.Items {
		if i.AccountID == accountID {
			return i.ID
		}
	}
	return 0
}

// CollectionItem is an account in a collection.
type CollectionItem struct {
	ID        int64
	AccountID int64
	CreatedAt time.Time
}

// checked is c with its texts as they are stored.
func (c Collection) checked() (Collection, error) {
	var err error
	if c.Name, err = line("name", c.Name, maxCollectionName); err != nil {
		return c, err
	}
	if c.Description = strings.TrimSpace(c.Description); content.Count(c.Description) > maxCollectionText {
		return c, &InputError{Field: "description", Problem: InputLong, Limit: maxCollectionText}
	}
	if c.Tag == "" {
		return c, nil
	}
	if c.Tag = strings.TrimPrefix(strings.TrimSpace(c.Tag), "#"); !content.ValidTag(c.Tag) {
		return c, &InputError{Field: "tag", Problem: InputRefused}
	}
	return c, nil
}

// CreateCollection stores a member's collection with its first accounts, all or
// nothing, and sets its ID. *InputError if one of them can't be in it.
func (db *DB) CreateCollection(ctx context.Context, c *Collection, accounts []int64) error {
	checked, err := c.checked()
	if err != nil {
		return err
	}
	return db.write(ctx, "create collection", func(t *tx) error {
		var n int
		if err := t.row(`SELECT COUNT(*) FROM collection WHERE account_id = ?`, []any{c.OwnerID}, &n); err != nil {
			return err
		}
		if n >= maxCollections {
			return &InputError{Field: "name", Problem: InputMany, Limit: maxCollections}
		}
		checked.ID = t.db.ids.next()
		_, err := t.exec(`INSERT INTO collection (id, account_id, name, description, language, tag, sensitive, discoverable, created_at, updated_at)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)`,
			checked.ID, c.OwnerID, checked.Name, checked.Description, c.Language, checked.Tag, c.Sensitive, c.Discoverable, millis(t.now))
		if err != nil {
			return err
		}
		for _, id := range accounts {
			if _, err := addToCollection(t, c.OwnerID, checked.ID, id); err != nil {
				return err
			}
		}
		*c = checked
		return nil
	})
}

// UpdateCollection changes what a member says of their collection.
func (db *DB) UpdateCollection(ctx context.Context, c Collection) error {
	c, err := c.checked()
	if err != nil {
		return err
	}
	return db.write(ctx, "update collection", func(t *tx) error {
		if err := ownCollection(t, c.OwnerID, c.ID); err != nil {
			return err
		}
		_, err := t.exec(`UPDATE collection SET name = ?, description = ?, language = ?, tag = ?, sensitive = ?, discoverable = ?, updated_at = ? WHERE id = ?`,
			c.Name, c.Description, c.Language, c.Tag, c.Sensitive, c.Discoverable, millis(t.now), c.ID)
		return err
	})
}

// ownCollection is nil for a member's own collection, ErrForbidden for
// another's, ErrNotFound for none.
func ownCollection(t *tx, accountID, id int64) error {
	var owner int64
	if err := t.row(`SELECT account_id FROM collection WHERE id = ?`, []any{id}, &owner); err != nil {
		return err
	}
	if owner != accountID {
		return fmt.Errorf("collection %d of another: %w", id, ErrForbidden)
	}
	return nil
}

// DeleteCollection removes a member's collection.
func (db *DB) DeleteCollection(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "delete collection", func(t *tx) error {
		if err := ownCollection(t, accountID, id); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM collection WHERE id = ?`, id)
		return err
	})
}

// AddToCollection puts an account into a member's collection; one that is in it
// stays. *InputError if it does not want to be found, or in this collection.
func (db *DB) AddToCollection(ctx context.Context, accountID, id, targetID int64) (item CollectionItem, err error) {
	err = db.write(ctx, "add to collection", func(t *tx) error {
		if err := ownCollection(t, accountID, id); err != nil {
			return err
		}
		item, err = addToCollection(t, accountID, id, targetID)
		return err
	})
	return item, err
}

func addToCollection(t *tx, ownerID, id, targetID int64) (CollectionItem, error) {
	item := CollectionItem{AccountID: targetID}
	may, err := t.exists(`SELECT 1 FROM account a WHERE a.id = ?3 AND a.host = '' AND a.flags & 4 AND `+shown+` AND `+notBlocked, AsMember(ownerID).args(targetID)...)
	if err != nil {
		return item, err
	}
	if !may {
		return item, &InputError{Field: "account", Problem: InputRefused}
	}
	var revoked bool
	var at int64
	err = t.row(`SELECT id, revoked, created_at FROM collection_item WHERE collection_id = ? AND account_id = ?`, []any{id, targetID}, &item.ID, &revoked, &at)
	switch {
	case err == nil && revoked: // it does not want to be in it
		return item, &InputError{Field: "account", Problem: InputRefused}
	case err == nil:
		item.CreatedAt = fromMillis(at)
		return item, nil
	case !errors.Is(err, ErrNotFound):
		return item, err
	}
	var n int
	if err := t.row(`SELECT COUNT(*) FROM collection_item WHERE collection_id = ? AND revoked = 0`, []any{id}, &n); err != nil {
		return item, err
	}
	if n >= maxCollectionItems {
		return item, &InputError{Field: "accounts", Problem: InputMany, Limit: maxCollectionItems}
	}
	item.ID, item.CreatedAt = t.db.ids.next(), t.now
	if _, err := t.exec(`INSERT INTO collection_item (id, collection_id, account_id, created_at) VALUES (?, ?, ?, ?)`, item.ID, id, targetID, millis(t.now)); err != nil {
		return item, err
	}
	_, err = t.exec(`UPDATE collection SET updated_at = ? WHERE id = ?`, millis(t.now), id)
	return item, err
}

// RemoveFromCollection takes an account out of a member's collection.
func (db *DB) RemoveFromCollection(ctx context.Context, accountID, id, itemID int64) error {
	return db.write(ctx, "remove from collection", func(t *tx) error {
		if err := ownCollection(t, accountID, id); err != nil {
			return err
		}
		n, err := t.exec(`DELETE FROM collection_item WHERE id = ? AND collection_id = ? AND revoked = 0`, itemID, id)
		return errors.Join(err, missingIf(n == 0))
	})
}

// LeaveCollection takes a member out of another's collection, for good.
func (db *DB) LeaveCollection(ctx context.Context, accountID, id, itemID int64) error {
	return db.write(ctx, "leave collection", func(t *tx) error {
		n, err := t.exec(`UPDATE collection_item SET revoked = 1 WHERE id = ? AND collection_id = ? AND account_id = ? AND revoked = 0`, itemID, id, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// Collection returns one as a viewer sees it. ErrNotFound also covers "not for
// you": its owner is gone, or one of the two blocked the other.
func (db *DB) Collection(ctx context.Context, id int64, viewer Viewer) (*Collection, error) {
	list, err := db.collections(ctx, viewer, `c.id = ?3`, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// CollectionsOf lists what an account recommends, the newest first: to others
// what is discoverable.
func (db *DB) CollectionsOf(ctx context.Context, accountID int64, viewer Viewer, limit, offset int) ([]*Collection, error) {
	return db.collections(ctx, viewer, `c.account_id = ?3 AND (c.discoverable OR c.account_id = ?1) ORDER BY c.id DESC LIMIT ?4 OFFSET ?5`, accountID, limit, offset)
}

// CollectionsWith lists those that an account stands in, the newest first: to
// itself all.
func (db *DB) CollectionsWith(ctx context.Context, accountID int64, viewer Viewer, limit, offset int) ([]*Collection, error) {
	return db.collections(ctx, viewer, `c.id IN (SELECT i.collection_id FROM collection_item i WHERE i.account_id = ?3 AND i.revoked = 0)
		AND (c.discoverable OR ?3 = ?1 OR c.account_id = ?1) ORDER BY c.id DESC LIMIT ?4 OFFSET ?5`, accountID, limit, offset)
}

func (db *DB) collections(ctx context.Context, viewer Viewer, where string, args ...any) ([]*Collection, error) {
	var list []*Collection
	var ids []int64
	err := db.rows(ctx, `SELECT c.id, c.account_id, c.name, c.description, c.language, c.tag, c.sensitive, c.discoverable, c.created_at, c.updated_at
		FROM collection c JOIN account a ON a.id = c.account_id WHERE `+shown+` AND `+notBlocked+` AND `+where, viewer.args(args...), func(rows *sql.Rows) error {
		var c Collection
		var created, updated int64
		err := rows.Scan(&c.ID, &c.OwnerID, &c.Name, &c.Description, &c.Language, &c.Tag, &c.Sensitive, &c.Discoverable, &created, &updated)
		c.CreatedAt, c.UpdatedAt = fromMillis(created), fromMillis(updated)
		list, ids = append(list, &c), append(ids, c.ID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read collections: %w", err)
	}
	return list, db.fillCollections(ctx, viewer, list, ids)
}

// fillCollections adds the accounts that the viewer may see.
func (db *DB) fillCollections(ctx context.Context, viewer Viewer, list []*Collection, ids []int64) error {
	byID := make(map[int64]*Collection, len(list))
	for _, c := range list {
		byID[c.ID] = c
	}
	err := db.rows(ctx, `SELECT i.collection_id, i.id, i.account_id, i.created_at FROM collection_item i JOIN account a ON a.id = i.account_id
		WHERE i.collection_id IN (SELECT value FROM json_each(?3)) AND i.revoked = 0 AND `+shown+` AND `+notBlocked+` ORDER BY i.id`,
		viewer.args(idList(ids)), func(rows *sql.Rows) error {
			var id, at int64
			var item CollectionItem
			err := rows.Scan(&id, &item.ID, &item.AccountID, &at)
			item.CreatedAt = fromMillis(at)
			byID[id].Items = append(byID[id].Items, item)
			return err
		})
	if err != nil {
		return fmt.Errorf("read accounts of collections: %w", err)
	}
	return nil
}
