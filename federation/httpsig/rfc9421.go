package httpsig

import (
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SignRFC9421 signs r as RFC 9421 says, in the shape that Mastodon 4.5 takes:
// @method, @target-uri and with a body (not nil) content-digest; created,
// keyid and alg. It replaces what an earlier signature set.
func SignRFC9421(r *http.Request, body []byte, k Key, now time.Time) error {
	digest := ""
	if body != nil {
		digest = Digest(body)
	}
	return SignRFC9421WithDigest(r, digest, k, now)
}

// SignRFC9421WithDigest is [SignRFC9421] with the [Digest] of the body made
// before; it is empty for a request without a body.
func SignRFC9421WithDigest(r *http.Request, digest string, k Key, now time.Time) error {
	if err := prepare(r, k, now); err != nil {
		return err
	}
	target := r.URL.Scheme + "://" + normalHost(r.Host) + r.URL.RequestURI()
	base := `"@method": ` + method(r) + "\n" + `"@target-uri": ` + target + "\n"
	names := `("@method" "@target-uri"`
	if digest != "" {
		value := contentDigest(digest)
		r.Header.Set("Content-Digest", value)
		base += `"content-digest": ` + value + "\n"
		names += ` "content-digest"`
	}
	alg := "ed25519"
	if isRSA(k.Private) {
		alg = "rsa-v1_5-sha256"
	}
	params := names + ");created=" + strconv.FormatInt(now.Unix(), 10) + `;keyid="` + k.ID + `";alg="` + alg + `"`
	value, err := sign(k.Private, base+`"@signature-params": `+params)
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	r.Header.Set("Signature-Input", "sig1="+params)
	r.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(value)+":")
	return nil
}

// Wanted is the value of the Accept-Signature header of a 401: what a signature
// has to cover (RFC 9421 §5.1). It also tells peers that this form is taken.
func Wanted(method string) string {
	if method == http.MethodPost {
		return `sig1=("@method" "@target-uri" "content-digest");created;keyid`
	}
	return `sig1=("@method" "@target-uri");created;keyid`
}

func isRSA(key crypto.Signer) bool {
	_, ok := key.(*rsa.PrivateKey)
	return ok
}

func parseRFC9421(m *message, now time.Time) (*Signature, error) {
	s, input, err := parseLabel(m.header)
	if err != nil {
		return nil, err
	}
	if err := checkComponents(m, input); err != nil {
		return nil, err
	}
	if err := s.readParams(input, now); err != nil {
		return nil, err
	}
	if covers(input, "content-digest") {
		value, err := m.field("content-digest")
		if err != nil {
			return nil, err
		}
		if s.digests, err = parseContentDigest(value); err != nil {
			return nil, err
		}
	}
	s.bases, err = signatureBases(m, input)
	return s, err
}

// parseLabel reads the two headers, which must hold the same single label.
func parseLabel(h http.Header) (*Signature, item, error) {
	inputs, err := parseDictionary(h.Get("Signature-Input"))
	if err != nil {
		return nil, item{}, err
	}
	values, err := parseDictionary(h.Get("Signature"))
	if err != nil {
		return nil, item{}, err
	}
	if len(inputs) > 1 || len(values) > 1 {
		return nil, item{}, refuse("the request has more than one signature")
	}
	if len(inputs) == 0 || len(values) == 0 || inputs[0].key != values[0].key {
		return nil, item{}, refuse("Signature and Signature-Input do not belong together")
	}
	input, value := inputs[0].item, values[0].item
	if input.kind != kindList || value.kind != kindBytes {
		return nil, item{}, refuse("Signature-Input is not a list, or Signature not bytes")
	}
	if len(value.text) == 0 || len(value.text) > maxSignature {
		return nil, item{}, refuse("the signature has an impossible length")
	}
	return &Signature{Scheme: RFC9421, value: []byte(value.text)}, input, nil
}

// readParams takes keyid, alg, created and expires (RFC 9421 §2.3). created is
// required, or a captured request would be good for ever.
func (s *Signature) readParams(input item, now time.Time) error {
	for _, p := range input.params {
		want := kindString
		switch p.name {
		case "keyid":
			s.KeyID = p.value.text
		case "alg":
			s.algorithm = p.value.text
		case "created", "expires":
			want = kindInt
		default:
			continue
		}
		if p.value.kind != want {
			return refuse("the signature's parameter " + p.name + " is of the wrong type")
		}
	}
	if s.KeyID == "" || len(s.KeyID) > maxKeyID {
		return refuse("the signature has no keyid, or one that is too long")
	}
	created, ok := input.param("created")
	if !ok {
		return refuse("the signature does not say when it was created")
	}
	var err error
	if s.Created, err = unixTime(created.text); err != nil {
		return err
	}
	var expires time.Time
	if e, ok := input.param("expires"); ok {
		if expires, err = unixTime(e.text); err != nil {
			return err
		}
	}
	return checkTimes(s.Created, expires, now)
}

func covers(input item, name string) bool {
	for _, c := range input.list {
		if c.text == name && len(c.params) == 0 {
			return true
		}
	}
	return false
}

// checkComponents refuses a signature that leaves out what tells this request
// from another. RFC 9421 §1.4 leaves the list to the application; this is
// Mastodon's, and its equivalents.
func checkComponents(m *message, input item) error {
	if err := checkNames(input); err != nil {
		return err
	}
	host := covers(input, "@authority") || covers(input, "host")
	_, hasQuery := m.query()
	target := covers(input, "@request-target") ||
		covers(input, "@path") && (!hasQuery || covers(input, "@query"))
	switch {
	case !covers(input, "@method"):
		return refuse("the signature does not cover @method")
	case !covers(input, "@target-uri") && !(host && target):
		return refuse("the signature covers neither @target-uri nor host, path and query")
	case m.needsDigest() && !covers(input, "content-digest"):
		return refuse("the signature does not cover content-digest")
	}
	return nil
}

// checkNames refuses repeated components, and parameters that we cannot apply.
func checkNames(input item) error {
	seen := map[string]bool{}
	for _, c := range input.list {
		if c.kind != kindString {
			return refuse("the signature covers something that is not a name")
		}
		if len(c.params) > 0 && c.text != "@query-param" {
			return refuse("the signature covers " + c.String() + ", which is not supported")
		}
		name := c.String()
		if seen[name] {
			return refuse("the signature covers " + name + " twice")
		}
		seen[name] = true
	}
	return nil
}

// signatureBases builds what was signed for each scheme that we may be
// reachable under, one unless the caller could not say.
func signatureBases(m *message, input item) ([]string, error) {
	schemes := m.schemes
	if !covers(input, "@target-uri") && !covers(input, "@scheme") {
		schemes = schemes[:1]
	}
	var bases []string
	for _, scheme := range schemes {
		base, err := signatureBase(m, input, scheme)
		if err != nil {
			return nil, err
		}
		bases = append(bases, base)
	}
	return bases, nil
}

// signatureBase is RFC 9421 §2.5.
func signatureBase(m *message, input item, scheme string) (string, error) {
	var b strings.Builder
	for _, c := range input.list {
		value, err := component(m, c, scheme)
		if err != nil {
			return "", err
		}
		b.WriteString(c.String() + ": " + value + "\n")
	}
	b.WriteString(`"@signature-params": ` + input.String())
	return b.String(), nil
}

// component is the value of one covered component (RFC 9421 §2.1 and §2.2).
func component(m *message, c item, scheme string) (string, error) {
	switch c.text {
	case "@method":
		return m.method, nil
	case "@target-uri":
		return scheme + "://" + m.host + m.target, nil
	case "@authority":
		return m.host, nil
	case "@scheme":
		return scheme, nil
	case "@request-target":
		return m.target, nil
	case "@path":
		return m.path(), nil
	case "@query":
		q, _ := m.query()
		return "?" + q, nil // also if there is none (§2.2.7)
	case "@query-param":
		return queryParam(m, c)
	}
	if !fieldName(c.text) {
		return "", refuse("the signature covers " + c.String() + ", which is not supported")
	}
	return m.field(c.text)
}

// queryParam is one parameter of the query, which must be there once (§2.2.8).
func queryParam(m *message, c item) (string, error) {
	name, ok := c.param("name")
	query, _ := m.query()
	values, err := url.ParseQuery(query)
	if !ok || len(c.params) != 1 || name.kind != kindString || err != nil {
		return "", refuse("the signature covers a query parameter that cannot be read")
	}
	key, err := url.QueryUnescape(name.text)
	if err != nil || len(values[key]) != 1 {
		return "", refuse("the signature covers a query parameter that is not there once")
	}
	return strings.ReplaceAll(url.QueryEscape(values[key][0]), "+", "%20"), nil
}
