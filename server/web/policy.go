package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// policyChoices are for whom a deed may be without asking, as forms write it.
var policyChoices = []struct {
	value, label string
	circle       store.Circle
}{
	{"everyone", "policy.everyone", store.CircleEveryone}, {"followers", "policy.followers", store.CircleFollowers}, {"mentioned", "policy.mentioned", store.CircleNamed}, {"nobody", "policy.nobody", 0},
}

// policyFields are the fields of a form for who may do what with a post.
func policyFields(p store.InteractionPolicy) []templates.PolicyField {
	var list []templates.PolicyField
	for _, d := range store.Deeds {
		rule := p.Rule(d)
		f := templates.PolicyField{Name: d.String(), Value: "everyone", Ask: rule.Ask != 0}
		for _, c := range policyChoices {
			f.Choices = append(f.Choices, templates.Choice{Value: c.value, Label: c.label})
			if rule.Said && rule.Always == c.circle {
				f.Value = c.value
			}
		}
		list = append(list, f)
	}
	return list
}

// readPolicy takes the fields of such a form: a deed that has none, as in the short
// composer, stays as it was, and what is unknown is for
// everyone. "Others may ask" means all whom the choice leaves out.
func readPolicy(r *request, p store.InteractionPolicy) store.InteractionPolicy {
	for _, d := range store.Deeds {
		if !r.form.Has("may_" + d.String()) {
			continue
		}
		p = p.With(d, store.Rule{})
		for _, c := range policyChoices {
			if r.form.Get("may_"+d.String()) != c.value || c.circle == store.CircleEveryone {
				continue
			}
			rule := store.Rule{Said: true, Always: c.circle}
			if r.form.Get("ask_"+d.String()) == "1" {
				rule.Ask = store.CircleEveryone
			}
			p = p.With(d, rule)
		}
	}
	return p
}

// showPolicy is /posts/{id}/policy: who may do what with a member's own post,
// and what they approved of.
func (s *Server) showPolicy(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	stamps, err := s.db.Stamps(r.Context(), r.viewerID(), v.ID)
	if err != nil {
		return err
	}
	p := templates.PolicyPage{Frame: s.frame(r), Post: c.post(v), Fields: policyFields(v.Policy)}
	p.NoIndex = true
	for _, stamp := range stamps {
		p.Stamps = append(p.Stamps, templates.PolicyStamp{ID: stamp.ID, Deed: stamp.Deed.String(), URI: webAddress(stamp.QuotingURI), Text: stamp.QuotingURI})
	}
	return s.render(w, r, http.StatusOK, p)
}

// setPolicy is POST /posts/{id}/policy.
func (s *Server) setPolicy(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.SetPolicy(r.Context(), r.viewerID(), id, readPolicy(r, 0)); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.policy")})
	return back(w, r, id, r.viewer.Account.Path())
}

// revokeStamp is POST /posts/{id}/revoke stamp: the post is that of the path
// back, the store knows whose the approval is.
func (s *Server) revokeStamp(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RevokeStamp(r.Context(), r.viewerID(), positive(r.form.Get("stamp"))); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.revoked")})
	return back(w, r, id, r.viewer.Account.Path())
}

// askedPerPage is how many requests a page shows, the longest waiting first. The
// rest moves up as they are answered.
const askedPerPage = 30

// showAsked is /interactions: what waits for the member's answer.
func (s *Server) showAsked(w http.ResponseWriter, r *request) error {
	list, err := s.db.Requests(r.Context(), r.viewerID(), 0, askedPerPage)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.AskedPage{Frame: s.frame(r)}
	p.NoIndex = true
	var from []*store.Account
	for _, q := range list {
		from = append(from, q.From)
	}
	c.meet(from...)
	for _, q := range list {
		row := templates.Asked{ID: q.ID, Deed: q.Deed.String(), From: c.account(q.From), At: c.moment(q.CreatedAt), Post: c.post(q.Post)}
		if q.Made != nil {
			made := c.post(q.Made)
			row.Made = &made
		} else if q.Deed == store.DeedQuote {
			row.Away = webAddress(q.URI)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, http.StatusOK, p)
}

// answerAsked is POST /interactions/{id}/accept and reject.
func (s *Server) answerAsked(accept bool) handler {
	return func(w http.ResponseWriter, r *request) error {
		id, err := r.id("id")
		if err != nil {
			return err
		}
		if err := s.db.AnswerRequest(r.Context(), r.viewerID(), id, accept); err != nil {
			return err
		}
		flash := "flash.asked_no"
		if accept {
			flash = "flash.asked_yes"
		}
		s.flash(w, templates.Flash{Msg: templates.M(flash)})
		return redirect(w, r, "/interactions")
	}
}

// approvalWord says what of a reply's approval its card tells.
func approvalWord(v *store.PostView) string {
	switch {
	case v.Approval == store.ApprovalWaiting && v.OnVideo:
		return "waiting_video"
	case v.Approval == store.ApprovalRefused && v.OnVideo:
		return "refused_video"
	case v.Approval == store.ApprovalWaiting:
		return "waiting"
	case v.Approval == store.ApprovalRefused:
		return "refused"
	case v.Approval == store.ApprovalUnproven:
		return "unproven"
	}
	return ""
}

// permissions says on a card what its author keeps for some, and what waits.
func (c *cards) permissions(p *templates.Post, v *store.PostView) {
	p.Approval = approvalWord(v)
	p.NoReply = v.Verdict(store.DeedReply) == store.Refused
	p.NoFavourite = v.Verdict(store.DeedFavourite) == store.Refused && !v.Favourited
	p.NoReaction = v.Verdict(store.DeedFavourite) != store.Permitted && !v.Favourited
	p.NoBoostRule = v.Verdict(store.DeedBoost) == store.Refused && !v.Boosted
	p.WaitingBoost, p.WaitingFavourite = v.Waits(store.DeedBoost), v.Waits(store.DeedFavourite)
}
