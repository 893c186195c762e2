package vocab

import (
	"cmp"
	"math"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
)

// Bounds on facts, which stand in a card.
const (
	maxFact     = 200 // characters
	maxTypeName = 40
	maxArtists  = 5
)

// facts reads what o says of itself beside its text.
func (o *Object) facts() store.Facts {
	v := o.Value
	f := store.Facts{
		Start: v.zoned("startTime"), End: v.zoned("endTime"), Place: content.CleanLine(o.Location, maxFact),
		Cancelled: strings.EqualFold(v.word("ical:status"), "CANCELLED"),
		Duration:  o.playTime(),
	}
	if o.Type == "Question" { // its end is that of the poll
		f.Start, f.End = time.Time{}, time.Time{}
	}
	if _, known := postKinds[o.Type]; !known {
		f.Type = shownType(o.Type)
	}
	v.readMusic(&f)
	v.readBook(&f)
	return f
}

// zoned is a time in the zone in which it was written. Mobilizon writes all in
// UTC and names the zone beside it, which is not looked up.
func (v *Value) zoned(key string) time.Time {
	at := v.Time(key)
	if here, err := time.Parse(time.RFC3339, v.word(key)); err == nil && here.Equal(at) {
		return here
	}
	return at
}

// playTime is how long a film or piece lasts. Funkwhale counts seconds.
func (o *Object) playTime() time.Duration {
	d := o.Duration
	if n, ok := o.Value.Int("duration"); ok && d == 0 && n > 0 && n < 10_000*3600 {
		d = time.Duration(n) * time.Second
	}
	if d == 0 {
		for _, a := range o.Attachments {
			d = max(d, a.Duration)
		}
	}
	if o.Type == "Event" {
		return 0 // start and end say it
	}
	return d
}

// shownType is the name of an unknown type, if it is a word that people can read.
func shownType(name string) string {
	for _, c := range name {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != ' ' {
			return ""
		}
	}
	return clipRunes(name, maxTypeName)
}

// readMusic reads who made a piece and which album it is of: from the track
// that Funkwhale puts into an Audio, or from the object itself (Bandwagon).
func (v *Value) readMusic(f *store.Facts) {
	track := v
	if t := v.Child("track"); t != nil && t.isObject() {
		track = t
	}
	f.Artist = track.artists()
	if album := track.Child("album"); album != nil && album.isObject() {
		f.Album = content.CleanLine(album.Text("name"), maxFact)
		f.Artist = cmp.Or(f.Artist, album.artists())
	}
}

// artists lists names. Newer versions of Funkwhale have credits around the artists.
func (v *Value) artists() string {
	var names []string
	for _, key := range []string{"artists", "artist_credit", "artist"} {
		for e := range v.all(key) {
			if !e.isObject() || len(names) == maxArtists {
				continue
			}
			name := e.Text("name")
			if inner := e.Child("artist"); inner != nil && inner.isObject() {
				name = cmp.Or(e.Text("credit"), inner.Text("name"))
			}
			if name != "" {
				names = append(names, content.CleanLine(name, maxFact))
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return clipRunes(strings.Join(names, ", "), maxFact)
}

// readBook reads what BookWyrm says: the book is a property, or only a tag.
func (v *Value) readBook(f *store.Facts) {
	f.BookURL = v.URI("inReplyToBook")
	for e := range v.all("tag") {
		if !e.isObject() {
			continue
		}
		switch e.Type() {
		case "Book", "Edition", "Work":
			href := e.URI("href")
			if f.BookURL == "" || f.BookURL == href {
				f.BookURL, f.Book = href, content.CleanLine(e.Text("name"), maxFact)
			}
		}
	}
	if f.BookURL == "" {
		return
	}
	if r, ok := v.Float("rating"); ok && r > 0 && r <= 5 {
		f.Rating = math.Round(r*2) / 2
	}
	if n, ok := v.Int("progress"); ok && n > 0 && n < 1_000_000 {
		if v.word("progressMode") == "PCT" {
			f.Percent = int(min(n, 100))
		} else {
			f.Page = int(n)
		}
	}
}

// group is the community that o is for (FEP-1b12): its audience, or for a video
// the channel that is named beside its author. Others' followers are no community.
func (o *Object) group() string {
	for _, uri := range o.Audience {
		if uri != Public && !strings.HasSuffix(uri, "/followers") {
			return uri
		}
	}
	author := o.Author()
	for _, r := range o.AttributedTo {
		if r.Type == "Group" && r.ID != author.ID {
			return r.ID
		}
	}
	return ""
}

// quotedBook is what a Quotation of BookWyrm quotes, as HTML not sanitised.
func (o *Object) quotedBook() string {
	if o.Type != "Quotation" {
		return ""
	}
	quote := clipBytes(o.Value.Text("quote"), maxPostBytes/2)
	if quote == "" {
		return ""
	}
	return "<blockquote>" + quote + "</blockquote>"
}
