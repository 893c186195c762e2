package oauth

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// OutOfBand is the redirect URI of apps that have no address: the member copies
// the code.
const OutOfBand = "urn:ietf:wg:oauth:2.0:oob"

// forbiddenSchemes run code or read files where they are opened.
var forbiddenSchemes = []string{"javascript", "vbscript", "data", "file", "about", "blob", "filesystem", "mailto", "view-source"}

// CheckRedirectURI says whether a member may be sent to an address with a code:
// an absolute one without fragment (RFC 6749 §3.1.2), of the web or of an app's
// own scheme (RFC 8252 §7.1).
func CheckRedirectURI(text string) error {
	if text == OutOfBand {
		return nil
	}
	if len(text) > maxRedirectURI {
		return fmt.Errorf("is longer than %d bytes", maxRedirectURI)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f || r > 0x7e }) {
		return fmt.Errorf("holds characters that an address can't have")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return fmt.Errorf("is not an address")
	case u.Scheme == "":
		return fmt.Errorf("must be an absolute address")
	case strings.Contains(text, "#"):
		return fmt.Errorf("must not have a fragment")
	case slices.Contains(forbiddenSchemes, strings.ToLower(u.Scheme)):
		return fmt.Errorf("must not be of the scheme %s", u.Scheme)
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host == "":
		return fmt.Errorf("names no host")
	case u.User != nil:
		return fmt.Errorf("must not hold a user name")
	}
	return nil
}

// redirectMatches says whether an app that registered one address may use
// another: it must be the same byte for byte, but for the port of the loopback
// interface, which an app gets only when it listens (RFC 8252 §7.3).
func redirectMatches(registered, given string) bool {
	if registered == given {
		return true
	}
	a, errA := url.Parse(registered)
	b, errB := url.Parse(given)
	if errA != nil || errB != nil || !isLoopback(a) || !isLoopback(b) {
		return false
	}
	return a.Scheme == b.Scheme && a.Hostname() == b.Hostname() && a.User == nil && b.User == nil &&
		a.EscapedPath() == b.EscapedPath() && a.RawQuery == b.RawQuery && a.Fragment == b.Fragment
}

func isLoopback(u *url.URL) bool {
	if u.Scheme != "http" {
		return false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// MayRedirect says whether one of an app's registered addresses is this one.
func MayRedirect(registered []string, given string) bool {
	return slices.ContainsFunc(registered, func(r string) bool { return redirectMatches(r, given) })
}

// withQuery adds parameters to an address that may have some already, and has no
// fragment. The rest stays byte for byte, for apps that compare it: "app://" too,
// which is no address that net/url writes.
func withQuery(address string, more url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + more.Encode()
}
