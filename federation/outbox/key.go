package outbox

import (
	"context"
	"errors"
	"sync"

	"seedling/federation/httpsig"
	"seedling/store"
)

// keyring keeps the private keys that were used, parsed: that takes longer than
// a signature.
type keyring struct {
	db   *store.DB
	mu   sync.Mutex
	keys map[int64]*keyEntry
}

// keyEntry makes the many lanes that want one account's keys at the same time
// wait for one of them to read them.
type keyEntry struct {
	mu   sync.Mutex
	done bool
	keys accountKeys
}

// accountKeys are the two keys of an account. Everybody verifies with rsa; ed has
// no private half if the account has none.
type accountKeys struct{ rsa, ed httpsig.Key }

// key is what a kind of signature is made with.
func (k accountKeys) key(kind string) httpsig.Key {
	if kind == SignEd25519 {
		return k.ed
	}
	return k.rsa
}

// able leaves out the kinds of signatures that the account can't make.
func (k accountKeys) able(kinds []string) []string {
	if k.ed.Private == nil && kinds[0] == SignEd25519 {
		return kinds[1:]
	}
	return kinds
}

// unusableKey says that an account has no key, or none that signs.
type unusableKey struct{ err error }

func (e *unusableKey) Error() string { return e.err.Error() }
func (e *unusableKey) Unwrap() error { return e.err }

func newKeyring(db *store.DB) *keyring {
	return &keyring{db: db, keys: map[int64]*keyEntry{}}
}

func (k *keyring) of(ctx context.Context, accountID int64) (accountKeys, error) {
	e := k.entry(accountID)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done {
		return e.keys, nil
	}
	uri, text, err := k.db.SigningKey(ctx, accountID)
	if errors.Is(err, store.ErrNotFound) {
		return accountKeys{}, &unusableKey{err}
	}
	if err != nil {
		return accountKeys{}, err
	}
	private, err := httpsig.DecodePrivate(text)
	if err != nil {
		return accountKeys{}, &unusableKey{err}
	}
	keys := accountKeys{rsa: httpsig.Key{ID: uri, Private: private}}
	edURI, ed, err := k.db.AssertionSigner(ctx, accountID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return accountKeys{}, err
	}
	if err == nil {
		keys.ed = httpsig.Key{ID: edURI, Private: ed}
	}
	e.keys, e.done = keys, true
	return keys, nil
}

func (k *keyring) entry(accountID int64) *keyEntry {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.keys[accountID]
	if e == nil {
		makeRoom(k.keys, maxKeys)
		e = new(keyEntry)
		k.keys[accountID] = e
	}
	return e
}

// digests keeps the digest of the activities that are being sent, so that one
// for a thousand inboxes is hashed once.
type digests struct {
	mu   sync.Mutex
	sums map[int64]string
}

func newDigests() *digests { return &digests{sums: map[int64]string{}} }

func (c *digests) of(d *store.Delivery) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum, ok := c.sums[d.ActivityID]
	if !ok {
		makeRoom(c.sums, maxDigests)
		sum = httpsig.Digest(d.Body)
		c.sums[d.ActivityID] = sum
	}
	return sum
}

// makeRoom drops any quarter of a full map: making an entry again costs little.
func makeRoom[V any](m map[int64]V, limit int) {
	if len(m) < limit {
		return
	}
	for id := range m {
		if len(m) <= limit*3/4 {
			return
		}
		delete(m, id)
	}
}
