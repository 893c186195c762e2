package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"seedling/templates"
)

// Limits of what a form may hold.
const (
	maxFormBytes  = 1 << 20 // of the encoded body; the longest post is 100,000 characters
	maxFormFields = 200
)

// readForm reads, checks and cleans the body of a POST into r.form, then
// checks that it came from one of our pages.
func (s *Server) readForm(w http.ResponseWriter, r *request) error {
	if err := s.origin.Check(r.Request); err != nil {
		return refuse(http.StatusForbidden, "error.origin")
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		if allowed, ok := uploadForms(r.URL.Path); ok {
			return s.readUploads(w, r, allowed)
		}
		return s.readFiles(w, r)
	}
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return refuse(http.StatusBadRequest, "error.form_type")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFormBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		if i := bytes.LastIndexByte(body, '%'); i >= len(body)-2 {
			body = body[:max(i, 0)] // half an escape
		}
		r.form, _ = url.ParseQuery(string(body)) // as far as it can be read
		return r.tooLarge()
	}
	if err != nil {
		return refuse(http.StatusBadRequest, "error.form_broken")
	}
	if r.form, err = parseForm(string(body)); err != nil {
		return err
	}
	return s.checkToken(r)
}

// tooLarge refuses a form of which the beginning was read: as much of its text
// comes back.
func (r *request) tooLarge() error {
	for _, values := range r.form {
		for i, v := range values {
			values[i] = strings.ToValidUTF8(v, "") // the last character may be cut
		}
	}
	var err error
	if r.form, err = cleanForm(r.form); err != nil {
		return err
	}
	refused := &userError{status: http.StatusRequestEntityTooLarge, msg: templates.M("error.form_large", "n", maxFormBytes>>10)}
	if retry := retryForm(r); retry != nil && retry.Texts != nil {
		refused.msg.Key, refused.retry = "error.form_cut", &templates.Retry{Texts: retry.Texts}
	}
	return refused
}

// parseForm decodes a form body. Line ends become \n, as browsers send \r\n;
// bytes that are not UTF-8 are refused, since what would be stored is not what
// was meant.
func parseForm(body string) (url.Values, error) {
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "error.form_broken")
	}
	return cleanForm(form)
}

// cleanForm does so for the fields of a decoded form.
func cleanForm(form url.Values) (url.Values, error) {
	if len(form) > maxFormFields {
		return nil, refuse(http.StatusBadRequest, "error.form_broken")
	}
	for name, values := range form {
		for i, v := range values {
			if !utf8.ValidString(v) || !utf8.ValidString(name) || strings.ContainsRune(v, 0) {
				return nil, refuse(http.StatusBadRequest, "error.utf8")
			}
			values[i] = strings.ReplaceAll(v, "\r\n", "\n")
		}
	}
	return form, nil
}

// text is a one-line field without the space around it.
func (r *request) text(name string) string {
	return oneLine(r.form.Get(name))
}

func oneLine(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\n", " ")) }

// on says whether a check box is ticked, or a toggle wants a thing to be so.
func (r *request) on(name string) bool { return r.form.Get(name) == "1" }

// query is a parameter of the URL, empty if it is not UTF-8.
func (r *request) query(name string) string {
	v := r.URL.Query().Get(name)
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
		return ""
	}
	return v
}

// mistake is one FieldError.
func mistake(field, key string, args ...any) templates.FieldError {
	return templates.FieldError{Field: field, Msg: templates.M(key, args...)}
}
