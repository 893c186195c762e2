package api

import (
	"strconv"
	"time"

	"seedling/store"
)

// attachment is the entity MediaAttachment.
type attachment struct {
	ID          string  `json:"id"`
	Type        string  `json:"type"`
	URL         string  `json:"url"`
	PreviewURL  string  `json:"preview_url"`
	RemoteURL   *string `json:"remote_url"`
	TextURL     *string `json:"text_url"` // old
	Meta        meta    `json:"meta"`
	Description *string `json:"description"`
	Blurhash    *string `json:"blurhash"`
}

// meta is what is known of a file.
type meta struct {
	Focus    *focus  `json:"focus,omitempty"`
	Duration float64 `json:"duration,omitempty"` // seconds
	Original *size   `json:"original,omitempty"`
	Small    *size   `json:"small,omitempty"`
}

type focus struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

type size struct {
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Size   string  `json:"size"`
	Aspect float64 `json:"aspect"`
}

var attachmentTypes = map[store.AttachmentKind]string{
	store.AttachedFile: "unknown", store.AttachedImage: "image", store.AttachedVideo: "video", store.AttachedAudio: "audio",
}

func (s *Server) attachments(v *store.PostView) []attachment {
	list := make([]attachment, len(v.Attachments))
	for i, a := range v.Attachments {
		list[i] = s.attachment(a)
	}
	return list
}

// attachment makes the entity. Files of other servers come from here.
func (s *Server) attachment(a *store.Attachment) attachment {
	v := attachment{ID: id(a.ID), Type: attachmentTypes[a.Kind], URL: a.URL, PreviewURL: a.PreviewURL,
		Description: stringOrNil(a.Description), Blurhash: stringOrNil(a.Blurhash)}
	if a.MediaID == 0 {
		v.RemoteURL = &a.URL
		v.URL = s.here(s.db.RemotePath(store.RemoteAttachment, a.ID, a.URL))
		if v.PreviewURL = s.here(s.db.RemotePath(store.RemotePreview, a.ID, a.PreviewURL)); v.PreviewURL == "" {
			v.PreviewURL = v.URL + "?small=1"
		}
	} else {
		v.ID = id(a.MediaID) // what an edit names
	}
	if v.PreviewURL == "" {
		v.PreviewURL = v.URL
	}
	v.Meta = metaOf(a.Width, a.Height, a.Duration, a.FocalX, a.FocalY)
	return v
}

func metaOf(width, height int, duration time.Duration, x, y float64) meta {
	var m meta
	if width > 0 && height > 0 {
		s := size{Width: width, Height: height, Size: strconv.Itoa(width) + "x" + strconv.Itoa(height), Aspect: float64(width) / float64(height)}
		m.Original, m.Small = &s, &s
	}
	if x != 0 || y != 0 {
		m.Focus = &focus{x, y}
	}
	m.Duration = duration.Seconds()
	return m
}
