package web

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/media"

	"github.com/julienschmidt/httprouter"
)

// Limits of serving a file.
const (
	// mediaPatience is how long a reader of a file may take for mediaStretch
	// bytes: a film is watched for longer than a page may take to load.
	mediaPatience = 60 * time.Second
	mediaStretch  = 256 << 10
)

// showFile is /media/{hash}.{ext}: a kept file, whole or in ranges.
func (s *Server) showFile(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
	name, _, _ := strings.Cut(params.ByName("file"), ".")
	hash, ok := media.ParseHash(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.serveFile(w, r, hash)
}

// serveFile sends a kept file. Its name is the hash of its content, so it may
// be kept by readers for ever.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, hash media.Hash) {
	file, of, err := s.db.OpenFile(r.Context(), hash)
	if errors.Is(err, store.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		s.log.Error("file not served", "hash", string(hash), "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	defer file.Close()
	h := w.Header()
	setMediaHeaders(h, of.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+string(hash)+`"`)
	http.ServeContent(&patientWriter{ResponseWriter: w, control: http.NewResponseController(w)}, r, "", time.Time{}, file)
}

// setMediaHeaders sets what every file has that somebody handed in, here or
// elsewhere: its one type, and nothing that a browser could run. What is no
// picture, sound or video is saved, never shown.
func setMediaHeaders(h http.Header, mediaType string) {
	h.Set("Content-Type", mediaType)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // apps in browsers show them too
	h.Set("Access-Control-Allow-Origin", "*")
	switch media.KindOf(mediaType) {
	case media.Captions:
		h.Set("Content-Type", mediaType+"; charset=utf-8")
	case media.Other:
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment")
	}
}

// patientWriter gives the reader of a long file time for each stretch of it,
// not for the whole.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	since   int
}

func (w *patientWriter) Write(p []byte) (int, error) {
	if w.since -= len(p); w.since < 0 {
		w.since = mediaStretch
		// A writer that knows no deadlines has none to extend.
		_ = w.control.SetWriteDeadline(time.Now().Add(mediaPatience))
	}
	return w.ResponseWriter.Write(p)
}

// ReadFrom keeps io.Copy from handing the whole file to the connection at once.
func (w *patientWriter) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{w}, r)
}
