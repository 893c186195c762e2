package fetch

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURI is the length in bytes above which no id or address is taken.
const maxURI = 2048

// maxHost is the same for a host before punycode, whose encoder is not linear;
// DNS itself ends at 253.
const maxHost = 512

// NormaliseURI returns the one form in which we store and compare an http or
// https URI: scheme and host in lower case, the host in punycode without a dot
// at the end, no default port. The rest stays byte for byte, because to the
// server that made it, it may mean something (ids with and without a slash at
// the end are two ids).
//
// It refuses credentials, percent signs in the host, and hosts that look like
// numbers but are not a plain IPv4 address: 127.1, 0x7f000001 and 2130706433
// are all 127.0.0.1 to some resolver.
func NormaliseURI(s string) (string, error) {
	if len(s) > maxURI {
		return "", errors.New("the address is too long")
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", errors.New("the address has characters that an address cannot have")
	}
	scheme, rest, ok := strings.Cut(s, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "https" && scheme != "http" {
		return "", errors.New("the address is neither https nor http")
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	authority, err := normaliseAuthority(authority, scheme)
	if err != nil {
		return "", err
	}
	normal := scheme + "://" + authority + tail
	if _, err := url.Parse(normal); err != nil {
		return "", errors.New("the address cannot be read")
	}
	return normal, nil
}

// IsNormal says whether a URI is in the form that NormaliseURI returns. An id in
// another form would be a second one for the same thing.
func IsNormal(s string) bool {
	normal, err := NormaliseURI(s)
	return err == nil && normal == s
}

func normaliseAuthority(authority, scheme string) (string, error) {
	if strings.Contains(authority, "@") {
		return "", errors.New("the address holds a user name")
	}
	host, port, err := splitPort(authority)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(host, "[") {
		host, err = normaliseIPv6(host)
	} else {
		host, err = NormaliseHost(host)
	}
	if err != nil {
		return "", err
	}
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return host, nil
	}
	return host + ":" + port, nil
}

// splitPort cuts the port off and writes it without zeros in front.
func splitPort(authority string) (host, port string, err error) {
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || i < strings.LastIndexByte(authority, ']') {
		return authority, "", nil
	}
	host, port = authority[:i], authority[i+1:]
	if port == "" {
		return host, "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", "", errors.New("the address has a port that is no number")
	}
	return host, strconv.FormatUint(n, 10), nil
}

func normaliseIPv6(host string) (string, error) {
	text, ok := strings.CutSuffix(host[1:], "]")
	addr, err := netip.ParseAddr(text)
	if !ok || err != nil || !addr.Is6() || addr.Zone() != "" {
		return "", errors.New("the address has a host that is no IPv6 address")
	}
	return "[" + addr.String() + "]", nil
}

// hostRules are those of browsers (UTS #46), but leave underscores alone:
// there are servers with one in their name.
var hostRules = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false),
	idna.BidiRule(), idna.VerifyDNSLength(true))

// NormaliseHost returns the one form of a host's name without a port: lower
// case, punycode, no dot at the end.
func NormaliseHost(host string) (string, error) {
	if len(host) > maxHost {
		return "", errors.New("the address has a host name that is too long")
	}
	host, err := hostRules.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || host == "" || strings.HasSuffix(host, ".") {
		return "", errors.New("the address has no proper host name")
	}
	for i := range len(host) {
		c := host[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return "", errors.New("the address has a host name with impossible characters")
		}
	}
	if numeric(host) {
		if addr, err := netip.ParseAddr(host); err != nil || !addr.Is4() {
			return "", errors.New("the address has a number for a host")
		}
	}
	return host, nil
}

// numeric reports whether a resolver might take the host for an IPv4 address
// in one of its old spellings: its last label is a number.
func numeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// HostOf is the host of a URI in normal form, with its port unless that is the
// default one; "" if the URI is none.
func HostOf(uri string) string {
	_, host := origin(uri)
	return host
}

// SameOrigin reports whether two URIs have the same scheme, host and port.
// Rubbish has no origin, and is of the same origin as nothing.
func SameOrigin(a, b string) bool {
	schemeA, hostA := origin(a)
	schemeB, hostB := origin(b)
	return hostA != "" && hostA == hostB && schemeA == schemeB
}

func origin(uri string) (scheme, host string) {
	uri, err := NormaliseURI(uri)
	if err != nil {
		return "", ""
	}
	scheme, rest, _ := strings.Cut(uri, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return scheme, rest
}
