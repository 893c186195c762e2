package httpsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// encodePrivate writes a key as the store keeps it.
func encodePrivate(key crypto.Signer) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("encode private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

func TestKeysSurviveEncoding(t *testing.T) {
	for _, key := range []crypto.Signer{testKey(), edKey()} {
		text, err := encodePrivate(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodePrivate(text)
		if err != nil {
			t.Fatal(err)
		}
		public, err := EncodePublic(back.Public())
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParsePublic(public)
		if err != nil {
			t.Fatal(err)
		}
		if !got.(interface{ Equal(crypto.PublicKey) bool }).Equal(key.Public()) {
			t.Errorf("%T: got another key back", key)
		}
	}
	if _, err := DecodePrivate("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"); err == nil {
		t.Error("DecodePrivate accepts garbage")
	}
}

func TestPublicKeysInOtherForms(t *testing.T) {
	der := x509.MarshalPKCS1PublicKey(&testKey().PublicKey)
	for _, label := range []string{"RSA PUBLIC KEY", "PUBLIC KEY"} {
		text := "\r\n" + strings.ReplaceAll(string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})), "\n", "\r\n") + " \n"
		if _, err := ParsePublic(text); err != nil {
			t.Errorf("PKCS #1 under %q: %v", label, err)
		}
	}
}

// pkcs1 encodes any modulus and exponent.
func pkcs1(n *big.Int, e int64) string {
	der, err := asn1.Marshal(struct{ N, E *big.Int }{n, big.NewInt(e)})
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: der}))
}

// Attack 33: keys that prove nothing, or cost too much to use.
func TestBadPublicKeysAreRefused(t *testing.T) {
	odd := func(bits uint) *big.Int {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		return n.Add(n, big.NewInt(1))
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecText, err := EncodePublic(ec.Public())
	if err != nil {
		t.Fatal(err)
	}
	private, _ := encodePrivate(testKey())
	good, _ := EncodePublic(testKey().Public())
	tests := []struct{ name, text string }{
		{"empty", ""},
		{"garbage", "hello"},
		{"garbage in PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"},
		{"512 bit", pkcs1(odd(512), 65537)},
		{"64 kbit", pkcs1(odd(65536), 65537)},
		{"8193 bit", pkcs1(odd(8193), 65537)},
		{"even modulus", pkcs1(new(big.Int).Sub(odd(2048), big.NewInt(1)), 65537)},
		{"exponent 1", pkcs1(odd(2048), 1)},
		{"exponent 2", pkcs1(odd(2048), 2)},
		{"exponent -3", pkcs1(odd(2048), -3)},
		{"even exponent", pkcs1(odd(2048), 65536)},
		{"huge exponent", pkcs1(odd(2048), 1<<31+1)},
		{"ECDSA", ecText},
		{"private key", private},
		{"two keys", good + good},
		{"very long", good + strings.Repeat(" ", maxKeyPEM)},
	}
	for _, tt := range tests {
		if key, err := ParsePublic(tt.text); err == nil {
			t.Errorf("%s: got %T, want a refusal", tt.name, key)
		}
	}
	if err := checkPublic(&rsa.PublicKey{N: odd(512), E: 3}); err == nil {
		t.Error("Verify would take a key that ParsePublic refuses")
	}
}

// Under a small-order key, the signature (identity, 0) is good for one message
// in eight at least, whoever made it: that is what must never be a key.
func TestSmallOrderKeysAreRefused(t *testing.T) {
	forged := make([]byte, ed25519.SignatureSize)
	forged[0] = 1
	for _, p := range smallOrderPoints {
		for _, sign := range []byte{0, 0x80} {
			key := ed25519.PublicKey(append([]byte(nil), p[:]...))
			key[31] |= sign
			works := false
			for i := range 256 {
				works = works || ed25519.Verify(key, []byte{byte(i)}, forged)
			}
			text, err := EncodePublic(key)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ParsePublic(text); err == nil {
				t.Errorf("%x was accepted (forgery works: %v)", key, works)
			}
			if !works {
				t.Logf("%x: this verifier refuses the encoding by itself", key)
			}
		}
	}
}
