package vocab

import (
	"cmp"
	"strings"
)

// goodHeight is the picture of a film that is chosen if there are several: the
// greatest up to this is sharp enough in a page, and not a burden for phones.
const goodHeight = 720

// Media picks the link to the file that a Video, Audio or Image is about, or
// the zero Link. Playlists and torrents are nothing that a browser plays.
func (o *Object) Media() Link {
	switch o.Type {
	case "Document":
		return o.document()
	case "Video":
		if film := bestFilm(o.Links); film.Href != "" {
			return film
		}
		return firstOf(o.Links, "audio/") // PeerTube publishes sound as a Video too
	case "Audio", "Image":
		return firstOf(o.Links, strings.ToLower(o.Type)+"/")
	}
	return Link{}
}

// firstOf is the first link of a family of media types.
func firstOf(links []Link, family string) Link {
	for _, l := range links {
		if strings.HasPrefix(l.MediaType, family) {
			return l
		}
	}
	return Link{}
}

// bestFilm picks of the sizes of a film. Of the files that PeerTube cuts into
// picture and sound for its own player, those without sound are passed over,
// and that of the sound alone (of height 0) is the last choice.
func bestFilm(links []Link) Link {
	var best Link
	rank := func(l Link) int {
		switch {
		case l.Height == 0:
			return 1
		case l.Height > goodHeight:
			return 1<<20 - l.Height
		}
		return 1<<20 + l.Height
	}
	sized := 0
	for _, l := range links {
		if !strings.HasPrefix(l.MediaType, "video/") || l.Mute {
			continue
		}
		if l.Height > 0 {
			sized++
		}
		if best.Href == "" || rank(l) > rank(best) {
			best = l
		}
	}
	if sized == 0 && best.SoundOnly {
		best.MediaType = "audio/" + strings.TrimPrefix(best.MediaType, "video/")
	}
	return best
}

// tracks says what a file of PeerTube holds: nothing is known of one that does
// not tell. Files from before 7.0 tell only that they have no picture.
func (v *Value) tracks() (picture, sound bool) {
	if fps, ok := v.Int("fps"); ok && fps == 0 && v.Has("height") && v.pixels("height") == 0 {
		return false, true
	}
	for e := range v.all("attachment") {
		if e.isObject() && e.word("name") == "ffprobe_codec_type" {
			switch e.word("value") {
			case "video":
				picture = true
			case "audio":
				sound = true
			}
		}
	}
	return picture, sound
}

// document is the file that a Document is, if it names one.
func (o *Object) document() Link {
	for _, l := range o.Links {
		if l.MediaType != "" && l.MediaType != "text/html" {
			return l
		}
	}
	return Link{}
}

// mediaName describes the file that a Video or Audio is about by its title:
// these have no other description. That of an Image is the file's name.
func (o *Object) mediaName() string {
	if o.Type != "Video" && o.Type != "Audio" {
		return ""
	}
	return o.Name
}

// preview is the picture that stands for o: of a film the still of PeerTube, of
// an article its picture, of a piece of music its cover or that of its album.
func (o *Object) preview() string {
	if o.Type == "Video" {
		return cmp.Or(o.IconURL, o.ImageURL)
	}
	picture := cmp.Or(o.ImageURL, o.IconURL, o.Value.imageURL("cover"))
	if track := o.Value.Child("track"); picture == "" && track != nil && track.isObject() {
		picture = track.cover()
	}
	return picture
}

// cover is the picture of a Track, or of its Album.
func (v *Value) cover() string {
	for _, from := range []*Value{v, v.Child("album")} {
		if from == nil || !from.isObject() {
			continue
		}
		for _, key := range []string{"image", "cover", "icon"} {
			if uri := from.imageURL(key); uri != "" {
				return uri
			}
		}
	}
	return ""
}
