package store

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// keyPair is the RSA key of a local account, in PEM, and the seed of its
// Ed25519 key.
type keyPair struct {
	private, public string
	seed            []byte
}

// newKeyPair encodes an RSA key, or makes one of 2048 bits, which all servers
// verify. That takes a tenth of a second, so it is never done inside a write.
func newKeyPair(key *rsa.PrivateKey) (keyPair, error) {
	if key == nil {
		var err error
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return keyPair{}, fmt.Errorf("make a key: %w", err)
		}
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return keyPair{}, fmt.Errorf("encode a key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return keyPair{}, fmt.Errorf("encode a key: %w", err)
	}
	return keyPair{
		private: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		public:  string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})),
		seed:    newSeed(),
	}, nil
}

// SigningKey returns the key URI and the private key (PKCS#8 PEM) of a local account.
func (db *DB) SigningKey(ctx context.Context, accountID int64) (keyURI, privatePEM string, err error) {
	err = db.row(ctx, `SELECT a.key_uri, k.pem FROM private_key k JOIN account a ON a.id = k.account_id
		WHERE k.account_id = ?`, []any{accountID}, &keyURI, &privatePEM)
	if err != nil {
		return "", "", fmt.Errorf("signing key of account %d: %w", accountID, err)
	}
	return keyURI, privatePEM, nil
}
