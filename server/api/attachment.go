package api

import (
	"strconv"

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

// meta is the size of a picture.
type meta struct {
	Original *size `json:"original,omitempty"`
	Small    *size `json:"small,omitempty"`
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

func attachmentsOf(v *store.PostView) []attachment {
	list := make([]attachment, len(v.Attachments))
	for i, a := range v.Attachments {
		list[i] = attachmentOf(a)
	}
	return list
}

func attachmentOf(a *store.Attachment) attachment {
	v := attachment{ID: id(a.ID), Type: attachmentTypes[a.Kind], URL: a.URL, PreviewURL: a.URL, RemoteURL: &a.URL,
		Description: stringOrNil(a.Description), Blurhash: stringOrNil(a.Blurhash)}
	if a.Width > 0 && a.Height > 0 {
		s := size{Width: a.Width, Height: a.Height, Size: strconv.Itoa(a.Width) + "x" + strconv.Itoa(a.Height), Aspect: float64(a.Width) / float64(a.Height)}
		v.Meta.Original, v.Meta.Small = &s, &s
	}
	return v
}
