// Package throttle counts how often something is tried, and says when it was
// too often. It keeps its counts in memory of a fixed size and knows nothing of
// requests. It imports nothing of this server.
//
// Read [Table] first.
package throttle

import (
	"hash/maphash"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Table counts tries by key in windows of a fixed length. Its memory is fixed
// too: keys are hashed, with a seed that nobody knows, into a table of counters.
// Two keys that share a counter throttle each other, which is rare and passes;
// in return no flood of keys can push anybody's count out.
type Table struct {
	limit  int
	window time.Duration
	seed   maphash.Seed

	mu    sync.Mutex
	slots [1 << 12]struct {
		count int
		until time.Time
	}
}

// New makes a table that lets limit tries through in each window.
func New(limit int, window time.Duration) *Table {
	return &Table{limit: limit, window: window, seed: maphash.MakeSeed()}
}

// Count is how a key stands after a try.
type Count struct {
	Limit, Left int
	Reset       time.Time     // when the window ends
	Wait        time.Duration // over 0: the try must not be made before
}

// Take counts one try. It counts before the try, so that many at once can't
// slip through.
func (t *Table) Take(key string, now time.Time) Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.slots[t.slot(key)]
	if !now.Before(s.until) || s.until.Sub(now) > t.window { // over, or the clock was set back
		s.count, s.until = 0, now.Add(t.window)
	}
	c := Count{Limit: t.limit, Reset: s.until}
	if s.count >= t.limit {
		c.Wait = s.until.Sub(now)
		return c
	}
	s.count++
	c.Left = t.limit - s.count
	return c
}

// GiveBack takes back one try that turned out not to count.
func (t *Table) GiveBack(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := &t.slots[t.slot(key)]; s.count > 0 {
		s.count--
	}
}

func (t *Table) slot(key string) uint64 {
	return maphash.String(t.seed, key) % uint64(len(t.slots))
}

// Network is what counts as one address: an IPv4 address, or the /64 that one
// IPv6 customer has at least. The port, if there is one, does not count.
func Network(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
