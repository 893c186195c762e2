package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"seedling/federation/httpsig"
	"seedling/federation/outbox"
	"seedling/store"
)

// instanceSigner signs our GETs: other servers may want to know who reads, and
// the instance's own actor is nobody in particular. It begins with the kind of
// signature that a host is known to take, from deliveries or from GETs before.
type instanceSigner struct {
	db  *store.DB
	key httpsig.Key
	now func() time.Time
	log *slog.Logger
}

func newInstanceSigner(ctx context.Context, db *store.DB, now func() time.Time, log *slog.Logger) (*instanceSigner, error) {
	instance, err := db.InstanceActor(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the actor of the instance: %w", err)
	}
	uri, text, err := db.SigningKey(ctx, instance.ID)
	if err != nil {
		return nil, fmt.Errorf("find the key of the instance: %w", err)
	}
	private, err := httpsig.DecodePrivate(text)
	if err != nil {
		return nil, fmt.Errorf("read the key of the instance: %w", err)
	}
	return &instanceSigner{db, httpsig.Key{ID: uri, Private: private}, now, log}, nil
}

func (s *instanceSigner) sign(r *http.Request, scheme httpsig.Scheme) error {
	return httpsig.Sign(r, nil, s.key, s.now(), scheme)
}

// scheme is what a host is known to take; one that is not known, or about which
// the store can't say now, is asked as nearly everyone is.
func (s *instanceSigner) scheme(ctx context.Context, host string) httpsig.Scheme {
	state, err := s.db.HostState(ctx, host)
	if err != nil {
		s.log.Warn("find the kind of signature", "host", host, "error", err)
	}
	if state.Signature == outbox.SignRFC9421 {
		return httpsig.RFC9421
	}
	return httpsig.Cavage
}

// takes remembers which scheme a host believed.
func (s *instanceSigner) takes(ctx context.Context, host string, scheme httpsig.Scheme) {
	kind := outbox.SignCavage
	if scheme == httpsig.RFC9421 {
		kind = outbox.SignRFC9421
	}
	if err := s.db.SetSignature(ctx, host, kind); err != nil {
		s.log.Warn("remember the kind of signature", "host", host, "error", err)
	}
}
