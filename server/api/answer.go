package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// jsonType is what every answer is.
var jsonType = []string{"application/json; charset=utf-8"}

// private keeps answers out of caches that are shared.
var (
	private = []string{"private, no-store"}
	nosniff = []string{"nosniff"}
)

// json answers 200 with a value.
func (s *Server) json(w http.ResponseWriter, value any) error {
	return s.answer(w, http.StatusOK, value)
}

// answer writes a value with a status.
func (s *Server) answer(w http.ResponseWriter, status int, value any) error {
	b := s.buffers.Get().(*bytes.Buffer)
	defer s.buffers.Put(b)
	b.Reset()
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false) // posts are HTML: escaped, they would be a tenth longer
	if err := e.Encode(value); err != nil {
		return err
	}
	return s.write(w, status, b.Bytes())
}

// write sends JSON.
func (s *Server) write(w http.ResponseWriter, status int, b []byte) error {
	h := w.Header()
	h["Content-Type"], h["X-Content-Type-Options"], h["Cache-Control"] = jsonType, nosniff, private
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.WriteHeader(status)
	w.Write(b)
	return nil
}

// empty answers with {}: done, and nothing to say.
func (s *Server) empty(w http.ResponseWriter) error { return s.write(w, http.StatusOK, []byte("{}")) }

// none answers with an empty list.
func (s *Server) none(w http.ResponseWriter, _ *request) error {
	return s.write(w, http.StatusOK, []byte("[]"))
}

// id is one of our ids as the API writes it: a string, since JavaScript's
// numbers are too short.
func id(n int64) string { return strconv.FormatInt(n, 10) }

// idOrNil is nil for 0.
func idOrNil(n int64) *string {
	if n == 0 {
		return nil
	}
	s := id(n)
	return &s
}

// moment is a time as the API writes it: RFC 3339 with milliseconds, which some
// apps insist on.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// momentOrNil is nil for the zero time.
func momentOrNil(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := moment(t)
	return &s
}

// stringOrNil is nil for "".
func stringOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// setLink says where the list goes on (RFC 8288): next is older, prev is newer.
// 0: nowhere. The other parameters of the query stay.
func (s *Server) setLink(w http.ResponseWriter, r *request, older, newer int64) {
	var links []string
	if older != 0 {
		links = append(links, s.linkTo(r, "next", "max_id", older))
	}
	if newer != 0 {
		links = append(links, s.linkTo(r, "prev", "min_id", newer))
	}
	writeLinks(w, links)
}

// setOffsetLink is setLink for lists that are paged by number; more says whether
// the list goes on.
func (s *Server) setOffsetLink(w http.ResponseWriter, r *request, limit int, more bool) {
	var links []string
	if more {
		links = append(links, s.linkTo(r, "next", "offset", int64(r.offset()+limit)))
	}
	if r.offset() > 0 {
		links = append(links, s.linkTo(r, "prev", "offset", int64(max(r.offset()-limit, 0))))
	}
	writeLinks(w, links)
}

// linkTo is the address of another part of a list.
func (s *Server) linkTo(r *request, rel, name string, key int64) string {
	q := r.URL.Query()
	for _, other := range []string{"max_id", "min_id", "since_id", "access_token"} {
		q.Del(other)
	}
	q.Set(name, id(key))
	return "<" + s.db.URL() + r.URL.EscapedPath() + "?" + q.Encode() + `>; rel="` + rel + `"`
}

func writeLinks(w http.ResponseWriter, links []string) {
	if len(links) > 0 {
		w.Header()["Link"] = []string{strings.Join(links, ", ")}
	}
}
