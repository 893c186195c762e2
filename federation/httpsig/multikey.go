package httpsig

import (
	"crypto/ed25519"
	"math/big"
	"slices"
	"strings"
)

// Multibase (base58btc alone) and Multikey, the form in which Ed25519 keys and
// the values of proofs are written (FEP-521a; Controlled Identifiers §2.2.2).

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// maxBase58 bounds what is decoded, whose cost grows with the square: a
// signature has 88 digits.
const maxBase58 = 128

// ed25519Prefix is the multicodec of an Ed25519 public key.
var ed25519Prefix = [2]byte{0xed, 0x01}

// EncodeMultibase writes bytes in base58btc with its z in front.
func EncodeMultibase(b []byte) string {
	zeros := 0
	for zeros < len(b) && b[zeros] == 0 {
		zeros++
	}
	n, radix, digit := new(big.Int).SetBytes(b), big.NewInt(58), new(big.Int)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, radix, digit)
		out = append(out, base58Alphabet[digit.Int64()])
	}
	for range zeros {
		out = append(out, base58Alphabet[0])
	}
	slices.Reverse(out)
	return "z" + string(out)
}

// DecodeMultibase reads what [EncodeMultibase] writes. Errors are of type
// [*Error].
func DecodeMultibase(text string) ([]byte, error) {
	digits, ok := strings.CutPrefix(text, "z")
	if !ok || len(digits) > maxBase58 {
		return nil, refuse("the value is not in base58btc, or is too long")
	}
	value := strings.TrimLeft(digits, base58Alphabet[:1])
	n, radix := new(big.Int), big.NewInt(58)
	for i := range len(value) {
		digit := strings.IndexByte(base58Alphabet, value[i])
		if digit < 0 {
			return nil, refuse("the value is not in base58btc, or is too long")
		}
		n.Add(n.Mul(n, radix), big.NewInt(int64(digit)))
	}
	return append(make([]byte, len(digits)-len(value)), n.Bytes()...), nil
}

// EncodeMultikey writes a key as publicKeyMultibase.
func EncodeMultikey(key ed25519.PublicKey) string {
	return EncodeMultibase(append(ed25519Prefix[:], key...))
}

// ParseMultikey reads a publicKeyMultibase that holds an Ed25519 key, the only
// kind that is used. Errors are of type [*Error].
func ParseMultikey(text string) (ed25519.PublicKey, error) {
	b, err := DecodeMultibase(text)
	if err != nil {
		return nil, err
	}
	if len(b) != len(ed25519Prefix)+ed25519.PublicKeySize || [2]byte(b) != ed25519Prefix {
		return nil, refuse("the key is not an Ed25519 key")
	}
	key := ed25519.PublicKey(b[len(ed25519Prefix):])
	return key, checkPublic(key)
}
