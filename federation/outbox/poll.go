package outbox

import (
	"context"
	"strconv"

	"seedling/federation/vocab"
	"seedling/store"
)

// vote is Create of a vote, for the author of the poll alone (FEP-9967). Who
// voted for what is nobody else's business.
func (b builder) vote(ctx context.Context, d deed) (*message, error) {
	id := d.numbered("votes")
	return b.toTarget(ctx, d, func(e vocab.Envelope, target string) ([]byte, error) {
		e.ID, e.Published = id+"/activity", store.IDTime(d.ID)
		return vocab.CreateVote(e, vocab.VoteDoc{ID: id, AttributedTo: e.Actor, InReplyTo: d.ObjectURI, Name: d.Option, To: target})
	})
}

// updatePoll is Update of a Question with new counts. The post is the same as
// before, so its updated date is, too: others then show no edit.
func (b builder) updatePoll(ctx context.Context, d deed) (*message, error) {
	note, inboxes, err := b.note(ctx, d)
	if err != nil || len(inboxes) == 0 {
		return nil, err
	}
	id := note.ID + "#counts/" + strconv.FormatInt(d.ID, 10)
	e := vocab.Envelope{ID: id, Actor: note.AttributedTo, Published: store.IDTime(d.ID)}
	body, err := vocab.Update(e, note)
	return built(body, err, inboxes)
}
