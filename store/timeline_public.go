package store

import (
	"context"
)

// PublicKind is which part of the public posts to list. The zero value is all.
type PublicKind struct {
	Local, Remote bool // of this server alone, of others alone
	Media         bool // with attachments
}

// condition is the part as a condition on a post p.
func (k PublicKind) condition() string {
	text := ``
	switch {
	case k.Local && !k.Remote:
		text = ` AND a.host = ''`
	case k.Remote && !k.Local:
		text = ` AND a.host <> ''`
	}
	if k.Media {
		text += ` AND EXISTS (SELECT 1 FROM attachment x WHERE x.post_id = p.id)`
	}
	return text
}

// PublicTimeline is the posts in the public timelines, or a part of them.
func (db *DB) PublicTimeline(ctx context.Context, k PublicKind, viewer Viewer, c Cursor) (*PostPage, error) {
	if k == (PublicKind{}) {
		return db.FederatedTimeline(ctx, viewer, c)
	}
	if k == (PublicKind{Local: true}) {
		return db.LocalTimeline(ctx, viewer, c)
	}
	return db.timeline(ctx, "public", viewer, c, `SELECT p.id, p.id, 0 FROM post p INDEXED BY post_federated JOIN account a ON a.id = p.account_id
		WHERE p.timeline > 0`+k.condition()+` AND `+visible+` AND `+heard+c.Without.condition()+` AND `+c.clause("p.id", 3), viewer.args(c.args()...))
}

// TagQuery is which posts with hashtags to list: with one of Any, all of All
// and none of None.
type TagQuery struct {
	Any, All, None []string
	PublicKind
}

func foldTags(tags []string) string {
	folded := make([]string, len(tags))
	for i, tag := range tags {
		folded[i] = foldTag(tag)
	}
	if len(folded) == 0 {
		return "[]"
	}
	return encodeJSON(folded)
}

// TagsTimeline is the public posts with hashtags.
func (db *DB) TagsTimeline(ctx context.Context, q TagQuery, viewer Viewer, c Cursor) (*PostPage, error) {
	if len(q.Any) == 1 && len(q.All) == 0 && len(q.None) == 0 && q.PublicKind == (PublicKind{}) {
		return db.TagTimeline(ctx, q.Any[0], viewer, c)
	}
	return db.timeline(ctx, "tags", viewer, c, `SELECT p.id, p.id, 0 FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.id IN (SELECT x.post_id FROM post_tag x JOIN tag t ON t.id = x.tag_id WHERE t.name IN (SELECT value FROM json_each(?5)))
		AND NOT EXISTS (SELECT 1 FROM json_each(?6) w WHERE NOT EXISTS
			(SELECT 1 FROM post_tag x JOIN tag t ON t.id = x.tag_id WHERE x.post_id = p.id AND t.name = w.value))
		AND NOT EXISTS (SELECT 1 FROM post_tag x JOIN tag t ON t.id = x.tag_id WHERE x.post_id = p.id AND t.name IN (SELECT value FROM json_each(?7)))
		AND (p.visibility = 0 OR p.visibility = 4)`+q.condition()+` AND `+visible+` AND `+heard+` AND `+c.clause("p.id", 3),
		append(viewer.args(c.args()...), foldTags(q.Any), foldTags(q.All), foldTags(q.None)))
}

// DirectTimeline is the direct posts that a member wrote or was named in.
func (db *DB) DirectTimeline(ctx context.Context, accountID int64, c Cursor) (*PostPage, error) {
	viewer := AsMember(accountID)
	return db.timeline(ctx, "direct", viewer, c, `SELECT p.id, p.id, 0 FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.visibility = 3 AND (p.account_id = ?1 OR EXISTS (SELECT 1 FROM mention m WHERE m.account_id = ?1 AND m.post_id = p.id))
		AND p.id IN (SELECT post_id FROM mention WHERE account_id = ?1 UNION ALL SELECT id FROM post WHERE account_id = ?1)
		AND `+visible+` AND `+c.clause("p.id", 3), viewer.args(c.args()...))
}

// AccountPosts is which posts of an account to list.
type AccountPosts struct {
	NoReplies, NoBoosts, NoDirect bool
	Media                         bool   // with attachments, without boosts
	Tag                           string // with this hashtag, without boosts
}

// PostsOf lists what an account wrote and boosted.
func (db *DB) PostsOf(ctx context.Context, accountID int64, which AccountPosts, viewer Viewer, c Cursor) (*PostPage, error) {
	condition := ``
	if which.NoReplies {
		condition += ` AND (p.reply_to_id IS NULL AND p.reply_to_uri IS NULL OR p.reply_to_account_id = p.account_id)`
	}
	if which.NoDirect {
		condition += ` AND p.visibility <> 3`
	}
	if which.Media {
		condition += ` AND EXISTS (SELECT 1 FROM attachment x WHERE x.post_id = p.id)`
	}
	args := append(viewer.args(c.args()...), accountID)
	if which.Tag != "" {
		condition += ` AND EXISTS (SELECT 1 FROM post_tag x JOIN tag t ON t.id = x.tag_id WHERE x.post_id = p.id AND t.name = ?6)`
		args = append(args, foldTag(which.Tag))
	}
	own := `SELECT p.id AS id, p.id AS post_id, 0 AS booster FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.account_id = ?5 AND ` + visible + condition + ` AND ` + c.clause("p.id", 3)
	if which.NoBoosts || which.Media || which.Tag != "" {
		return db.timeline(ctx, "account", viewer, c, own, args)
	}
	boosts := `SELECT b.id, b.post_id, b.account_id FROM boost b JOIN post p ON p.id = b.post_id JOIN account a ON a.id = p.account_id
		WHERE b.account_id = ?5 AND ` + visible + ` AND ` + boostShown + ` AND ` + c.clause("b.id", 3)
	return db.timeline(ctx, "account", viewer, c, `SELECT id, post_id, booster FROM
		(SELECT * FROM (`+own+`) UNION ALL SELECT * FROM (`+boosts+`)) WHERE `+c.clause("id", 3), args)
}
