// Package feed writes lists of posts for feed readers: Atom (RFC 4287) and RSS
// 2.0. It knows nothing of the store, of requests or of languages, and imports
// encoding/xml alone. Read [Feed] first.
//
// The writer is our own because libraries for this leave out what posts have:
// several enclosures, and a title that is not theirs.
package feed

import (
	"encoding/xml"
	"strconv"
	"time"
)

// Feed is a list of entries, newest first.
type Feed struct {
	ID      string // an address that stays
	Title   string
	Self    string // where this document is
	Page    string // the same for people
	About   string // plain text, may be empty
	Icon    string // address of a picture, may be empty
	Updated time.Time
	Entries []Entry
}

// Entry is one of them.
type Entry struct {
	ID                 string // an address that stays
	Title              string // plain text
	Page               string // its page
	Author, AuthorPage string
	HTML               string // safe
	Published, Updated time.Time
	Files              []File
}

// File is a picture, sound or video of an entry.
type File struct {
	URL, Type string
	Length    int64 // bytes; 0: not known
}

type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle,omitempty"`
	Icon      string      `xml:"icon,omitempty"`
	Updated   string      `xml:"updated"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Length string `xml:"length,attr,omitempty"`
}

type atomEntry struct {
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Published string      `xml:"published"`
	Updated   string      `xml:"updated"`
	Author    *atomAuthor `xml:"author"`
	Links     []atomLink  `xml:"link"`
	Content   atomContent `xml:"content"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

const generator = "Seedling"

// Atom writes the feed as RFC 4287 has it.
func (f *Feed) Atom() ([]byte, error) {
	doc := atomFeed{ID: f.ID, Title: f.Title, Subtitle: f.About, Icon: f.Icon, Updated: f.Updated.UTC().Format(time.RFC3339), Generator: generator,
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: f.Self}, {Rel: "alternate", Type: "text/html", Href: f.Page}}}
	for _, e := range f.Entries {
		entry := atomEntry{ID: e.ID, Title: e.Title, Published: e.Published.UTC().Format(time.RFC3339), Updated: e.updated().UTC().Format(time.RFC3339),
			Author: &atomAuthor{e.Author, e.AuthorPage}, Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: e.Page}}, Content: atomContent{"html", e.HTML}}
		for _, file := range e.Files {
			entry.Links = append(entry.Links, atomLink{Rel: "enclosure", Type: file.Type, Href: file.URL, Length: file.length("")})
		}
		doc.Entries = append(doc.Entries, entry)
	}
	return write(doc)
}

// updated is when the entry last changed, which RFC 4287 §4.1.2 wants in each.
func (e *Entry) updated() time.Time {
	if e.Updated.After(e.Published) {
		return e.Updated
	}
	return e.Published
}

func (f *File) length(unknown string) string {
	if f.Length <= 0 {
		return unknown
	}
	return strconv.FormatInt(f.Length, 10)
}

type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Built       string    `xml:"lastBuildDate"`
	Generator   string    `xml:"generator"`
	Self        rssSelf   `xml:"atom:link"`
	Image       *rssImage `xml:"image"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	Title       string         `xml:"title"`
	Link        string         `xml:"link"`
	GUID        rssGUID        `xml:"guid"`
	Date        string         `xml:"pubDate"`
	Creator     string         `xml:"dc:creator"`
	Description string         `xml:"description"`
	Enclosures  []rssEnclosure `xml:"enclosure"`
}

type rssGUID struct {
	Link bool   `xml:"isPermaLink,attr"`
	Text string `xml:",chardata"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr"`
	Length string `xml:"length,attr"`
}

// RSS writes the feed as RSS 2.0 has it. A length that is not known is 0, which
// its readers take for that.
func (f *Feed) RSS() ([]byte, error) {
	doc := rssDoc{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/", Channel: rssChannel{
		Title: f.Title, Link: f.Page, Description: f.About, Built: f.Updated.UTC().Format(time.RFC1123Z), Generator: generator,
		Self: rssSelf{"self", "application/rss+xml", f.Self}}}
	if f.Icon != "" {
		doc.Channel.Image = &rssImage{f.Icon, f.Title, f.Page}
	}
	for _, e := range f.Entries {
		item := rssItem{Title: e.Title, Link: e.Page, GUID: rssGUID{Text: e.ID}, Date: e.Published.UTC().Format(time.RFC1123Z), Creator: e.Author, Description: e.HTML}
		for _, file := range e.Files {
			item.Enclosures = append(item.Enclosures, rssEnclosure{file.URL, file.Type, file.length("0")})
		}
		doc.Channel.Items = append(doc.Channel.Items, item)
	}
	return write(doc)
}

func write(doc any) ([]byte, error) {
	body, err := xml.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), body...), nil
}
