package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// profileRows is how many lines of a profile's table the form has.
const profileRows = 8

// showProfileSettings is /settings/profile.
func (s *Server) showProfileSettings(w http.ResponseWriter, r *request) error {
	a := r.viewer.Account
	form := templates.ProfileForm{
		DisplayName: a.DisplayName, Bio: a.BioSource, Format: string(a.BioFormat),
		Bot: a.Bot,
	}
	for _, f := range a.Fields {
		form.Fields = append(form.Fields, templates.Pair{Name: f.Name, Value: f.Text})
	}
	if err := s.fillReach(r, &form); err != nil {
		return err
	}
	return s.renderProfileSettings(w, r, http.StatusOK, form)
}

func (s *Server) renderProfileSettings(w http.ResponseWriter, r *request, status int, form templates.ProfileForm, errs ...templates.FieldError) error {
	for len(form.Fields) < profileRows {
		form.Fields = append(form.Fields, templates.Pair{})
	}
	p := templates.ProfileSettingsPage{Frame: s.frame(r), Form: form, Pictures: s.pictureForms(r)}
	p.Errors = errs
	p.Filled = orElse(form.Seen, seenOf(profileTexts(r.viewer.Account, form)))
	return s.render(w, r, status, p)
}

// profileTexts are what a profile says in words.
func profileTexts(a *store.Account, form templates.ProfileForm) []savedText {
	var saved, typed []string
	for _, f := range a.Fields {
		saved = append(saved, f.Name+": "+f.Text)
	}
	for _, f := range form.Fields {
		if f != (templates.Pair{}) {
			typed = append(typed, f.Name+": "+f.Value)
		}
	}
	return []savedText{{"display_name", a.DisplayName, form.DisplayName}, {"bio", a.BioSource, form.Bio}, {"fields", strings.Join(saved, "\n"), strings.Join(typed, "\n")}}
}

// visibilityChoices are who can see a post, each with its sentence.
func visibilityChoices() []templates.Choice {
	var list []templates.Choice
	for v := store.Public; v <= store.LocalOnly; v++ {
		key := "visibility." + v.String()
		list = append(list, templates.Choice{Value: v.String(), Label: key + ".name", Hint: key + ".text"})
	}
	return list
}

// updateProfile saves /settings/profile.
func (s *Server) updateProfile(w http.ResponseWriter, r *request) error {
	form := templates.ProfileForm{
		DisplayName: r.text("display_name"), Bio: strings.TrimSpace(r.form.Get("bio")), Fields: r.profileFields(),
		Format: string(r.format()), Bot: r.on("bot"),
	}
	form.Tags, form.Sites = r.text("featured_tags"), strings.TrimSpace(r.form.Get("attribution_domains"))
	if errs := r.changed(profileTexts(r.viewer.Account, form)); errs != nil {
		return s.renderProfileSettings(w, r, http.StatusConflict, form, errs...)
	}
	form.Seen = r.form.Get("seen")
	if errs := s.savePictures(r); len(errs) > 0 {
		return s.renderProfileSettings(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	err := s.saveProfile(r, form)
	var long *store.ProfileError
	if errors.As(err, &long) {
		return s.renderProfileSettings(w, r, http.StatusUnprocessableEntity, form, mistake(long.Part, profileMistake(long.Part), "n", long.Limit))
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	if r.on("check") {
		return redirect(w, r, proofPath)
	}
	return redirect(w, r, "/settings/profile")
}

func (s *Server) saveProfile(r *request, form templates.ProfileForm) error {
	if err := s.db.SetReach(r.Context(), r.viewerID(), reachOf(form)); err != nil {
		return err
	}
	p := store.Profile{DisplayName: form.DisplayName, Bio: form.Bio, BioFormat: content.Format(form.Format), Bot: form.Bot}
	for _, f := range form.Fields {
		p.Fields = append(p.Fields, store.Field{Name: f.Name, Text: f.Value})
	}
	return s.db.UpdateProfile(r.Context(), r.viewerID(), p)
}

// profileFields pairs the labels with the contents; lines left empty are
// dropped.
func (r *request) profileFields() []templates.Pair {
	var list []templates.Pair
	values := r.form["field_value"]
	for i, name := range r.form["field_name"] {
		p := templates.Pair{Name: oneLine(name)}
		if i < len(values) {
			p.Value = oneLine(values[i])
		}
		if p != (templates.Pair{}) {
			list = append(list, p)
		}
	}
	return list
}

func offered(choices []templates.Choice, value string) bool {
	for _, c := range choices {
		if c.Value == value {
			return true
		}
	}
	return false
}

// showAppearance is /settings/appearance.
func (s *Server) showAppearance(w http.ResponseWriter, r *request) error {
	return s.renderAppearance(w, r, http.StatusOK, appearanceForm(r.viewer.Preferences))
}

// appearanceForm is what was chosen, with the usual spelled out.
func appearanceForm(p store.Preferences) templates.AppearanceForm {
	form := templates.AppearanceForm{Theme: orElse(p.Theme, "auto"), Size: orElse(p.TextSize, "m"), Locale: p.Locale, Zone: orElse(p.Zone, "UTC"), Clock: "24", Still: p.Still, Cards: !p.NoLinkCards,
		Accent: orElse(p.Accent, "green"), Density: orElse(p.Density, "airy"), Lines: orElse(p.Lines, "full"), Avatars: orElse(p.Avatars, "soft"), Media: orElse(p.Media, "sensitive"),
		Underline: p.Underline, LessMotion: p.LessMotion, Contrast: p.Contrast, HideCounts: p.NoCounts, OpenWarnings: p.OpenCW, FoldBoosts: p.FoldBoosts}
	if p.HalfDayClock {
		form.Clock = "12"
	}
	return form
}

func (s *Server) renderAppearance(w http.ResponseWriter, r *request, status int, form templates.AppearanceForm, errs ...templates.FieldError) error {
	page := templates.AppearancePage{Frame: s.frame(r), Form: form, Locales: localeChoices(), Zones: zoneNames}
	page.Errors = errs
	return s.render(w, r, status, page)
}

// updateAppearance saves it. The usual choice is stored as nothing.
func (s *Server) updateAppearance(w http.ResponseWriter, r *request) error {
	form := templates.AppearanceForm{
		Accent: r.form.Get("accent"), Density: r.form.Get("density"), Lines: r.form.Get("lines"), Avatars: r.form.Get("avatars"), Media: r.form.Get("media"),
		Underline: r.on("underline"), LessMotion: r.on("less_motion"), Contrast: r.on("contrast"), HideCounts: r.on("hide_counts"), OpenWarnings: r.on("open_warnings"), FoldBoosts: r.on("fold_boosts"),
		Theme: r.form.Get("theme"), Size: r.form.Get("text_size"), Locale: r.form.Get("locale"), Zone: r.text("zone"), Clock: r.form.Get("clock"), Still: r.on("still"), Cards: r.on("link_cards"),
	}
	p, errs := appearanceOf(r.viewer.Preferences, form)
	if len(errs) > 0 {
		return s.renderAppearance(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	if err := s.db.SetPreferences(r.Context(), r.viewerID(), p); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/appearance")
}

// appearanceOf puts a form into the preferences.
func appearanceOf(p store.Preferences, form templates.AppearanceForm) (_ store.Preferences, errs []templates.FieldError) {
	p.Still, p.NoLinkCards, p.FoldBoosts = form.Still, !form.Cards, form.FoldBoosts
	choose := func(field, value, usual string, others ...string) string {
		if value != usual && !slices.Contains(others, value) {
			errs = append(errs, mistake(field, "settings.choose"))
		}
		if value == usual {
			return ""
		}
		return value
	}
	p.Theme = choose("theme", form.Theme, "auto", "light", "dark")
	p.Accent = choose("accent", form.Accent, "green", "blue", "violet", "rose", "rust", "teal")
	p.Density = choose("density", form.Density, "airy", "compact")
	p.Lines = choose("lines", form.Lines, "full", "short")
	p.Avatars = choose("avatars", form.Avatars, "soft", "round")
	p.Media = choose("media", form.Media, "sensitive", "show", "hide")
	p.Underline, p.LessMotion, p.Contrast, p.NoCounts, p.OpenCW = form.Underline, form.LessMotion, form.Contrast, form.HideCounts, form.OpenWarnings
	p.TextSize = choose("text_size", form.Size, "m", "s", "l", "xl")
	p.HalfDayClock = choose("clock", form.Clock, "24", "12") != ""
	if p.Locale = form.Locale; !offered(localeChoices(), form.Locale) {
		errs = append(errs, mistake("locale", "settings.choose"))
	}
	if p.Zone = form.Zone; p.Zone == "UTC" {
		p.Zone = ""
	}
	if _, err := store.ParseZone(p.Zone); err != nil {
		errs = append(errs, mistake("zone", "settings.no_zone"))
	}
	return p, errs
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
