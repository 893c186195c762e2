package vocab

import (
	"cmp"
	"slices"
	"strings"

	"seedling/store"
)

// deedWords are the names of a deed on the wire: what GoToSocial's interaction
// controls and FEP-044f call its rule, its request and its approval, the
// property of a post that holds the approval, and what Pixelfed calls it.
type deedWords struct{ can, request, authorization, property, capability string }

var deeds = map[store.Deed]deedWords{
	store.DeedReply:     {"canReply", "ReplyRequest", "ReplyAuthorization", "replyAuthorization", "reply"},
	store.DeedBoost:     {"canAnnounce", "AnnounceRequest", "AnnounceAuthorization", "announceAuthorization", "announce"},
	store.DeedFavourite: {"canLike", "LikeRequest", "LikeAuthorization", "likeAuthorization", "like"},
	store.DeedQuote:     {"canQuote", "QuoteRequest", "QuoteAuthorization", "quoteAuthorization", ""},
}

// oldApproval is what GoToSocial called an approval before 0.20.
func (w deedWords) oldApproval() string {
	return strings.TrimSuffix(w.authorization, "Authorization") + "Approval"
}

// RequestedDeed is the deed that an activity of some type asks for.
func RequestedDeed(activityType string) (d store.Deed, ok bool) {
	for d, w := range deeds {
		if w.request == activityType {
			return d, true
		}
	}
	return 0, false
}

// policy reads who may reply to, boost, favourite and quote o: the
// interactionPolicy of GoToSocial, WordPress and Mastodon, else Pixelfed's
// capabilities, else the switch for comments of Pixelfed and PeerTube.
func (o *Object) policy(followersURI string) store.InteractionPolicy {
	var p store.InteractionPolicy
	if said := o.Value.Child("interactionPolicy"); said != nil {
		for _, d := range []store.Deed{store.DeedReply, store.DeedBoost, store.DeedFavourite} {
			if can := said.Child(deeds[d].can); can != nil {
				p = p.With(d, o.rule(can, followersURI))
			}
		}
		if can := said.Child(deeds[store.DeedQuote].can); can != nil {
			p = p.With(store.DeedQuote, o.quoteRule(can, followersURI))
		}
		return p.WithProof()
	}
	if able := o.Value.Child("capabilities"); able != nil {
		for _, d := range []store.Deed{store.DeedReply, store.DeedBoost, store.DeedFavourite} {
			if able.Has(deeds[d].capability) {
				p = p.With(d, store.Rule{Said: true, Always: o.circles(able.recipients(deeds[d].capability), followersURI)})
			}
		}
	}
	if rule := o.comments(); rule.Said {
		p = p.With(store.DeedReply, rule)
	}
	return p
}

// PeerTube's commentsPolicy since 6.2; 1 is everybody.
const (
	peerTubeDisabled = 2
	peerTubeApproved = 3 // comments are held for review, and answered by ApproveReply
)

// comments reads the switches for comments of PeerTube and Pixelfed.
func (o *Object) comments() store.Rule {
	if n, ok := o.Value.Int("commentsPolicy"); ok {
		switch n {
		case peerTubeDisabled:
			return store.Rule{Said: true}
		case peerTubeApproved:
			return store.Rule{Said: true, Ask: store.CircleEveryone}
		}
		return store.Rule{}
	}
	for _, key := range []string{"commentsEnabled", "canReply"} {
		if v, ok := o.Value.Flag(key); ok && !v {
			return store.Rule{Said: true}
		}
	}
	return store.Rule{}
}

// Authorization is the address of the approval that a reply, a Like or an
// Announce shows: in the word of its deed, or in GoToSocial's older one for all.
func (v *Value) Authorization(d store.Deed) string {
	return cmp.Or(v.URI(deeds[d].property), v.URI("approvedBy"))
}

// Flag gives a boolean, or ok false if there is none.
func (v *Value) Flag(key string) (value, ok bool) {
	return v.Bool(key), v.Text(key) != "" || v.isFlag(key)
}

func (v *Value) isFlag(key string) bool {
	for e := range v.all(key) {
		return e.node().kind == kindTrue || e.node().kind == kindFalse
	}
	return false
}

// rule reads a sub-policy in its new and old spelling. One that names nobody but
// the author, or nobody at all, is for nobody; {} says nothing.
func (o *Object) rule(can *Value, followersURI string) store.Rule {
	always := append(can.recipients("automaticApproval"), can.recipients("always")...)
	ask := append(can.recipients("manualApproval"), can.recipients("approvalRequired")...)
	said := len(always)+len(ask) > 0
	return store.Rule{Said: said, Always: o.circles(always, followersURI), Ask: o.circles(ask, followersURI)}
}

// circles sorts the people of a rule. Those who are named one by one are kept
// as "whom the post mentions": servers name no others.
func (o *Object) circles(uris []string, followersURI string) (c store.Circle) {
	author := o.Author().ID
	for _, uri := range uris {
		switch {
		case uri == Public:
			c |= store.CircleEveryone
		case uri == followersURI && uri != "":
			c |= store.CircleFollowers
		case uri == author:
		case slices.Contains(o.Addressed(), uri):
			c |= store.CircleNamed
		}
	}
	return c
}

// policyDoc is who may do what with a post of ours, in the words of FEP-044f
// (Mastodon) and of GoToSocial, with those of its older versions beside them.
type policyDoc struct {
	policy                       store.InteractionPolicy
	visibility                   store.Visibility
	author, followers, following string
	mentions                     []string
}

func policyOf(v *store.PostView, mentioned []*store.Account) *policyDoc {
	d := &policyDoc{policy: v.Policy, visibility: v.Visibility, author: v.Author.URI, followers: v.Author.FollowersURI, following: v.Author.FollowingURI}
	for _, a := range mentioned {
		d.mentions = append(d.mentions, a.URI)
	}
	return d
}

func (p *policyDoc) build() tree {
	m := tree{}
	for d, w := range deeds {
		rule := p.policy.Rule(d)
		private := p.visibility > store.Unlisted
		if !rule.Said {
			if private && d != store.DeedQuote { // nothing in it is to name Public
				continue
			}
			rule.Always = store.CircleEveryone
		}
		always, ask := p.people(d, rule.Always), p.people(d, rule.Ask)
		if private && d == store.DeedQuote {
			always, ask = nil, nil
		}
		if !slices.Contains(always, any(Public)) {
			always = append([]any{p.author}, always...)
		}
		can := tree{"automaticApproval": always, "manualApproval": ask}
		if d != store.DeedQuote { // as GoToSocial called them before 0.20
			can["always"], can["approvalRequired"] = always, ask
		}
		m[w.can] = can
	}
	return m
}

// people writes a circle. Whom a post names may always answer it, and its
// document says so (GoToSocial).
func (p *policyDoc) people(d store.Deed, c store.Circle) []any {
	list := []any{}
	if c&store.CircleEveryone != 0 {
		return append(list, Public)
	}
	if c&store.CircleFollowers != 0 && p.followers != "" {
		list = append(list, p.followers)
	}
	if c&store.CircleFollowing != 0 && p.following != "" {
		list = append(list, p.following)
	}
	if c&store.CircleNamed != 0 {
		for _, uri := range p.mentions {
			list = append(list, uri)
		}
	}
	return list
}
