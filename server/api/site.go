package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"seedling/store"
)

// sitePage reads a page in the admins' own words.
func (s *Server) sitePage(r *request, name store.PageName) (map[string]any, *store.SitePage, error) {
	p, err := s.db.SitePage(r.Context(), name)
	if err != nil {
		return nil, nil, err
	}
	return map[string]any{"updated_at": momentOrNil(p.EditedAt), "content": p.HTML.String()}, p, nil
}

// showDescription is GET instance/extended_description: what the admins wrote,
// or the short description where they wrote nothing.
func (s *Server) showDescription(w http.ResponseWriter, r *request) error {
	v, p, err := s.sitePage(r, store.PageAbout)
	if err != nil {
		return err
	}
	if p.EditedAt.IsZero() {
		settings, err := s.db.Settings(r.Context())
		if err != nil {
			return err
		}
		v["content"] = "<p>" + escape(settings.Description) + "</p>"
	}
	return s.json(w, v)
}

// showPrivacy is GET instance/privacy_policy.
func (s *Server) showPrivacy(w http.ResponseWriter, r *request) error {
	v, _, err := s.sitePage(r, store.PagePrivacy)
	if err != nil {
		return err
	}
	return s.json(w, v)
}

// showTerms is GET instance/terms_of_service, and /:date with the day since
// which they hold. Earlier ones are not kept.
func (s *Server) showTerms(w http.ResponseWriter, r *request) error {
	p, err := s.db.SitePage(r.Context(), store.PageTerms)
	if err != nil {
		return err
	}
	day := p.EditedAt.UTC().Format("2006-01-02")
	if wanted := r.path.ByName("date"); p.EditedAt.IsZero() || wanted != "" && wanted != day {
		return store.ErrNotFound
	}
	return s.json(w, map[string]any{"effective_date": day, "effective": true, "content": p.HTML.String(), "succeeded_by": nil})
}

// showPeers is GET instance/peers: the servers that this one has heard of.
func (s *Server) showPeers(w http.ResponseWriter, r *request) error {
	hosts, err := s.db.Peers(r.Context())
	if err != nil {
		return err
	}
	return s.json(w, append([]string{}, hosts...))
}

// hostBlock is the entity DomainBlock.
type hostBlock struct {
	Domain   string `json:"domain"`
	Digest   string `json:"digest"` // SHA-256
	Severity string `json:"severity"`
	Comment  string `json:"comment"`
}

// showSiteBlocks is GET instance/domain_blocks, to whom the admins show them.
func (s *Server) showSiteBlocks(w http.ResponseWriter, r *request) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	switch {
	case settings.ShowBlocks == store.ShowNobody:
		return store.ErrNotFound
	case settings.ShowBlocks == store.ShowMembers && r.user == nil:
		return errLogin
	}
	list := []hostBlock{}
	hosts, err := s.db.ListedHosts(r.Context(), store.HostsBlocked)
	if err != nil {
		return err
	}
	for _, h := range hosts {
		list = append(list, hostBlock{h.Shown(), digest(h.Host), "suspend", h.Public})
	}
	return s.json(w, list)
}

func digest(host string) string {
	sum := sha256.Sum256([]byte(host))
	return hex.EncodeToString(sum[:])
}

// nothing answers with {}, where the truth is an object without entries.
func (s *Server) nothing(w http.ResponseWriter, _ *request) error { return s.empty(w) }

// sendConfirmation is POST emails/confirmations. Nobody waits for a mail here:
// who signed up is let in by people.
func (s *Server) sendConfirmation(w http.ResponseWriter, r *request) error {
	return &apiError{status: http.StatusForbidden, text: "This method is only available while the e-mail is awaiting confirmation"}
}

// checkConfirmation is GET emails/check_confirmation.
func (s *Server) checkConfirmation(w http.ResponseWriter, r *request) error { return s.json(w, true) }
