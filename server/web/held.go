package web

import (
	"errors"
	"net/http"
	"slices"

	"seedling/store"
	"seedling/templates"
)

// showHeld is /notifications/filtered: people whom the member's policy holds
// back, with what they did.
func (s *Server) showHeld(w http.ResponseWriter, r *request) error {
	page, err := s.db.NotificationRequests(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.HeldPage{Frame: s.frame(r), Pager: r.links(page.Older, page.Newer)}
	for _, held := range page.Requests {
		row := templates.HeldRow{ID: held.ID, From: templates.AccountCard{Account: c.account(held.From)}, Count: held.Count, At: c.moment(held.UpdatedAt)}
		if held.Last != nil {
			row.Excerpt, row.URL = excerptOf(held.Last), held.Last.Path()
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, http.StatusOK, p)
}

// answerHeld is POST /notifications/filtered, with accept or dismiss.
func (s *Server) answerHeld(w http.ResponseWriter, r *request) error {
	for _, answer := range []struct {
		field, flash string
		do           func(id int64) error
	}{
		{"accept", "flash.held_accepted", func(id int64) error {
			return s.db.AcceptNotificationRequests(r.Context(), r.viewerID(), []int64{id})
		}},
		{"dismiss", "flash.held_dismissed", func(id int64) error {
			return s.db.DismissNotificationRequests(r.Context(), r.viewerID(), []int64{id})
		}},
	} {
		id := positive(r.form.Get(answer.field))
		if id == 0 {
			continue
		}
		if _, err := s.db.NotificationRequest(r.Context(), r.viewerID(), id); errors.Is(err, store.ErrNotFound) {
			return refuse(http.StatusNotFound, "error.held_gone") // a second press too: there is nothing left to answer
		} else if err != nil {
			return err
		}
		if err := answer.do(id); err != nil {
			return err
		}
		return s.backWith(w, r, "/notifications/filtered", answer.flash)
	}
	return store.ErrNotFound
}

// verdictNames is how forms call what a policy does, in the store's order.
var verdictNames = []string{"accept", "filter", "drop"}

// policyRules are the rules about strangers, as forms call them.
func policyRules(p *store.NotificationPolicy) []struct {
	name    string
	verdict *store.NotificationVerdict
} {
	return []struct {
		name    string
		verdict *store.NotificationVerdict
	}{
		{"not_following", &p.NotFollowing}, {"not_followers", &p.NotFollowers},
		{"new_accounts", &p.NewAccounts}, // of private posts: see /settings/privacy
	}
}

// showNotificationSettings is /settings/notifications.
func (s *Server) showNotificationSettings(w http.ResponseWriter, r *request) error {
	policy, err := s.db.NotificationPolicy(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p := templates.NotificationSettingsPage{Frame: s.frame(r)}
	for _, k := range kindsFor(r.viewer) {
		p.Kinds = append(p.Kinds, templates.KindRow{Kind: k.String(), Page: !slices.Contains(policy.Off, k), Push: !slices.Contains(policy.NoPush, k)})
	}
	for _, rule := range policyRules(&policy) {
		p.Policy = append(p.Policy, templates.PolicyRow{Name: rule.name, Value: verdictNames[*rule.verdict]})
	}
	return s.renderNotificationSettings(w, r, http.StatusOK, p)
}

// updateNotificationSettings saves it. What the page does not show stays.
func (s *Server) updateNotificationSettings(w http.ResponseWriter, r *request) error {
	policy, err := s.db.NotificationPolicy(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p := templates.NotificationSettingsPage{Frame: s.frame(r)}
	policy.Off, policy.NoPush = nil, nil
	for _, k := range kindsFor(r.viewer) {
		row := templates.KindRow{Kind: k.String(), Page: slices.Contains(r.form["page"], k.String()), Push: slices.Contains(r.form["push"], k.String())}
		if !row.Page {
			policy.Off = append(policy.Off, k)
		}
		if !row.Push {
			policy.NoPush = append(policy.NoPush, k)
		}
		p.Kinds = append(p.Kinds, row)
	}
	for _, rule := range policyRules(&policy) {
		value := r.form.Get(rule.name)
		*rule.verdict = store.NotificationVerdict(slices.Index(verdictNames, value))
		if *rule.verdict < 0 {
			p.Errors = append(p.Errors, mistake(rule.name, "settings.choose"))
		}
		p.Policy = append(p.Policy, templates.PolicyRow{Name: rule.name, Value: value})
	}
	if len(p.Errors) > 0 {
		return s.renderNotificationSettings(w, r, http.StatusUnprocessableEntity, p)
	}
	if err := s.db.SetNotificationPolicy(r.Context(), r.viewerID(), policy); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.told_saved")})
	return redirect(w, r, "/settings/notifications")
}
