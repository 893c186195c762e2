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
	rsa httpsig.Key
	ed  httpsig.Key
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
	edURI, ed, err := db.AssertionSigner(ctx, instance.ID)
	if err != nil {
		return nil, fmt.Errorf("find the Ed25519 key of the instance: %w", err)
	}
	return &instanceSigner{db, httpsig.Key{ID: uri, Private: private}, httpsig.Key{ID: edURI, Private: ed}, now, log}, nil
}

func (s *instanceSigner) sign(r *http.Request, scheme httpsig.Scheme) error {
	key := s.rsa
	if scheme == httpsig.Ed25519 {
		key = s.ed
	}
	return httpsig.Sign(r, nil, key, s.now(), scheme)
}

// schemes are the ways to sign for a host, the likeliest first; one that is not
// known, or about which the store can't say now, is asked as nearly everyone is.
func (s *instanceSigner) schemes(ctx context.Context, host string) []httpsig.Scheme {
	state, err := s.db.HostState(ctx, host)
	if err != nil {
		s.log.Warn("find the kind of signature", "host", host, "error", err)
	}
	var list []httpsig.Scheme
	for _, kind := range outbox.Kinds(state) {
		list = append(list, outbox.Scheme(kind))
	}
	return list
}

// takes remembers which scheme a host believed.
func (s *instanceSigner) takes(ctx context.Context, host string, scheme httpsig.Scheme) {
	state, err := s.db.HostState(ctx, host)
	kinds := outbox.Kinds(state)
	if err == nil && kinds[0] == outbox.SignEd25519 && scheme != httpsig.Ed25519 {
		err = s.db.RefusesEd25519(ctx, host)
	}
	for _, kind := range kinds {
		if err == nil && outbox.Scheme(kind) == scheme && kind != state.Signature {
			err = s.db.SetSignature(ctx, host, kind)
		}
	}
	if err != nil {
		s.log.Warn("remember the kind of signature", "host", host, "error", err)
	}
}
