package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/templates"
)

// filterPlaces are the places in which filters act, as the form names them.
var filterPlaces = []struct {
	name  string
	place store.FilterContexts
}{
	{"home", store.FilterHome}, {"notifications", store.FilterNotifications}, {"public", store.FilterPublic},
	{"thread", store.FilterThread}, {"account", store.FilterAccount},
}

// filterActions are what a filter does, as the form names it, by store.FilterAction.
var filterActions = []string{"warn", "hide", "blur"}

// filterTimes are how long a filter may last; 0 is for good.
var filterTimes = map[string]time.Duration{"ever": 0, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour}

// showFilters is /settings/filters.
func (s *Server) showFilters(w http.ResponseWriter, r *request) error {
	filters, err := s.db.Filters(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p := templates.FiltersPage{Frame: s.frame(r)}
	for _, f := range filters {
		row := templates.FilterRow{ID: f.ID, Title: f.Title, Posts: len(f.Posts), Action: filterActions[f.Action]}
		for _, phrase := range f.Phrases {
			row.Phrases = append(row.Phrases, phrase.Text)
		}
		if !f.ExpiresAt.IsZero() {
			row.Until, row.Ended = s.moment(r, f.ExpiresAt), !s.now().Before(f.ExpiresAt)
		}
		p.Filters = append(p.Filters, row)
	}
	return s.render(w, r, http.StatusOK, p)
}

// showNewFilter is /settings/filters/new.
func (s *Server) showNewFilter(w http.ResponseWriter, r *request) error {
	form := templates.FilterForm{Whole: true, Action: "warn", Until: "ever", Contexts: filterTicks(store.FilterHome | store.FilterNotifications | store.FilterPublic | store.FilterThread)}
	return s.renderFilter(w, r, http.StatusOK, templates.FilterPage{Form: form})
}

func filterTicks(on store.FilterContexts) []templates.Ticked {
	ticks := make([]templates.Ticked, len(filterPlaces))
	for i, p := range filterPlaces {
		ticks[i] = templates.Ticked{Value: p.name, On: on&p.place != 0}
	}
	return ticks
}

func (s *Server) renderFilter(w http.ResponseWriter, r *request, status int, p templates.FilterPage, errs ...templates.FieldError) error {
	p.Frame = s.frame(r)
	p.Errors = errs
	p.Filled = r.form.Get("seen")
	if p.ID != 0 && (p.Filled == "" || status == http.StatusConflict) {
		saved, err := s.db.Filter(r.Context(), r.viewerID(), p.ID)
		if err != nil {
			return err
		}
		p.Filled = seenOf(filterTexts(s.filterForm(r, saved), p.Form))
	}
	return s.render(w, r, status, p)
}

// filterOfPath is the viewer's own filter that a path names.
func (s *Server) filterOfPath(r *request) (*store.Filter, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Filter(r.Context(), r.viewerID(), id)
}

// showFilter is /settings/filters/{id}.
func (s *Server) showFilter(w http.ResponseWriter, r *request) error {
	if r.param("id") == "new" {
		return s.showNewFilter(w, r)
	}
	f, err := s.filterOfPath(r)
	if err != nil {
		return err
	}
	return s.renderFilter(w, r, http.StatusOK, templates.FilterPage{ID: f.ID, Form: s.filterForm(r, f)})
}

// filterForm is the form as a stored filter fills it.
func (s *Server) filterForm(r *request, f *store.Filter) templates.FilterForm {
	form := templates.FilterForm{Title: f.Title, Action: filterActions[f.Action], Until: "ever", Contexts: filterTicks(f.Contexts)}
	if !f.ExpiresAt.IsZero() {
		form.Ends, form.Until = s.moment(r, f.ExpiresAt), "keep"
	}
	var phrases, patterns []string
	for _, p := range f.Phrases {
		form.Whole = form.Whole || p.WholeWord
		if p.Pattern {
			patterns = append(patterns, p.Text)
		} else {
			phrases = append(phrases, p.Text)
		}
	}
	form.Phrases, form.Patterns = strings.Join(phrases, "\n"), strings.Join(patterns, "\n")
	return form
}

// filterTexts are those of a filter's form that replace what is saved.
func filterTexts(saved, typed templates.FilterForm) []savedText {
	return []savedText{{"title", saved.Title, typed.Title}, {"phrases", saved.Phrases, typed.Phrases}, {"patterns", saved.Patterns, typed.Patterns}}
}

// readFilter reads the form into a filter. stored is what it was before, or nil.
func (s *Server) readFilter(r *request, stored *store.Filter) (form templates.FilterForm, f store.Filter, errs []templates.FieldError) {
	form = templates.FilterForm{Title: r.text("title"), Phrases: r.form.Get("phrases"), Patterns: r.form.Get("patterns"), Whole: r.on("whole"),
		Action: r.form.Get("action"), Until: r.form.Get("until")}
	f = store.Filter{Title: form.Title, Action: store.FilterAction(slices.Index(filterActions, form.Action))}
	for _, p := range filterPlaces {
		if slices.Contains(r.form["contexts"], p.name) {
			f.Contexts |= p.place
		}
	}
	form.Contexts = filterTicks(f.Contexts)
	f.Phrases = append(phrasesOf(form.Phrases, form.Whole, false), phrasesOf(form.Patterns, false, true)...)
	if stored != nil {
		f.ID = stored.ID
		keepPhrases(&f, stored)
	}
	lasts, ok := filterTimes[form.Until]
	switch {
	case form.Until == "keep" && stored != nil:
		f.ExpiresAt = stored.ExpiresAt
	case !ok:
		errs = append(errs, mistake("until", "settings.choose"))
	case lasts > 0:
		f.ExpiresAt = s.now().Add(lasts)
	}
	if stored != nil && !stored.ExpiresAt.IsZero() {
		form.Ends = s.moment(r, stored.ExpiresAt)
	}
	if form.Title == "" {
		errs = append(errs, mistake("title", "input.name"))
	}
	if len(f.Phrases) == 0 && (stored == nil || len(stored.Posts) == 0) {
		errs = append(errs, mistake("phrases", "filters.no_words"))
	}
	return form, f, errs
}

// phrasesOf are the lines of a field.
func phrasesOf(text string, whole, pattern bool) (list []store.FilterPhrase) {
	for l := range strings.Lines(text) {
		if l = oneLine(l); l != "" {
			list = append(list, store.FilterPhrase{Text: l, WholeWord: whole, Pattern: pattern})
		}
	}
	return list
}

// keepPhrases gives the phrases that a stored filter had already their ids.
func keepPhrases(f, stored *store.Filter) {
	ids := map[string]int64{}
	for _, p := range stored.Phrases {
		ids[p.Text+strconv.FormatBool(p.Pattern)] = p.ID
	}
	for i := range f.Phrases {
		key := f.Phrases[i].Text + strconv.FormatBool(f.Phrases[i].Pattern)
		f.Phrases[i].ID = ids[key]
		delete(ids, key) // a line written twice is two phrases
	}
}

// createFilter is POST /settings/filters.
func (s *Server) createFilter(w http.ResponseWriter, r *request) error {
	return s.saveFilter(w, r, nil)
}

// updateFilter is POST /settings/filters/{id}.
func (s *Server) updateFilter(w http.ResponseWriter, r *request) error {
	stored, err := s.filterOfPath(r)
	if err != nil {
		return err
	}
	return s.saveFilter(w, r, stored)
}

// saveFilter stores the form, or, with try=1, shows what it would find.
func (s *Server) saveFilter(w http.ResponseWriter, r *request, stored *store.Filter) error {
	form, f, errs := s.readFilter(r, stored)
	p := templates.FilterPage{ID: f.ID, Form: form}
	if len(errs) > 0 {
		return s.renderFilter(w, r, http.StatusUnprocessableEntity, p, errs...)
	}
	if stored != nil && !r.on("try") {
		if errs := r.changed(filterTexts(s.filterForm(r, stored), form)); errs != nil {
			return s.renderFilter(w, r, http.StatusConflict, p, errs...)
		}
	}
	var err error
	switch {
	case r.on("try"):
		if err = s.tryFilter(r, &p, f); err == nil {
			return s.renderFilter(w, r, http.StatusOK, p)
		}
	case stored == nil:
		err = s.db.CreateFilter(r.Context(), r.viewerID(), &f)
	default:
		err = s.db.UpdateFilter(r.Context(), r.viewerID(), &f)
	}
	if errs := inputMistakes(err); errs != nil {
		return s.renderFilter(w, r, http.StatusUnprocessableEntity, p, errs...)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/filters")
}

func (s *Server) tryFilter(r *request, p *templates.FilterPage, f store.Filter) error {
	found, of, err := s.db.PreviewFilter(r.Context(), r.viewerID(), f)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p.Tried, p.Of = true, of
	for _, v := range found {
		p.Found = append(p.Found, c.post(v))
	}
	return nil
}

// showFilterDelete asks first: /settings/filters/{id}/delete.
func (s *Server) showFilterDelete(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := s.db.Filter(r.Context(), r.viewerID(), id)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("filters.delete_title", "name", f.Title), Body: []templates.Msg{templates.M("filters.delete_text")},
		Action: r.URL.Path, Button: "filters.delete_do", Danger: true, Cancel: "/settings/filters",
	})
}

// deleteFilter is POST /settings/filters/{id}/delete.
func (s *Server) deleteFilter(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteFilter(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	return s.backWith(w, r, "/settings/filters", "flash.filter_deleted")
}
