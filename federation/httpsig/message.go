package httpsig

import (
	"net/http"
	"strconv"
	"strings"
)

// message is that part of a request which can be signed, as the peer saw it.
type message struct {
	method  string
	schemes []string // ours, or the ones it may be
	host    string   // lower case, without the default port
	rawHost string   // as received: what a covered host header says
	target  string   // path and query as on the request line
	header  http.Header
	length  int64
}

func newMessage(r *http.Request, schemes ...string) *message {
	// The request line, not r.URL: middleware may have shortened the path, and
	// parsing and printing a URL is not always the identity.
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") {
		target = r.URL.RequestURI()
	}
	host := r.Host
	if host == "" && r.URL != nil {
		host = r.URL.Host
	}
	return &message{
		method: r.Method, schemes: schemes, host: normalHost(host), rawHost: host,
		target: target, header: r.Header, length: r.ContentLength,
	}
}

// needsDigest reports whether the signature must cover the body. A request
// without one may still be signed without (a POST has one even if empty).
func (m *message) needsDigest() bool {
	return m.length != 0 || m.method == http.MethodPost || m.method == http.MethodPut || m.method == http.MethodPatch
}

// path and query split the target; query has no question mark.
func (m *message) path() string {
	p, _, _ := strings.Cut(m.target, "?")
	return p
}

func (m *message) query() (string, bool) {
	_, q, ok := strings.Cut(m.target, "?")
	return q, ok
}

// field is the value of a covered header: all its lines trimmed and joined,
// which both schemes do alike (draft-cavage-12 §2.3, RFC 9421 §2.1).
func (m *message) field(name string) (string, error) {
	if name == "host" {
		return m.rawHost, nil
	}
	values := m.header.Values(name)
	if len(values) == 0 {
		if name == "content-length" && m.length >= 0 { // net/http may keep it out of the header
			return strconv.FormatInt(m.length, 10), nil
		}
		return "", refuse("the signature covers the header " + name + ", which is not there")
	}
	if len(values) == 1 {
		return strings.TrimSpace(values[0]), nil
	}
	if singular(name) {
		return "", refuse("the header " + name + " is there more than once")
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.TrimSpace(v)
	}
	return strings.Join(trimmed, ", "), nil
}

// singular names the headers of which two lines could mean two things.
func singular(name string) bool {
	switch name {
	case "date", "digest", "content-digest", "content-length", "content-type":
		return true
	}
	return false
}

// normalHost lowers an authority and drops the port that the scheme implies.
// Which scheme it is does not matter: nobody serves https on port 80.
func normalHost(host string) string {
	host = strings.ToLower(host)
	for _, port := range []string{":443", ":80"} {
		host = strings.TrimSuffix(host, port)
	}
	return host
}

// cutScheme returns what follows an authorization scheme and its space.
func cutScheme(value, scheme string) (string, bool) {
	if len(value) <= len(scheme) || !strings.EqualFold(value[:len(scheme)], scheme) || value[len(scheme)] != ' ' {
		return "", false
	}
	return strings.TrimSpace(value[len(scheme)+1:]), true
}

// fieldName reports whether s can be the name of a header, in lower case.
func fieldName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}
