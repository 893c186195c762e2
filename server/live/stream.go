package live

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"seedling/store"
)

// stream is one open connection.
type stream struct {
	accountID     int64
	tokenID       int64 // of an app
	sessionID     int64 // of a page
	address       string
	scopes        string
	framed        bool // messages say which channel they are of: sockets
	counts        bool // of a page: it is only woken
	notifications bool // its token may read them

	queue  chan []byte
	wake   chan struct{}
	ended  chan struct{}
	once   sync.Once
	reason ending

	channels []channel // under Server.mu
}

// ending is why the server ended a stream.
type ending int

const (
	endSlow ending = iota
	endAccess
	endStopping
)

func newStream(accountID int64, address string) *stream {
	return &stream{accountID: accountID, address: address, wake: make(chan struct{}, 1), ended: make(chan struct{})}
}

// end makes the stream's own goroutine end it.
func (st *stream) end(why ending) {
	st.once.Do(func() {
		st.reason = why
		close(st.ended)
	})
}

// send puts a message into the queue. Who is too far behind is ended: waiting
// would hold up all the others.
func (st *stream) send(message []byte) {
	select {
	case st.queue <- message:
	default:
		st.end(endSlow)
	}
}

// poke wakes a page, which counts anew. Several become one.
func (st *stream) poke() {
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// member is who has open streams.
type member struct {
	id      int64
	streams map[*stream]bool

	// Of the hub's goroutine alone:
	standing *store.Standing // nil: to be read
	readAt   time.Time
}

// Reasons for which no stream begins.
var (
	errFull     = &problem{http.StatusTooManyRequests, "There are too many streams"}
	errStopping = &problem{http.StatusServiceUnavailable, "The server is stopping"}
)

// join adds a stream.
func (s *Server) join(st *stream) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.members[st.accountID]
	switch {
	case s.stopped:
		return errStopping
	case s.noLimits:
	case s.total >= maxStreams, m != nil && len(m.streams) >= maxPerAccount, s.addresses[st.address] >= maxPerAddress:
		return errFull
	}
	if m == nil {
		m = &member{id: st.accountID, streams: map[*stream]bool{}}
		s.members[st.accountID] = m
	}
	m.streams[st] = true
	s.addresses[st.address]++
	s.total++
	return nil
}

// leave takes a stream away.
func (s *Server) leave(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.members[st.accountID]
	delete(m.streams, st)
	if len(m.streams) == 0 {
		delete(s.members, st.accountID)
	}
	if s.addresses[st.address]--; s.addresses[st.address] == 0 {
		delete(s.addresses, st.address)
	}
	s.total--
}

// errChannels is the answer to who wants too much of one socket.
var errChannels = &problem{http.StatusUnprocessableEntity, "Too many subscriptions"}

// subscribe adds a channel; again changes nothing.
func (s *Server) subscribe(st *stream, c channel) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(st.channels, c.is) {
		return nil
	}
	if len(st.channels) >= maxChannels {
		return errChannels
	}
	st.channels = append(slices.Clip(st.channels), c)
	return nil
}

// unsubscribe takes a channel away.
func (s *Server) unsubscribe(st *stream, c channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.channels = slices.DeleteFunc(slices.Clone(st.channels), c.is)
}
