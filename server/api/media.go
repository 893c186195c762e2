package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"seedling/server/param"
	"seedling/store"
	"seedling/store/media"
)

// upload makes the entity of a file that a member handed in.
func (s *Server) upload(m *store.Media) attachment {
	v := attachment{ID: id(m.ID), Type: attachmentTypes[m.Kind], URL: s.db.FileURL(m.File), PreviewURL: s.db.FileURL(m.Small),
		Description: stringOrNil(m.Description), Blurhash: stringOrNil(m.Blurhash), Meta: metaOf(m.Width, m.Height, m.Duration, m.FocalX, m.FocalY)}
	if v.PreviewURL == "" {
		v.PreviewURL = v.URL
	}
	return v
}

// createMedia is POST v1/media and v2/media. The file is ready when the answer
// comes, so that it is never 202.
func (s *Server) createMedia(w http.ResponseWriter, r *request) error {
	file := r.params.File("file")
	if file == nil {
		return invalid("File can't be blank")
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the uploaded file: %w", err)
	}
	defer body.Close()
	m, err := s.db.Upload(r.Context(), store.Upload{OwnerID: r.me(), Body: body, MediaText: mediaText(r.params, store.MediaText{})})
	if err != nil {
		return err
	}
	if err := s.setThumbnail(r, m); err != nil {
		return err
	}
	return s.showUpload(w, r, m.ID)
}

// setThumbnail gives sound or video the picture that was sent with it.
func (s *Server) setThumbnail(r *request, m *store.Media) error {
	file := r.params.File("thumbnail")
	if file == nil || m.Kind == store.AttachedImage {
		return nil
	}
	body, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the uploaded picture: %w", err)
	}
	defer body.Close()
	_, err = s.db.SetThumbnail(r.Context(), r.me(), m.ID, body)
	return err
}

// mediaText reads what is said of a file; what is not sent stays.
func mediaText(p param.Values, text store.MediaText) store.MediaText {
	if p.Has("description") {
		text.Description = strings.TrimSpace(p.Get("description"))
	}
	if x, y, ok := strings.Cut(p.Get("focus"), ","); ok {
		text.FocalX, text.FocalY = number(x), number(y)
	}
	return text
}

// number reads a coordinate; what is none is the middle.
func number(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n != n {
		return 0
	}
	return n
}

// mediaTexts reads what an edit says of the files of a post
// (media_attributes[][id], description, focus).
func mediaTexts(r *request) map[int64]store.MediaText {
	var texts map[int64]store.MediaText
	for _, row := range r.params.Rows("media_attributes") {
		n, ok := parseID(row.Get("id"))
		if !ok {
			continue
		}
		if texts == nil {
			texts = map[int64]store.MediaText{}
		}
		texts[n] = mediaText(row, store.MediaText{})
	}
	return texts
}

// ownMedia finds an upload of the member that the path names.
func (s *Server) ownMedia(r *request) (*store.Media, error) {
	mediaID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	list, err := s.db.Media(r.Context(), r.me(), mediaID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, store.ErrNotFound
	}
	return list[0], nil
}

func (s *Server) showUpload(w http.ResponseWriter, r *request, mediaID int64) error {
	list, err := s.db.Media(r.Context(), r.me(), mediaID)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return store.ErrNotFound
	}
	return s.json(w, s.upload(list[0]))
}

// showMedia is GET v1/media/:id.
func (s *Server) showMedia(w http.ResponseWriter, r *request) error {
	m, err := s.ownMedia(r)
	if err != nil {
		return err
	}
	return s.json(w, s.upload(m))
}

// updateMedia is PUT v1/media/:id, for a file that is on no post yet.
func (s *Server) updateMedia(w http.ResponseWriter, r *request) error {
	m, err := s.ownMedia(r)
	if err != nil {
		return err
	}
	if err := s.db.DescribeMedia(r.Context(), r.me(), m.ID, mediaText(r.params, m.MediaText)); err != nil {
		return err
	}
	if err := s.setThumbnail(r, m); err != nil {
		return err
	}
	return s.showUpload(w, r, m.ID)
}

// deleteMedia is DELETE v1/media/:id, for a file that is on no post.
func (s *Server) deleteMedia(w http.ResponseWriter, r *request) error {
	m, err := s.ownMedia(r)
	if err != nil {
		return err
	}
	if m.PostID != 0 {
		return &apiError{status: http.StatusUnprocessableEntity, text: "Media attachment is currently used by a status"}
	}
	if err := s.db.DeleteMedia(r.Context(), r.me(), m.ID); err != nil {
		return err
	}
	return s.empty(w)
}

// explainMedia says why a file, or what is said of it, is not taken; nil if the
// error is about something else.
func explainMedia(err error) *apiError {
	var refused *media.RefusedError
	var text *store.MediaError
	switch {
	case errors.As(err, &refused) && (refused.Problem == media.Unreadable || refused.Problem == media.Unknown):
		return &apiError{status: http.StatusUnprocessableEntity, text: strings.TrimSpace("Validation failed: File "+refused.Format()) + " " + string(refused.Problem) +
			"; accepted are " + strings.Join(media.Accepted(), ", ")}
	case errors.As(err, &refused):
		return &apiError{status: http.StatusUnprocessableEntity, text: "Validation failed: File " + string(refused.Problem)}
	case errors.As(err, &text):
		return &apiError{status: http.StatusUnprocessableEntity, text: "Validation failed: The file " + string(text.Problem)}
	}
	return nil
}

// mediaRoutes: files may be larger than other bodies.
func (s *Server) mediaRoutes(t *table) {
	write := member("write:media")
	t.upload("POST", "v1/media", maxUpload, write, s.createMedia)
	t.upload("POST", "v2/media", maxUpload, write, s.createMedia)
	t.on("GET", "v1/media/:id", write, s.showMedia)
	t.upload("PUT", "v1/media/:id", maxUpload, write, s.updateMedia)
	t.on("DELETE", "v1/media/:id", write, s.deleteMedia)
}
