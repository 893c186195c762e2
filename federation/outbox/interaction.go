package outbox

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// ask asks the author of a post elsewhere to agree to a reply, a boost or a
// favourite, which goes with the request as it will be published (GoToSocial's
// polite requests).
func (b builder) ask(ctx context.Context, d deed) (*message, error) {
	if d.Deed == store.DeedReply {
		if m, err := b.comment(ctx, d); m != nil || err != nil {
			return m, err
		}
	}
	done, err := b.asked(ctx, d)
	if err != nil {
		return nil, err
	}
	return b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		return vocab.DeedRequest(e, d.Deed, d.ObjectURI, done)
	})
}

func (b builder) asked(ctx context.Context, d deed) (body []byte, err error) {
	e := vocab.Envelope{ID: d.Quoting, Actor: d.actor.URI}
	switch d.Deed {
	case store.DeedReply:
		v, err := b.db.PostVisibleTo(ctx, d.PostID, store.AsMember(d.AccountID))
		if err != nil {
			return nil, err
		}
		body, err = vocab.PostDoc(v, b.origin()).JSON()
		return body, asUnbuildable(err)
	case store.DeedBoost:
		to := audienceOf(d.Visibility, d.actor.FollowersURI, nil)
		e.To, e.CC, e.Published = to.to, to.cc, madeAt(d.Quoting)
		body, err = vocab.Announce(e, d.ObjectURI)
		return body, asUnbuildable(err)
	}
	body, err = vocab.Like(e, d.ObjectURI)
	return body, asUnbuildable(err)
}

// comment is a reply to a video, which PeerTube holds for review as it comes: it
// knows no requests. Others get it once it is approved.
func (b builder) comment(ctx context.Context, d deed) (*message, error) {
	v, err := b.db.PostVisibleTo(ctx, d.PostID, store.AsMember(d.AccountID))
	if err != nil || !v.OnVideo {
		return nil, err
	}
	return b.toTarget(ctx, d, func(vocab.Envelope, string) ([]byte, error) {
		note := vocab.PostDoc(v, b.origin())
		return vocab.Create(vocab.Envelope{ID: vocab.CreateID(note.ID), Actor: note.AttributedTo}, note)
	})
}

// withdraw takes back a boost or favourite that was asked for and that nobody
// answered: who was asked forgets it, and nobody else knew of it.
func (b builder) withdraw(ctx context.Context, d deed) (*message, error) {
	done, err := b.asked(ctx, d)
	if err != nil {
		return nil, err
	}
	return b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		e.ID = d.Quoting + "#undo"
		return vocab.Undo(e, done)
	})
}

func asUnbuildable(err error) error {
	if err != nil {
		return &unbuildable{err}
	}
	return nil
}

// answerRequest agrees, with a stamp, to what somebody elsewhere did or asked
// for, or refuses it.
func (b builder) answerRequest(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, asker string) ([]byte, error) {
		e.ID = d.numbered("answers")
		return vocab.Answer{Deed: d.Deed, Asked: vocab.Envelope{ID: d.ActivityURI, Actor: asker},
			Object: d.ObjectURI, Done: d.Quoting, Stamp: d.Stamp}.JSON(e)
	})
}

// revoke takes back an approval: whom it was given to tells others (FEP-044f).
func (b builder) revoke(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		e.ID = d.ObjectURI + "#delete"
		return vocab.Revoke(e, d.ObjectURI)
	})
}
