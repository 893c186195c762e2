package outbox

import (
	"context"

	"seedling/federation/vocab"
)

func (b builder) follow(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, vocab.Follow)
}

func (b builder) unfollow(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, target string) ([]byte, error) {
		follow, err := vocab.Follow(e, target)
		if err != nil {
			return nil, err
		}
		return vocab.Undo(undo(e), follow)
	})
}

// acceptFollow answers a Follow, of which only the id and who follows whom are
// kept: that is all that anyone matches it by.
func (b builder) acceptFollow(ctx context.Context, d deed) (*message, error) {
	return b.answerFollow(ctx, d, "accepts", vocab.Accept)
}

// rejectFollow refuses a Follow, or ends one that was accepted before.
func (b builder) rejectFollow(ctx context.Context, d deed) (*message, error) {
	return b.answerFollow(ctx, d, "rejects", vocab.Reject)
}

func (b builder) answerFollow(ctx context.Context, d deed, what string, answer func(vocab.Envelope, []byte) ([]byte, error)) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, follower string) ([]byte, error) {
		follow, err := vocab.Follow(vocab.Envelope{ID: d.ActivityURI, Actor: follower}, d.actor.URI)
		if err != nil {
			return nil, err
		}
		e.ID = d.numbered(what)
		return answer(e, follow)
	})
}
