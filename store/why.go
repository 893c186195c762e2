package store

import (
	"context"
	"fmt"
)

// Why is what brought a post to a member, and what they said that acts on it.
type Why struct {
	Post     *PostView // with Muted, Thread and Filtered
	Relation Relation  // to its author
	Boosters []*Account
	Tags     []FollowedTag // those that the member follows
	Lists    []*List       // with its author
	Named    bool          // it names the member
}

// WhyPost explains a post that a member sees (else ErrNotFound or ErrGone).
func (db *DB) WhyPost(ctx context.Context, accountID, postID int64) (*Why, error) {
	v, err := db.PostVisibleTo(ctx, postID, AsMember(accountID))
	if err != nil {
		return nil, err
	}
	w := &Why{Post: v}
	for _, a := range v.Mentions {
		w.Named = w.Named || a.ID == accountID
	}
	if w.Relation, err = db.Relation(ctx, accountID, v.AccountID); err != nil {
		return nil, err
	}
	if w.Lists, err = db.ListsWith(ctx, accountID, v.AccountID); err != nil {
		return nil, err
	}
	w.Boosters, err = db.listAccounts(ctx, "followed boosters", `a.id IN (SELECT b.account_id FROM boost b
		JOIN follow f ON f.account_id = ?1 AND f.target_id = b.account_id AND f.accepted AND f.boosts WHERE b.post_id = ?3) AND `+shown+` AND `+heard+`
		ORDER BY a.id LIMIT ?4`, AsMember(accountID).args(postID, whyBoosters)...)
	if err != nil {
		return nil, err
	}
	w.Tags, err = db.followedTags(ctx, `f.account_id = ?1 AND f.tag_id IN (SELECT tag_id FROM post_tag WHERE post_id = ?2) ORDER BY f.id`, accountID, postID)
	if err != nil {
		return nil, fmt.Errorf("explain post %d: %w", postID, err)
	}
	return w, nil
}
