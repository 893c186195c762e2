// Package httpsig signs and verifies HTTP requests between servers, in the two
// forms the Fediverse uses: draft-cavage-http-signatures-12 (nearly everyone)
// and RFC 9421.
//
// Everything here is a pure function of a request, a key and a time. The
// package does not fetch keys, does not know whose key it is looking at, and
// does not store anything: that the key's owner is the activity's actor is for
// the caller to check. It imports the standard library alone.
//
// Read [Parse] and [Signature.Verify] first, then [SignCavage].
package httpsig

import (
	"crypto"
	"crypto/subtle"
	"net/http"
	"net/url"
	"time"
)

// Limits on what a peer may send and on how old it may be.
const (
	maxAge       = 12 * time.Hour // as Mastodon: clocks of small servers are wrong by time zones
	maxAhead     = time.Hour
	maxHeader    = 8 << 10 // bytes of one signature header
	maxCovered   = 32      // headers or components under one signature
	maxParams    = 16      // parameters of one signature
	maxKeyID     = 2048    // bytes
	maxSignature = 1024    // bytes: RSA of 8192 bits
	maxDigests   = 4       // algorithms in one digest header
)

// Error says why a signature was refused, in words that may be sent back to
// the peer and logged. Every error of [Parse] and [Signature.Verify] is or
// wraps one.
type Error struct {
	Reason string
}

func (e *Error) Error() string { return e.Reason }

var (
	// ErrMissing means that the request carries no signature at all.
	ErrMissing error = &Error{"the request is not signed"}
	// ErrMismatch means that the signature was not made with the given key. It
	// is the one error after which fetching the key again may help.
	ErrMismatch error = &Error{"the signature does not match the key"}
)

func refuse(reason string) error { return &Error{reason} }

// Scheme is a way to sign.
type Scheme string

// The schemes. Ed25519 is RFC 9421 with a key of that kind; a [Signature] that
// was read is of one of the other two.
const (
	Cavage  Scheme = "draft-cavage"
	RFC9421 Scheme = "rfc9421"
	Ed25519 Scheme = "ed25519"
)

// Doubted says whether an answer may mean that the scheme was not understood: it
// is asked for again in another. Servers say so by 401; what they say to a kind of
// key that they never saw is anybody's guess.
func (s Scheme) Doubted(status int) bool {
	if s != Ed25519 {
		return status == http.StatusUnauthorized
	}
	switch status {
	case http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests:
		return false
	}
	return status >= 400
}

// Sign signs r with a scheme, which the kind of the key must fit. The body is nil
// if there is none.
func Sign(r *http.Request, body []byte, k Key, now time.Time, scheme Scheme) error {
	if scheme == Cavage {
		return SignCavage(r, body, k, now)
	}
	return SignRFC9421(r, body, k, now)
}

// Signature is the one signature of a request, parsed and checked in all that
// does not need the key or the body.
type Signature struct {
	KeyID   string
	Scheme  Scheme
	Created time.Time // as signed: (created), created or Date

	algorithm string   // as stated, lower case; "" if not
	bases     []string // what may have been signed, in the order to try
	value     []byte
	digests   []digest // covered digests of the body; nil: none covered
}

// Parse finds the signature of a request as a server received it. It refuses
// requests with more than one, and signatures that leave out what a signature
// must cover. The host is taken from r.Host: callers that answer for one name
// use [ParseFor], which also compares it.
func Parse(r *http.Request, now time.Time) (*Signature, error) {
	return parse(newMessage(r, "https", "http"), now)
}

// ParseFor is [Parse] for a server whose public scheme and authority are those
// of public: a request made for another host is refused, since a signature
// only means something to the server it was made for.
func ParseFor(r *http.Request, now time.Time, public *url.URL) (*Signature, error) {
	m := newMessage(r, public.Scheme)
	if want := normalHost(public.Host); m.host != want {
		return nil, refuse("the request is for another host than " + want)
	}
	return parse(m, now)
}

func parse(m *message, now time.Time) (*Signature, error) {
	if m.host == "" {
		return nil, refuse("the request has no host")
	}
	form, value, err := find(m.header)
	if err != nil {
		return nil, err
	}
	if form == RFC9421 {
		return parseRFC9421(m, now)
	}
	return parseCavage(m, value, now)
}

// find decides which form the one signature has, and returns the header's
// value if it is draft-cavage. Two signatures are refused whatever they say:
// one reader would check the first, the next one the second.
func find(h http.Header) (Scheme, string, error) {
	values := h.Values("Signature")
	inputs := h.Values("Signature-Input")
	var authorization []string
	for _, v := range h.Values("Authorization") {
		if rest, ok := cutScheme(v, "Signature"); ok {
			authorization = append(authorization, rest)
		}
	}
	switch {
	case len(values) == 0 && len(inputs) == 0 && len(authorization) == 0:
		return "", "", ErrMissing
	case len(values) > 1 || len(inputs) > 1 || len(authorization) > 1,
		len(authorization) == 1 && (len(values) > 0 || len(inputs) > 0):
		return "", "", refuse("the request has more than one signature")
	case len(inputs) == 1 && len(values) == 0:
		return "", "", refuse("the request has a Signature-Input without a Signature")
	case len(inputs) == 1:
		return RFC9421, "", nil
	case len(authorization) == 1:
		return Cavage, authorization[0], nil
	}
	return Cavage, values[0], nil
}

// Verify checks the body against the covered digest, and the signature against
// the key. A body that no digest covers is refused.
func (s *Signature) Verify(body []byte, pub crypto.PublicKey) error {
	if len(body) > 0 && s.digests == nil {
		return refuse("the signature does not cover a digest of the body")
	}
	for _, d := range s.digests {
		if subtle.ConstantTimeCompare(d.sum, d.of(body)) != 1 {
			return refuse("the digest does not match the body")
		}
	}
	return s.verifyKey(pub)
}

// checkTimes applies the age limits to the moment of signing. expires is zero
// if the signature does not say.
func checkTimes(signed, expires, now time.Time) error {
	switch {
	case signed.Before(now.Add(-maxAge)):
		return refuse("the signature is older than 12 hours")
	case signed.After(now.Add(maxAhead)):
		return refuse("the signature is dated more than an hour ahead; is a clock wrong?")
	case !expires.IsZero() && expires.Before(now):
		return refuse("the signature has expired")
	}
	return nil
}
