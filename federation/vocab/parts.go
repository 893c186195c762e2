package vocab

import (
	"fmt"

	"github.com/superseriousbusiness/activity/streams"
	as "github.com/superseriousbusiness/activity/streams/vocab"
)

func urlOf(s string) as.ActivityStreamsUrlProperty {
	p := streams.NewActivityStreamsUrlProperty()
	p.AppendIRI(iri(s))
	return p
}

func nameOf(s string) as.ActivityStreamsNameProperty {
	p := streams.NewActivityStreamsNameProperty()
	p.AppendXMLSchemaString(s)
	return p
}

func mediaTypeOf(s string) as.ActivityStreamsMediaTypeProperty {
	p := streams.NewActivityStreamsMediaTypeProperty()
	p.Set(s)
	return p
}

func hrefOf(s string) as.ActivityStreamsHrefProperty {
	p := streams.NewActivityStreamsHrefProperty()
	p.Set(iri(s))
	return p
}

func toOf(uris []string) as.ActivityStreamsToProperty {
	p := streams.NewActivityStreamsToProperty()
	for _, uri := range uris {
		p.AppendIRI(iri(uri))
	}
	return p
}

func ccOf(uris []string) as.ActivityStreamsCcProperty {
	p := streams.NewActivityStreamsCcProperty()
	for _, uri := range uris {
		p.AppendIRI(iri(uri))
	}
	return p
}

func appendMentions(tag as.ActivityStreamsTagProperty, mentions []Mention) {
	for _, m := range mentions {
		mention := streams.NewActivityStreamsMention()
		mention.SetActivityStreamsHref(hrefOf(m.Href))
		mention.SetActivityStreamsName(nameOf(m.Name))
		tag.AppendActivityStreamsMention(mention)
	}
}

func appendHashtags(tag as.ActivityStreamsTagProperty, hashtags []Tag) {
	for _, h := range hashtags {
		hashtag := streams.NewTootHashtag()
		hashtag.SetActivityStreamsHref(hrefOf(h.Href))
		hashtag.SetActivityStreamsName(nameOf("#" + h.Name))
		tag.AppendTootHashtag(hashtag)
	}
}

func appendEmojis(tag as.ActivityStreamsTagProperty, emojis []Emoji) {
	for _, e := range emojis {
		emoji := streams.NewTootEmoji()
		if e.ID != "" {
			emoji.SetJSONLDId(idOf(e.ID))
		}
		emoji.SetActivityStreamsName(nameOf(":" + e.Shortcode + ":"))
		icon := streams.NewActivityStreamsIconProperty()
		icon.AppendActivityStreamsImage((&Picture{URL: e.URL, MediaType: e.MediaType}).image())
		emoji.SetActivityStreamsIcon(icon)
		if !e.Updated.IsZero() {
			updated := streams.NewActivityStreamsUpdatedProperty()
			updated.Set(e.Updated.UTC())
			emoji.SetActivityStreamsUpdated(updated)
		}
		tag.AppendTootEmoji(emoji)
	}
}

// attachmentTree builds a Document, which is what Mastodon calls every file.
func (a Attachment) attachmentTree() (tree, error) {
	doc := streams.NewActivityStreamsDocument()
	doc.SetActivityStreamsUrl(urlOf(a.URL))
	if a.MediaType != "" {
		doc.SetActivityStreamsMediaType(mediaTypeOf(a.MediaType))
	}
	if a.Name != "" {
		doc.SetActivityStreamsName(nameOf(a.Name))
	}
	if a.Blurhash != "" {
		blurhash := streams.NewTootBlurhashProperty()
		blurhash.Set(a.Blurhash)
		doc.SetTootBlurhash(blurhash)
	}
	m, err := serialize(doc)
	if err != nil {
		return nil, err
	}
	if a.Width > 0 && a.Height > 0 {
		m["width"], m["height"] = a.Width, a.Height
	}
	if a.FocalX != 0 || a.FocalY != 0 {
		m["focalPoint"] = []any{a.FocalX, a.FocalY}
	}
	if a.Duration > 0 { // xsd:duration, Activity Vocabulary §4
		m["duration"] = fmt.Sprintf("PT%.3fS", a.Duration.Seconds())
	}
	if a.IconURL != "" {
		m["icon"] = tree{"type": "Image", "url": a.IconURL}
	}
	return m, nil
}
