package store

import (
	"context"
	"database/sql"
	"fmt"
)

// HomeTimeline is what an account follows, and what it wrote. A post that
// several brought is there once, where the newest of them brought it.
func (db *DB) HomeTimeline(ctx context.Context, accountID int64, c Cursor) (*PostPage, error) {
	viewer := AsMember(accountID)
	page, err := db.timeline(ctx, "home", viewer, c, `SELECT h.id, h.post_id, COALESCE(b.account_id, 0)
		FROM home h JOIN post p ON p.id = h.post_id JOIN account a ON a.id = p.account_id
		LEFT JOIN boost b ON b.id = h.id AND h.id <> h.post_id
		LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = COALESCE(b.account_id, p.account_id)
		WHERE h.account_id = ?1 AND (h.id = h.post_id OR b.id IS NOT NULL)
		AND `+heardHome+` AND `+bringing+` AND `+notAway+c.Without.condition()+c.Without.boosted()+c.Without.unrepeated()+`
		AND `+visible+` AND `+c.clause("h.id", 3), viewer.args(c.args()...))
	if err != nil {
		return nil, err
	}
	if ctx, err = brief(ctx); err != nil {
		return nil, err
	}
	if err := db.fillBoosters(ctx, bringers(c.Without)+` AND n.post_id = p.id`, []any{accountID}, page.Posts); err != nil {
		return nil, fmt.Errorf("home timeline: %w", err)
	}
	return page, db.fillTags(ctx, accountID, page.Posts)
}

// bringers are the boosts b that stand in the home of ?1 and are shown there:
// what heardHome, bringing and notAway ask of a boost, whose post p is known.
func bringers(without Omit) string {
	return `home n INDEXED BY home_boost JOIN boost b ON b.id = n.id LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = b.account_id
		WHERE n.account_id = ?1 AND n.id <> n.post_id AND ` + heardBooster + ` AND ` + bringing + ` AND ` + notAway + without.boosted()
}

// unrepeated holds of a line h of home if no newer one shows the same post
// around: a condition that begins with AND. A post that came from its author
// has no such line: see insertBoost and fillHome.
func (o Omit) unrepeated() string {
	if o&OmitBoosts != 0 {
		return ``
	}
	return ` AND (h.id = h.post_id OR p.boosts_count < 2 OR NOT EXISTS (SELECT 1 FROM ` + bringers(o) + ` AND n.post_id = h.post_id AND n.id > h.id))`
}

// fillBoosters names, newest first, all who brought the boosted posts of a page:
// on other pages of that timeline those posts are not shown again. The bringers
// are boosts b of the post p, as the text of a query with its first arguments.
func (db *DB) fillBoosters(ctx context.Context, bringers string, args []any, posts []*PostView) error {
	var boosted []int64
	for _, v := range posts {
		if len(v.BoostedBy) > 0 {
			boosted = append(boosted, v.ID)
		}
	}
	if len(boosted) == 0 {
		return nil
	}
	by, who := map[int64][]int64{}, map[int64]bool{}
	query := fmt.Sprintf(`SELECT p.id, b.account_id FROM json_each(?%d) j JOIN post p ON p.id = j.value JOIN %s ORDER BY b.id DESC`, len(args)+1, bringers)
	err := db.rows(ctx, query, append(args, encodeJSON(boosted)), func(rows *sql.Rows) error {
		var post, booster int64
		err := rows.Scan(&post, &booster)
		by[post], who[booster] = append(by[post], booster), true
		return err
	})
	if err != nil {
		return fmt.Errorf("boosters: %w", err)
	}
	accounts, err := db.accountsByID(ctx, who)
	if err != nil {
		return err
	}
	for _, v := range posts {
		if len(by[v.ID]) < 2 {
			continue
		}
		v.BoostedBy = nil
		for _, id := range by[v.ID] {
			if a := accounts[id]; a != nil {
				v.BoostedBy = append(v.BoostedBy, a)
			}
		}
	}
	return nil
}

// CountNewer counts how many entries of the home timeline are newer than an
// entry, up to limit.
func (db *DB) CountNewer(ctx context.Context, accountID, entryID int64, limit int) (n int, err error) {
	err = db.row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM home WHERE account_id = ? AND id > ? LIMIT ?)`,
		[]any{accountID, entryID, limit}, &n)
	return n, err
}
