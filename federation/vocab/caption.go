package vocab

import "strings"

// Caption is a file of what is said in a film.
type Caption struct {
	Language string // BCP 47
	Name     string // of the language, in words
	URL      string
}

// captions are those of a Video of PeerTube: subtitleLanguage, with the address
// as text, or since 7.2 as Links, of which one may be a playlist.
func (o *Object) captions() []Caption {
	var list []Caption
	for e := range o.Value.all("subtitleLanguage") {
		if !e.isObject() || len(list) == MaxCaptions {
			continue
		}
		c := Caption{Language: languageTag(e.word("identifier")), Name: clipRunes(e.Text("name"), MaxNameRunes), URL: e.captionURL()}
		if c.Language != "" && c.URL != "" {
			list = append(list, c)
		}
	}
	return list
}

// captionURL is where captions are as WebVTT.
func (v *Value) captionURL() string {
	for _, l := range v.links("url") {
		if l.MediaType == "" || strings.HasPrefix(l.MediaType, "text/vtt") {
			return l.Href
		}
	}
	return ""
}
