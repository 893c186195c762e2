package vocab

import "github.com/superseriousbusiness/activity/streams"

// ReactionDoc is the emoji of a reaction that we send.
type ReactionDoc struct {
	Content string // 🌱 or :shortcode:
	Emoji   Emoji  // the tag of a custom emoji, with a URL; zero for Unicode
}

// EmojiReact reacts to an object (FEP-c0e0), as Pleroma, Akkoma and Iceshrimp.NET
// know it. activity/streams has no such type: it is built as a Like.
func EmojiReact(e Envelope, object string, r ReactionDoc) ([]byte, error) {
	m, err := e.reaction(object, r)
	if err == nil {
		m["type"] = "EmojiReact"
	}
	return finish(m, err)
}

// LikeWithEmoji reacts to an object as Misskey and its descendants know it.
func LikeWithEmoji(e Envelope, object string, r ReactionDoc) ([]byte, error) {
	m, err := e.reaction(object, r)
	if err == nil {
		m["_misskey_reaction"] = r.Content
	}
	return finish(m, err)
}

func (e Envelope) reaction(object string, r ReactionDoc) (tree, error) {
	c := uriCheck{what: "EmojiReact"}
	c.allow("icon", r.Emoji.URL)
	if r.Content == "" && c.err == nil {
		c.err = &BuildError{"EmojiReact", "content", ""}
	}
	if c.err != nil {
		return nil, c.err
	}
	m, err := e.wrap(streams.NewActivityStreamsLike(), object)
	if err != nil {
		return nil, err
	}
	m["content"] = r.Content
	if e := r.Emoji; e.URL != "" { // FEP-9098
		icon := tree{"type": "Image", "url": e.URL}
		setText(icon, "mediaType", e.MediaType)
		tag := tree{"type": "Emoji", "name": r.Content, "icon": icon}
		setText(tag, "id", e.ID)
		setTime(tag, "updated", e.Updated)
		m["tag"] = []any{tag}
	}
	return m, nil
}
