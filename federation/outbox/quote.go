package outbox

import (
	"context"

	"seedling/federation/vocab"
	"seedling/store"
)

// askQuote asks the author of a quoted post for their approval (FEP-044f). What
// not everybody may see is only named: they can read it if it is for them.
func (b builder) askQuote(ctx context.Context, d deed) (*message, error) {
	v, err := b.db.PostVisibleTo(ctx, d.PostID, store.AsMember(d.AccountID))
	if err != nil {
		return nil, err
	}
	if !v.Leaves() {
		return nil, nil
	}
	return b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		var quoting vocab.Document
		if v.Visibility <= store.Unlisted {
			quoting = vocab.PostDoc(v, b.origin())
		}
		return vocab.QuoteRequest(e, d.ObjectURI, quoting, v.URI)
	})
}

// answerQuote accepts or rejects such a request: it is accepted with a stamp.
func (b builder) answerQuote(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, asker string) ([]byte, error) {
		e.ID = d.numbered("quotes")
		return vocab.AnswerQuote(e, vocab.Envelope{ID: d.ActivityURI, Actor: asker}, d.ObjectURI, d.Quoting, d.Stamp)
	})
}

// updateQuote tells of a post again, now that its quote is approved or is so no
// more. Its text is the same, and so is the date of its last change.
func (b builder) updateQuote(ctx context.Context, d deed) (*message, error) {
	note, inboxes, err := b.note(ctx, d)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	body, err := vocab.Update(vocab.Envelope{ID: d.numbered("quotes"), Actor: note.AttributedTo}, note)
	return built(body, err, inboxes)
}
