package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"seedling/server/oauth"
	"seedling/server/param"
	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// handler answers one endpoint. It either writes an answer and returns nil, or
// writes nothing and returns an error, which the adapter turns into one.
type handler func(w http.ResponseWriter, r *request) error

// request is what a handler knows about who asks for what.
type request struct {
	*http.Request
	path   httprouter.Params
	params param.Values
	token  *store.Token // nil: none
	user   *store.User  // nil: a visitor, or an app that acts for itself
}

// viewer is who sees the answer, as the store knows them.
func (r *request) viewer() store.Viewer {
	if r.user == nil {
		return store.Viewer{}
	}
	return store.AsMember(r.user.Account.ID)
}

// me is the account of the member, or 0.
func (r *request) me() int64 {
	if r.user == nil {
		return 0
	}
	return r.user.Account.ID
}

// id reads a segment of the path as one of our ids. What can't be one is not
// found, like an id that nobody has.
func (r *request) id(name string) (int64, error) {
	if id, ok := parseID(r.path.ByName(name)); ok {
		return id, nil
	}
	return 0, store.ErrNotFound
}

func parseID(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0
}

// idParam reads a parameter as one of our ids; 0 if it was not sent. What can't
// be one is not found.
func (r *request) idParam(name string) (int64, error) {
	text := r.params.Get(name)
	if text == "" {
		return 0, nil
	}
	if id, ok := parseID(text); ok {
		return id, nil
	}
	return 0, store.ErrNotFound
}

// idList reads a list of ids. Those that can't be any are left out.
func (r *request) idList(name string) []int64 { return r.idsUpTo(name, maxIDs) }

func (r *request) idsUpTo(name string, most int) []int64 {
	var ids []int64
	for _, text := range r.params.All(name) {
		if id, ok := parseID(text); ok && len(ids) < most {
			ids = append(ids, id)
		}
	}
	return ids
}

// mediaIDs reads the files of a post. One that can't be a file is one that is not
// there: the post must not be made without it.
func (r *request) mediaIDs() ([]int64, error) {
	ids := r.idList("media_ids")
	if len(ids) < len(r.params.All("media_ids")) {
		return nil, &store.PostError{Problem: store.PostMediaGone}
	}
	return ids, nil
}

// handle adapts a handler to the router.
func (s *Server) handle(a access, h handler) httprouter.Handle {
	return s.handleBody(a, param.MaxBody, h)
}

// handleBody is handle for endpoints that take larger bodies.
func (s *Server) handleBody(a access, maxBody int64, h handler) httprouter.Handle {
	return func(w http.ResponseWriter, hr *http.Request, path httprouter.Params) {
		oauth.SetCORS(w.Header())
		r := &request{Request: hr, path: path}
		if err := s.serve(w, r, a, maxBody, h); err != nil {
			s.fail(w, r, err)
		}
	}
}

// serve does what is common to all endpoints, then calls the handler. Whoever
// asks too often is refused before the body is read.
func (s *Server) serve(w http.ResponseWriter, r *request, a access, maxBody int64, h handler) error {
	if err := s.takeAddress(w, r); err != nil {
		return err
	}
	if maxBody > param.MaxBody { // nobody sends large files who may not: the token must stand in the header
		if err := s.identify(w, r, a); err != nil {
			return err
		}
		http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime))
	}
	var err error
	if r.params, err = param.Read(w, r.Request, maxBody); err != nil {
		return err
	}
	defer r.params.Close()
	if r.token == nil {
		if err := s.identify(w, r, a); err != nil {
			return err
		}
	}
	if err := s.takeToken(w, r); err != nil {
		return err
	}
	return h(w, r)
}

// noteUse notes that a token was used. The store writes once in a while, and
// the answer does not wait for that, nor fail with it.
func (s *Server) noteUse(r *request) {
	token := r.token
	if s.now().Sub(token.UsedAt) < time.Hour {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	go func() {
		if err := s.db.TouchToken(ctx, token); err != nil && !errors.Is(err, store.ErrClosed) {
			s.log.Error("use of a token not noted", "error", err)
		}
	}()
}
