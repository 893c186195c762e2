package httpsig

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"strings"
)

// digest is one sum that a covered digest header claims for the body.
type digest struct {
	sum []byte
	of  func([]byte) []byte
}

func sha256Of(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
func sha512Of(b []byte) []byte { s := sha512.Sum512(b); return s[:] }

// Digest is the value of the Digest header for a body (RFC 3230, RFC 5843).
// The With forms of the signers take it, so that an activity sent to many
// inboxes is hashed once.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// contentDigest turns the value of a Digest header into that of Content-Digest
// (RFC 9530 §2).
func contentDigest(digest string) string {
	_, sum, _ := strings.Cut(digest, "=")
	return "sha-256=:" + sum + ":"
}

// newDigest names the algorithm in any case: Mastodon writes SHA-256, others
// sha-256 (RFC 3230 §4.1.1 makes it case-insensitive).
func newDigest(algorithm string, sum []byte) (digest, error) {
	var d digest
	switch strings.ToLower(algorithm) {
	case "sha-256":
		d = digest{sum, sha256Of}
	case "sha-512":
		d = digest{sum, sha512Of}
	default:
		return d, refuse("the digest's algorithm is unknown; use SHA-256")
	}
	if len(sum) != len(d.of(nil)) {
		return d, refuse("the digest has the wrong length")
	}
	return d, nil
}

// parseDigest reads the value of a Digest header. Each algorithm may appear
// once, and each must be known: what we cannot check we do not believe.
func parseDigest(value string) ([]digest, error) {
	var digests []digest
	seen := map[string]bool{}
	for part := range strings.SplitSeq(value, ",") {
		algorithm, encoded, ok := strings.Cut(strings.TrimSpace(part), "=")
		algorithm = strings.ToLower(algorithm)
		if !ok || seen[algorithm] || len(digests) == maxDigests {
			return nil, refuse("the Digest header cannot be read")
		}
		seen[algorithm] = true
		sum, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, refuse("the Digest header is not base64")
		}
		d, err := newDigest(algorithm, sum)
		if err != nil {
			return nil, err
		}
		digests = append(digests, d)
	}
	return digests, nil
}

// parseContentDigest reads the value of a Content-Digest header, a dictionary
// of byte sequences (RFC 9530 §2).
func parseContentDigest(value string) ([]digest, error) {
	members, err := parseDictionary(value)
	if err != nil || len(members) == 0 || len(members) > maxDigests {
		return nil, refuse("the Content-Digest header cannot be read")
	}
	var digests []digest
	for _, m := range members {
		if m.item.kind != kindBytes {
			return nil, refuse("the Content-Digest header holds something else than bytes")
		}
		d, err := newDigest(m.key, []byte(m.item.text))
		if err != nil {
			return nil, err
		}
		digests = append(digests, d)
	}
	return digests, nil
}
