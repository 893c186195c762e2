package vocab

import "seedling/store"

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

// quoteRule reads who may quote o (FEP-044f interactionPolicy.canQuote). People of
// whom this server knows nothing, such as whom the author follows, may be among
// them: whoever wants to quote then asks.
func (o *Object) quoteRule(can *Value, followersURI string) store.Rule {
	rule := o.rule(can, followersURI)
	rule.Said = true
	for _, uri := range append(can.recipients("automaticApproval"), can.recipients("manualApproval")...) {
		known := uri == o.Author().ID || o.circles([]string{uri}, followersURI) != 0
		if !known && rule.Always&store.CircleEveryone == 0 {
			rule.Ask |= store.CircleEveryone
		}
	}
	return rule
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
