package web

import (
	"strconv"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// kindNames say what a post is, where its text does not show it.
var kindNames = map[store.PostKind]string{
	store.Event: "event", store.Video: "video", store.Audio: "audio",
}

// typeNames are the same for types that the store has no kind for. A
// GeneratedNote of BookWyrm is a note to its readers.
var typeNames = map[string]string{
	"Review": "review", "Rating": "rating", "Quotation": "quotation",
	"Comment": "comment", "Album": "album", "Document": "document",
}

// facts are what a post that is no note says of itself; nil for notes.
func facts(v *store.PostView) *templates.Facts {
	if v.Author.Local() || (v.Kind == store.Note || v.Kind == store.Question) && v.Facts.IsZero() {
		return nil
	}
	f := v.Facts
	t := &templates.Facts{
		Kind: kindNames[v.Kind], Start: f.Start, End: f.End, Cancelled: f.Cancelled, Place: f.Place,
		Duration: f.Duration, Artist: f.Artist, Album: f.Album, Book: f.Book, BookURL: webAddress(f.BookURL), Page: f.Page, Percent: f.Percent,
	}
	if name := typeNames[f.Type]; name != "" {
		t.Kind = name
	} else if f.Type != "GeneratedNote" {
		t.Type = f.Type
	}
	if f.Rating > 0 {
		t.Rating = strconv.FormatFloat(f.Rating, 'f', -1, 64)
	}
	if v.Kind != store.Note && v.Kind != store.Question {
		t.Origin = webAddress(v.URL, v.URI)
		t.Host = hostOf(t.Origin)
	}
	return t
}

// How long a text may be before a timeline shows only its beginning. What has
// a title is an article, whose place is its own page.
const (
	foldTitled  = 1500 // bytes of HTML
	foldOthers  = 3000
	foldDirect  = 8000 // a letter is read in its conversation
	foldQuoted  = 1500 // what stands inside another post
	foldedShows = 500  // characters
)

// entry is a card in a timeline: a long text is folded behind "Read on".
func (c *cards) entry(v *store.PostView) templates.Post {
	p := c.post(v)
	p.AllMedia = false
	limit := foldOthers
	switch {
	case v.Title != "":
		limit = foldTitled
	case v.Visibility == store.Direct:
		limit = foldDirect
	}
	fold(&p, v, limit)
	return p
}

// quoted is a card inside another one, where less is room for its text.
func (c *cards) quoted(v *store.PostView) templates.Post {
	p := c.entry(v)
	fold(&p, v, foldQuoted)
	return p
}

// fold leaves the beginning of a text that is longer than limit.
func fold(p *templates.Post, v *store.PostView, limit int) {
	if len(v.HTML.String()) > limit {
		if begin := content.Excerpt(text(v), foldedShows); strings.HasSuffix(begin, "…") {
			p.HTML, p.Excerpt = "", begin
		}
	}
}

// community fills in the group that a post stands in. If that is who brought
// the post into the timeline, it is said once.
func (c *cards) community(p *templates.Post, v *store.PostView) {
	p.Closed = v.Locked
	if v.Group == nil {
		return
	}
	group := c.account(v.Group)
	p.Group = &group
	p.ByMod = v.ByModerator
	p.Votes, p.Downvotes, p.Downvoted = v.Visibility <= store.Unlisted, v.DownvotesCount, v.Downvoted
	others := v.BoostedBy[:0:0]
	for _, a := range v.BoostedBy {
		if a.ID != v.Group.ID {
			others = append(others, a)
		}
	}
	p.BoostedBy, p.BoostedOthers = nil, 0
	if len(others) > 0 {
		by := c.account(others[0])
		p.BoostedBy, p.BoostedOthers = &by, len(others)-1
	}
}
