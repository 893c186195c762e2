package store

import (
	"context"
	"database/sql"
	"fmt"
)

// List is a member's own timeline of some of those whom they follow.
type List struct {
	ID        int64
	Title     string
	Replies   ListReplies
	Exclusive bool // its accounts are not in home
	Accounts  int
	Omit      Omit // what its timeline leaves out on the pages: see SetListOmit
}

// ListReplies says which replies of its accounts a list has. Those to
// themselves, and to the list's owner, are always there.
type ListReplies int

// The choices.
const (
	RepliesToList     ListReplies = iota // to accounts of the list
	RepliesToFollowed                    // to anyone whom its owner follows
	RepliesNone
)

var listReplies = [...]string{"list", "followed", "none"}

// String returns the choice as forms write it.
func (r ListReplies) String() string {
	if r < RepliesToList || r > RepliesNone {
		return fmt.Sprintf("replies %d", int(r))
	}
	return listReplies[r]
}

// ParseListReplies reads a choice as forms write it; *InputError if there is none such.
func ParseListReplies(s string) (ListReplies, error) {
	for i, name := range listReplies {
		if s == name {
			return ListReplies(i), nil
		}
	}
	return 0, &InputError{Field: "replies", Problem: InputRefused}
}

// CreateList stores a new list of a member and sets its ID.
func (db *DB) CreateList(ctx context.Context, accountID int64, l *List) error {
	title, err := line("title", l.Title, maxListTitle)
	if err != nil {
		return err
	}
	return db.write(ctx, "create list", func(t *tx) error {
		t.standingChanged(accountID)
		var n int
		if err := t.row(`SELECT COUNT(*) FROM list WHERE account_id = ?`, []any{accountID}, &n); err != nil {
			return err
		}
		if n >= maxLists {
			return &InputError{Field: "title", Problem: InputMany, Limit: maxLists}
		}
		l.ID, l.Title = t.db.ids.next(), title
		_, err := t.exec(`INSERT INTO list (id, account_id, title, replies, exclusive) VALUES (?, ?, ?, ?, ?)`, l.ID, accountID, l.Title, l.Replies, l.Exclusive)
		return err
	})
}

// UpdateList changes a member's list. ErrNotFound if they have none such.
func (db *DB) UpdateList(ctx context.Context, accountID int64, l List) error {
	title, err := line("title", l.Title, maxListTitle)
	if err != nil {
		return err
	}
	return db.write(ctx, "update list", func(t *tx) error {
		t.standingChanged(accountID)
		n, err := t.exec(`UPDATE list SET title = ?, replies = ?, exclusive = ? WHERE id = ? AND account_id = ?`, title, l.Replies, l.Exclusive, l.ID, accountID)
		if err != nil {
			return err
		}
		return missingIf(n == 0)
	})
}

// DeleteList removes a member's list. Its accounts are followed as before.
func (db *DB) DeleteList(ctx context.Context, accountID, listID int64) error {
	return db.write(ctx, "delete list", func(t *tx) error {
		t.standingChanged(accountID)
		n, err := t.exec(`DELETE FROM list WHERE id = ? AND account_id = ?`, listID, accountID)
		if err != nil {
			return err
		}
		return missingIf(n == 0)
	})
}

const listColumns = `l.id, l.title, l.replies, l.exclusive, l.omit, (SELECT COUNT(*) FROM list_member m WHERE m.list_id = l.id)`

func (db *DB) lists(ctx context.Context, where string, args ...any) ([]*List, error) {
	var list []*List
	err := db.rows(ctx, `SELECT `+listColumns+` FROM list l WHERE `+where, args, func(rows *sql.Rows) error {
		var l List
		err := rows.Scan(&l.ID, &l.Title, &l.Replies, &l.Exclusive, &l.Omit, &l.Accounts)
		list = append(list, &l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read lists: %w", err)
	}
	return list, nil
}

// Lists returns a member's lists, by title.
func (db *DB) Lists(ctx context.Context, accountID int64) ([]*List, error) {
	return db.lists(ctx, `l.account_id = ? ORDER BY l.title COLLATE NOCASE, l.id`, accountID)
}

// List returns one list of a member, or ErrNotFound.
func (db *DB) List(ctx context.Context, accountID, listID int64) (*List, error) {
	found, err := db.lists(ctx, `l.account_id = ? AND l.id = ?`, accountID, listID)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// ListsWith returns those of a member's lists that an account stands in.
func (db *DB) ListsWith(ctx context.Context, accountID, targetID int64) ([]*List, error) {
	return db.lists(ctx, `l.id IN (SELECT list_id FROM list_member WHERE owner_id = ?1 AND account_id = ?2) ORDER BY l.title COLLATE NOCASE, l.id`, accountID, targetID)
}

// AddToList puts accounts into a member's list, all or none. ErrNotFound if they
// have no such list, ErrForbidden if they neither follow one of the accounts nor
// asked to.
func (db *DB) AddToList(ctx context.Context, accountID, listID int64, targets ...int64) error {
	if len(targets) == 0 {
		return nil
	}
	return db.write(ctx, "add to list", func(t *tx) error {
		t.standingChanged(accountID)
		list := idList(targets)
		var n, known int
		err := t.row(`SELECT (SELECT COUNT(*) FROM list_member m WHERE m.list_id = l.id AND m.account_id NOT IN (SELECT value FROM json_each(?3))),
			(SELECT COUNT(*) FROM json_each(?3) g WHERE EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = g.value))
			FROM list l WHERE l.id = ?2 AND l.account_id = ?1`, []any{accountID, listID, list}, &n, &known)
		if err != nil {
			return err
		}
		if n+len(targets) > maxListAccounts {
			return &InputError{Field: "account", Problem: InputMany, Limit: maxListAccounts}
		}
		if known < len(targets) {
			return fmt.Errorf("list who is not followed: %w", ErrForbidden)
		}
		rows := make([][2]int64, len(targets))
		for i, targetID := range targets {
			rows[i] = [2]int64{targetID, t.db.ids.next()}
		}
		_, err = t.exec(`INSERT OR IGNORE INTO list_member (list_id, account_id, owner_id, id) SELECT ?, value ->> 0, ?, value ->> 1 FROM json_each(?)`, listID, accountID, encodeJSON(rows))
		return err
	})
}

// RemoveFromList takes accounts out of a member's list.
func (db *DB) RemoveFromList(ctx context.Context, accountID, listID int64, targets ...int64) error {
	return db.write(ctx, "remove from list", func(t *tx) error {
		t.standingChanged(accountID)
		_, err := t.exec(`DELETE FROM list_member WHERE list_id = ? AND account_id IN (SELECT value FROM json_each(?)) AND owner_id = ?`, listID, idList(targets), accountID)
		return err
	})
}

// AllListAccounts lists everybody in a list, as ListAccounts does: a list is
// bounded.
func (db *DB) AllListAccounts(ctx context.Context, accountID, listID int64) ([]*Account, error) {
	return db.listAccounts(ctx, "accounts of a list", `a.id IN (SELECT account_id FROM list_member WHERE list_id = ?1 AND owner_id = ?2) AND `+shown+`
		ORDER BY (SELECT m.id FROM list_member m WHERE m.list_id = ?1 AND m.account_id = a.id) DESC`, listID, accountID)
}

// ListAccounts lists who stands in a member's list, newest added first.
func (db *DB) ListAccounts(ctx context.Context, accountID, listID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "accounts of a list", c, "m.id", `FROM list_member m JOIN account a ON a.id = m.account_id
		WHERE m.list_id = ?1 AND m.owner_id = ?2 AND `+shown, listID, accountID)
}
