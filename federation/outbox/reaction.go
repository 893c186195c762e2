package outbox

import (
	"context"
	"errors"
	"strings"

	"seedling/federation/vocab"
	"seedling/store"
)

// likeWithEmoji is the software that reads a reaction from a Like. All other
// gets an EmojiReact: what does not know it drops it, as Mastodon does, while
// its forks with reactions show it. A plain Like is sent to nobody in place of a
// reaction: it would show there as a favourite that the member never gave, and
// taking one of the two back would take both.
var likeWithEmoji = map[string]bool{
	"misskey": true, "sharkey": true, "firefish": true, "calckey": true, "iceshrimp": true, "foundkey": true, "cherrypick": true,
	"catodon": true, "meisskey": true, "magnetar": true, "mitra": true,
}

// react is an emoji reaction, for the post's author alone, like a favourite.
func (b builder) react(ctx context.Context, d deed) (*message, error) {
	make, err := b.reactionFor(ctx, d)
	if err != nil {
		return nil, err
	}
	return b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) { return make(e, d) })
}

// unreact takes it back. If the author's software became known in between, the
// reaction inside may differ from the one that was sent; its id does not.
func (b builder) unreact(ctx context.Context, d deed) (*message, error) {
	make, err := b.reactionFor(ctx, d)
	if err != nil {
		return nil, err
	}
	return b.toTarget(ctx, d, func(e vocab.Envelope, _ string) ([]byte, error) {
		reaction, err := make(e, d)
		if err != nil {
			return nil, err
		}
		return vocab.Undo(undo(e), reaction)
	})
}

// reactionFor chooses the form that the target's server understands.
func (b builder) reactionFor(ctx context.Context, d deed) (func(vocab.Envelope, deed) ([]byte, error), error) {
	_, inboxes, err := b.target(ctx, d)
	if err != nil {
		return nil, err
	}
	server, err := b.db.Instance(ctx, inboxes[0].Host)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	build := vocab.EmojiReact
	if server != nil && likeWithEmoji[server.Software] {
		build = vocab.LikeWithEmoji
	}
	doc := vocab.ReactionDoc{Content: d.Emoji, Emoji: vocab.Emoji{URL: d.IconURL}}
	if d.IconURL == "" && strings.HasPrefix(d.Emoji, ":") { // our own
		e, err := b.db.OwnEmoji(ctx, strings.Trim(d.Emoji, ":"))
		if err != nil {
			return nil, err
		}
		doc.Emoji = vocab.EmojiOf(e, b.origin())
	}
	return func(e vocab.Envelope, d deed) ([]byte, error) { return build(e, d.ObjectURI, doc) }, nil
}
