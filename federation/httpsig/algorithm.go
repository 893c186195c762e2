package httpsig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
)

// algorithm is one way to make or check a signature. It is named as in RFC
// 9421 §3.3; draft-cavage has names of its own, and peers write anything.
type algorithm int

const (
	rsaSHA256 algorithm = iota
	rsaSHA512           // draft-cavage alone
	rsaPSSSHA512
	ed25519Pure
)

// candidates lists what a stated name can mean for a key, in the order to try.
// The key decides: "hs2019" means anything, and in practice RSA with SHA-256
// (GoToSocial, Mastodon). It is empty if name and key do not go together.
func candidates(name string, pub crypto.PublicKey) []algorithm {
	switch pub.(type) {
	case *rsa.PublicKey:
		switch name {
		case "rsa-sha256", "rsa-v1_5-sha256":
			return []algorithm{rsaSHA256}
		case "rsa-sha512":
			return []algorithm{rsaSHA512}
		case "rsa-pss-sha512":
			return []algorithm{rsaPSSSHA512}
		case "", "hs2019":
			return []algorithm{rsaSHA256, rsaSHA512, rsaPSSSHA512}
		}
	case ed25519.PublicKey:
		switch name {
		case "", "hs2019", "ed25519":
			return []algorithm{ed25519Pure}
		}
	}
	return nil
}

// verifyKey tries every reading of the signature against the key. All but the
// first are rare, so a good signature costs one operation.
func (s *Signature) verifyKey(pub crypto.PublicKey) error {
	if err := checkPublic(pub); err != nil {
		return err
	}
	algorithms := candidates(s.algorithm, pub)
	if len(algorithms) == 0 {
		return fmt.Errorf("%w: it is said to be of another kind than the key", ErrMismatch)
	}
	for _, base := range s.bases {
		for _, a := range algorithms {
			if a.verify(pub, []byte(base), s.value) {
				return nil
			}
		}
	}
	return ErrMismatch
}

func (a algorithm) verify(pub crypto.PublicKey, base, value []byte) bool {
	switch a {
	case rsaSHA256:
		return rsa.VerifyPKCS1v15(pub.(*rsa.PublicKey), crypto.SHA256, sha256Of(base), value) == nil
	case rsaSHA512:
		return rsa.VerifyPKCS1v15(pub.(*rsa.PublicKey), crypto.SHA512, sha512Of(base), value) == nil
	case rsaPSSSHA512:
		return rsa.VerifyPSS(pub.(*rsa.PublicKey), crypto.SHA512, sha512Of(base), value, nil) == nil
	case ed25519Pure:
		return ed25519.Verify(pub.(ed25519.PublicKey), base, value)
	}
	return false
}

// sign makes the signature that goes with the key's type.
func sign(key crypto.Signer, base string) ([]byte, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sha256Of([]byte(base)))
	case ed25519.PrivateKey:
		return ed25519.Sign(k, []byte(base)), nil
	}
	return nil, fmt.Errorf("a key of type %T cannot sign requests", key)
}
