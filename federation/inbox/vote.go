package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// vote counts a vote in the poll of a member (FEP-9967). It is no post, so it is
// seen nowhere. To somebody who may not see the poll there is none.
func (in *Inbox) vote(ctx context.Context, o *vocab.Object, by *store.Account) error {
	if !in.db.IsLocal(o.InReplyTo.ID) {
		return &ignored{"vote in a poll of another server"}
	}
	p, err := in.db.PostByLink(ctx, o.InReplyTo.ID)
	if err == nil {
		err = in.db.ReceiveVote(ctx, by.ID, p.ID, o.Name)
	}
	var bad *store.VoteError
	if errors.As(err, &bad) {
		in.count("vote: " + string(bad.Problem))
		return refuse(http.StatusForbidden, "the vote of %s in %s does not count: %s", by.URI, o.InReplyTo.ID, bad.Problem)
	}
	return answers(err, "vote in an unknown poll")
}
