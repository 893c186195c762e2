// Package actor looks people and posts of other servers up: handles by
// WebFinger, accounts and posts by their ids, keys for signatures, threads and
// profiles by their collections. It decides what of a fetched document is
// believed, not what is allowed. It imports vocab, fetch, httpsig and the store.
// Read Resolver first.
package actor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// Config is what a Resolver works with.
type Config struct {
	DB     *store.DB
	Client *fetch.Client
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: discard
}

// Resolver finds accounts and posts of other servers, in the store or by asking.
type Resolver struct {
	db     *store.DB
	client *fetch.Client
	now    func() time.Time
	log    *slog.Logger
	flight singleflight.Group // one fetch of a thing at a time
	keys   *keyCache
}

// New checks the config and returns a resolver.
func New(c Config) (*Resolver, error) {
	if c.DB == nil || c.Client == nil {
		return nil, errors.New("actor: a store and a client are needed")
	}
	r := &Resolver{db: c.DB, client: c.Client, now: c.Now, log: c.Log, keys: newKeyCache()}
	if r.now == nil {
		r.now = time.Now
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	return r, nil
}

// Untrusted says why a document that was fetched is not believed.
type Untrusted struct{ URI, Reason string }

func (e *Untrusted) Error() string { return fmt.Sprintf("%s is not believed: %s", e.URI, e.Reason) }

// Nobodys is a thing of which its server does not say whose it is, as the sounds
// in Funkwhale's libraries: it can be named, and not shown as anybody's post.
type Nobodys struct{ URI, Name string }

func (e *Nobodys) Error() string { return e.URI + " has no author" }

// object fetches a document and makes sure that it is what its id says: it must
// be found at its own id, on the id's host. A page of people may lead to the
// document of another id on the way, which is then fetched itself.
func (r *Resolver) object(ctx context.Context, uri string) (*vocab.Value, error) {
	for range 2 {
		doc, err := r.client.Object(ctx, uri)
		if err != nil {
			return nil, err
		}
		v, err := vocab.Parse(doc.Body)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", uri, err)
		}
		id := v.ID()
		if id == "" {
			return nil, &Untrusted{uri, "it has no id"}
		}
		if !fetch.IsNormal(id) {
			return nil, &Untrusted{uri, "its id is not in normal form"}
		}
		if r.db.IsLocal(id) {
			return nil, &Untrusted{uri, "it claims an address of this server"}
		}
		if (id == doc.URL || id == uri) && fetch.SameOrigin(id, doc.URL) {
			return v, nil
		}
		if id == uri {
			return nil, &Untrusted{uri, "it was found on another host"}
		}
		uri = id
	}
	return nil, &Untrusted{uri, "it is not found at its own id"}
}

// shared runs a fetch once for all who ask for the same thing at the time. It
// goes on when the first of them leaves.
func shared[T any](ctx context.Context, g *singleflight.Group, key string, fetchIt func(context.Context) (T, error)) (T, error) {
	done := g.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		return fetchIt(ctx)
	})
	select {
	case res := <-done:
		value, _ := res.Val.(T)
		return value, res.Err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}
