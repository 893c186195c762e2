package web

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// TestEveryFormNeedsAToken sends every form that the router knows without its
// token, and with that of somebody else (ui.md §6.10).
func TestEveryFormNeedsAToken(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	stranger := s.person().get("/login").fields("/login").Get("csrf")
	wildcard := regexp.MustCompile(`[:*][a-z]+`)
	if len(s.server.forms) < 50 {
		t.Fatalf("the router lists %d forms", len(s.server.forms))
	}
	for _, path := range s.server.forms {
		path = wildcard.ReplaceAllString(path, "1")
		for _, token := range []string{"", "x", stranger} {
			if got := olga.post(path, url.Values{"csrf": {token}, "on": {"1"}}); got.status != http.StatusForbidden {
				t.Errorf("POST %s with the token %q: got %d, want 403", path, token, got.status)
			}
		}
	}
}
