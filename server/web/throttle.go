package web

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"seedling/templates"
)

// How often something may be tried before its window ends. An account's limit
// is lower than what guessing needs and higher than what a forgetful person
// tries; whoever locks somebody out this way does so for a quarter of an hour.
const (
	tryWindow      = 15 * time.Minute
	triesAccount   = 10 // wrong passwords for one name
	triesAddress   = 30 // wrong passwords from one address: many people may share it
	joinWindow     = time.Hour
	joinsAddress   = 60 // forms sent
	signUpsAddress = 5  // accounts made without an invitation
)

// throttle counts tries by key in windows of a fixed length. Its memory is
// fixed too: keys are hashed, with a seed that nobody knows, into a table of
// counters. Two keys that share a counter throttle each other, which is rare
// and passes; in return no flood of keys can push anybody's count out.
type throttle struct {
	limit  int
	window time.Duration
	seed   maphash.Seed

	mu    sync.Mutex
	slots [1 << 12]struct {
		count int
		until time.Time
	}
}

func newThrottle(limit int, window time.Duration) *throttle {
	return &throttle{limit: limit, window: window, seed: maphash.MakeSeed()}
}

// take counts one try. If there were too many it returns how long to wait, and
// the try must not be made. It counts before the try, so that many at once
// can't slip through.
func (t *throttle) take(key string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.slots[t.slot(key)]
	if !now.Before(s.until) || s.until.Sub(now) > t.window { // over, or the clock was set back
		s.count, s.until = 0, now.Add(t.window)
	}
	if s.count >= t.limit {
		return s.until.Sub(now)
	}
	s.count++
	return 0
}

// giveBack takes back one try that turned out not to count.
func (t *throttle) giveBack(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := &t.slots[t.slot(key)]; s.count > 0 {
		s.count--
	}
}

func (t *throttle) slot(key string) uint64 {
	return maphash.String(t.seed, key) % uint64(len(t.slots))
}

// throttles are all counters of one server; nil: nothing is throttled.
type throttles struct {
	account, address *throttle // passwords
	joins, signUps   *throttle
}

func newThrottles() *throttles {
	return &throttles{
		account: newThrottle(triesAccount, tryWindow),
		address: newThrottle(triesAddress, tryWindow),
		joins:   newThrottle(joinsAddress, joinWindow),
		signUps: newThrottle(signUpsAddress, joinWindow),
	}
}

// network is what counts as one address: an IPv4 address, or the /64 that one
// IPv6 customer has at least.
func (s *Server) network(r *request) string {
	text := s.client(r.Request)
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return text
	}
	return p.String()
}

// tooMany tells the browser and the reader when to come back. The sentence
// belongs to the whole form, which the caller shows again with status 429.
func tooMany(w http.ResponseWriter, wait time.Duration) templates.FieldError {
	w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	return mistake("", "error.try_later", "n", int((wait+time.Minute-1)/time.Minute))
}
