package fetch

import (
	"sync"
	"time"
)

// memory remembers for a short time which hosts and which addresses failed, so
// that a thousand posts that mention one dead server cost one attempt. It is
// bounded, lives in memory alone, and forgets the oldest first only roughly.
type memory struct {
	now func() time.Time

	mu     sync.Mutex
	hosts  map[string]hostFailure
	misses map[string]miss
}

// hostFailure is a host that could not be reached, or asked us to wait.
type hostFailure struct {
	until time.Time
	pause time.Duration // the last one; the next is twice as long
}

// miss is an address that its server refused to show.
type miss struct {
	until  time.Time
	status int
}

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, hosts: map[string]hostFailure{}, misses: map[string]miss{}}
}

// hostWait is how long a host should be left alone; 0 if it may be asked.
func (m *memory) hostWait(host string) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(0, m.hosts[host].until.Sub(m.now()))
}

// hostFailed makes the host be left alone: for as long as it asked, or for
// twice as long with every failure in a row. Requests that were under way
// together count as one failure.
func (m *memory) hostFailed(host string, asked time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	f := m.hosts[host]
	if now.Before(f.until) && asked == 0 {
		return
	}
	if now.After(f.until.Add(f.pause)) {
		f.pause = 0 // the row ended
	}
	f.pause = min(max(2*f.pause, firstHostBackoff), maxHostBackoff)
	f.until = now.Add(f.pause)
	if asked > 0 {
		f.until = now.Add(min(asked, maxHostBackoff))
	}
	makeRoom(m.hosts, func(f hostFailure) bool { return now.After(f.until.Add(f.pause)) })
	m.hosts[host] = f
}

// hostAnswered ends a host's row of failures.
func (m *memory) hostAnswered(host string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.hosts, host)
}

// missed returns the status with which an address was refused a moment ago.
func (m *memory) missed(key string) (status int, wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.misses[key]
	if wait = f.until.Sub(m.now()); !ok || wait <= 0 {
		return 0, 0
	}
	return f.status, wait
}

func (m *memory) miss(key string, status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	makeRoom(m.misses, func(f miss) bool { return now.After(f.until) })
	m.misses[key] = miss{now.Add(missBackoff), status}
}

// makeRoom keeps a map below the limit: once it is full, what has run out goes
// and, if that is not enough, any quarter of it. Forgetting too early costs
// one request.
func makeRoom[V any](entries map[string]V, done func(V) bool) {
	if len(entries) < maxRemembered {
		return
	}
	for k, v := range entries {
		if done(v) {
			delete(entries, k)
		}
	}
	for k := range entries {
		if len(entries) <= maxRemembered*3/4 {
			return
		}
		delete(entries, k)
	}
}
