package vocab

import (
	"strings"
	"time"
)

// Mention names an actor in a text.
type Mention struct {
	Href string // the actor's id, or with some systems the page
	Name string // @user or @user@host, as written
}

// Tag is a hashtag.
type Tag struct {
	Name string // without #
	Href string
}

// Emoji is a custom emoji (FEP-9098).
type Emoji struct {
	ID        string // often ""
	Shortcode string // without colons
	URL       string
	MediaType string
	Licence   string // Misskey and its descendants
	Updated   time.Time
}

// Link is an address with what is said about it.
type Link struct {
	Href          string // http or https
	MediaType     string // said, or guessed from the ending; "" if unknown
	Rel           string
	Name          string
	Width, Height int
	Size          int64 // bytes
	Mute          bool  // a film that is said to have no sound
	SoundOnly     bool  // a film that is said to have no picture
}

// tagSet is a tag property, sorted by kind.
type tagSet struct {
	mentions []Mention
	hashtags []Tag
	emojis   []Emoji
	quote    string // FEP-e232
}

func (v *Value) tags() tagSet {
	var t tagSet
	for e := range v.all("tag") {
		if !e.isObject() {
			continue
		}
		switch e.Type() {
		case "Mention":
			if m := e.mention(); m.Href != "" && len(t.mentions) < MaxMentions {
				t.mentions = append(t.mentions, m)
			}
		case "Hashtag":
			if h := e.hashtag(); h.Name != "" && len(t.hashtags) < MaxHashtags {
				t.hashtags = append(t.hashtags, h)
			}
		case "Emoji":
			if m := e.emoji(); m.Shortcode != "" && m.URL != "" && len(t.emojis) < MaxEmojis {
				t.emojis = append(t.emojis, m)
			}
		case "Link":
			if t.quote == "" && e.isQuoteLink() {
				t.quote = e.URI("href")
			}
		}
	}
	return t
}

func (v *Value) mention() Mention {
	return Mention{Href: v.URI("href"), Name: clipRunes(v.Text("name"), MaxTagRunes)}
}

func (v *Value) hashtag() Tag {
	name := strings.TrimLeft(strings.TrimSpace(v.Text("name")), "#＃")
	return Tag{Name: clipRunes(name, MaxTagRunes), Href: v.URI("href")}
}

func (v *Value) emoji() Emoji {
	e := Emoji{ID: v.ID(), URL: v.imageURL("icon"), Updated: v.Time("updated"), Licence: v.emojiLicence()}
	if icon := v.Child("icon"); icon != nil {
		e.MediaType = mediaType(icon.Text("mediaType"))
	}
	if e.MediaType == "" {
		e.MediaType = guessMediaType(e.URL)
	}
	name := strings.Trim(v.Text("name"), ":")
	if len(name) <= MaxShortcodeBytes && !strings.ContainsAny(name, ":<>\"'& \t\r\n") {
		e.Shortcode = name
	}
	return e
}

// isQuoteLink says that a Link in tag is a quotation (FEP-e232): by its rel, or
// because it leads to an ActivityStreams object.
func (v *Value) isQuoteLink() bool {
	for e := range v.all("rel") {
		if e.text() == "https://misskey-hub.net/ns#_misskey_quote" {
			return true
		}
	}
	return isActivityType(v.Text("mediaType"))
}

// isActivityType says that a media type is one of the two of ActivityPub §3.2.
func isActivityType(s string) bool {
	switch mediaType(s) {
	case "application/activity+json":
		return true
	case "application/ld+json":
		return strings.Contains(s, "https://www.w3.org/ns/activitystreams")
	}
	return false
}

// links reads a property of addresses: strings, Links, or objects with an
// address of their own. Links inside their tag are added, because PeerTube
// hides the files of a playlist there.
func (v *Value) links(key string) []Link {
	return v.appendLinks(nil, key, 2)
}

func (v *Value) appendLinks(links []Link, key string, depth int) []Link {
	for e := range v.all(key) {
		if len(links) >= MaxLinks {
			break
		}
		if l := e.link(); l.Href != "" {
			links = append(links, l)
		}
		if depth > 1 && e.isObject() {
			links = e.appendLinks(links, "tag", depth-1)
			links = e.appendLinks(links, "url", depth-1)
		}
	}
	return links
}

func (v *Value) link() Link {
	if !v.isObject() {
		href := v.uri()
		return Link{Href: href, MediaType: guessMediaType(href)}
	}
	l := Link{Href: v.URI("href"), Rel: v.word("rel"), Name: clipRunes(v.Text("name"), MaxNameRunes)}
	l.MediaType = v.mediaType(l.Href)
	l.Width, l.Height = v.pixels("width"), v.pixels("height")
	l.Size, _ = v.Int("size")
	if picture, sound := v.tracks(); picture != sound {
		l.Mute, l.SoundOnly = picture, sound
	}
	return l
}

// mediaType reads the media type of a file or link. Funkwhale and old PeerTube
// spell it mimeType, Nextcloud sends an empty one.
func (v *Value) mediaType(uri string) string {
	if m := mediaType(v.Text("mediaType")); m != "" {
		return m
	}
	if m := mediaType(v.Text("mimeType")); m != "" {
		return m
	}
	return guessMediaType(uri)
}

// word is a short text; a long one is no word.
func (v *Value) word(key string) string {
	s := v.Text(key)
	if len(s) > MaxWordBytes {
		return ""
	}
	return s
}

func (v *Value) pixels(key string) int {
	n, _ := v.Int(key)
	if n < 0 || n > MaxPixels {
		return 0
	}
	return int(n)
}

// bestPage picks the page for people: the first that says it is HTML, else the
// first that does not look like a file.
func bestPage(links []Link) string {
	for _, l := range links {
		if l.MediaType == "text/html" || l.MediaType == "application/xhtml+xml" {
			return l.Href
		}
	}
	for _, l := range links {
		if l.MediaType == "" {
			return l.Href
		}
	}
	return ""
}

// imageURL gives the address of a picture; of several, that of the largest.
func (v *Value) imageURL(key string) string {
	best, bestArea := "", -1
	for e := range v.all(key) {
		uri := e.fileURL()
		if area := e.pixels("width") * e.pixels("height"); uri != "" && area > bestArea {
			best, bestArea = uri, area
		}
	}
	return best
}

// fileURL gives the address of a file: of a string itself, of an object its url
// (a string, a Link or a list of them) or href.
func (v *Value) fileURL() string {
	if !v.isObject() {
		return v.uri()
	}
	links := v.links("url")
	for _, l := range links {
		if l.MediaType != "text/html" {
			return l.Href
		}
	}
	if len(links) > 0 {
		return links[0].Href
	}
	return v.URI("href")
}

// HashtagJSON writes a hashtag that stands alone: in toot:featuredTags.
func HashtagJSON(t Tag) ([]byte, error) {
	c := uriCheck{what: "Hashtag"}
	if c.need("href", t.Href); c.err != nil {
		return nil, c.err
	}
	return finish(tree{"type": "Hashtag", "name": "#" + t.Name, "href": t.Href}, nil)
}
