package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// answer is a response that remembers what was sent.
type answer struct {
	http.ResponseWriter
	status int // 0: nothing yet
	bytes  int64
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// ReadFrom keeps the short way from a file to the connection open.
func (a *answer) ReadFrom(r io.Reader) (int64, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := io.Copy(a.ResponseWriter, r)
	a.bytes += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// guard keeps a broken handler from breaking more than its own answer, and
// logs requests at debug level.
func guard(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, start := &answer{ResponseWriter: w}, time.Now()
		defer func() {
			if v := recover(); v != nil {
				a.fail(log, r, v)
			}
			if log.Enabled(r.Context(), slog.LevelDebug) {
				log.Debug("request", "method", r.Method, "path", loggedPath(r.URL.Path), "status", a.status,
					"bytes", a.bytes, "ms", time.Since(start).Milliseconds(), "client", r.RemoteAddr)
			}
		}()
		next.ServeHTTP(a, r)
	})
}

// fail answers for a handler that panicked. If it had begun to answer, the
// connection is cut, so that nobody takes half an answer for a whole one.
func (a *answer) fail(log *slog.Logger, r *http.Request, v any) {
	if v == http.ErrAbortHandler {
		panic(v)
	}
	log.Error("panic", "method", r.Method, "path", loggedPath(r.URL.Path), "value", fmt.Sprint(v), "stack", string(debug.Stack()))
	if a.status != 0 {
		panic(http.ErrAbortHandler)
	}
	http.Error(a, "internal server error", http.StatusInternalServerError)
}

// maxLoggedPath bounds a line of the log, in bytes.
const maxLoggedPath = 200

// loggedPath is a path without its query, where keys stand, and without keys
// that are part of it: those of /join/waiting/KEY and of invitations.
func loggedPath(path string) string {
	for _, prefix := range []string{"/join/waiting/", "/invite/", "/join/"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok && rest != "" {
			return prefix + "…"
		}
	}
	if len(path) > maxLoggedPath {
		return path[:maxLoggedPath] + "…"
	}
	return path
}
