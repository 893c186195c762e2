package actor

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"seedling/federation/fetch"
	"seedling/federation/httpsig"
	"seedling/federation/proof"
	"seedling/federation/vocab"
	"seedling/store"
)

// keyCache keeps parsed keys by their PEM text, so that a frequent sender's key
// is parsed once. A key that changes has another text.
type keyCache struct {
	mu   sync.Mutex
	keys map[string]crypto.PublicKey
}

const maxCachedKeys = 4096

func newKeyCache() *keyCache { return &keyCache{keys: make(map[string]crypto.PublicKey)} }

func (c *keyCache) parse(pem string) (crypto.PublicKey, error) {
	c.mu.Lock()
	key := c.keys[pem]
	c.mu.Unlock()
	if key != nil {
		return key, nil
	}
	key, err := httpsig.ParsePublic(pem)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for old := range c.keys {
		if len(c.keys) < maxCachedKeys {
			break
		}
		delete(c.keys, old)
	}
	c.keys[pem] = key
	return key, nil
}

// KeyError means that the sender's key could not be fetched or kept now: the request
// may be good, and is to be sent again.
type KeyError struct {
	KeyID string
	Err   error
}

func (e *KeyError) Error() string { return fmt.Sprintf("key %s: %v", e.KeyID, e.Err) }
func (e *KeyError) Unwrap() error { return e.Err }

// Signer verifies the signature of a request to this server and returns the
// account that made it. It returns httpsig.ErrMissing without one, *store.PolicyError
// if its server is not spoken with, *KeyError if the key can't be had now, and other errors if the signature is not good.
func (r *Resolver) Signer(ctx context.Context, req *http.Request, body []byte) (*store.Account, error) {
	public, err := url.Parse(r.db.URL())
	if err != nil {
		return nil, err
	}
	sig, err := httpsig.ParseFor(req, r.now(), public)
	if err != nil {
		return nil, err
	}
	// Before anything is fetched, and again for the name by which it is known.
	if err := r.db.CheckHost(ctx, fetch.HostOf(sig.KeyID)); err != nil {
		return nil, err
	}
	owner, err := r.keyOwner(ctx, sig.KeyID)
	if err != nil {
		return nil, err
	}
	if !owner.Local() {
		if err := r.db.CheckHost(ctx, owner.Host); err != nil {
			return nil, err
		}
	}
	err = r.verify(ctx, sig, body, owner)
	if err == nil || !r.mayRefresh(owner) {
		return owner, err
	}
	// The key may have been changed: one look, at most every few minutes.
	fresh, ferr := r.Refresh(ctx, owner)
	if ferr != nil {
		return owner, err
	}
	return fresh, r.verify(ctx, sig, body, fresh)
}

func (r *Resolver) mayRefresh(a *store.Account) bool {
	return !a.Local() && r.now().Sub(a.FetchedAt) > refreshEvery
}

func (r *Resolver) verify(ctx context.Context, sig *httpsig.Signature, body []byte, owner *store.Account) error {
	if owner.State != store.AccountActive {
		return &Untrusted{owner.URI, "the account is suspended or deleted"}
	}
	id, err := fetch.NormaliseURI(sig.KeyID)
	if err != nil {
		return &httpsig.Error{Reason: "the key's id is not an address"}
	}
	if id != owner.KeyURI {
		key, err := r.assertionKey(ctx, owner, id)
		if err != nil {
			return err
		}
		return sig.Verify(body, key)
	}
	key, err := r.keys.parse(owner.PublicKey)
	if err != nil {
		return err
	}
	return sig.Verify(body, key)
}

// assertionKey returns an account's Ed25519 key (FEP-521a).
func (r *Resolver) assertionKey(ctx context.Context, owner *store.Account, id string) (ed25519.PublicKey, error) {
	keys, err := r.db.AssertionKeys(ctx, owner.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.URI == id {
			return k.Public, nil
		}
	}
	return nil, &httpsig.Error{Reason: "the account " + owner.URI + " has no key " + id}
}

// Proves checks that an activity carries a proof by its actor (FEP-8b32), who
// must be of another server and is returned. The error is proof.ErrNone without
// one, and another one if it is not good or its key can't be had now. The
// activity must have passed vocab.Parse.
func (r *Resolver) Proves(ctx context.Context, act *vocab.Activity) (*store.Account, error) {
	p, err := proof.Read(act.Raw, r.now())
	if err != nil {
		return nil, err
	}
	if !fetch.SameOrigin(p.KeyID, act.Actor.ID) {
		return nil, &proof.Error{Reason: "the key of the proof is on another host than the actor"}
	}
	if err := r.db.CheckHost(ctx, fetch.HostOf(p.KeyID)); err != nil {
		return nil, err
	}
	by, err := r.keyOwner(ctx, p.KeyID)
	if err != nil {
		return nil, err
	}
	if by.URI != act.Actor.ID || by.Local() || by.State != store.AccountActive {
		return nil, &proof.Error{Reason: "the key of the proof does not belong to the actor"}
	}
	id, err := fetch.NormaliseURI(p.KeyID)
	if err != nil {
		return nil, err
	}
	key, err := r.assertionKey(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return by, p.Verify(key)
}

// keyOwner returns the account that a key belongs to. Key and account must name
// each other, so a key document alone is not enough: its owner is fetched too.
func (r *Resolver) keyOwner(ctx context.Context, keyID string) (*store.Account, error) {
	id, err := fetch.NormaliseURI(keyID)
	if err != nil {
		return nil, &httpsig.Error{Reason: "the key's id is not an address"}
	}
	owner, err := r.db.AccountByKey(ctx, id)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return owner, err
	}
	if r.db.IsLocal(id) {
		return nil, &httpsig.Error{Reason: "the key is not one of this server"}
	}
	owner, err = shared(ctx, &r.flight, "key "+id, func(ctx context.Context) (*store.Account, error) { return r.fetchKeyOwner(ctx, id) })
	var fe *fetch.Error
	switch {
	case errors.As(err, &fe) && fe.Temporary(), store.NoRoom(err), errors.Is(err, store.ErrClosed):
		return nil, &KeyError{keyID, err}
	case err != nil:
		return nil, &httpsig.Error{Reason: fmt.Sprintf("the key %s can't be used: %v", keyID, err)}
	}
	return owner, nil
}

func (r *Resolver) fetchKeyOwner(ctx context.Context, keyID string) (*store.Account, error) {
	address, _, _ := strings.Cut(keyID, "#")
	doc, err := r.client.Object(ctx, address)
	if err != nil {
		return nil, err
	}
	v, err := vocab.Parse(doc.Body)
	if err != nil {
		return nil, err
	}
	ownerID := v.ID()
	if v.URI("inbox") == "" { // the key alone: whose is it?
		key, err := v.PublicKey(keyID)
		if err != nil {
			return nil, err
		}
		ownerID = key.Owner
	}
	if !fetch.SameOrigin(ownerID, keyID) {
		return nil, &Untrusted{keyID, "its owner is on another host"}
	}
	// A known account whose key has another id now is read again.
	owner, err := r.fetchAccount(ctx, ownerID)
	if err != nil {
		return nil, err
	}
	if owner.KeyURI == keyID {
		return owner, nil
	}
	if _, err := r.assertionKey(ctx, owner, keyID); err != nil {
		return nil, &Untrusted{keyID, "its owner has another key"}
	}
	return owner, nil
}
