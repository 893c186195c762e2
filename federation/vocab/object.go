package vocab

import (
	"strings"
	"time"
)

// Object is a post or anything like it: Note, Question, Article, Page, Video,
// Event, Tombstone and types we do not know.
type Object struct {
	ID, Type     string
	AttributedTo []Ref // see Author

	Name      string // title, or the answer of a vote; see Title
	Summary   string // see ContentWarning
	Content   string // foreign HTML, not sanitised, unless MediaType says otherwise
	MediaType string // of Content: text/html, text/markdown (PeerTube) or text/plain
	Language  string // BCP 47, "" if unknown
	Source    Source

	URL   string // the page for people; "" if none is given
	Links []Link // all of url

	InReplyTo    Ref
	Context      string // any URI: a collection (FEP-7888) or a mere name
	Conversation string // any URI, often tag:
	Replies      Ref
	Likes        Ref
	Shares       Ref

	To, CC, Audience []string

	Published, Updated, Deleted time.Time
	StartTime, EndTime          time.Time
	Duration                    time.Duration
	Location                    string // plain text

	Sensitive   bool
	Mentions    []Mention
	Hashtags    []Tag
	Emojis      []Emoji
	Attachments []Attachment
	IconURL     string
	ImageURL    string

	QuoteURI   string // of the quoted object; never the object itself
	Poll       *Poll  // of a Question
	FormerType string // of a Tombstone

	Value *Value // for what is not read here
}

// Source is the text as its author typed it.
type Source struct {
	Content, MediaType string
}

// Attachment is a file or link that belongs to an object.
type Attachment struct {
	Type          string // Document, Image, Video, Audio, Link, ...
	URL           string
	MediaType     string // said, or guessed from the ending; "" if unknown
	Name          string // plain text describing it
	Blurhash      string // not checked
	Width, Height int    // 0 if unknown
	Duration      time.Duration
	FocalX        float64 // -1 to 1; 0, 0 is the middle
	FocalY        float64
	IconURL       string // a preview
	Sensitive     bool
	Captions      []Caption
}

// Poll is what a Question asks.
type Poll struct {
	Options  []PollOption
	Multiple bool      // anyOf
	EndTime  time.Time // zero: never
	Closed   time.Time // zero: still open, or EndTime says it
	Voters   int64     // -1 if unknown
}

// PollOption is one answer.
type PollOption struct {
	Name  string
	Votes int64
}

// Object reads v as an object. It needs an id and a type; a ChatMessage or Note
// inside an activity that has no id is of no use to us either.
func (v *Value) Object() (*Object, error) {
	o := &Object{ID: v.ID(), Type: v.Type(), Value: v}
	if o.ID == "" {
		return nil, &ShapeError{"object", "it has no http or https id"}
	}
	if o.Type == "" {
		return nil, &ShapeError{"object", "it has no type"}
	}
	v.readText(o)
	v.readThread(o)
	v.readTimes(o)
	v.readMedia(o)
	tags := v.tags()
	o.Mentions, o.Hashtags, o.Emojis = tags.mentions, tags.hashtags, tags.emojis
	o.QuoteURI = v.quoteURI(o.ID, tags.quote)
	o.Poll = v.poll()
	if o.FormerType = v.word("formerType"); o.FormerType != "" {
		o.FormerType = typeName(o.FormerType)
	}
	return o, nil
}

func (v *Value) readText(o *Object) {
	o.AttributedTo = v.Refs("attributedTo", MaxAuthors)
	if len(o.AttributedTo) == 0 { // Pleroma repeats the author as actor
		o.AttributedTo = v.Refs("actor", 1)
	}
	name, _ := v.Lang("name")
	o.Name = clipRunes(name, MaxNameRunes)
	summary, _ := v.Lang("summary")
	o.Summary = clipBytes(summary, MaxSummaryBytes)
	content, language := v.Lang("content")
	o.Content = clipBytes(content, MaxContentBytes)
	if o.MediaType = mediaType(v.Text("mediaType")); !strings.HasPrefix(o.MediaType, "text/") {
		o.MediaType = "text/html" // the default of content (Activity Vocabulary §4); of an Image mediaType is the file's
	}
	if o.Language = language; language == "" {
		o.Language = v.language()
	}
	if source := v.Child("source"); source != nil {
		o.Source.Content = clipBytes(source.Text("content"), MaxContentBytes)
		o.Source.MediaType = mediaType(source.Text("mediaType"))
	}
	o.Sensitive = v.Bool("sensitive")
}

// language looks where contentMap is not used: PeerTube and Lemmy have a
// language object, Akkoma says it as @language in the context.
func (v *Value) language() string {
	if l := v.Child("language"); l != nil {
		if tag := languageTag(l.word("identifier")); tag != "" {
			return tag
		}
	} else if tag := languageTag(v.word("language")); tag != "" {
		return tag
	}
	for _, where := range []*Value{v, {doc: v.doc}} {
		for e := range where.all("@context") {
			if tag := languageTag(e.word("@language")); tag != "" {
				return tag
			}
		}
	}
	return ""
}

func (v *Value) readThread(o *Object) {
	o.InReplyTo = v.Ref("inReplyTo")
	o.Context, o.Conversation = v.opaque("context"), v.opaque("conversation")
	o.Replies, o.Likes, o.Shares = v.Ref("replies"), v.Ref("likes"), v.Ref("shares")
	o.To, o.CC, o.Audience = v.recipients("to"), v.recipients("cc"), v.recipients("audience")
}

// opaque reads a URI of any scheme, which is only ever compared.
func (v *Value) opaque(key string) string {
	for e := range v.all(key) {
		s := e.text()
		if e.isObject() {
			s = e.Text("id")
		}
		if s != "" && len(s) <= MaxURIBytes {
			return s
		}
	}
	return ""
}

func (v *Value) readTimes(o *Object) {
	o.Published, o.Updated, o.Deleted = v.Time("published"), v.Time("updated"), v.Time("deleted")
	o.StartTime, o.EndTime = v.Time("startTime"), v.Time("endTime")
	o.Duration = parseDuration(v.word("duration"))
	for l := range v.all("location") {
		if o.Location = clipRunes(l.place(), MaxNameRunes); o.Location != "" {
			break
		}
	}
}

// place puts a Place into words: its name, then its address if that is not the
// same (Mobilizon sends a PostalAddress, Gancio a string).
func (v *Value) place() string {
	if !v.isObject() {
		if v.uri() != "" {
			return "" // a Place to be fetched
		}
		return v.text()
	}
	var parts []string
	if name := v.Text("name"); name != "" {
		parts = append(parts, name)
	}
	if address := v.Text("address"); address != "" {
		parts = append(parts, address)
	} else if address := v.Child("address"); address != nil {
		for _, key := range []string{"streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"} {
			if s := strings.TrimSpace(address.Text(key)); s != "" && s != v.Text("name") {
				parts = append(parts, s)
			}
		}
	}
	return strings.Join(parts, ", ")
}

func (v *Value) readMedia(o *Object) {
	o.Links = v.links("url")
	o.URL = bestPage(o.Links)
	o.IconURL, o.ImageURL = v.imageURL("icon"), v.imageURL("image")
	for e := range v.all("attachment") {
		if len(o.Attachments) == MaxAttachments {
			break
		}
		if a := e.attachment(); a.URL != "" {
			o.Attachments = append(o.Attachments, a)
		}
	}
}

// attachment reads a file or link. The description is in summary with
// GoToSocial, in name with the others; where both are, summary describes and
// name is the file's.
func (v *Value) attachment() Attachment {
	a := Attachment{URL: v.fileURL()}
	if a.URL == "" || !v.isObject() {
		a.MediaType = guessMediaType(a.URL)
		return a
	}
	a.Type = v.Type()
	if a.MediaType = v.mediaType(""); a.MediaType == "" {
		for _, l := range v.links("url") {
			if l.Href == a.URL {
				a.MediaType = l.MediaType
			}
		}
	}
	if a.MediaType == "" {
		a.MediaType = guessMediaType(a.URL)
	}
	if a.Name, _ = v.Lang("summary"); a.Name == "" {
		a.Name, _ = v.Lang("name")
	}
	a.Name = clipRunes(a.Name, MaxAltRunes)
	a.Blurhash = v.word("blurhash")
	a.Width, a.Height = v.pixels("width"), v.pixels("height")
	a.Duration = parseDuration(v.word("duration"))
	a.FocalX, a.FocalY = v.focalPoint()
	a.IconURL = v.imageURL("icon")
	a.Sensitive = v.Bool("sensitive")
	return a
}

// focalPoint reads two numbers from -1 to 1; anything else is the middle.
func (v *Value) focalPoint() (x, y float64) {
	var xy []float64
	for e := range v.all("focalPoint") {
		f, ok := e.float()
		if !ok || f < -1 || f > 1 || len(xy) == 2 {
			return 0, 0
		}
		xy = append(xy, f)
	}
	if len(xy) != 2 {
		return 0, 0
	}
	return xy[0], xy[1]
}

// quoteURI takes the first of the names a quotation goes by. An object that
// quotes itself (seen from Misskey) quotes nothing.
func (v *Value) quoteURI(id, tagQuote string) string {
	for _, key := range []string{"quote", "quoteUrl", "quoteUri", "_misskey_quote", "quoteURL"} {
		if uri := v.URI(key); uri != "" && uri != id {
			return uri
		}
	}
	if tagQuote != id {
		return tagQuote
	}
	return ""
}

// poll reads the answers of a Question. Pleroma sends an empty anyOf beside a
// filled oneOf, so the filled one counts.
func (v *Value) poll() *Poll {
	p := &Poll{Voters: -1}
	if p.Options = v.pollOptions("oneOf"); len(p.Options) == 0 {
		p.Options = v.pollOptions("anyOf")
		p.Multiple = true
	}
	if len(p.Options) == 0 {
		return nil
	}
	p.EndTime, p.Closed = v.Time("endTime"), v.Time("closed")
	if p.Closed.IsZero() && v.Bool("closed") { // it may be a boolean (Activity Vocabulary §4): some time before now
		p.Closed = v.Time("published")
	}
	if n, ok := v.Int("votersCount"); ok && n >= 0 {
		p.Voters = n
	}
	return p
}

func (v *Value) pollOptions(key string) []PollOption {
	var options []PollOption
	for e := range v.all(key) {
		if len(options) == MaxPollOptions {
			break
		}
		o := PollOption{Name: clipRunes(e.Text("name"), MaxNameRunes)}
		if o.Name == "" {
			continue
		}
		if replies := e.Child("replies"); replies != nil {
			o.Votes, _ = replies.Int("totalItems")
		}
		if o.Votes == 0 {
			o.Votes, _ = e.Int("_misskey_votes")
		}
		o.Votes = max(o.Votes, 0)
		options = append(options, o)
	}
	return options
}
