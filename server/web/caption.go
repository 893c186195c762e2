package web

import (
	"cmp"

	"seedling/store"
	"seedling/templates"
)

// captionTracks are the captions of sound or video as a page offers them.
func captionTracks(db *store.DB, list []store.Caption) []templates.Track {
	var tracks []templates.Track
	for _, c := range list {
		tracks = append(tracks, templates.Track{Path: db.CaptionPath(c), Lang: c.Language, Label: cmp.Or(languageName(c.Language), c.Name, c.Language)})
	}
	return tracks
}

// languageName is the name of a language in itself, "" if it is none of ours.
func languageName(code string) string {
	for _, l := range languages {
		if l.code == code {
			return l.name
		}
	}
	return ""
}
