package inbox

import (
	"context"
	"net/http"
	"strings"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// quoteRequest answers who asks before quoting a member's post (FEP-044f). What
// the request says of the quoting post is not believed; it is read from its own
// server.
func (in *Inbox) quoteRequest(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	quoting := act.Instrument.ID
	switch {
	case act.ID == "" || act.Object.ID == "" || quoting == "":
		return refuse(http.StatusBadRequest, "a QuoteRequest needs an id, an object and an instrument with ids")
	case !fetch.SameOrigin(quoting, by.URI):
		return refuse(http.StatusForbidden, "the quoting post %s is not on the host of its actor", quoting)
	case !in.db.IsLocal(act.Object.ID):
		return &ignored{"QuoteRequest for a post of another server"}
	}
	return answers(in.db.ReceiveQuoteRequest(ctx, store.QuoteRequest{URI: act.ID, AccountID: by.ID, PostURI: act.Object.ID, QuotingURI: quoting}),
		"QuoteRequest for an unknown post")
}

// quoteAnswered notes the answer to a member's QuoteRequest. Of an Accept or
// Reject of anything else, handled is false.
func (in *Inbox) quoteAnswered(ctx context.Context, act *vocab.Activity, by *store.Account) (handled bool, err error) {
	if !isQuoteRequest(act) {
		return false, nil
	}
	stamp := act.Result.ID
	if act.Type == "Accept" && stamp != "" && !fetch.SameOrigin(stamp, by.URI) {
		return true, refuse(http.StatusForbidden, "the approval %s is not on the host of its actor", stamp)
	}
	if act.Type != "Accept" {
		stamp = ""
	}
	return true, answers(in.db.ReceiveQuoteAnswer(ctx, by.ID, act.Object.ID, stamp, act.Type == "Accept"), act.Type+" of a quote that was not asked for")
}

// isQuoteRequest says that an Accept or Reject is about a QuoteRequest of ours,
// embedded or by its id alone, which ends with a word that no follow's has.
func isQuoteRequest(act *vocab.Activity) bool {
	if act.Object.Embedded != nil {
		return act.Object.Embedded.Type() == "QuoteRequest"
	}
	return strings.HasSuffix(act.Object.ID, "#quote")
}
