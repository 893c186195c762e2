package api

import (
	"sync"

	"seedling/server/oauth"
	"seedling/store"
)

// maxSecrets bounds the tokens that are remembered.
const maxSecrets = 10_000

// secrets are the tokens that were used since the start, of apps that may be
// woken. By the token in a push an app with several accounts knows whose it is,
// and the store has only hashes.
type secrets struct {
	mu   sync.RWMutex
	byID map[int64]string // by the token's ID
}

func newSecrets() *secrets { return &secrets{byID: map[int64]string{}} }

func (s *secrets) of(tokenID int64) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[tokenID]
}

// note remembers a token. Where there are too many all are forgotten, and come
// back as they are used.
func (s *secrets) note(t *store.Token, secret string) {
	if s.of(t.ID) == secret || !oauth.Allow(t.Scopes, "push") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byID) >= maxSecrets {
		clear(s.byID)
	}
	s.byID[t.ID] = secret
}

// TokenSecret is a token as its app has it, if that may be woken and has used it
// since the start; else empty.
func (s *Server) TokenSecret(tokenID int64) string { return s.secrets.of(tokenID) }
