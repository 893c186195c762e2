package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showLanding is / for visitors; members start at home. Before there is an
// owner it says where the set-up link is.
func (s *Server) showLanding(w http.ResponseWriter, r *request) error {
	if r.viewer != nil {
		return redirect(w, r, "/home")
	}
	has, err := s.hasOwner(r.Context())
	if err != nil {
		return err
	}
	if !has {
		page := templates.UnfoundedPage{Frame: s.frame(r)}
		page.NoIndex = true
		return s.render(w, r, http.StatusOK, page)
	}
	page := templates.LandingPage{Frame: s.frame(r)}
	page.Frame.Description = page.Site.Description
	if page.Staff, err = s.staffCards(r); err != nil {
		return err
	}
	stats, err := s.db.Stats(r.Context())
	if err != nil {
		return err
	}
	page.Members = stats.Users
	if page.Posts, err = s.landingPosts(r); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page)
}

// showAbout is /about.
func (s *Server) showAbout(w http.ResponseWriter, r *request) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	stats, err := s.db.Stats(r.Context())
	if err != nil {
		return err
	}
	staff, err := s.staffCards(r)
	if err != nil {
		return err
	}
	p := templates.AboutPage{
		Frame: s.frame(r), Rules: settings.Rules, Staff: staff,
		Members: stats.Users, Posts: stats.LocalPosts, Instances: stats.Instances,
	}
	if err := s.fillAbout(r, &p, settings); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// staffCards are who runs the place, highest first.
func (s *Server) staffCards(r *request) ([]templates.AccountCard, error) {
	staff, err := s.db.Staff(r.Context())
	if err != nil {
		return nil, err
	}
	cards := make([]templates.AccountCard, len(staff))
	for i, u := range staff {
		cards[i] = templates.AccountCard{Account: accountView(s.db, u.Account, u.Role)}
	}
	return cards, nil
}

// showRules is /about/rules.
func (s *Server) showRules(w http.ResponseWriter, r *request) error {
	rules, err := s.db.HouseRules(r.Context())
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.RulesPage{Frame: s.frame(r), Rules: houseRules(rules)})
}

// showPrivacy is /privacy. Below the words of the admins its text says what this software does; a change of
// that is a change of the text.
func (s *Server) showPrivacy(w http.ResponseWriter, r *request) error {
	words, err := s.db.SitePage(r.Context(), store.PagePrivacy)
	if err != nil {
		return err
	}
	days := int(store.SessionAge.Hours() / 24)
	return s.render(w, r, http.StatusOK, templates.PrivacyPage{Frame: s.frame(r), HTML: safeHTML(words.HTML), SessionDays: days})
}

// showSource leads to the source code of this version (AGPL-3.0 §13), or names
// the licence and whom to ask.
func (s *Server) showSource(w http.ResponseWriter, r *request) error {
	if s.site.SourceURL != "" && s.site.SourceURL != "/source" {
		return redirect(w, r, s.site.SourceURL)
	}
	staff, err := s.staffCards(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.SourcePage{Frame: s.frame(r), Staff: staff})
}
