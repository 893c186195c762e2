package store

import "context"

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
