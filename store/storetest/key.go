package storetest

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"
	"testing"
)

// idleKeys are keys that nobody uses now. Making one takes a tenth of a second, so
// tests of one process hand them on. Two accounts never hold the same one at once:
// a test of who signed what would prove nothing.
var idleKeys struct {
	sync.Mutex
	keys []*rsa.PrivateKey
}

// Key returns an RSA key that is the caller's until the test ends.
func Key(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key := takeKey()
	if key == nil {
		var err error
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		idleKeys.Lock()
		defer idleKeys.Unlock()
		idleKeys.keys = append(idleKeys.keys, key)
	})
	return key
}

func takeKey() *rsa.PrivateKey {
	idleKeys.Lock()
	defer idleKeys.Unlock()
	last := len(idleKeys.keys) - 1
	if last < 0 {
		return nil
	}
	key := idleKeys.keys[last]
	idleKeys.keys = idleKeys.keys[:last]
	return key
}
