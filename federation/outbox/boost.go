package outbox

import (
	"context"
	"fmt"

	"seedling/federation/vocab"
	"seedling/store"
)

// boost is an Announce of a post by its id. One that was taken back meanwhile is
// still told: its Undo comes next.
func (b builder) boost(ctx context.Context, d deed) (*message, error) {
	if _, err := b.db.Post(ctx, d.PostID); err != nil {
		return nil, err
	}
	e, inboxes, err := b.announced(ctx, d)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	body, err := vocab.ApprovedAnnounce(e, d.ObjectURI, d.Stamp)
	return built(body, err, inboxes)
}

// unboost is Undo of that Announce, made from the row alone.
func (b builder) unboost(ctx context.Context, d deed) (*message, error) {
	e, inboxes, err := b.announced(ctx, d)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	announce, err := vocab.Announce(e, d.ObjectURI)
	if err != nil {
		return nil, &unbuildable{err}
	}
	body, err := vocab.Undo(undo(e), announce)
	return built(body, err, inboxes)
}

// announced addresses a boost: to the booster's followers as widely as the post
// is visible, and to the post's author.
func (b builder) announced(ctx context.Context, d deed) (vocab.Envelope, []store.Inbox, error) {
	e := d.envelope()
	if d.Visibility >= store.Direct {
		return e, nil, &unbuildable{fmt.Errorf("a %s post is not boosted", d.Visibility)}
	}
	var named []string
	if d.TargetID != d.AccountID {
		author, err := b.db.Account(ctx, d.TargetID)
		if err != nil && unlessGone(err) != nil {
			return e, nil, err
		}
		if err == nil {
			named = []string{author.URI}
		}
	}
	to := audienceOf(d.Visibility, d.actor.FollowersURI, named)
	e.To, e.CC, e.Published = to.to, to.cc, madeAt(d.ActivityURI)
	inboxes, err := b.inboxes(ctx, d.Visibility, d.AccountID, []int64{d.TargetID})
	return e, inboxes, err
}
