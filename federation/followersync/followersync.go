// Package followersync is the header by which two servers find out that they no
// longer agree on who follows whom (FEP-8fcf): with what a server sends to
// somebody's followers goes a digest of those followers that live where it is
// sent. It is pure; who fetches, serves and reconciles is in outbox, inbox and
// federation. Read [Header] first.
package followersync

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Name is the name of the header.
const Name = "Collection-Synchronization"

// Limits of a header of somebody else.
const (
	maxHeader     = 8 << 10
	maxParameters = 10
)

// Header is what the header says.
type Header struct {
	CollectionID string // the followers collection of who sends
	URL          string // the part of it that lives at the receiver
	Digest       string // of that part, in hexadecimal
}

// String writes the header, with the syntax of the parameters of a signature.
func (h Header) String() string {
	return `collectionId="` + h.CollectionID + `", url="` + h.URL + `", digest="` + h.Digest + `"`
}

// Parse reads a header; false if it lacks a part or is malformed.
func Parse(text string) (Header, bool) {
	var h Header
	if len(text) > maxHeader {
		return h, false
	}
	for range maxParameters {
		key, rest, ok := strings.Cut(strings.TrimLeft(text, ", \t"), `="`)
		if !ok {
			break
		}
		value, after, ok := strings.Cut(rest, `"`)
		if !ok {
			return Header{}, false
		}
		switch key {
		case "collectionId":
			h.CollectionID = value
		case "url":
			h.URL = value
		case "digest":
			h.Digest = strings.ToLower(value)
		}
		text = after
	}
	digest, err := hex.DecodeString(h.Digest)
	return h, err == nil && len(digest) == sha256.Size && h.CollectionID != "" && h.URL != ""
}

// Sum is the digest of a set of ids: the SHA-256 of each, taken together with
// exclusive or, so that their order does not matter.
type Sum [sha256.Size]byte

// Add puts an id into the set.
func (s *Sum) Add(id string) {
	for i, b := range sha256.Sum256([]byte(id)) {
		s[i] ^= b
	}
}

// String is the digest in hexadecimal.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Digest is the digest of ids.
func Digest(ids []string) string {
	var s Sum
	for _, id := range ids {
		s.Add(id)
	}
	return s.String()
}
