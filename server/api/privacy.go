package api

import (
	"seedling/store"
)

// updatePrivacy changes who finds the member, what others see of them and who
// may quote their new posts, as far as it was sent. Pleroma's hide_followers and
// hide_follows are one choice here, as Mastodon's hide_collections.
func (s *Server) updatePrivacy(r *request) error {
	var c store.PrivacyChange
	for name, to := range map[string]**bool{"locked": &c.Locked, "discoverable": &c.Discoverable, "indexable": &c.Indexable,
		"hide_collections": &c.HidesNetwork, "hide_followers_count": &c.HidesCounts} {
		if r.params.Get(name) != "" {
			*to = new(r.params.Bool(name, false))
		}
	}
	source := r.params.Below("source")
	if text := source.Get("quote_policy"); text != "" {
		rule, ok := quoteRules[text]
		if !ok {
			return invalid("Quote policy is not included in the list")
		}
		if text == "public" {
			rule = store.Rule{} // as it is without a word
		}
		c.Policy = new(r.user.Preferences.Policy.With(store.DeedQuote, rule))
	}
	if c == (store.PrivacyChange{}) {
		return nil
	}
	return s.db.ChangePrivacy(r.Context(), r.me(), c)
}

// quoteRuleName is who may quote under a policy, as Mastodon names it: what it
// has no name for is the nearest that is not wider.
func quoteRuleName(p store.InteractionPolicy) string {
	rule := p.Rule(store.DeedQuote)
	switch {
	case !rule.Said, rule.Always&store.CircleEveryone != 0:
		return "public"
	case rule.Always&store.CircleFollowers != 0:
		return "followers"
	}
	return "nobody"
}
