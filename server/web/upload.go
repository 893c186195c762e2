package web

import (
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"

	"seedling/store"
	"seedling/store/emojipack"
)

// uploadForm is a form of the administration that brings files. Whole packs of
// emoji come with them, so that their files are put aside on the disk, and the
// role is looked at before anything is read; those of posts and profiles are read
// as they come, see files.go.
type uploadForm struct {
	bytes int64      // of all of it
	least store.Role // who may send it: nothing is read of anybody else's
}

// uploadForms are those forms, by their path.
func uploadForms(path string) (uploadForm, bool) {
	switch path {
	case "/admin/emoji":
		return uploadForm{maxEmojiForm, store.Admin}, true
	case "/admin/emoji/import":
		return uploadForm{emojipack.MaxArchive + maxFormBytes, store.Admin}, true
	}
	return uploadForm{}, false
}

const (
	maxEmojiForm   = 16 << 20 // bytes; what a picture may have the settings say
	maxFormMemory  = 1 << 20  // of a form with files that is kept in memory, the rest on the disk
	maxUploadFiles = 20
)

// readUploads reads a form with files, which are then to be had by r.upload.
func (s *Server) readUploads(w http.ResponseWriter, r *request, allowed uploadForm) error {
	if r.viewer == nil || r.viewer.Role < allowed.least {
		return store.ErrNotFound
	}
	r.Body = http.MaxBytesReader(w, r.Body, allowed.bytes)
	err := r.ParseMultipartForm(maxFormMemory)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, "error.form_large", "n", int(allowed.bytes>>10))
	}
	if err != nil || len(r.MultipartForm.File) > maxUploadFiles {
		return refuse(http.StatusBadRequest, "error.form_broken")
	}
	if r.form, err = cleanForm(url.Values(r.MultipartForm.Value)); err != nil {
		return err
	}
	return s.checkToken(r)
}

// upload opens an uploaded file; nil if none was chosen.
func (r *request) upload(name string) (multipart.File, int64, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[name]) == 0 {
		return nil, 0, nil
	}
	h := r.MultipartForm.File[name][0]
	if h.Size == 0 {
		return nil, 0, nil
	}
	f, err := h.Open()
	return f, h.Size, err
}
