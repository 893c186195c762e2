package web

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// tidyDays are the ages at which posts can delete themselves.
var tidyDays = []string{"0", "7", "14", "30", "60", "90", "180", "365", "730"}

func tidyChoices(now string) []templates.Choice {
	var list []templates.Choice
	for _, d := range tidyDays {
		list = append(list, templates.Choice{Value: d, Label: "tidy.days_" + d})
	}
	if n, err := strconv.Atoi(now); err == nil && n > 0 && !offered(list, now) {
		list = append(list, templates.Choice{Value: now, Text: now}) // chosen elsewhere
	}
	return list
}

// showPosting is /settings/posting: what new posts start with, and which old
// ones are deleted.
func (s *Server) showPosting(w http.ResponseWriter, r *request) error {
	p := r.viewer.Preferences
	rules, err := s.db.Tidying(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	return s.renderPosting(w, r, http.StatusOK, templates.PostingForm{
		Visibility: p.Visibility.String(), Lang: p.Language, Format: string(p.Format), Warning: p.Warning, Sensitive: p.Sensitive, AskBoost: p.AskBoost, ShowApp: p.ShowApp, Alt: orElse(string(p.Alt), "usual"),
		Days: strconv.Itoa(rules.Days), Pinned: rules.KeepPinned, Favourited: rules.KeepFavourited, Bookmarked: rules.KeepBookmarked,
		Media: rules.KeepMedia, Polls: rules.KeepPolls, Direct: rules.KeepDirect,
		MinFavourites: countText(rules.MinFavourites), MinBoosts: countText(rules.MinBoosts),
	})
}

// countText is a number as the form has it: 0 is an empty field.
func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (s *Server) renderPosting(w http.ResponseWriter, r *request, status int, form templates.PostingForm, errs ...templates.FieldError) error {
	p := templates.PostingPage{Frame: s.frame(r), Form: form, Visibilities: visibilityChoices(), Languages: languageChoices(), Ages: tidyChoices(form.Days)}
	p.Errors = errs
	var err error
	if p.Described, p.Files, err = s.db.AltFigure(r.Context(), r.viewerID()); err != nil {
		return err
	}
	return s.render(w, r, status, p)
}

// updatePosting saves it.
func (s *Server) updatePosting(w http.ResponseWriter, r *request) error {
	form := templates.PostingForm{
		Visibility: r.form.Get("visibility"), Lang: r.form.Get("lang"), Format: r.form.Get("format"), Warning: r.text("cw"), Sensitive: r.on("sensitive"), AskBoost: r.on("ask_boost"), ShowApp: r.on("show_app"), Alt: orElse(r.form.Get("alt"), "usual"),
		Days: r.form.Get("days"), Pinned: r.on("keep_pinned"), Favourited: r.on("keep_favourited"), Bookmarked: r.on("keep_bookmarked"),
		Media: r.on("keep_media"), Polls: r.on("keep_polls"), Direct: r.on("keep_direct"),
		MinFavourites: r.text("min_favourites"), MinBoosts: r.text("min_boosts"),
	}
	preferences, errs := postingPreferences(r.viewer.Preferences, form)
	rules, mistakes := tidyingOf(form)
	if errs = append(errs, mistakes...); len(errs) > 0 {
		return s.renderPosting(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	before, err := s.db.Tidying(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	if rules != before {
		err = s.db.SetTidying(r.Context(), r.viewerID(), rules)
	}
	var bad *store.InputError
	if errors.As(err, &bad) {
		return s.renderPosting(w, r, http.StatusUnprocessableEntity, form, mistake(bad.Field, "settings.choose"))
	}
	if err := errors.Join(err, s.db.SetPreferences(r.Context(), r.viewerID(), preferences)); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/posting")
}

// maxUsualWarning bounds, in characters, the warning that posts begin with.
const maxUsualWarning = 200

// postingPreferences puts what new posts start with into the preferences. What
// the form does not offer can't be chosen.
func postingPreferences(p store.Preferences, form templates.PostingForm) (_ store.Preferences, errs []templates.FieldError) {
	v, err := store.ParseVisibility(form.Visibility)
	if err != nil {
		errs = append(errs, mistake("visibility", "settings.choose"))
	}
	if !offered(languageChoices(), form.Lang) {
		errs = append(errs, mistake("lang", "settings.choose"))
	}
	if content.Count(form.Warning) > maxUsualWarning {
		errs = append(errs, mistake("cw", "error.cw_long"))
	}
	if p.Alt, err = altRuleOf(form.Alt); err != nil {
		errs = append(errs, mistake("alt", "settings.choose"))
	}
	p.Visibility, p.Language, p.Format = v, form.Lang, content.Plain
	if form.Format == string(content.Markdown) {
		p.Format = content.Markdown
	}
	p.Warning, p.Sensitive, p.AskBoost, p.ShowApp = form.Warning, form.Sensitive, form.AskBoost, form.ShowApp
	return p, errs
}

// tidyingOf reads the rules for old posts.
func tidyingOf(form templates.PostingForm) (rules store.Tidying, errs []templates.FieldError) {
	rules = store.Tidying{KeepPinned: form.Pinned, KeepFavourited: form.Favourited, KeepBookmarked: form.Bookmarked,
		KeepMedia: form.Media, KeepPolls: form.Polls, KeepDirect: form.Direct}
	for _, f := range []struct {
		field, text string
		to          *int
	}{{"days", form.Days, &rules.Days}, {"min_favourites", form.MinFavourites, &rules.MinFavourites}, {"min_boosts", form.MinBoosts, &rules.MinBoosts}} {
		n, err := strconv.Atoi(cmp.Or(f.text, "0"))
		if err != nil || n < 0 {
			errs = append(errs, mistake(f.field, "settings.choose"))
		}
		*f.to = n
	}
	return rules, errs
}

// askToBoost sends members who want to be asked to the page that does, before
// they boost.
func (s *Server) askToBoost(boost handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if r.viewer.Preferences.AskBoost && r.on("on") && !r.on("sure") {
			return redirect(w, r, "/posts/"+r.param("id")+"/boost")
		}
		return boost(w, r)
	}
}

// showBoost asks before a post is boosted, and for whom.
func (s *Server) showBoost(w http.ResponseWriter, r *request) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	if !store.MayBoost(v.Post, r.viewerID()) {
		return refuse(http.StatusForbidden, "post.no_boost")
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	post := c.post(v)
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Circles: circlesOfBoost(v.Visibility), Title: templates.M("confirm.boost"), Action: "/posts/" + strconv.FormatInt(v.ID, 10) + "/boost", Button: "confirm.boost_do",
		Cancel: v.Path(), Post: &post, Hidden: []templates.Pair{{Name: "on", Value: "1"}, {Name: "sure", Value: "1"}},
	})
}

// circlesOfBoost are those for whom a post may be boosted, or nil if there is
// nothing to choose.
func circlesOfBoost(v store.Visibility) []templates.Choice {
	if v >= store.Followers {
		return nil
	}
	var list []templates.Choice
	for ; v <= store.Followers; v++ {
		list = append(list, templates.Choice{Value: v.String(), Label: "visibility." + v.String() + ".name"})
	}
	return list
}
