package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/media"
	"seedling/templates"
)

// Limits of forms with files, beside those of the store for each file.
const (
	maxFormFiles = 40
	maxHeldFile  = 8 << 20 // of a file that is held in memory: an avatar or banner
)

// formFile is a file that came with a form: one for a post is kept at once, so
// that it is not lost whatever is wrong with the rest of the form; others are held.
type formFile struct {
	field, name string
	media       *store.Media // of the fields "media" and "replace-…": as it is kept
	body        []byte       // of other fields
	err         error        // why it was not taken
}

// readFiles reads a form with files as it comes. The token stands first in our
// forms, and is checked before the first file is taken.
func (s *Server) readFiles(w http.ResponseWriter, r *request) error {
	control := http.NewResponseController(w)
	r.Body = struct {
		io.Reader
		io.Closer
	}{&patientReader{r: r.Body, control: control}, r.Body}
	parts, err := r.MultipartReader()
	if err != nil {
		return refuse(http.StatusBadRequest, "error.form_broken")
	}
	r.form = url.Values{}
	left, checked := int64(maxFormBytes), false
	var refused error // then the files are left out, and what was typed after them is still read
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return refuse(http.StatusBadRequest, "error.form_broken")
		}
		if part.FileName() == "" {
			if err := r.readField(part, &left); err != nil {
				return err
			}
			continue
		}
		if !checked {
			checked, refused = true, s.checkToken(r)
			if refused != nil && !errors.Is(refused, errSessionEnded) && !vouched(r) {
				return refused
			}
		}
		if refused != nil {
			continue
		}
		if err := s.takeFile(r, part); err != nil {
			return err
		}
	}
	if r.form, err = cleanForm(r.form); err != nil {
		return err
	}
	return s.checkToken(r)
}

// readField reads a part that is no file. A file field that was left empty has
// no name and no content.
func (r *request) readField(part *multipart.Part, left *int64) error {
	text, err := io.ReadAll(io.LimitReader(part, *left+1))
	if err != nil {
		return refuse(http.StatusBadRequest, "error.form_broken")
	}
	if *left -= int64(len(text)); *left < 0 {
		r.form.Add(part.FormName(), string(text))
		return r.tooLarge()
	}
	if part.Header.Get("Content-Type") == "" || len(text) > 0 {
		r.form.Add(part.FormName(), string(text))
	}
	return nil
}

// takeFile takes one file. What is wrong with it is kept with it; an error is
// one of the whole form.
func (s *Server) takeFile(r *request, part *multipart.Part) error {
	if r.viewer == nil || len(r.files) >= maxFormFiles {
		return refuse(http.StatusBadRequest, "error.form_broken")
	}
	f := formFile{field: part.FormName(), name: part.FileName()}
	if f.field == "media" || strings.HasPrefix(f.field, "replace-") {
		f.media, f.err = s.db.Upload(r.Context(), store.Upload{OwnerID: r.viewerID(), Body: part})
	} else {
		f.body, f.err = io.ReadAll(io.LimitReader(part, maxHeldFile+1))
		if f.err == nil && len(f.body) > maxHeldFile {
			f.err = &media.RefusedError{Problem: media.TooLarge, Limit: maxHeldFile}
		}
	}
	if r.Context().Err() != nil {
		return r.Context().Err()
	}
	r.files = append(r.files, f)
	return nil
}

// file is the file of a field, if one came.
func (r *request) file(field string) (f formFile, ok bool) {
	for _, f := range r.files {
		if f.field == field && (len(f.body) > 0 || f.err != nil) {
			return f, true
		}
	}
	return formFile{}, false
}

// reader reads a held file.
func (f formFile) reader() io.Reader { return bytes.NewReader(f.body) }

// fileMistake puts into words why a file was not taken. What nobody expected is
// logged.
func (s *Server) fileMistake(field, name string, err error) templates.FieldError {
	var refused *media.RefusedError
	var wrong *store.MediaError
	switch {
	case errors.As(err, &refused):
		return refusal(field, name, refused)
	case errors.As(err, &wrong) && wrong.Problem == store.MediaTooMany:
		return mistake(field, "media.many_waiting", "n", wrong.Limit)
	case errors.As(err, &wrong) && wrong.Problem == store.CaptionsTooMany:
		return mistake(field, "media.captions_many", "name", name, "n", wrong.Limit)
	case errors.As(err, &wrong) && wrong.Problem == store.CaptionsNoTongue:
		return mistake(field, "media.captions_language", "name", name)
	case errors.As(err, &wrong) && wrong.Problem == store.AltTooLong:
		return mistake(field, "media.alt_long", "n", wrong.Limit)
	}
	s.log.Error("file not kept", "error", err)
	if store.NoRoom(err) {
		return mistake(field, "media.full", "name", name)
	}
	return mistake(field, "media.failed", "name", name)
}

func refusal(field, name string, e *media.RefusedError) templates.FieldError {
	switch e.Problem {
	case media.Empty:
		return mistake(field, "media.empty", "name", name)
	case media.TooLarge:
		return mistake(field, "media.large", "name", name, "n", int(e.Limit>>20))
	case media.TooBig:
		return mistake(field, "media.big", "name", name, "n", int(e.Limit/1_000_000))
	case media.TooLong:
		return mistake(field, "media.frames", "name", name, "n", int(e.Limit))
	case media.Broken:
		return mistake(field, "media.broken", "name", name)
	case media.Unreadable:
		return mistake(field, "media.unreadable", "name", name, "format", e.Format())
	}
	return mistake(field, "media.unknown", "name", name)
}

// patientReader gives who sends a long file time for each stretch of it, not
// for the whole.
type patientReader struct {
	r       io.Reader
	control *http.ResponseController
	since   int
}

func (p *patientReader) Read(b []byte) (int, error) {
	if p.since <= 0 {
		p.since = mediaStretch
		_ = p.control.SetReadDeadline(time.Now().Add(mediaPatience))
		_ = p.control.SetWriteDeadline(time.Now().Add(2 * mediaPatience))
	}
	n, err := p.r.Read(b)
	p.since -= n
	return n, err
}
