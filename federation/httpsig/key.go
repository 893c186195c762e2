package httpsig

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// Bounds of the keys that peers may have. Every verification of a large key
// costs us, and a small one can be forged.
const (
	minKeyBits = 1024
	maxKeyBits = 8192
	maxKeyPEM  = 16 << 10 // bytes
)

// Key is what a request is signed with.
type Key struct {
	ID      string        // the URI under which the public half can be fetched
	Private crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
}

// DecodePrivate reads a key as the store keeps it: PKCS #8 in PEM.
func DecodePrivate(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("decode private key: not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("decode private key: not PKCS #8") // the cause could quote the key
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, fmt.Errorf("decode private key: %T is neither RSA nor Ed25519", key)
}

// EncodePublic writes a public key as PKIX in PEM, the form of publicKeyPem in
// an actor document.
func EncodePublic(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encode public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// ParsePublic reads the publicKeyPem of a peer: PKIX or PKCS #1, whatever the
// label says. It refuses keys that prove nothing or cost too much. Errors are
// of type [*Error].
func ParsePublic(text string) (crypto.PublicKey, error) {
	if len(text) > maxKeyPEM {
		return nil, refuse("the public key is too long")
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || len(bytes.TrimSpace(rest)) > 0 || strings.Contains(block.Type, "PRIVATE") {
		return nil, refuse("the public key is not one block of PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	}
	if err != nil {
		return nil, refuse("the public key cannot be read")
	}
	if err := checkPublic(key); err != nil {
		return nil, err
	}
	return key, nil
}

func checkPublic(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return checkRSA(k)
	case ed25519.PublicKey:
		if smallOrder(k) {
			return refuse("the public key is a point of small order, under which anything verifies")
		}
		return nil
	}
	return refuse("the public key is neither RSA nor Ed25519")
}

func checkRSA(k *rsa.PublicKey) error {
	switch bits := k.N.BitLen(); {
	case bits < minKeyBits:
		return refuse(fmt.Sprintf("the RSA key has only %d bits", bits))
	case bits > maxKeyBits:
		return refuse(fmt.Sprintf("the RSA key has %d bits, more than %d", bits, maxKeyBits))
	case k.N.Bit(0) == 0:
		return refuse("the RSA key has an even modulus")
	case k.E < 3 || k.E%2 == 0 || int64(k.E) >= 1<<31:
		return refuse("the RSA key has an exponent that is even, too small or too large")
	}
	return nil
}

// smallOrderPoints are the y coordinates, without the sign bit, of the Ed25519
// points whose order divides 8, with the two encodings that are not reduced.
// Under such a key one signature is good for many messages.
var smallOrderPoints = [][32]byte{
	{0: 0x00},
	{0: 0x01},
	{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
		0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
	{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
		0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
	nearPrime(0xec), // p-1
	nearPrime(0xed), // p, the same as 0
	nearPrime(0xee), // p+1, the same as 1
}

func nearPrime(low byte) (p [32]byte) {
	for i := range p {
		p[i] = 0xff
	}
	p[0], p[31] = low, 0x7f
	return p
}

func smallOrder(key ed25519.PublicKey) bool {
	if len(key) != ed25519.PublicKeySize {
		return true
	}
	var y [32]byte
	copy(y[:], key)
	y[31] &= 0x7f
	for _, p := range smallOrderPoints {
		if y == p {
			return true
		}
	}
	return false
}
