package api

import (
	"context"
	"net/http"

	"seedling/store"
)

// showQuotes is GET statuses/:id/quotes.
func (s *Server) showQuotes(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	return s.showList(w, r, func(ctx context.Context, _ int64, c store.Cursor) (*store.PostPage, error) {
		return s.db.QuotesOf(ctx, v.ID, r.viewer(), c)
	})
}

// revokeQuote is POST statuses/:id/quotes/:quote_id/revoke.
func (s *Server) revokeQuote(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	if v.AccountID != r.me() {
		return errRole
	}
	quoting, err := r.id("quote_id")
	if err != nil {
		return err
	}
	if err := s.db.RevokeQuote(r.Context(), r.me(), v.ID, quoting); err != nil {
		return err
	}
	if v, err = s.db.PostVisibleTo(r.Context(), quoting, r.viewer()); err != nil {
		return err
	}
	return s.answerStatus(w, r, v)
}

// quoteRules are the API's words for who may quote.
var quoteRules = map[string]store.Rule{
	"public":    {Said: true, Always: store.CircleEveryone},
	"followers": {Said: true, Always: store.CircleFollowers},
	"nobody":    {Said: true},
}

// quotePolicy reads who may quote into a policy. What is not sent stays.
func (r *request) quotePolicy(p store.InteractionPolicy) (store.InteractionPolicy, error) {
	text := r.params.Get("quote_approval_policy")
	if text == "" {
		return p, nil
	}
	rule, ok := quoteRules[text]
	if !ok {
		return p, invalid("Quote approval policy is not included in the list")
	}
	if text == "public" && !p.Rule(store.DeedQuote).Said {
		return p, nil // as it is without a word
	}
	return p.With(store.DeedQuote, rule), nil
}

// setInteractionPolicy is PUT statuses/:id/interaction_policy.
func (s *Server) setInteractionPolicy(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	policy, err := r.quotePolicy(v.Policy)
	if err != nil {
		return err
	}
	if policy != v.Policy {
		if err := s.db.SetPolicy(r.Context(), r.me(), v.ID, policy); err != nil {
			return err
		}
	}
	return s.showStatus(w, r)
}
