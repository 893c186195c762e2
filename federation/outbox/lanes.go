package outbox

import (
	"slices"
	"sync"
	"time"

	"seedling/store"
)

// lanes holds a lane for each host that something waits for, and decides whose
// turn it is. A turn is one delivery, in its own goroutine; a lane has at most
// one turn at a time, so what goes to a host stays in order. Lanes that wait for
// a turn or for a retry have no goroutine, and hosts that nothing waits for no
// lane.
type lanes struct {
	now func() time.Time

	mu       sync.Mutex
	byHost   map[string]*lane
	well     pool            // for hosts that answered last time, or were never asked
	doubtful pool            // for those that failed or took long: the dead do not slow the living down
	overtime int             // places left for requests that outstayed their place in well
	slow     map[string]bool // hosts without a lane that took long last time
	start    func(*lane, *slot)
	turns    sync.WaitGroup
}

// lane is a host that something waits for.
type lane struct {
	host string

	// Guarded by lanes.mu.
	phase phase
	queue *pool // while queued; entries in other queues are stale
	again bool  // something was added while it had its turn
	timer *time.Timer
	tried time.Time // when its last turn ended

	// Used by its turn, and under lanes.mu while it has none.
	known     bool   // the following was read from the store
	failures  int    // in a row
	backoff   int    // likewise, but starts anew when the host shows that it is alive
	signature string // the kind it takes, "" unknown
	ed25519   store.Ed25519
	slow      bool  // it took long last time
	ended     ended // an outcome that could not be written
}

type phase int

const (
	queued  phase = iota
	running       // it has its turn
	waiting       // for its timer
)

// ended is a delivery that must not be sent again.
type ended struct {
	id     int64
	answer answer
}

// pool is a number of places, and the lanes that want one.
type pool struct {
	free  int
	lanes []*lane
}

// slot is a place that a turn has taken.
type slot struct {
	pool     *pool
	overtime bool
	left     bool
	timer    *time.Timer
}

// next is what becomes of a lane after its turn.
type next struct {
	after time.Duration // > 0: it waits so long
	empty bool          // nothing waits for the host
}

func newLanes(well, doubtful int, now func() time.Time) *lanes {
	return &lanes{
		now: now, byHost: map[string]*lane{}, slow: map[string]bool{},
		well: pool{free: well}, doubtful: pool{free: doubtful}, overtime: maxOvertime,
	}
}

// open lets turns begin: start has one in a goroutine of its own, and calls
// finish at its end.
func (s *lanes) open(start func(*lane, *slot)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start = start
	s.fill()
}

// close lets no more turns begin. The channel is closed when the last has ended.
func (s *lanes) close() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start = nil
	for _, l := range s.byHost {
		if l.timer != nil {
			l.timer.Stop()
		}
	}
	ended := make(chan struct{})
	go func() { s.turns.Wait(); close(ended) }()
	return ended
}

// notify says that deliveries to inboxes were added.
func (s *lanes) notify(inboxes []store.Inbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, in := range inboxes {
		if l := s.byHost[in.Host]; l == nil {
			s.enqueue(s.add(in.Host))
		} else {
			l.again = true
		}
	}
	s.fill()
}

// resume makes lanes for hosts that have none. Those that failed wait until it
// is time to try them again; one without such a time is wanted at once (see
// [store.DB.RetryHost]), and is woken if its lane waits.
func (s *lanes) resume(states []store.HostState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range states {
		if l := s.byHost[h.Host]; l != nil {
			if l.phase == waiting && h.Failures > 0 && h.RetryAt.IsZero() {
				s.wakeLane(l)
			}
			continue
		}
		l := s.add(h.Host)
		l.learn(h)
		if wait := h.RetryAt.Sub(s.now()); wait > 0 {
			s.wait(l, wait)
		} else {
			s.enqueue(l)
		}
	}
	s.fill()
}

// learn takes over what the store knows of the host.
func (l *lane) learn(h store.HostState) {
	l.known = true
	l.failures, l.backoff, l.signature, l.ed25519 = h.Failures, h.Failures, h.Signature, h.Ed25519
}

// wake lets a lane that waits have its turn before all that are doubtful, but
// not so often that requests of theirs make us send without end.
func (s *lanes) wake(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.byHost[host]; l != nil {
		s.wakeLane(l)
	}
}

func (s *lanes) wakeLane(l *lane) {
	if s.start == nil || l.phase == running {
		return
	}
	l.backoff = 0
	if l.phase == waiting {
		if !l.timer.Stop() {
			return // it is due at this moment
		}
		if wait := l.tried.Add(wakePause).Sub(s.now()); wait > 0 {
			s.wait(l, wait)
			return
		}
	}
	s.enqueue(l)
	q := l.queue
	q.lanes = slices.Insert(q.lanes[:len(q.lanes)-1], 0, l)
	s.fill()
}

// finish ends a turn.
func (s *lanes) finish(l *lane, place *slot, n next) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(place)
	l.tried = s.now()
	switch {
	case n.after > 0:
		s.wait(l, n.after)
	case n.empty && !l.again:
		s.drop(l)
	default:
		s.enqueue(l)
	}
	s.fill()
	s.turns.Done()
}

func (s *lanes) add(host string) *lane {
	l := &lane{host: host, slow: s.slow[host]}
	s.byHost[host] = l
	return l
}

// drop forgets a lane, but not that its host is slow.
func (s *lanes) drop(l *lane) {
	delete(s.byHost, l.host)
	delete(s.slow, l.host)
	if l.slow && len(s.slow) < maxSlow {
		s.slow[l.host] = true
	}
}

func (s *lanes) enqueue(l *lane) {
	l.phase = queued
	l.queue = &s.well
	if l.failures > 0 || l.slow {
		l.queue = &s.doubtful
	}
	l.queue.lanes = append(l.queue.lanes, l)
}

// wait gives a lane its turn after a while.
func (s *lanes) wait(l *lane, d time.Duration) {
	l.phase = waiting
	if s.start == nil {
		return // no more turns
	}
	l.timer = time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.phase == waiting {
			s.enqueue(l)
			s.fill()
		}
	})
}

// fill gives the free places to the lanes that want one.
func (s *lanes) fill() {
	for _, p := range []*pool{&s.well, &s.doubtful} {
		for s.start != nil && p.free > 0 {
			l := p.pop()
			if l == nil {
				break
			}
			p.free--
			l.phase, l.again = running, false
			s.turns.Add(1)
			go s.start(l, s.take(p))
		}
	}
}

// pop takes the first lane that is really queued here.
func (p *pool) pop() *lane {
	for len(p.lanes) > 0 {
		l := p.lanes[0]
		p.lanes[0] = nil
		p.lanes = p.lanes[1:]
		if l.phase == queued && l.queue == p {
			return l
		}
	}
	return nil
}

// take makes the slot for a place. One in well is given to the next lane when
// its request takes long: a few hundred hosts that hang would otherwise hold
// all places until they time out.
func (s *lanes) take(p *pool) *slot {
	place := &slot{pool: p}
	if p == &s.well {
		place.timer = time.AfterFunc(patience, func() { s.outstay(place) })
	}
	return place
}

func (s *lanes) outstay(place *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if place.left || s.overtime == 0 {
		return
	}
	s.overtime--
	place.overtime = true
	place.pool.free++
	s.fill()
}

// leave gives a place back before its turn has ended.
func (s *lanes) leave(place *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(place)
	s.fill()
}

func (s *lanes) release(place *slot) {
	if place.left {
		return
	}
	place.left = true
	if place.timer != nil {
		place.timer.Stop()
	}
	if place.overtime {
		s.overtime++
	} else {
		place.pool.free++
	}
}
