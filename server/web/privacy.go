package web

import (
	"errors"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showPrivacySettings is /settings/privacy: who finds a member, what others see
// of them, and who may do what.
func (s *Server) showPrivacySettings(w http.ResponseWriter, r *request) error {
	policy, err := s.db.NotificationPolicy(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	a := r.viewer.Account
	return s.renderPrivacySettings(w, r, http.StatusOK, templates.PrivacyForm{
		Lock: a.Locked, Discoverable: a.Discoverable, Indexable: a.Indexable,
		HideFollows: a.HidesNetwork, HideCounts: a.HidesCounts, HidePosts: a.HidesPosts,
		Messages: policy.MessageRule().String(), Policy: policyFields(r.viewer.Preferences.Policy),
	})
}

func (s *Server) renderPrivacySettings(w http.ResponseWriter, r *request, status int, form templates.PrivacyForm, errs ...templates.FieldError) error {
	p := templates.PrivacySettingsPage{Frame: s.frame(r), Form: form}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// updatePrivacySettings saves it.
func (s *Server) updatePrivacySettings(w http.ResponseWriter, r *request) error {
	policy := readPolicy(r, r.viewer.Preferences.Policy)
	form := templates.PrivacyForm{
		Lock: r.on("lock"), Discoverable: r.on("discoverable"), Indexable: r.on("indexable"),
		HideFollows: r.on("hide_follows"), HideCounts: r.on("hide_counts"), HidePosts: r.on("hide_posts"),
		Messages: r.form.Get("messages"), Policy: policyFields(policy),
	}
	rule, err := store.ParseMessageRule(form.Messages)
	if err != nil {
		return s.renderPrivacySettings(w, r, http.StatusUnprocessableEntity, form, mistake("messages", "settings.choose"))
	}
	err = s.db.ChangePrivacy(r.Context(), r.viewerID(), store.PrivacyChange{
		Locked: &form.Lock, Discoverable: &form.Discoverable, Indexable: &form.Indexable,
		HidesNetwork: &form.HideFollows, HidesCounts: &form.HideCounts, HidesPosts: &form.HidePosts,
		Messages: &rule, Policy: &policy,
	})
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/privacy")
}

// altRuleOf reads the choice for pictures without a description.
func altRuleOf(text string) (store.AltRule, error) {
	switch rule := store.AltRule(text); rule {
	case store.AltRemind, store.AltRequire, store.AltOff:
		return rule, nil
	}
	if text == "usual" {
		return store.AltUsual, nil
	}
	return "", errors.New("unknown rule for pictures without a description")
}
