package api

import "seedling/store"

// quote is the entity Quote, or ShallowQuote where the quoted status is itself
// in a quote.
type quote struct {
	State    string  `json:"state"`
	Status   *status `json:"quoted_status"`
	StatusID *string `json:"quoted_status_id,omitempty"` // of a ShallowQuote
}

// approval is who may quote a status, and whether its reader may.
type approval struct {
	Automatic []string `json:"automatic"`
	Manual    []string `json:"manual"`
	Reader    string   `json:"current_user"`
}

var quoteStates = map[store.QuoteState]string{
	store.QuoteOpen: "accepted", store.QuoteWaiting: "pending", store.QuoteApproved: "accepted", store.QuoteRemoved: "revoked",
}

// quote makes the entity of what a post quotes, or nil.
func (e *entities) quote(v *store.PostView) *quote {
	q := v.Quote
	if q == nil {
		return nil
	}
	out := &quote{State: quoteStates[q.State]}
	switch {
	case q.Hidden:
		out.State = "unauthorized"
	case q.Post == nil && out.State == "accepted":
		out.State = "deleted" // or not here yet: nothing to show either way
	case q.Post != nil && out.State == "accepted":
		out.Status = e.post(q.Post)
		out.Status.Quote = e.deeper[q.Post.ID]
	}
	return out
}

// shallow is a quote in a quote: its id alone.
func shallow(q store.QuoteBy) *quote {
	out := &quote{State: quoteStates[q.State], StatusID: idOrNil(q.QuotedID)}
	if out.State == "accepted" && q.QuotedID == 0 {
		out.State = "deleted" // or not for the reader, or not here yet
	}
	return out
}

// circles are the API's words for people around a post.
func circles(c store.Circle) []string {
	list := []string{}
	for _, w := range []struct {
		circle store.Circle
		word   string
	}{{store.CircleEveryone, "public"}, {store.CircleFollowers, "followers"}, {store.CircleFollowing, "following"}, {store.CircleNamed, "unsupported_policy"}} {
		if c&w.circle != 0 {
			list = append(list, w.word)
		}
	}
	return list
}

// approvalOf says who may quote a post.
func approvalOf(v *store.PostView, reader int64) *approval {
	a := &approval{Automatic: []string{}, Manual: []string{}, Reader: "denied"}
	rule := v.Policy.Rule(store.DeedQuote)
	switch {
	case v.Visibility == store.Followers, v.Visibility == store.Direct:
	case rule.Said:
		a.Automatic, a.Manual = circles(rule.Always), circles(rule.Ask)
	case v.Author.Local():
		a.Automatic = []string{"public"}
	default:
		a.Automatic = []string{"unsupported_policy"}
	}
	switch {
	case reader == 0 || !v.MayQuote(reader):
	case v.Verdict(store.DeedQuote) == store.MustAsk && v.AccountID != reader:
		a.Reader = "manual"
	case !rule.Said && !v.Author.Local():
		a.Reader = "unknown"
	default:
		a.Reader = "automatic"
	}
	return a
}
