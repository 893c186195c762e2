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

// AddToList puts an account into a member's list. ErrNotFound if they have no
// such list, ErrForbidden if they neither follow the account nor asked to.
func (db *DB) AddToList(ctx context.Context, accountID, listID, targetID int64) error {
	return db.write(ctx, "add to list", func(t *tx) error {
		t.standingChanged(accountID)
		var n int
		err := t.row(`SELECT (SELECT COUNT(*) FROM list_member m WHERE m.list_id = l.id AND m.account_id <> ?3) FROM list l WHERE l.id = ?2 AND l.account_id = ?1`,
			[]any{accountID, listID, targetID}, &n)
		if err != nil {
			return err
		}
		if n >= maxListAccounts {
			return &InputError{Field: "account", Problem: InputMany, Limit: maxListAccounts}
		}
		followed, err := t.exists(`SELECT 1 FROM follow WHERE account_id = ? AND target_id = ?`, accountID, targetID)
		if err != nil {
			return err
		}
		if !followed {
			return fmt.Errorf("list who is not followed: %w", ErrForbidden)
		}
		_, err = t.exec(`INSERT OR IGNORE INTO list_member (list_id, account_id, owner_id, id) VALUES (?, ?, ?, ?)`, listID, targetID, accountID, t.db.ids.next())
		return err
	})
}

// RemoveFromList takes an account out of a member's list.
func (db *DB) RemoveFromList(ctx context.Context, accountID, listID, targetID int64) error {
	return db.write(ctx, "remove from list", func(t *tx) error {
		t.standingChanged(accountID)
		_, err := t.exec(`DELETE FROM list_member WHERE list_id = ? AND account_id = ? AND owner_id = ?`, listID, targetID, accountID)
		return err
	})
}

// ListAccounts lists who stands in a member's list, newest added first.
func (db *DB) ListAccounts(ctx context.Context, accountID, listID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "accounts of a list", c, "m.id", `FROM list_member m JOIN account a ON a.id = m.account_id
		WHERE m.list_id = ?1 AND m.owner_id = ?2 AND `+shown, listID, accountID)
}

// ListTimeline is what the accounts of a member's list write and boost.
//
// Home is written when a post arrives, since its readers are many; a list is
// put together when it is read: the newest of each account by its own index,
// then merged. That costs a few microseconds for each of at most maxListAccounts
// accounts, and in return nothing is written for lists, they reach back as far
// as posts are stored, and a change of a list shows at once.
func (db *DB) ListTimeline(ctx context.Context, accountID, listID int64, c Cursor) (*PostPage, error) {
	l, err := db.List(ctx, accountID, listID)
	if err != nil {
		return nil, err
	}
	const replies = ` AND (p.reply_to_account_id IN (0, ?1, p.account_id) AND p.reply_to_uri IS NULL
		OR ?6 = 0 AND EXISTS (SELECT 1 FROM list_member rm WHERE rm.list_id = ?5 AND rm.account_id = p.reply_to_account_id)
		OR ?6 = 1 AND EXISTS (SELECT 1 FROM follow rf WHERE rf.account_id = ?1 AND rf.target_id = p.reply_to_account_id AND rf.accepted))`
	posts := `SELECT x.id AS id, x.id AS post_id, 0 AS booster FROM list_member m JOIN post x ON x.id IN (
			SELECT p.id FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = p.account_id
			LEFT JOIN boost b ON 0
			WHERE p.account_id = m.account_id AND p.visibility <> 3 AND ` + visible + ` AND ` + heardHome + ` AND ` + bringing + replies + c.Without.condition() + ` AND ` + c.clause("p.id", 3) + `)
		WHERE m.list_id = ?5`
	boosts := `SELECT x.id, x.post_id, x.account_id FROM list_member m JOIN boost x ON x.id IN (
			SELECT b.id FROM boost b JOIN post p ON p.id = b.post_id JOIN account a ON a.id = p.account_id
			LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = b.account_id
			WHERE b.account_id = m.account_id AND ` + visible + ` AND ` + heardHome + ` AND ` + bringing + c.Without.condition() + c.Without.boosted() + ` AND ` + c.clause("b.id", 3) + `)
		WHERE m.list_id = ?5`
	return db.timeline(ctx, "list", AsMember(accountID), c, `SELECT id, post_id, booster FROM (`+posts+` UNION ALL `+boosts+`) WHERE `+c.clause("id", 3),
		append(AsMember(accountID).args(c.args()...), l.ID, l.Replies))
}
