package live

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"seedling/server/oauth"
	"seedling/server/param"
)

// statusOf is the status of an error that a client is told.
func statusOf(err error) int {
	var p *problem
	if errors.As(err, &p) {
		return p.status
	}
	return http.StatusBadRequest
}

// eventPaths are the streams by path, as documented. Below Path itself the
// parameter stream names them, as Pleroma has it.
var eventPaths = map[string]string{
	"/user": "user", "/user/notification": "user:notification", "/public": "public", "/public/local": "public:local", "/public/remote": "public:remote",
	"/hashtag": "hashtag", "/hashtag/local": "hashtag:local", "/list": "list", "/direct": "direct",
}

// serveEvents is a stream of server-sent events, of one channel.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	st, err := s.openEvents(r)
	if err == nil {
		err = s.join(st)
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	defer s.leave(st)
	oauth.SetCORS(w.Header())
	out, err := begin(w)
	if err != nil {
		return
	}
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for err == nil {
		select {
		case <-r.Context().Done():
			return
		case <-st.ended:
			return
		case b := <-st.queue:
			err = out.write(b)
		case <-beat.C:
			err = out.write([]byte(heartbeat))
		}
	}
}

// openEvents finds out who asks for what.
func (s *Server) openEvents(r *http.Request) (*stream, error) {
	q := r.URL.Query()
	path := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, Path), "/")
	name := eventPaths[path]
	if path == "" {
		name = q.Get("stream")
	}
	st, err := s.open(r)
	if err != nil {
		return nil, err
	}
	c, err := parseChannel(name, q.Get("tag"), q.Get("list"), param.Bool(q.Get("only_media"), false))
	if err == nil {
		err = s.may(r.Context(), st, c)
	}
	st.channels = []channel{c}
	return st, err
}

// events is an answer of server-sent events that has begun.
type events struct {
	w          http.ResponseWriter
	controller *http.ResponseController
}

// Comments end with their line, as Mastodon's do: Mastodon.py takes an empty line
// after one for an event without a name, and gives up.
const (
	greeting  = ":)\n"
	heartbeat = ":thump\n"
)

// begin sends the header. The answer has no end, so the limits of a request's
// time are taken off: each write has its own.
func begin(w http.ResponseWriter) (*events, error) {
	e := &events{w, http.NewResponseController(w)}
	if err := e.controller.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Accel-Buffering", "no") // nginx would collect the events
	return e, e.write([]byte(greeting))
}

func (e *events) write(b []byte) error {
	if err := e.controller.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := e.w.Write(b); err != nil {
		return err
	}
	return e.controller.Flush()
}
