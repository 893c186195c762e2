package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// emptyRules is how many empty rows the form of the rules has below the rules.
const emptyRules = 3

// showAdminRules is /admin/rules.
func (s *Server) showAdminRules(w http.ResponseWriter, r *request) error {
	rules, err := s.db.HouseRules(r.Context())
	if err != nil {
		return err
	}
	return s.renderAdminRules(w, r, http.StatusOK, rules)
}

func (s *Server) renderAdminRules(w http.ResponseWriter, r *request, status int, rules []store.HouseRule, errs ...templates.FieldError) error {
	p := templates.AdminRulesPage{Frame: s.frame(r), Rules: append(houseRules(rules), make([]templates.HouseRule, emptyRules)...)}
	p.Errors = errs
	saved, err := s.db.HouseRules(r.Context())
	if err != nil {
		return err
	}
	p.Filled = seenOf(ruleTexts(saved, nil))
	if status == http.StatusUnprocessableEntity {
		p.Filled = r.form.Get("seen")
	}
	return s.render(w, r, status, p)
}

func houseRules(rules []store.HouseRule) []templates.HouseRule {
	list := make([]templates.HouseRule, len(rules))
	for i, rule := range rules {
		list[i] = templates.HouseRule(rule)
	}
	return list
}

// updateAdminRules is POST /admin/rules: rows of text, hint and place.
func (s *Server) updateAdminRules(w http.ResponseWriter, r *request) error {
	rules := r.houseRules()
	saved, err := s.db.HouseRules(r.Context())
	if err != nil {
		return err
	}
	if errs := r.changed(ruleTexts(saved, rules)); errs != nil {
		return s.renderAdminRules(w, r, http.StatusConflict, rules, errs...)
	}
	err = s.db.SetHouseRules(r.Context(), rules)
	var wrong *store.InputError
	if errors.As(err, &wrong) {
		m := mistake("", "houserules.too_long", "n", wrong.Limit)
		switch {
		case wrong.Problem == store.InputMany:
			m = mistake("", "houserules.too_many", "n", wrong.Limit)
		case wrong.Problem == store.InputEmpty:
			m = mistake("", "houserules.no_text")
		}
		return s.renderAdminRules(w, r, http.StatusUnprocessableEntity, rules, m)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/admin/rules")
}

// ruleTexts are the rules as one text.
func ruleTexts(saved, typed []store.HouseRule) []savedText {
	lines := func(rules []store.HouseRule) string {
		var list []string
		for _, rule := range rules {
			list = append(list, strings.TrimSpace(rule.Text+" "+rule.Hint))
		}
		return strings.Join(list, "\n")
	}
	return []savedText{{"", lines(saved), lines(typed)}}
}

// houseRules reads the rows that have a text, in the order of their places; of
// two with the same place the one that moved there comes first.
func (r *request) houseRules() []store.HouseRule {
	type row struct {
		store.HouseRule
		place, from int
	}
	var rows []row
	texts, hints, places := r.form["rule"], r.form["hint"], r.form["place"]
	for i, text := range texts {
		v := row{from: i + 1, place: i + 1}
		v.Text = oneLine(text)
		if i < len(hints) {
			v.Hint = strings.TrimSpace(hints[i])
		}
		if i < len(places) {
			if n, err := strconv.Atoi(strings.TrimSpace(places[i])); err == nil {
				v.place = n
			}
		}
		if v.Text != "" || v.Hint != "" {
			rows = append(rows, v)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		// Who moves up stands before, who moves down behind the one whose place it is.
		return cmp.Or(a.place-b.place, cmp.Compare(sign(a.place-a.from), sign(b.place-b.from)))
	})
	rules := make([]store.HouseRule, len(rows))
	for i, v := range rows {
		rules[i] = v.HouseRule
	}
	return rules
}

func sign(n int) int { return cmp.Compare(n, 0) }

// showAdminTexts is /admin/pages.
func (s *Server) showAdminTexts(w http.ResponseWriter, r *request) error {
	saved, err := s.siteTexts(r)
	if err != nil {
		return err
	}
	return s.renderAdminTexts(w, r, http.StatusOK, saved, pageTexts(saved, nil))
}

// siteTexts are the pages in the admins' words.
func (s *Server) siteTexts(r *request) (map[store.PageName]string, error) {
	texts := map[store.PageName]string{}
	for _, name := range store.PageNames() {
		p, err := s.db.SitePage(r.Context(), name)
		if err != nil {
			return nil, err
		}
		texts[name] = p.Source
	}
	return texts, nil
}

func pageTexts(saved, typed map[store.PageName]string) []savedText {
	var list []savedText
	for _, name := range store.PageNames() {
		list = append(list, savedText{string(name), saved[name], typed[name]})
	}
	return list
}

func (s *Server) renderAdminTexts(w http.ResponseWriter, r *request, status int, texts map[store.PageName]string, seen []savedText, errs ...templates.FieldError) error {
	p := templates.AdminTextsPage{Frame: s.frame(r), About: texts[store.PageAbout], Privacy: texts[store.PagePrivacy], Terms: texts[store.PageTerms]}
	p.Errors, p.Filled = errs, seenOf(seen)
	return s.render(w, r, status, p)
}

// updateAdminTexts is POST /admin/pages. A page whose text did not change stays
// as it was, with its date.
func (s *Server) updateAdminTexts(w http.ResponseWriter, r *request) error {
	saved, err := s.siteTexts(r)
	if err != nil {
		return err
	}
	texts := map[store.PageName]string{}
	for _, name := range store.PageNames() {
		texts[name] = strings.TrimSpace(r.form.Get(string(name)))
	}
	if errs := r.changed(pageTexts(saved, texts)); errs != nil {
		return s.renderAdminTexts(w, r, http.StatusConflict, texts, pageTexts(saved, nil), errs...)
	}
	var errs []templates.FieldError
	for _, name := range store.PageNames() {
		if saved[name] == texts[name] {
			continue
		}
		err = s.db.SetSitePage(r.Context(), name, texts[name])
		var wrong *store.InputError
		if errors.As(err, &wrong) {
			errs = append(errs, mistake(string(name), "settings.too_long", "n", wrong.Limit))
			continue
		}
		if err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		if saved, err = s.siteTexts(r); err != nil { // those without a mistake are
			return err
		}
		return s.renderAdminTexts(w, r, http.StatusUnprocessableEntity, texts, pageTexts(saved, nil), errs...)
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/admin/pages")
}
