package outbox

import (
	"context"
	"fmt"
	"strconv"

	"seedling/federation/vocab"
	"seedling/store"
)

// createPost is Create of a Note (ActivityPub §6.2).
func (b builder) createPost(ctx context.Context, d deed) (*message, error) {
	note, inboxes, err := b.note(ctx, d)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	body, err := vocab.Create(vocab.Envelope{ID: vocab.CreateID(note.ID), Actor: note.AttributedTo}, note)
	return built(body, err, inboxes)
}

// updatePost is Update of a Note (ActivityPub §6.3), in its newest version: if
// there were more in between, they are the same activity.
func (b builder) updatePost(ctx context.Context, d deed) (*message, error) {
	note, inboxes, err := b.note(ctx, d)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	id := note.ID + "#updates/" + strconv.FormatInt(note.Updated.UnixMilli(), 10)
	body, err := vocab.Update(vocab.Envelope{ID: id, Actor: note.AttributedTo, Published: note.Updated}, note)
	return built(body, err, inboxes)
}

// note loads what is to be told about a post, and where it goes.
func (b builder) note(ctx context.Context, d deed) (vocab.NoteDoc, []store.Inbox, error) {
	var none vocab.NoteDoc
	v, err := b.db.PostVisibleTo(ctx, d.PostID, store.AsMember(d.AccountID))
	if err != nil {
		return none, nil, err
	}
	if !v.Leaves() || v.AccountID != d.AccountID {
		return none, nil, &unbuildable{fmt.Errorf("post %d is %s and by account %d: it does not leave", v.ID, v.Visibility, v.AccountID)}
	}
	people := named(v)
	if v.Visibility <= store.Unlisted { // of a private post only those who may still see it hear
		people = append(people, d.Told...)
	}
	inboxes, err := b.inboxes(ctx, v.Visibility, v.AccountID, people)
	if err != nil {
		return none, nil, err
	}
	relays, err := b.relayInboxes(ctx, v.Visibility)
	inboxes = b.usable(append(inboxes, relays...))
	switch {
	case err != nil:
		return none, nil, err
	case d.Host != "":
		inboxes = only(d.Host, inboxes)
	case (d.Kind == store.OutboxUpdatePost || d.Kind == store.OutboxUpdateQuote) && v.Visibility <= store.Unlisted:
		told, err := b.db.ToldInboxes(ctx, v.AccountID, v.ID)
		if err != nil {
			return none, nil, err
		}
		inboxes = b.withTold(inboxes, told)
	}
	return vocab.PostDoc(v, b.origin()), inboxes, nil
}

// named lists whom a post is addressed to by name, as its document does: its
// mentions, and whom it answers and the community it stands in, unless it does
// so among fewer people.
func named(v *store.PostView) []int64 {
	var ids []int64
	for _, a := range v.Mentions {
		ids = append(ids, a.ID)
	}
	if v.ReplyTo != nil && v.Visibility <= store.Unlisted {
		ids = append(ids, v.ReplyTo.ID)
	}
	if v.Group != nil && v.Visibility <= store.Unlisted {
		ids = append(ids, v.Group.ID)
	}
	if v.Quote != nil && v.Quote.Post != nil && v.Visibility <= store.Unlisted {
		ids = append(ids, v.Quote.Post.AccountID) // it is not addressed to them, but they are to know
	}
	return ids
}

// deletePost is Delete of a Tombstone (ActivityPub §6.4), made from the row
// alone. It goes to every server that was told of the post, also if nobody there
// follows the author any more, and to those of the people who answered, boosted
// or favourited it.
func (b builder) deletePost(ctx context.Context, d deed) (*message, error) {
	inboxes, err := b.inboxes(ctx, d.Visibility, d.AccountID, d.Told)
	if err != nil {
		return nil, err
	}
	told, err := b.db.ToldInboxes(ctx, d.AccountID, d.PostID)
	inboxes = b.withTold(inboxes, told)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	var people []string
	if d.Visibility == store.Direct {
		if people, err = b.urisOf(ctx, d.Told); err != nil {
			return nil, err
		}
	}
	to := audienceOf(d.Visibility, d.actor.FollowersURI, people)
	e := vocab.Envelope{ID: d.ObjectURI + "#delete", Actor: d.actor.URI, To: to.to, CC: to.cc}
	if len(e.To) == 0 {
		return nil, &unbuildable{fmt.Errorf("post %d was %s: it did not leave", d.PostID, d.Visibility)}
	}
	body, err := vocab.Delete(e, vocab.TombstoneDoc{ID: d.ObjectURI, FormerType: "Note", Deleted: store.IDTime(d.ID)})
	return built(body, err, inboxes)
}

// urisOf names the few accounts that a direct post was for.
func (b builder) urisOf(ctx context.Context, ids []int64) ([]string, error) {
	var uris []string
	for _, id := range ids {
		a, err := b.db.Account(ctx, id)
		if err != nil {
			if unlessGone(err) == nil {
				continue
			}
			return nil, err
		}
		uris = append(uris, a.URI)
	}
	return uris, nil
}
