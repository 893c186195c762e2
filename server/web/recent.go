package web

import (
	"sync"
	"time"
)

// recent remembers which keys were taken within a window, exactly: unlike a
// throttle's, a key never stands in for another. When it is full the oldest
// leave first.
type recent struct {
	window time.Duration

	mu    sync.Mutex
	until map[string]time.Time
	order []string // as taken
}

const maxRecent = 4096

func newRecent(window time.Duration) *recent {
	return &recent{window: window, until: make(map[string]time.Time)}
}

// take takes a key, or returns how long it is still taken.
func (m *recent) take(key string, now time.Time) (wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if until, taken := m.until[key]; taken && now.Before(until) && until.Sub(now) <= m.window {
		return until.Sub(now)
	}
	for len(m.order) > 0 && (len(m.order) >= maxRecent || !now.Before(m.until[m.order[0]])) {
		delete(m.until, m.order[0])
		m.order = m.order[1:]
	}
	if _, known := m.until[key]; !known {
		m.order = append(m.order, key)
	}
	m.until[key] = now.Add(m.window)
	return 0
}
