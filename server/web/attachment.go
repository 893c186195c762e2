package web

import (
	"math"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/store/media"
	"seedling/templates"
)

// attachments are the files of a post as its card shows them. All are served
// from here; one that can't be had from its server now is a link to it. With still
// pictures move only when they are pointed at or opened.
func attachments(db *store.DB, list []*store.Attachment, still bool) []templates.Attachment {
	var views []templates.Attachment
	for _, a := range list {
		v := templates.Attachment{
			Kind: attachmentKind(a.Kind), URL: webAddress(a.URL), Type: a.MediaType,
			Alt: a.Description, Width: a.Width, Height: a.Height, Focus: focusClass(a.FocalX, a.FocalY), Blur: blurPath(a.Blurhash),
		}
		if v.Tone = media.Tone(a.Blurhash); v.Tone != "" {
			v.Blurhash = a.Blurhash
		}
		if v.URL == "" {
			continue
		}
		v.Source, v.Still = filePaths(db, a)
		v.Captions = captionTracks(db, a.Captions)
		v.Preview = v.Still
		moving := a.Kind == store.AttachedImage && a.Animated
		if v.Preview == "" || moving && !still {
			v.Preview = v.Source
		}
		v.Moves = moving && v.Preview != v.Source
		views = append(views, v)
	}
	return views
}

// filePaths are where a file and a still picture of it are served here.
func filePaths(db *store.DB, a *store.Attachment) (source, still string) {
	switch {
	case a.MediaID != 0:
		return strings.TrimPrefix(a.URL, db.URL()), strings.TrimPrefix(a.PreviewURL, db.URL())
	case a.Broken || a.Kind == store.AttachedFile:
		return "", ""
	}
	source = db.RemotePath(store.RemoteAttachment, a.ID, a.URL)
	if a.Kind == store.AttachedImage {
		return source, source + "?small=1"
	}
	return source, db.RemotePath(store.RemotePreview, a.ID, a.PreviewURL)
}

// focusClass keeps a point of a picture in sight when it is cropped: ten steps
// per axis, as classes, since pages have no inline style. "" is the middle.
func focusClass(x, y float64) string {
	if x == 0 && y == 0 {
		return ""
	}
	step := func(v float64) string { return strconv.Itoa(int(math.Round((v + 1) * 5))) }
	return "fx" + step(x) + " fy" + step(-y)
}
