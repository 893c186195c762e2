package httpsig

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SignCavage signs r as draft-cavage-12 says, the form that every server
// takes: (request-target), host and date, and with a body (not nil) its digest.
// It sets Date, Digest and Signature, and r.Host if it is empty. Signing a
// request again replaces the signature.
func SignCavage(r *http.Request, body []byte, k Key, now time.Time) error {
	digest := ""
	if body != nil {
		digest = Digest(body)
	}
	return SignCavageWithDigest(r, digest, k, now)
}

// SignCavageWithDigest is [SignCavage] with the [Digest] of the body made
// before; it is empty for a request without a body.
func SignCavageWithDigest(r *http.Request, digest string, k Key, now time.Time) error {
	if err := prepare(r, k, now); err != nil {
		return err
	}
	names := "(request-target) host date"
	base := "(request-target): " + strings.ToLower(method(r)) + " " + r.URL.RequestURI() +
		"\nhost: " + r.Host +
		"\ndate: " + r.Header.Get("Date")
	if digest != "" {
		r.Header.Set("Digest", digest)
		names += " digest"
		base += "\ndigest: " + digest
	}
	value, err := sign(k.Private, base)
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	algorithm := "hs2019"
	if isRSA(k.Private) {
		algorithm = "rsa-sha256"
	}
	r.Header.Set("Signature", `keyId="`+k.ID+`",algorithm="`+algorithm+`",headers="`+names+
		`",signature="`+base64.StdEncoding.EncodeToString(value)+`"`)
	return nil
}

// method is the method of an outgoing request, for which net/http lets "" mean GET.
func method(r *http.Request) string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// prepare removes what an earlier signature left, and sets host and date.
func prepare(r *http.Request, k Key, now time.Time) error {
	if k.ID == "" || len(k.ID) > maxKeyID || !quotable(k.ID) {
		return fmt.Errorf("sign request: %q cannot be a key id", k.ID)
	}
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	for _, name := range []string{"Signature", "Signature-Input", "Digest", "Content-Digest"} {
		r.Header.Del(name)
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	return nil
}

// cavageParams are the parameters of a Signature header.
type cavageParams struct {
	keyID, algorithm, created, expires string
	headers                            []string
	signature                          []byte
}

func parseCavage(m *message, value string, now time.Time) (*Signature, error) {
	p, err := parseCavageParams(value)
	if err != nil {
		return nil, err
	}
	if err := p.checkCovered(m); err != nil {
		return nil, err
	}
	signed, err := p.checkTimes(m, now)
	if err != nil {
		return nil, err
	}
	s := &Signature{KeyID: p.keyID, Scheme: Cavage, Created: signed, algorithm: p.algorithm, value: p.signature}
	if slices.Contains(p.headers, "digest") {
		value, err := m.field("digest")
		if err != nil {
			return nil, err
		}
		if s.digests, err = parseDigest(value); err != nil {
			return nil, err
		}
	}
	s.bases, err = p.bases(m)
	return s, err
}

// parseCavageParams reads `name="value"` pairs (draft-cavage-12 §2.1). Numbers
// may be bare or quoted. Unknown names are ignored, repeated ones refused.
func parseCavageParams(value string) (*cavageParams, error) {
	pairs, err := splitParams(value)
	if err != nil {
		return nil, err
	}
	p := &cavageParams{
		keyID: pairs["keyId"], algorithm: strings.ToLower(pairs["algorithm"]),
		created: pairs["created"], expires: pairs["expires"],
		headers: strings.Fields(strings.ToLower(pairs["headers"])),
	}
	if p.keyID == "" || len(p.keyID) > maxKeyID {
		return nil, refuse("the signature has no keyId, or one that is too long")
	}
	p.signature, err = base64.StdEncoding.DecodeString(pairs["signature"])
	if err != nil || len(p.signature) == 0 || len(p.signature) > maxSignature {
		return nil, refuse("the signature is not base64, or has an impossible length")
	}
	return p, nil
}

func splitParams(value string) (map[string]string, error) {
	if len(value) > maxHeader {
		return nil, refuse("the Signature header is too long")
	}
	pairs := map[string]string{}
	for rest := strings.TrimSpace(value); rest != ""; {
		name, after, ok := strings.Cut(rest, "=")
		name = strings.TrimSpace(name)
		text, tail, good := cutValue(strings.TrimSpace(after))
		if !ok || !good || name == "" || len(pairs) == maxParams {
			return nil, refuse("the Signature header cannot be read")
		}
		if _, double := pairs[name]; double {
			return nil, refuse("the Signature header has a parameter twice")
		}
		pairs[name] = text
		if tail = strings.TrimSpace(tail); tail != "" && !strings.HasPrefix(tail, ",") {
			return nil, refuse("the Signature header cannot be read")
		}
		rest = strings.TrimSpace(strings.TrimPrefix(tail, ","))
	}
	return pairs, nil
}

// cutValue takes a quoted or bare value off the front of s. Backslashes are
// refused: no key id needs one, and readers differ in what they make of it.
func cutValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexByte(s, ',')
		if end < 0 {
			end = len(s)
		}
		value = strings.TrimSpace(s[:end])
		return value, s[end:], value != "" && quotable(value)
	}
	value, rest, ok = strings.Cut(s[1:], `"`)
	return value, rest, ok && quotable(value)
}

// quotable reports whether s is printable ASCII without quote and backslash.
func quotable(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// checkCovered refuses a signature that leaves out what tells this request
// from another: then it could be used again for something else.
func (p *cavageParams) checkCovered(m *message) error {
	if len(p.headers) > maxCovered {
		return refuse("the signature covers too many headers")
	}
	for i, name := range p.headers {
		if slices.Contains(p.headers[:i], name) {
			return refuse("the signature covers a header twice")
		}
	}
	covers := func(name string) bool { return slices.Contains(p.headers, name) }
	switch {
	case !covers("(request-target)"):
		return refuse("the signature does not cover (request-target)")
	case !covers("host"):
		return refuse("the signature does not cover host")
	case !covers("date") && !covers("(created)"):
		return refuse("the signature covers neither date nor (created)")
	case m.needsDigest() && !covers("digest"):
		return refuse("the signature does not cover digest")
	}
	return nil
}

// checkTimes checks every moment that is covered, and expires if it is stated
// at all: it can only shorten the signature's life.
func (p *cavageParams) checkTimes(m *message, now time.Time) (time.Time, error) {
	var signed, expires time.Time
	var err error
	if p.expires != "" {
		if expires, err = unixTime(p.expires); err != nil {
			return signed, err
		}
	}
	if slices.Contains(p.headers, "(created)") {
		if signed, err = unixTime(p.created); err != nil {
			return signed, err
		}
		if err := checkTimes(signed, expires, now); err != nil {
			return signed, err
		}
	}
	if !slices.Contains(p.headers, "date") {
		return signed, nil
	}
	value, err := m.field("date")
	if err != nil {
		return signed, err
	}
	if signed, err = http.ParseTime(value); err != nil {
		return signed, refuse("the Date header cannot be read")
	}
	return signed, checkTimes(signed, expires, now)
}

// unixTime reads seconds since 1970; draft-cavage-12 §2.1.5 allows a fraction
// in expires, which does not matter here.
func unixTime(text string) (time.Time, error) {
	whole, _, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return time.Time{}, refuse("the signature has a time that cannot be read")
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// bases builds what was signed, once with the query string in (request-target)
// and once without: Akkoma signs the path alone, and GoToSocial tries both.
func (p *cavageParams) bases(m *message) ([]string, error) {
	base, err := p.base(m, m.target)
	if err != nil {
		return nil, err
	}
	bases := []string{base}
	if _, ok := m.query(); ok {
		base, err := p.base(m, m.path())
		if err != nil {
			return nil, err
		}
		bases = append(bases, base)
	}
	return bases, nil
}

// base is the signing string for one reading of the target (draft-cavage-12 §2.3).
func (p *cavageParams) base(m *message, target string) (string, error) {
	var b strings.Builder
	for i, name := range p.headers {
		value, err := p.line(m, name, target)
		if err != nil {
			return "", err
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(name + ": " + value)
	}
	return b.String(), nil
}

func (p *cavageParams) line(m *message, name, target string) (string, error) {
	switch name {
	case "(request-target)":
		return strings.ToLower(m.method) + " " + target, nil
	case "(created)":
		return p.created, nil
	case "(expires)":
		if p.expires == "" {
			return "", refuse("the signature covers (expires) but does not state it")
		}
		return p.expires, nil
	}
	if !fieldName(name) {
		return "", refuse("the signature covers something that is not a header")
	}
	return m.field(name)
}
