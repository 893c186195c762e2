package fedtest

import (
	"crypto/ed25519"
	"testing"

	"seedling/federation/httpsig"
)

// GiveAssertionKey publishes an Ed25519 key in the actor's document (FEP-521a),
// with which it can sign objects, or requests.
func (a *Actor) GiveAssertionKey(t testing.TB) httpsig.Key {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	id := a.ID + "#ed25519-key"
	a.Change(map[string]any{"assertionMethod": []any{map[string]any{
		"id": id, "type": "Multikey", "controller": a.ID, "publicKeyMultibase": httpsig.EncodeMultikey(public),
	}}})
	return httpsig.Key{ID: id, Private: private}
}
