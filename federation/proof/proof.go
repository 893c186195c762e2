// Package proof makes and checks the integrity proofs of objects (FEP-8b32),
// with which an activity proves its author whoever delivers it. Of the suites
// there is one that servers agree on: eddsa-jcs-2022.
//
// Everything here is a pure function of a document, a key and a time. Whose key
// it is, and what follows from a proof, is for the caller to say. It imports
// jcs and httpsig (for keys as text). Read [Sign] and [Read] first.
package proof

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"seedling/federation/httpsig"
	"seedling/federation/jcs"
)

const (
	// Context defines the terms of a proof. Documents that get one name it.
	Context = "https://w3id.org/security/data-integrity/v1"

	proofType   = "DataIntegrityProof"
	suite       = "eddsa-jcs-2022"
	purpose     = "assertionMethod"
	maxProofs   = 4       // of one document
	maxDocument = 1 << 20 // bytes
	maxKeyID    = 2048    // bytes
)

// Limits on the age of a proof, as of a signature: an activity is forwarded
// when it is new, and its author's server is asked when it is not.
const (
	maxAge   = 48 * time.Hour
	maxAhead = time.Hour
)

// Error says why a proof is not believed.
type Error struct{ Reason string }

func (e *Error) Error() string { return e.Reason }

// ErrNone means that a document has no proof of the known suite.
var ErrNone error = &Error{"the document has no proof"}

func refuse(reason string) error { return &Error{reason} }

// Sign returns the document, a JSON object of ours, with a proof made with the
// key, whose id is an address. A proof that it has already is replaced.
func Sign(document []byte, keyID string, key ed25519.PrivateKey, now time.Time) ([]byte, error) {
	doc, err := object(document)
	if err != nil {
		return nil, fmt.Errorf("sign a document: %w", err)
	}
	delete(doc, "proof")
	context := withContext(doc["@context"])
	doc["@context"] = context
	config := map[string]any{
		"@context": context, "type": proofType, "cryptosuite": suite, "verificationMethod": keyID,
		"proofPurpose": purpose, "created": now.UTC().Format(time.RFC3339),
	}
	hash, err := hashOf(config, doc)
	if err != nil {
		return nil, fmt.Errorf("sign a document: %w", err)
	}
	config["proofValue"] = httpsig.EncodeMultibase(ed25519.Sign(key, hash))
	doc["proof"] = config
	// The canonical form is as good as any, and made already.
	return jcs.Append(make([]byte, 0, len(document)+512), doc)
}

// withContext adds the terms of a proof to a context.
func withContext(context any) any {
	list, ok := context.([]any)
	if !ok && context != nil {
		list = []any{context}
	}
	for _, e := range list {
		if e == Context {
			return list
		}
	}
	for i, e := range list { // strings first, as everyone writes it
		if _, ok := e.(string); !ok {
			return append(list[:i:i], append([]any{Context}, list[i:]...)...)
		}
	}
	return append(list, Context)
}

// Proof is one that a document carries, checked in all that needs no key.
type Proof struct {
	KeyID   string // verificationMethod: the URI of the key
	Created time.Time

	value  []byte
	hashes [][]byte // what may have been signed, in the order to try
}

// Read finds the proof of a document, which must have passed vocab.Parse. The
// error is [ErrNone] or another [*Error].
func Read(document []byte, now time.Time) (*Proof, error) {
	if len(document) > maxDocument {
		return nil, refuse("the document is too long")
	}
	doc, err := object(document)
	if err != nil {
		return nil, err
	}
	configs := list(doc["proof"])
	delete(doc, "proof")
	if len(configs) > maxProofs {
		return nil, refuse("the document has too many proofs")
	}
	for _, e := range configs {
		config, ok := e.(map[string]any)
		if ok && config["type"] == proofType && config["cryptosuite"] == suite {
			return read(config, doc, now)
		}
	}
	return nil, ErrNone
}

func object(document []byte) (map[string]any, error) {
	v, err := jcs.Decode(document)
	if err != nil {
		return nil, refuse("the document is not JSON")
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, refuse("the document is not an object")
	}
	return doc, nil
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func read(config, doc map[string]any, now time.Time) (*Proof, error) {
	p := &Proof{}
	p.KeyID, _ = config["verificationMethod"].(string)
	if p.KeyID == "" || len(p.KeyID) > maxKeyID {
		return nil, refuse("the proof names no verification method")
	}
	if config["proofPurpose"] != purpose {
		return nil, refuse("the proof is not made to assert anything")
	}
	if err := p.readTimes(config, now); err != nil {
		return nil, err
	}
	text, _ := config["proofValue"].(string)
	var err error
	if p.value, err = httpsig.DecodeMultibase(text); err != nil || len(p.value) != ed25519.SignatureSize {
		return nil, refuse("the proof's value is not a signature")
	}
	delete(config, "proofValue")
	return p, p.readHashes(config, doc)
}

// readTimes asks for created: without it a captured proof would be good for ever.
func (p *Proof) readTimes(config map[string]any, now time.Time) error {
	created, ok := moment(config["created"])
	if !ok {
		return refuse("the proof does not say when it was created")
	}
	p.Created = created
	if config["expires"] != nil {
		expires, ok := moment(config["expires"])
		if !ok || expires.Before(now) {
			return refuse("the proof has expired")
		}
	}
	switch {
	case created.Before(now.Add(-maxAge)):
		return refuse("the proof is too old")
	case created.After(now.Add(maxAhead)):
		return refuse("the proof is dated more than an hour ahead")
	}
	return nil
}

func moment(v any) (time.Time, bool) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// readHashes prepares what was signed. A proof without a context of its own is
// hashed as it stands (the first version of the suite), or with that of the
// document (the last, and Fedify).
func (p *Proof) readHashes(config, doc map[string]any) error {
	hash, err := hashOf(config, doc)
	if err != nil {
		return err
	}
	p.hashes = [][]byte{hash}
	if config["@context"] != nil || doc["@context"] == nil {
		return nil
	}
	config["@context"] = doc["@context"]
	if hash, err = hashOf(config, doc); err != nil {
		return err
	}
	p.hashes = append(p.hashes, hash)
	return nil
}

// hashOf is what gets signed: the hashes of the proof's options and of the
// document without its proof (Data Integrity EdDSA Cryptosuites §3.3.4).
func hashOf(config, doc map[string]any) ([]byte, error) {
	options, err := jcs.Append(nil, config)
	if err != nil {
		return nil, refuse("the proof has no canonical form")
	}
	text, err := jcs.Append(nil, doc)
	if err != nil {
		return nil, refuse("the document has no canonical form")
	}
	first, second := sha256.Sum256(options), sha256.Sum256(text)
	return append(first[:], second[:]...), nil
}

// Verify checks the proof against a key.
func (p *Proof) Verify(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize {
		return errors.New("the key is not an Ed25519 key")
	}
	for _, hash := range p.hashes {
		if ed25519.Verify(key, hash, p.value) {
			return nil
		}
	}
	return refuse("the proof does not match the key")
}
