package vocab

import (
	"net/url"

	"github.com/superseriousbusiness/activity/streams"

	"seedling/store"
)

// emojiLicence reads the licence of an emoji: freeText in Misskey's own
// _misskey_license.
func (v *Value) emojiLicence() string {
	if l := v.Child("_misskey_license"); l != nil {
		return clipRunes(l.Text("freeText"), MaxNameRunes)
	}
	return ""
}

// stored is the emoji as the store takes it.
func (e Emoji) stored() store.EmojiTag {
	return store.EmojiTag{Name: e.Shortcode, URI: e.ID, IconURL: e.URL, MediaType: e.MediaType, Licence: e.Licence, Updated: e.Updated}
}

// EmojiTags are what a document defines, as the store takes them.
func EmojiTags(list []Emoji) []store.EmojiTag {
	tags := make([]store.EmojiTag, len(list))
	for i, e := range list {
		tags[i] = e.stored()
	}
	return tags
}

// EmojisOf are the tags of the custom emoji that a document of ours shows.
func EmojisOf(list []*store.CustomEmoji, at Origin) []Emoji {
	var tags []Emoji
	for _, e := range list {
		if tag := EmojiOf(e, at); tag.URL != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

// EmojiOf is the tag of a custom emoji; its URL is "" if it has no picture.
func EmojiOf(e *store.CustomEmoji, at Origin) Emoji {
	tag := Emoji{ID: e.URI, Shortcode: e.Name, URL: e.IconURL, MediaType: e.MediaType, Updated: e.UpdatedAt}
	if e.Host == "" {
		tag.ID = at.URL + "/ap/emoji/" + url.PathEscape(e.Name)
		tag.URL = ""
		if path := store.FilePath(e.File()); path != "" {
			tag.URL = at.media() + path
		}
	}
	return tag
}

// JSON builds the document of an emoji of ours.
func (e Emoji) JSON() ([]byte, error) { return finish(e.build()) }

func (e Emoji) build() (tree, error) {
	c := uriCheck{what: "Emoji"}
	c.need("id", e.ID)
	if c.need("icon", e.URL); c.err != nil {
		return nil, c.err
	}
	tag := streams.NewActivityStreamsTagProperty()
	appendEmojis(tag, []Emoji{e})
	m, err := serialize(tag.At(0).GetTootEmoji())
	if err != nil {
		return nil, err
	}
	setTime(m, "updated", e.Updated)
	return m, nil
}
