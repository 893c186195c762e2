package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

const proofPath = "/settings/profile/links"

// foundWords are the keys of what was seen at an address.
var foundWords = map[store.FieldLook]string{
	store.FieldUnseen: "nothing", store.FieldLinksBack: "link", store.FieldLinksNot: "no_link", store.FieldUnreadable: "no_page", store.FieldUnreachable: "no_answer",
}

// showProof is /settings/profile/links: which addresses in the member's profile
// link back to it. While a job looks, the page loads itself again.
func (s *Server) showProof(w http.ResponseWriter, r *request) error {
	running, err := s.db.Proving(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	a := r.viewer.Account
	p := templates.ProofPage{Frame: s.frame(r), URL: a.URL, Running: running}
	if running {
		p.RefreshIn = refreshSoon
	}
	for _, f := range a.Fields {
		if f.Link() == "" {
			continue
		}
		if f.Found == store.FieldUnseen && !f.VerifiedAt.IsZero() { // seen before what is seen was noted
			f.Found, f.LookedAt = store.FieldLinksBack, f.VerifiedAt
		}
		p.Rows = append(p.Rows, templates.ProofRow{URL: f.Link(), Found: foundWords[f.Found], Looked: s.moment(r, f.LookedAt), Since: s.moment(r, f.VerifiedAt)})
	}
	return s.render(w, r, http.StatusOK, p)
}

// askForProof is POST /settings/profile/links: a job looks, not this request.
func (s *Server) askForProof(w http.ResponseWriter, r *request) error {
	if err := s.db.ProveFields(r.Context(), r.viewerID()); err != nil {
		return err
	}
	return redirect(w, r, proofPath)
}
