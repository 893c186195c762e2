package vocab

import (
	"time"

	"github.com/superseriousbusiness/activity/streams"
)

// NoteDoc is a post as we publish it. URIs are given by the caller; ID,
// AttributedTo and some recipient are needed.
type NoteDoc struct {
	ID, URL      string
	AttributedTo string
	ContentHTML  string // safe HTML
	Language     string // BCP 47; "" leaves contentMap out
	Source       Source
	Summary      string // the content warning, plain text; "" is written as null
	Sensitive    bool

	InReplyTo    string
	Context      string // any URI
	Conversation string // any URI

	Published, Updated time.Time
	To, CC             []string
	Audience           string // the community it stands in (FEP-1b12)

	Mentions    []Mention // Name is @user@host
	Hashtags    []Tag
	Emojis      []Emoji
	Attachments []Attachment
	Poll        *Poll // makes it a Question
	Quote       *QuoteDoc
	Policy      *policyDoc // who may do what with it; nil leaves it out
	ReplyStamp  string     // by which whom it answers approves
	OnVideo     bool       // what it answers is a video

	Replies, Likes, Shares string // collections
}

// JSON builds the document.
func (d NoteDoc) JSON() ([]byte, error) { return finish(d.build()) }

func (d NoteDoc) build() (tree, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	note := streams.NewActivityStreamsNote()
	note.SetJSONLDId(idOf(d.ID))
	author := streams.NewActivityStreamsAttributedToProperty()
	author.AppendIRI(iri(d.AttributedTo))
	note.SetActivityStreamsAttributedTo(author)
	if d.URL != "" {
		note.SetActivityStreamsUrl(urlOf(d.URL))
	}
	content := streams.NewActivityStreamsContentProperty()
	content.AppendXMLSchemaString(d.ContentHTML)
	note.SetActivityStreamsContent(content)
	sensitive := streams.NewActivityStreamsSensitiveProperty()
	sensitive.AppendXMLSchemaBoolean(d.Sensitive)
	note.SetActivityStreamsSensitive(sensitive)
	note.SetActivityStreamsTo(toOf(d.To))
	note.SetActivityStreamsCc(ccOf(d.CC))
	tag := streams.NewActivityStreamsTagProperty()
	appendMentions(tag, d.Mentions)
	appendHashtags(tag, d.Hashtags)
	appendEmojis(tag, d.Emojis)
	note.SetActivityStreamsTag(tag)
	m, err := serialize(note)
	if err != nil {
		return nil, err
	}
	return m, d.extend(m)
}

func (d NoteDoc) check() error {
	c := uriCheck{what: "Note"}
	c.need("id", d.ID)
	c.need("attributedTo", d.AttributedTo)
	c.allow("url", d.URL)
	c.allow("inReplyTo", d.InReplyTo)
	c.allow("replies", d.Replies)
	c.allow("likes", d.Likes)
	c.allow("shares", d.Shares)
	c.all("to", d.To)
	c.all("cc", d.CC)
	c.allow("audience", d.Audience)
	c.allow("replyAuthorization", d.ReplyStamp)
	if d.Quote != nil {
		c.need("quote", d.Quote.URI)
		c.allow("quoteAuthorization", d.Quote.Stamp)
	}
	for _, m := range d.Mentions {
		c.need("mention", m.Href)
	}
	for _, h := range d.Hashtags {
		c.need("hashtag", h.Href)
	}
	for _, e := range d.Emojis {
		c.need("emoji", e.URL)
	}
	for _, a := range d.Attachments {
		c.need("attachment", a.URL)
		c.allow("attachment icon", a.IconURL)
	}
	if len(d.To)+len(d.CC) == 0 && c.err == nil {
		c.err = &BuildError{"Note", "to", ""}
	}
	return c.err
}

// extend adds what the library has no property for, or writes otherwise.
func (d NoteDoc) extend(m tree) error {
	lists(m, "to", "cc", "tag")
	attachments := make([]any, 0, len(d.Attachments))
	for _, a := range d.Attachments {
		t, err := a.attachmentTree()
		if err != nil {
			return err
		}
		attachments = append(attachments, t)
	}
	m["attachment"] = attachments
	m["summary"], m["inReplyTo"] = nil, nil
	setText(m, "summary", d.Summary)
	setText(m, "inReplyTo", d.InReplyTo)
	if d.Language != "" {
		m["contentMap"] = tree{d.Language: d.ContentHTML}
	}
	if d.Source.Content != "" {
		source := tree{"content": d.Source.Content}
		setText(source, "mediaType", d.Source.MediaType)
		m["source"] = source
	}
	setText(m, "audience", d.Audience) // one, as a string: Lemmy reads no list
	setText(m, "context", d.Context)
	setText(m, "conversation", d.Conversation)
	setText(m, "replies", d.Replies)
	setText(m, "likes", d.Likes)
	setText(m, "shares", d.Shares)
	setTime(m, "published", d.Published)
	setTime(m, "updated", d.Updated)
	if d.Quote != nil {
		d.Quote.extend(m)
	}
	if d.Policy != nil {
		m["interactionPolicy"] = d.Policy.build()
	}
	if d.OnVideo {
		setText(m, "replyApproval", d.ReplyStamp) // PeerTube
	} else {
		setText(m, "replyAuthorization", d.ReplyStamp)
		setText(m, "approvedBy", d.ReplyStamp)
	}
	if d.Poll != nil {
		d.Poll.extend(m)
	}
	return nil
}

// TombstoneDoc stands where an object was (Tombstone of the Activity Vocabulary, ActivityPub
// §6.4). It is served with 410 Gone and sent inside Delete.
type TombstoneDoc struct {
	ID         string
	FormerType string
	Deleted    time.Time
}

// JSON builds the document.
func (d TombstoneDoc) JSON() ([]byte, error) { return finish(d.build()) }

func (d TombstoneDoc) build() (tree, error) {
	c := uriCheck{what: "Tombstone"}
	if c.need("id", d.ID); c.err != nil {
		return nil, c.err
	}
	t := streams.NewActivityStreamsTombstone()
	t.SetJSONLDId(idOf(d.ID))
	if d.FormerType != "" {
		former := streams.NewActivityStreamsFormerTypeProperty()
		former.AppendXMLSchemaString(d.FormerType)
		t.SetActivityStreamsFormerType(former)
	}
	m, err := serialize(t)
	if err != nil {
		return nil, err
	}
	setTime(m, "deleted", d.Deleted)
	return m, nil
}
