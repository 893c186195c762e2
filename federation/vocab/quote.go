package vocab

import (
	"slices"

	"seedling/store"
)

// quotes reads what o quotes, for the store. A post that uses the word of
// FEP-044f is of a server that knows consent; one that only has the older names
// is not.
func (o *Object) quotes() store.RemoteQuote {
	q := store.RemoteQuote{URI: o.QuoteURI}
	if q.URI != "" && o.Value.URI("quote") == q.URI {
		q.Asks, q.StampURI = true, o.Value.URI("quoteAuthorization")
	}
	return q
}

// quotePolicy reads who may quote o (FEP-044f interactionPolicy.canQuote).
func (o *Object) quotePolicy() store.QuotePolicy {
	policy := o.Value.Child("interactionPolicy")
	if policy == nil {
		return store.QuoteUnsaid
	}
	can := policy.Child("canQuote")
	if can == nil {
		return store.QuoteUnsaid
	}
	auto := can.recipients("automaticApproval")
	if slices.Contains(auto, Public) {
		return store.QuoteEveryone
	}
	for _, uri := range append(auto, can.recipients("manualApproval")...) {
		if uri != o.Author().ID { // who names themselves alone means nobody
			return store.QuoteAsk
		}
	}
	return store.QuoteNobody
}

// Stamp is an approval of a quote (FEP-044f QuoteAuthorization) or of another
// deed (GoToSocial): the author of Target agrees to Quoting.
type Stamp struct {
	Deed         store.Deed
	ID           string
	AttributedTo string // the author of Target; may be left out
	Quoting      string
	Target       string
}

// Stamp reads v as an approval. Whether it is its author's is for the caller to
// check: it must be on their host.
func (v *Value) Stamp() (Stamp, error) {
	s := Stamp{ID: v.ID(), AttributedTo: v.URI("attributedTo"), Quoting: v.URI("interactingObject"), Target: v.URI("interactionTarget")}
	known := false
	for d, w := range deeds {
		if kind := v.Type(); kind == w.authorization || kind == w.oldApproval() {
			s.Deed, known = d, true
		}
	}
	if !known {
		return s, &ShapeError{"authorization", "its type is another"}
	}
	if s.ID == "" || s.Quoting == "" || s.Target == "" {
		return s, &ShapeError{"authorization", "it does not name both things"}
	}
	return s, nil
}
