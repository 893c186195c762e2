package outbox

import (
	"context"

	"seedling/federation/vocab"
)

// favourite is a Like, for the post's author and the community it stands in:
// nobody else need know.
func (b builder) favourite(ctx context.Context, d deed) (*message, error) {
	m, err := b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		return vocab.Like(e, d.ObjectURI)
	})
	return b.toGroupToo(ctx, d, m, err)
}

func (b builder) unfavourite(ctx context.Context, d deed) (*message, error) {
	m, err := b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		like, err := vocab.Like(e, d.ObjectURI)
		if err != nil {
			return nil, err
		}
		return vocab.Undo(undo(e), like)
	})
	return b.toGroupToo(ctx, d, m, err)
}

// downvote is a Dislike, for the post's author and its community (Lemmy, Mbin,
// PieFed).
func (b builder) downvote(ctx context.Context, d deed) (*message, error) {
	m, err := b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		return vocab.Dislike(e, d.ObjectURI)
	})
	return b.toGroupToo(ctx, d, m, err)
}

func (b builder) undownvote(ctx context.Context, d deed) (*message, error) {
	m, err := b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		dislike, err := vocab.Dislike(e, d.ObjectURI)
		if err != nil {
			return nil, err
		}
		return vocab.Undo(undo(e), dislike)
	})
	return b.toGroupToo(ctx, d, m, err)
}

// toTarget builds an activity for one account: make gets its envelope and the
// account's URI. It is addressed openly, since some servers find by to whose
// inbox an activity is for.
func (b builder) toTarget(ctx context.Context, d deed, make func(e vocab.Envelope, target string) ([]byte, error)) (*message, error) {
	target, inboxes, err := b.target(ctx, d)
	if err != nil {
		return nil, err
	}
	e := d.envelope()
	e.To = []string{target.URI}
	body, err := make(e, target.URI)
	return built(body, err, inboxes)
}
