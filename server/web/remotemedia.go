package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"seedling/federation/fetch"
	"seedling/static"
	"seedling/store"
	"seedling/store/media"

	"github.com/julienschmidt/httprouter"
)

// showRemote is /remote/{use}/{id}/{key}: a file of another server, brought here
// when somebody first looks at it. ?small=1 asks for the variant for lists.
func (s *Server) showRemote(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
	id, err := strconv.ParseInt(params.ByName("id"), 10, 64)
	if err != nil || s.remote == nil {
		http.NotFound(w, r)
		return
	}
	use := store.RemoteUse(params.ByName("use"))
	err = s.serveRemote(w, r, use, id, params.ByName("key"))
	switch {
	case err == nil, errors.Is(err, context.Canceled):
	case use == store.RemoteAvatar:
		drawnAvatar(w, id, "private, max-age=300")
	default:
		w.Header().Set("Cache-Control", "private, max-age=60")
		http.NotFound(w, r)
	}
}

// serveRemote sends the copy of a remote file. It has written nothing if it
// returns an error.
func (s *Server) serveRemote(w http.ResponseWriter, r *http.Request, use store.RemoteUse, id int64, key string) error {
	url, err := s.db.RemoteURL(r.Context(), use, id, key)
	if err != nil {
		return err
	}
	bring := s.remote.File
	if use == store.RemoteCaption {
		bring = s.remote.Captions
	}
	file, err := bring(r.Context(), url)
	if err != nil {
		return err
	}
	if file.Large {
		return s.passThrough(w, r, url)
	}
	hash := file.File.Hash
	if r.URL.Query().Get("small") != "" && !file.Small.IsZero() {
		hash = file.Small.Hash
	}
	s.serveFile(w, r, hash)
	return nil
}

// passThrough sends a large file, or a range of it, as it comes.
func (s *Server) passThrough(w http.ResponseWriter, r *http.Request, url string) error {
	file, err := s.remote.Pass(r.Context(), url, r.Header.Get("Range"))
	if err != nil {
		return err
	}
	defer file.Body.Close()
	mediaType, _, err := mime.ParseMediaType(file.ContentType)
	if err != nil || slices.Contains([]media.Kind{media.Other, media.Captions}, media.KindOf(mediaType)) {
		return store.ErrNotFound
	}
	h := w.Header()
	setMediaHeaders(h, mediaType)
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Accept-Ranges", "bytes")
	if file.Length >= 0 {
		h.Set("Content-Length", strconv.FormatInt(file.Length, 10))
	}
	status := http.StatusOK
	if file.Partial {
		h.Set("Content-Range", file.ContentRange)
		status = http.StatusPartialContent
	}
	w.WriteHeader(status)
	return s.copyThrough(w, file)
}

// copyThrough sends the body. A server that breaks off in the middle is no
// error of ours; the reader sees that it is not the whole.
func (s *Server) copyThrough(w http.ResponseWriter, file *fetch.File) error {
	out := &patientWriter{ResponseWriter: w, control: http.NewResponseController(w)}
	if _, err := out.ReadFrom(io.LimitReader(file.Body, maxPassed)); err != nil {
		s.log.Debug("a file was not passed through to its end", "url", file.URL, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// maxPassed is how many bytes of a file are passed through at most.
const maxPassed = 8 << 30

// drawnAvatar draws the picture of an account that has none.
func drawnAvatar(w http.ResponseWriter, id int64, cache string) {
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", cache)
	w.Write(static.Avatar(id, ""))
}
