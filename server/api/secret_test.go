package api

import (
	"testing"

	"seedling/store"
)

// TestSecretsAreRememberedOfAppsThatMayBeWoken: others' are not, the last counts,
// and they are not too many.
func TestSecretsAreRememberedOfAppsThatMayBeWoken(t *testing.T) {
	s := newSecrets()
	s.note(&store.Token{ID: 1, Scopes: "read write push"}, "first")
	s.note(&store.Token{ID: 2, Scopes: "read write"}, "second")
	s.note(&store.Token{ID: 3, Scopes: "read push"}, "third")
	s.note(&store.Token{ID: 3, Scopes: "read push"}, "another that has its ID")
	for id, want := range map[int64]string{1: "first", 2: "", 3: "another that has its ID", 4: ""} {
		if got := s.of(id); got != want {
			t.Errorf("token %d: got %q, want %q", id, got, want)
		}
	}
	for id := range int64(3 * maxSecrets) {
		s.note(&store.Token{ID: id, Scopes: "push"}, "one of many")
	}
	if n := len(s.byID); n == 0 || n > maxSecrets {
		t.Errorf("got %d tokens, want 1 to %d", n, maxSecrets)
	}
}
