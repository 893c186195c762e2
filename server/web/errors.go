package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// userError is a failure that the reader can understand or do something about.
// It is shown as an error page with its status and, if there is one, its
// sentence. Mistakes in a form are not errors: the handler renders the form
// again with [templates.FieldError]s and 422.
type userError struct {
	status int
	msg    templates.Msg
	retry  *templates.Retry
}

func (e *userError) Error() string {
	if e.msg.IsZero() {
		return http.StatusText(e.status)
	}
	return e.msg.Key
}

// refuse makes a userError: return refuse(http.StatusForbidden, "error.not_yours").
// An empty key leaves the status's own sentence.
func refuse(status int, key string, args ...any) error {
	return &userError{status: status, msg: templates.M(key, args...)}
}

// errorPage says what an error looks like. This is the one table from errors
// to statuses.
func (s *Server) errorPage(r *request, err error) templates.ErrorPage {
	page := templates.ErrorPage{Frame: s.frame(r), Status: http.StatusInternalServerError}
	var user *userError
	switch {
	case errors.As(err, &user):
		page.Status, page.Retry = user.status, user.retry
		if !user.msg.IsZero() {
			page.Msg = &user.msg
		}
	case errors.Is(err, store.ErrNotFound):
		page.Status = http.StatusNotFound
	case errors.Is(err, store.ErrGone):
		page.Status = http.StatusGone
	case errors.Is(err, store.ErrForbidden), errors.Is(err, store.ErrBlocked):
		page.Status = http.StatusForbidden
	case errors.Is(err, store.ErrClosed):
		page.Status = http.StatusServiceUnavailable
	case store.NoRoom(err):
		page.Status = http.StatusInsufficientStorage
	}
	if page.Status >= http.StatusInternalServerError && r.form != nil {
		page.Retry = retryForm(r)
	}
	if (page.Status == http.StatusNotFound || page.Status == http.StatusGone) && isPostPath(r.URL.Path) {
		page.Why = whyNotPath(r.URL.Path)
	}
	page.NoIndex, page.Back = true, cameFrom(r)
	return page
}

// cameFrom is the page on which a small action was pressed, at the post that it
// was for; empty if the form does not say.
func cameFrom(r *request) string {
	path, ok := localPath(r.form.Get("back"))
	if !ok {
		return ""
	}
	if id, err := r.id("id"); err == nil && (strings.HasPrefix(r.URL.Path, "/posts/") || strings.HasPrefix(r.URL.Path, "/polls/")) {
		path, _, _ = strings.Cut(path, "#")
		path += "#p" + strconv.FormatInt(id, 10)
	}
	return path
}
