package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"seedling/server/oauth"
	"seedling/server/param"

	"github.com/coder/websocket"
)

// isUpgrade says whether a request wants a WebSocket (RFC 6455 §4.1).
func isUpgrade(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// serveSocket is a stream over a WebSocket. Its query may name the first
// channel; the client adds and takes away others as it likes.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	st, first, err := s.openSocket(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	st.framed = true
	if err := s.join(st); err != nil {
		s.fail(w, err)
		return
	}
	conn, err := accept(w, r)
	if err != nil { // answered
		s.leave(st)
		return
	}
	if first != nil {
		if err := s.subscribe(st, *first); err != nil {
			s.log.Error("first channel of a socket", "error", err)
		}
	}
	go s.talk(st, conn)
}

// accept makes the connection a socket. Any page may connect: what counts is the
// token, and there are no cookies.
func accept(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	options := websocket.AcceptOptions{InsecureSkipVerify: true}
	if secret, protocol := bearer(r); protocol {
		options.Subprotocols = []string{secret} // a browser wants to be answered with what it asked for
	}
	conn, err := websocket.Accept(w, r, &options)
	if err == nil {
		conn.SetReadLimit(maxRequest)
	}
	return conn, err
}

// talk serves a socket until one side ends it. It runs beside the handler, which
// returns: its stack, grown by the queries of the beginning, and the request were
// half of what an open stream costs.
func (s *Server) talk(st *stream, conn *websocket.Conn) {
	defer s.leave(st)
	defer func() {
		if v := recover(); v != nil {
			s.log.Error("panic", "path", Path, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	written := make(chan struct{})
	go func() {
		defer close(written)
		st.writeSocket(ctx, conn)
	}()
	s.readSocket(ctx, st, conn)
	cancel()
	<-written
	conn.CloseNow()
}

// openSocket finds out who asks for what.
func (s *Server) openSocket(r *http.Request) (*stream, *channel, error) {
	st, err := s.open(r)
	if err != nil {
		return nil, nil, err
	}
	q := r.URL.Query()
	if q.Get("stream") == "" {
		if !oauth.Allow(st.scopes, "read:statuses") && !st.notifications {
			return nil, nil, errScope
		}
		return st, nil, nil
	}
	c, err := parseChannel(q.Get("stream"), q.Get("tag"), q.Get("list"), param.Bool(q.Get("only_media"), false))
	if err == nil {
		err = s.may(r.Context(), st, c)
	}
	return st, &c, err
}

// writeSocket sends what is in the queue, and pings, until ctx or the stream ends.
func (st *stream) writeSocket(ctx context.Context, conn *websocket.Conn) {
	defer conn.CloseNow() // wakes who reads
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-st.ended:
			st.sayGoodbye(conn)
			return
		case b := <-st.queue:
			err = write(ctx, conn, b)
		case <-ping.C:
			err = within(ctx, conn.Ping)
		}
		if err != nil {
			return
		}
	}
}

func write(ctx context.Context, conn *websocket.Conn, b []byte) error {
	return within(ctx, func(ctx context.Context) error { return conn.Write(ctx, websocket.MessageText, b) })
}

func within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return do(ctx)
}

// sayGoodbye tells the client why; not one that does not read.
func (st *stream) sayGoodbye(conn *websocket.Conn) {
	switch st.reason {
	case endAccess:
		conn.Close(websocket.StatusPolicyViolation, "the access token is not valid any more")
	case endStopping:
		conn.Close(websocket.StatusGoingAway, "the server is stopping")
	}
}

// request is what a client says on a socket.
type request struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Tag    string `json:"tag"`
	List   listID `json:"list"`
}

// listID is an id that some clients send as a number.
type listID string

// UnmarshalJSON reads a string or a number.
func (l *listID) UnmarshalJSON(b []byte) error {
	*l = listID(strings.Trim(string(b), `"`))
	return nil
}

// readSocket does what the client says until the connection ends.
func (s *Server) readSocket(ctx context.Context, st *stream, conn *websocket.Conn) {
	for {
		kind, b, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if kind != websocket.MessageText {
			continue
		}
		if err := s.obey(ctx, st, b); err != nil {
			answer, _ := json.Marshal(map[string]any{"error": err.Error(), "status": statusOf(err)}) // can't fail
			st.send(answer)
		}
	}
}

// obey carries out one request of a client.
func (s *Server) obey(ctx context.Context, st *stream, b []byte) error {
	var r request
	if err := json.Unmarshal(b, &r); err != nil {
		return &problem{http.StatusBadRequest, "Not JSON"}
	}
	c, err := parseChannel(r.Stream, r.Tag, string(r.List), false)
	if err != nil {
		return err
	}
	switch r.Type {
	case "subscribe":
		if err := s.may(ctx, st, c); err != nil {
			return err
		}
		return s.subscribe(st, c)
	case "unsubscribe":
		s.unsubscribe(st, c)
		return nil
	}
	return &problem{http.StatusBadRequest, "Unknown type of message"}
}
