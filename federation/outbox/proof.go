package outbox

import (
	"context"
	"errors"
	"fmt"

	"seedling/federation/proof"
	"seedling/federation/vocab"
	"seedling/store"
)

// prove adds an integrity proof of its actor to a public activity (FEP-8b32):
// whom it is forwarded to can believe it without asking us. It is made once for
// all inboxes, and costs a tenth of what one of their RSA signatures does.
// What only some may see gets none: that would prove to everyone it leaks to
// who said it.
func (r *Runner) prove(ctx context.Context, accountID int64, body []byte) ([]byte, error) {
	v, err := vocab.Parse(body)
	if err != nil {
		return nil, &unbuildable{err}
	}
	act, err := v.Activity()
	if err != nil {
		return nil, &unbuildable{err}
	}
	if act.Visibility("") < vocab.VisibilityUnlisted {
		return body, nil
	}
	id, key, err := r.db.AssertionSigner(ctx, accountID)
	if errors.Is(err, store.ErrNotFound) { // it is deleted: the request's signature has to do
		return body, nil
	}
	if err != nil {
		return nil, fmt.Errorf("prove an activity: %w", err)
	}
	signed, err := proof.Sign(body, id, key, r.config.Now())
	if err != nil {
		return nil, &unbuildable{err}
	}
	return signed, nil
}
