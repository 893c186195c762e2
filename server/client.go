package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// proxies are the machines whose word on who is asking counts.
type proxies struct {
	trusted []netip.Prefix
	log     *slog.Logger
	warn    sync.Once
}

// realClient puts the address of the real client into RemoteAddr, so that
// nothing behind it needs to know of proxies. The port is not known then, and 0.
func (p *proxies) realClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forwarded := r.Header.Values("X-Forwarded-For")
		if len(forwarded) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		hop := peer.Addr().Unmap()
		if !p.trusts(hop) {
			p.hint(hop)
			next.ServeHTTP(w, r)
			return
		}
		behind := *r
		behind.RemoteAddr = net.JoinHostPort(p.client(hop, forwarded).String(), "0")
		next.ServeHTTP(w, &behind)
	})
}

// client walks the list from its right end, where our own proxy wrote, to the
// first address that is not a proxy of ours. What stands left of that one, or
// of a word that is no address, anybody could have written.
func (p *proxies) client(hop netip.Addr, forwarded []string) netip.Addr {
	list := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(list) - 1; i >= 0 && p.trusts(hop); i-- {
		address, ok := parseHop(list[i])
		if !ok {
			break
		}
		hop = address
	}
	return hop
}

// parseHop reads an entry of X-Forwarded-For; some proxies add the port.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return a.Unmap().WithZone(""), true
	}
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}

func (p *proxies) trusts(a netip.Addr) bool {
	for _, prefix := range p.trusted {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// hint tells once of what looks like a proxy that was forgotten: without it
// all its visitors share one address, and one limit on log-ins.
func (p *proxies) hint(peer netip.Addr) {
	if peer.IsLoopback() || peer.IsPrivate() {
		p.warn.Do(func() {
			p.log.Warn("X-Forwarded-For is ignored; if this is your reverse proxy, name it with --trusted-proxy", "peer", peer)
		})
	}
}
