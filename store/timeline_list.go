package store

import (
	"context"
	"fmt"
)

// ListTimeline is what the accounts of a member's list write and boost. As at
// home, a post that several brought is there once, where the newest of them
// brought it, and one by an account of the list where it was written.
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
	posts := `SELECT x.id AS id, x.id AS post_id, 0 AS booster FROM list_member m JOIN post x ON x.id IN (
			SELECT p.id FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = p.account_id
			LEFT JOIN boost b ON 0
			WHERE p.account_id = m.account_id AND p.visibility <> 3 AND ` + visible + ` AND ` + heardHome + ` AND ` + bringing + repliesOfList + c.Without.condition() + ` AND ` + c.clause("p.id", 3) + `)
		WHERE m.list_id = ?5`
	boosts := `SELECT x.id, x.post_id, x.account_id FROM list_member m JOIN boost x ON x.id IN (
			SELECT o.id FROM boost o JOIN boost b ON b.id = o.id JOIN post p ON p.id = b.post_id JOIN account a ON a.id = p.account_id
			LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = b.account_id
			WHERE o.account_id = m.account_id AND ` + visible + ` AND ` + boostShown + ` AND ` + heardHome + ` AND ` + bringing + c.Without.condition() + c.Without.boosted() + c.Without.unrepeatedInList() + `
			AND ` + c.clause("o.id", 3) + `)
		WHERE m.list_id = ?5`
	page, err := db.timeline(ctx, "list", AsMember(accountID), c, `SELECT id, post_id, booster FROM (`+posts+` UNION ALL `+boosts+`) WHERE `+c.clause("id", 3),
		append(AsMember(accountID).args(c.args()...), l.ID, l.Replies))
	if err != nil {
		return nil, err
	}
	args := append(AsMember(accountID).args(nil, nil), l.ID) // as above: the list is ?5
	if err := db.fillBoosters(ctx, listBringers(c.Without), args, page.Posts); err != nil {
		return nil, fmt.Errorf("list timeline: %w", err)
	}
	return page, nil
}

// repliesOfList holds of the posts p that are answers as the list ?5 wants, by its
// choice ?6. It begins with AND.
const repliesOfList = ` AND (p.reply_to_account_id IN (0, ?1, p.account_id) AND p.reply_to_uri IS NULL
	OR ?6 = 0 AND EXISTS (SELECT 1 FROM list_member rm WHERE rm.list_id = ?5 AND rm.account_id = p.reply_to_account_id)
	OR ?6 = 1 AND EXISTS (SELECT 1 FROM follow rf WHERE rf.account_id = ?1 AND rf.target_id = p.reply_to_account_id AND rf.accepted))`

// listBringers are the boosts b of the post p that the list ?5 shows: what
// heardHome and bringing ask of a boost.
func listBringers(without Omit) string {
	return `boost b ON b.post_id = p.id JOIN list_member n ON n.list_id = ?5 AND n.account_id = b.account_id
		LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = b.account_id
		WHERE ` + boostShown + ` AND ` + heardBooster + ` AND ` + bringing + without.boosted()
}

// unrepeatedInList holds of a boost o of a post p if the list ?5 shows p neither
// as its author's nor by a newer boost: a condition that begins with AND.
func (o Omit) unrepeatedInList() string {
	return ` AND NOT (p.visibility <> 3` + repliesOfList + ` AND EXISTS (SELECT 1 FROM list_member n
			LEFT JOIN boost b ON 0 LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = n.account_id
			WHERE n.list_id = ?5 AND n.account_id = p.account_id AND ` + bringing + `))
		AND (p.boosts_count < 2 OR NOT EXISTS (SELECT 1 FROM (SELECT 1) JOIN ` + listBringers(o) + ` AND b.id > o.id))`
}
