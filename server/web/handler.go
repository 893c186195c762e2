package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"time"

	"seedling/store"
	"seedling/templates"

	"github.com/julienschmidt/httprouter"
)

// handler answers one route. It either writes an answer and returns nil, or
// writes nothing and returns an error, which the adapter turns into a page.
type handler func(w http.ResponseWriter, r *request) error

// request is what a handler knows about who asks for what.
type request struct {
	*http.Request
	params  httprouter.Params
	viewer  *store.User    // nil: a visitor
	session *store.Session // nil: a visitor
	ended   bool           // a visitor whose session cookie means nothing any more
	secret  string         // what the form token is made from: see csrf.go
	form    url.Values     // of a POST, checked; nil for GET
	files   []formFile     // of a form with files: see files.go
}

// viewerID is the account of the viewer, or 0 for visitors.
func (r *request) viewerID() int64 {
	if r.viewer == nil {
		return 0
	}
	return r.viewer.Account.ID
}

// param is a segment of the path.
func (r *request) param(name string) string { return r.params.ByName(name) }

// id reads a segment of the path as one of our ids.
func (r *request) id(name string) (int64, error) {
	id, err := strconv.ParseInt(r.param(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, store.ErrNotFound
	}
	return id, nil
}

// page adapts a handler to the router: it finds the viewer, reads and checks
// forms, and shows errors.
func (s *Server) page(h handler) httprouter.Handle {
	return func(w http.ResponseWriter, hr *http.Request, params httprouter.Params) {
		s.setHeaders(w.Header())
		r := &request{Request: hr, params: params}
		defer s.recoverPanic(w, r)
		if err := s.prepare(w, r); err != nil {
			s.fail(w, r, err)
			return
		}
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// loggedIn lets members through and sends visitors to the log-in page, which
// brings them back, with what they posted.
func (s *Server) loggedIn(h handler) httprouter.Handle {
	return s.page(func(w http.ResponseWriter, r *request) error {
		switch {
		case r.viewer != nil:
			return h(w, r)
		case r.form != nil:
			return errSessionEnded
		}
		return redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()))
	})
}

// role lets members of at least this role through; for others the page does
// not exist.
func (s *Server) role(least store.Role, h handler) httprouter.Handle {
	return s.loggedIn(func(w http.ResponseWriter, r *request) error {
		if r.viewer.Role < least {
			return store.ErrNotFound
		}
		return h(w, r)
	})
}

// prepare fills in the viewer and the form.
func (s *Server) prepare(w http.ResponseWriter, r *request) error {
	if err := s.findViewer(w, r); err != nil {
		return err
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	return s.readForm(w, r)
}

// findViewer looks the session cookie up. A cookie that means nothing any more
// is dropped; the reader goes on as a visitor.
func (s *Server) findViewer(w http.ResponseWriter, r *request) error {
	c, err := r.Cookie(s.cookieName("session"))
	if err != nil {
		return nil
	}
	session, user, err := s.db.SessionUser(r.Context(), c.Value)
	if errors.Is(err, store.ErrNotFound) {
		s.dropCookie(w, "session")
		r.ended = true
		return nil
	}
	if err != nil {
		return err
	}
	r.viewer, r.session, r.secret = user, session, c.Value
	s.touch(r)
	return nil
}

// touch notes the visit. The store writes once in a while, and the page does
// not wait for that, nor fail with it.
func (s *Server) touch(r *request) {
	session, address := r.session, s.client(r.Request)
	if s.now().Sub(session.SeenAt) < time.Minute { // many requests come at once
		return
	}
	ctx := context.WithoutCancel(r.Context())
	go func() {
		if err := s.db.TouchSession(ctx, session, address); err != nil && !errors.Is(err, store.ErrClosed) {
			s.log.Error("visit not noted", "error", err)
		}
	}()
}

// fail shows err as a page. Only errors that nobody expected are logged, each
// under a number that the page names too.
func (s *Server) fail(w http.ResponseWriter, r *request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader has gone
	}
	if errors.Is(err, errSessionEnded) {
		if err = s.logInAgain(w, r); err == nil {
			return
		}
	}
	page := s.errorPage(r, err)
	if page.Status == http.StatusInsufficientStorage {
		s.log.Error("the disk is full", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if page.Status == http.StatusInternalServerError {
		page.Number = newNumber()
		s.log.Error("page failed", "number", page.Number, "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if err := s.render(w, r, page.Status, page); err != nil {
		s.log.Error("error page failed", "path", r.URL.Path, "error", err)
		http.Error(w, http.StatusText(page.Status), page.Status)
	}
}

// recoverPanic answers 500 for a broken handler and keeps the server running.
func (s *Server) recoverPanic(w http.ResponseWriter, r *request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	s.log.Error("panic", "path", r.URL.Path, "value", v, "stack", string(debug.Stack()))
	s.fail(w, r, errPanic)
}

var errPanic = errors.New("the handler panicked")

// newNumber names one failure, for the log and for the reader.
func newNumber() string {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// connectionAddress is the address of the other end of the connection.
func connectionAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// render writes a page with its status. Nothing is written if it fails.
func (s *Server) render(w http.ResponseWriter, r *request, status int, p templates.Page) error {
	s.finish(w, r, p)
	w.Header().Add("Link", s.dress) // asked for before the page is read, which the first paint waits for
	out := &statusWriter{ResponseWriter: w, status: status}
	return s.pages.Render(out, p)
}

// statusWriter sends the status with the first byte, so that a page that could
// not be rendered has sent nothing.
type statusWriter struct {
	http.ResponseWriter
	status int
	sent   bool
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if !w.sent {
		w.sent = true
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(p))) // pages come in one piece
		w.WriteHeader(w.status)
	}
	return w.ResponseWriter.Write(p)
}
