package content

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// ErrHandle is returned for a text that is not a handle.
var ErrHandle = errors.New("not a handle")

// Handle is how people write the name of an account: @user or @user@host.
type Handle struct {
	Username string // as written; names are compared without regard to case
	Host     string // lower case, ASCII (IDNA), perhaps with a port; "": on this server
}

// String returns the handle with its first @.
func (h Handle) String() string {
	if h.Host == "" {
		return "@" + h.Username
	}
	return "@" + h.Username + "@" + h.Host
}

// fold is the form in which handles are compared.
func (h Handle) fold() Handle {
	h.Username = strings.ToLower(h.Username)
	return h
}

// ParseHandle reads @user, @user@host, user@host and acct:user@host (RFC 7565).
// A host may have a port, which servers on one machine need.
func ParseHandle(s string) (Handle, error) {
	name := strings.TrimSpace(s)
	if len(name) > len("acct:") && strings.EqualFold(name[:len("acct:")], "acct:") {
		name = name[len("acct:"):]
	}
	name = strings.TrimPrefix(name, "@")
	user, host, remote := strings.Cut(name, "@")
	h := Handle{Username: user}
	if !validUsername(user) {
		return Handle{}, fmt.Errorf("%.100q: %w", s, ErrHandle)
	}
	if remote {
		var ok bool
		if h.Host, ok = parseHost(host); !ok {
			return Handle{}, fmt.Errorf("%.100q: %w", s, ErrHandle)
		}
	}
	return h, nil
}

// validUsername is what a handle from anywhere may have before its host. Other
// servers allow more than ours does.
func validUsername(s string) bool {
	if s == "" || len(s) > maxUsername {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-~", r) {
			return false
		}
	}
	return true
}

// parseHost returns host in the form of Handle.Host.
func parseHost(host string) (string, bool) {
	host, port, hasPort := strings.Cut(host, ":")
	if host == "" || len(host) > maxHost || !utf8.ValidString(host) {
		return "", false
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil || ascii == "" || len(ascii) > maxHost || strings.Contains(ascii, "..") ||
		strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", false
	}
	if !hasPort {
		return ascii, true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return ascii + ":" + strconv.FormatUint(n, 10), err == nil && n > 0
}
