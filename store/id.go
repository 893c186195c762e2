package store

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Ids are int64: milliseconds since 2020 shifted left by 20 bits, and a counter
// below. They order by time, so the rowid is the order of a timeline. As text
// they are decimal.
const idBits = 20

// idsFrom2020 is above all ids of things that are older: theirs are seconds.
const idsFrom2020 = 1 << (idBits + 11)

var idEpoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// idSource makes ids. The counter starts anywhere, since the command line may
// make ids in the same millisecond as the server.
type idSource struct {
	now  func() time.Time
	last atomic.Int64
}

// next returns an id for a thing made now: larger than all made before here,
// also when the clock steps back.
func (s *idSource) next() int64 {
	fresh := idAt(s.now(), rand.Int64N(1<<(idBits-1)))
	for {
		last := s.last.Load()
		id := max(fresh, last+1)
		if s.last.CompareAndSwap(last, id) {
			return id
		}
	}
}

// at returns an id for a thing that was made at t elsewhere: never in the
// future. Times without a fraction are spread over their second.
func (s *idSource) at(t time.Time) int64 {
	now := s.now()
	if t.IsZero() || !t.Before(now) {
		return s.next()
	}
	if t.Nanosecond() == 0 {
		t = t.Add(time.Duration(rand.Int64N(int64(time.Second))))
		if t.After(now) {
			t = now
		}
	}
	return idAt(t, rand.Int64N(1<<idBits))
}

// idAt returns the id of time t with the given counter. What is older than 2020
// has its seconds since 1970 as id, so that it stays in order below the rest.
func idAt(t time.Time, counter int64) int64 {
	ms := t.UnixMilli() - idEpoch
	if ms < 1<<11 {
		return max(t.Unix(), 1)
	}
	return ms<<idBits | counter
}

// IDTime returns when a thing with this id was made.
func IDTime(id int64) time.Time {
	if id < idsFrom2020 {
		return time.Unix(id, 0)
	}
	return time.UnixMilli(id>>idBits + idEpoch)
}
