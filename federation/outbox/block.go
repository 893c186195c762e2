package outbox

import (
	"context"

	"seedling/federation/vocab"
)

// block tells the server of the blocked account, so that it hides both from
// each other as we do. ActivityPub §6.9 would rather not, but everyone does.
func (b builder) block(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, vocab.Block)
}

func (b builder) unblock(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, target string) ([]byte, error) {
		block, err := vocab.Block(e, target)
		if err != nil {
			return nil, err
		}
		return vocab.Undo(undo(e), block)
	})
}
