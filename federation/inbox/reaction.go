package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
)

// oldReactions are the words that Misskey sent before it had emoji.
var oldReactions = map[string]string{
	"like": "👍", "love": "❤", "laugh": "😆", "hmm": "🤔", "surprise": "😮", "congrats": "🎉",
	"angry": "💢", "confused": "😥", "rip": "😇", "pudding": "🍮", "star": "⭐",
}

// heart is what Misskey makes of a favourite, so that as a Like it is one.
const heart = "❤\ufe0f"

// emojiReact is a reaction to a post that is stored (FEP-c0e0).
func (in *Inbox) emojiReact(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	e, ok := reactionOf(act)
	if !ok {
		return &ignored{"EmojiReact without an emoji"}
	}
	return in.reacted(ctx, act, by, e)
}

// reacted stores a reaction, which came as EmojiReact or as Like.
func (in *Inbox) reacted(ctx context.Context, act *vocab.Activity, by *store.Account, e store.Emoji) error {
	p, err := in.liked(ctx, act)
	if err != nil {
		return err
	}
	err = in.db.ReceiveReaction(ctx, store.RemoteReaction{URI: act.ID, AccountID: by.ID, PostID: p.ID, Emoji: e, Tag: tagFor(act, e)})
	if errors.Is(err, store.ErrNotEmoji) {
		return &ignored{act.Type + " without an emoji"}
	}
	return answers(err, act.Type+" of a hidden post")
}

// liked finds the post that a Like or an EmojiReact is about.
func (in *Inbox) liked(ctx context.Context, act *vocab.Activity) (*store.Post, error) {
	if act.Object.ID == "" || act.ID == "" {
		return nil, refuse(http.StatusBadRequest, "a %s needs an id and an object with one", act.Type)
	}
	p, err := in.db.PostByLink(ctx, act.Object.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &ignored{act.Type + " of an unknown post"}
	}
	return p, err
}

// reactionOf reads the emoji of an EmojiReact or of a Like. A custom one counts
// as its sender's server's, wherever it says it is from; without a picture in
// the tags it is none.
func reactionOf(act *vocab.Activity) (e store.Emoji, ok bool) {
	text := act.Reaction
	if old := oldReactions[text]; old != "" {
		text = old
	}
	if text, ok = content.Emoji(text); ok {
		return store.Emoji{Text: text}, act.Type == "EmojiReact" || text != heart
	}
	name, _, ok := content.Shortcode(act.Reaction)
	if !ok {
		return e, false
	}
	for _, tag := range act.Emojis {
		if known, _, ok := content.Shortcode(tag.Shortcode); ok && known == name {
			return store.Emoji{Text: ":" + name + ":", Host: fetch.HostOf(act.Actor.ID), IconURL: tag.URL}, true
		}
	}
	return e, false
}

// tagFor is what an activity says of its own custom emoji.
func tagFor(act *vocab.Activity, e store.Emoji) store.EmojiTag {
	for _, tag := range vocab.EmojiTags(act.Emojis) {
		if known, _, ok := content.Shortcode(tag.Name); ok && ":"+known+":" == e.Text {
			return tag
		}
	}
	return store.EmojiTag{}
}

// unlike takes back a favourite or a reaction. A Like may have been stored as
// either, and both may be there: what is found by its id goes first.
func (in *Inbox) unlike(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	e, reaction := reactionOf(act)
	postURI := ""
	if reaction {
		postURI = act.Object.ID
	}
	err := in.db.ReceiveUnreaction(ctx, by.ID, act.ID, postURI, e)
	if act.Type == "EmojiReact" || !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if reaction {
		return in.db.ReceiveUnfavourite(ctx, by.ID, act.ID, "")
	}
	return in.db.ReceiveUnfavourite(ctx, by.ID, act.ID, act.Object.ID)
}
