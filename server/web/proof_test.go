package web

import (
	"testing"

	"seedling/store"
)

// TestTheRequestDoesNotLookAtTheAddress: it adds a job, and until that has run the
// page says so and loads itself again.
func TestTheRequestDoesNotLookAtTheAddress(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	saved := p.get("/settings/profile").submit("/settings/profile", "field_name", "Site", "field_value", "https://olga.example/", "bio", "Hello", "check", "1").wants(303)
	if saved.location != proofPath {
		t.Fatalf("the check leads to %q", saved.location)
	}
	p.get(proofPath).wants(200, "The pages are being looked at", "https://olga.example/", "Nobody has looked at it yet.", `rel="me"`)
	jobs, err := s.db.ClaimJobs(t.Context(), 9, 1)
	s.must(err)
	for _, j := range jobs {
		s.must(s.db.FinishJob(t.Context(), j.ID))
	}
	s.must(s.db.SetFieldProofs(t.Context(), p.id(), map[string]store.FieldLook{"https://olga.example/": store.FieldLinksNot}))
	page := p.get(proofPath).wants(200, "It did not link to your profile on").lacks("being looked at")
	if got := page.submit(proofPath).wants(303).location; got != proofPath {
		t.Errorf("after pressing the button: %q", got)
	}
	p.get(proofPath).wants(200, "The pages are being looked at")
}
