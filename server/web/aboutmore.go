package web

import (
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// fillAbout adds what the admins say of the server to /about.
func (s *Server) fillAbout(r *request, p *templates.AboutPage, settings store.Settings) error {
	about, err := s.db.SitePage(r.Context(), store.PageAbout)
	if err != nil {
		return err
	}
	terms, err := s.db.SitePage(r.Context(), store.PageTerms)
	if err != nil {
		return err
	}
	p.Description, p.HasTerms, p.Contact = safeHTML(about.HTML), terms.Source != "", settings.ContactEmail
	p.ShowBlocks = showsBlocks(r, settings)
	if p.ContactAccount, err = s.contactOf(r, settings); err == nil && p.ContactAccount == nil && settings.ContactAccount == "" && len(p.Staff) > 0 {
		p.ContactAccount = &p.Staff[0].Account
	}
	return err
}

// contactOf is the member whom the admins name for questions, or nil.
func (s *Server) contactOf(r *request, settings store.Settings) (*templates.Account, error) {
	if settings.ContactAccount == "" {
		return nil, nil
	}
	u, err := s.db.UserByName(r.Context(), settings.ContactAccount)
	if errors.Is(err, store.ErrNotFound) || err == nil && u.State != store.UserActive {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := accountView(s.db, u.Account, u.Role)
	return &v, nil
}

// showsBlocks says whether the reader may see which servers are blocked.
func showsBlocks(r *request, settings store.Settings) bool {
	return settings.ShowBlocks == store.ShowAll || settings.ShowBlocks == store.ShowMembers && r.viewer != nil
}

// showTerms is /terms.
func (s *Server) showTerms(w http.ResponseWriter, r *request) error {
	terms, err := s.db.SitePage(r.Context(), store.PageTerms)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.TermsPage{Frame: s.frame(r), HTML: safeHTML(terms.HTML), Edited: s.moment(r, terms.EditedAt)})
}

// showServerBlocks is /about/blocks.
func (s *Server) showServerBlocks(w http.ResponseWriter, r *request) error {
	hosts, err := s.blocksFor(r)
	if err != nil {
		return err
	}
	p := templates.BlocksPage{Frame: s.frame(r)}
	for _, h := range hosts {
		p.Hosts = append(p.Hosts, templates.BlockedHost{Name: h.Shown(), Reason: h.Public})
	}
	p.NoIndex = true
	return s.render(w, r, http.StatusOK, p)
}

func (s *Server) blocksFor(r *request) ([]store.ListedHost, error) {
	settings, err := s.db.Settings(r.Context())
	if err == nil && !showsBlocks(r, settings) {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.db.ListedHosts(r.Context(), store.HostsBlocked)
}

// showServerBlocksCSV is /about/blocks.csv, in the columns that other servers
// import (Mastodon's export of domain blocks).
func (s *Server) showServerBlocksCSV(w http.ResponseWriter, r *request) error {
	hosts, err := s.blocksFor(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="blocks.csv"`)
	out := csv.NewWriter(w)
	rows := [][]string{{"#domain", "#severity", "#public_comment", "#obfuscate"}}
	for _, h := range hosts {
		rows = append(rows, []string{h.Shown(), "suspend", h.Public, strconv.FormatBool(h.Obfuscate)})
	}
	return out.WriteAll(rows)
}
