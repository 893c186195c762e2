package fetch

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
)

// special are the ranges of IPv4, and of IPv6 within 2000::/3, that are not of
// the public internet: IANA's registries of special-purpose addresses.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("10.0.0.0/8"),      // private
	netip.MustParsePrefix("100.64.0.0/10"),   // carriers
	netip.MustParsePrefix("127.0.0.0/8"),     // loopback
	netip.MustParsePrefix("169.254.0.0/16"),  // link-local, and metadata of clouds
	netip.MustParsePrefix("172.16.0.0/12"),   // private
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.31.196.0/24"), // AS112
	netip.MustParsePrefix("192.52.193.0/24"), // AMT
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("192.168.0.0/16"),  // private
	netip.MustParsePrefix("192.175.48.0/24"), // AS112
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("224.0.0.0/4"),     // multicast
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo, ORCHID
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4: holds an IPv4 address
	netip.MustParsePrefix("3fff::/20"),       // documentation
}

// global is all of IPv6 that is in use. What lies outside needs no list:
// loopback, IPv4-compatible, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), ULA,
// link-local, multicast.
var global = netip.MustParsePrefix("2000::/3")

// public reports whether an address belongs to the public internet.
func public(a netip.Addr) bool {
	if a.Zone() != "" || a.Is6() && !global.Contains(a) {
		return false
	}
	return !within(special, a)
}

func within(prefixes []netip.Prefix, a netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// checkAddress is the guard: it decides about one address that is about to be
// dialled.
func (c *Config) checkAddress(a netip.Addr) error {
	a = a.Unmap()
	switch {
	case len(c.DialOnly) > 0:
		if !within(c.DialOnly, a) {
			return errAddress{a}
		}
	case !public(a) && !within(c.AllowPrivate, a):
		return errAddress{a}
	}
	return nil
}

// errAddress says that the guard stopped a connection.
type errAddress struct{ addr netip.Addr }

func (e errAddress) Error() string {
	return fmt.Sprintf("the address %v is not of the public internet", e.addr)
}

// newDialer resolves, then has every address checked at the moment it is
// dialled: a name that answers differently the second time gains nothing.
func newDialer(c Config) *net.Dialer {
	return &net.Dialer{
		Timeout:  dialTimeout,
		Resolver: c.Resolver,
		Control: func(network, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil {
				return errAddress{}
			}
			return c.checkAddress(a.Addr())
		},
	}
}

// checkURL applies what can be told before resolving. Ports below 1024 other
// than those of the web belong to services that should not hear from us.
func (c *Config) checkURL(u *url.URL) error {
	if u.Scheme == "http" && !c.PlainHTTP {
		return fmt.Errorf("plain http is not dialled")
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && c.Dial == nil {
		if err := c.checkAddress(a); err != nil {
			return err
		}
	}
	if text := u.Port(); text != "" {
		if port, err := strconv.Atoi(text); err != nil || port < 1024 && port != 443 && port != 80 {
			return fmt.Errorf("the port %s is not of the web", text)
		}
	}
	return nil
}
