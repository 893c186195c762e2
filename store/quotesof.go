package store

import (
	"context"
	"database/sql"
	"fmt"
)

// QuotesOf lists the posts that quote a post, as far as its author agrees and
// the viewer sees them, newest first. Whether the viewer may see the quoted post
// is the caller's to ask.
func (db *DB) QuotesOf(ctx context.Context, postID int64, viewer Viewer, c Cursor) (*PostPage, error) {
	return db.timeline(ctx, "quotes of a post", viewer, c, `SELECT p.id, p.id, 0 FROM quote q JOIN post p ON p.id = q.post_id JOIN account a ON a.id = p.account_id
		WHERE q.quoted_id = ?5 AND q.state IN (0, 2) AND `+visible+` AND `+c.clause("p.id", 3), append(viewer.args(c.args()...), postID))
}

// RevokeQuote takes a member's approval of a quote of their post back.
// ErrNotFound if the post does not quote it, or was not approved of.
func (db *DB) RevokeQuote(ctx context.Context, accountID, postID, quotingID int64) error {
	var stampID int64
	err := db.row(ctx, `SELECT s.id FROM stamp s JOIN post p ON p.uri = s.quoting_uri WHERE s.post_id = ? AND p.id = ? AND s.deed = ?`,
		[]any{postID, quotingID, DeedQuote}, &stampID)
	if err != nil {
		return err
	}
	return db.RevokeStamp(ctx, accountID, stampID)
}

// QuoteBy is what a post quotes, in short.
type QuoteBy struct {
	QuotedID int64 // 0: not for the viewer, or not stored
	State    QuoteState
}

// QuotesBy returns what posts quote, by who quotes. Posts that quote nothing are
// left out.
func (db *DB) QuotesBy(ctx context.Context, ids []int64, viewer Viewer) (map[int64]QuoteBy, error) {
	found := map[int64]QuoteBy{}
	err := db.rows(ctx, `SELECT q.post_id, q.state, q.state <> 3 AND EXISTS (SELECT 1 FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = q.quoted_id AND `+visible+`),
		COALESCE(q.quoted_id, 0) FROM quote q WHERE q.post_id IN (SELECT value FROM json_each(?3))`, viewer.args(idList(ids)), func(rows *sql.Rows) error {
		var id int64
		var q QuoteBy
		var shown bool
		err := rows.Scan(&id, &q.State, &shown, &q.QuotedID)
		if !shown {
			q.QuotedID = 0
		}
		found[id] = q
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load what quoted posts quote: %w", err)
	}
	return found, nil
}
