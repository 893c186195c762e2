package vocab

import (
	"errors"
	"time"

	"github.com/superseriousbusiness/activity/streams"
	as "github.com/superseriousbusiness/activity/streams/vocab"
)

// Envelope is what every activity we send has around its object. ID and Actor
// are needed; the recipients should be those of the object.
type Envelope struct {
	ID, Actor string
	Published time.Time
	To, CC    []string
}

// libraryActivity is what the activity types of activity/streams have in common.
type libraryActivity interface {
	as.Type
	SetJSONLDId(as.JSONLDIdProperty)
	SetActivityStreamsActor(as.ActivityStreamsActorProperty)
	SetActivityStreamsObject(as.ActivityStreamsObjectProperty)
	SetActivityStreamsTo(as.ActivityStreamsToProperty)
	SetActivityStreamsCc(as.ActivityStreamsCcProperty)
}

// wrap puts object, an id or a tree, into a. An activity for nobody in
// particular (Follow, Like, Undo of them) has neither to nor cc, unless given.
func (e Envelope) wrap(a libraryActivity, object any) (tree, error) {
	c := uriCheck{what: a.GetTypeName()}
	c.need("id", e.ID)
	c.need("actor", e.Actor)
	c.all("to", e.To)
	c.all("cc", e.CC)
	id, isID := object.(string)
	if isID {
		c.need("object", id)
	}
	if c.err != nil {
		return nil, c.err
	}
	a.SetJSONLDId(idOf(e.ID))
	actor := streams.NewActivityStreamsActorProperty()
	actor.AppendIRI(iri(e.Actor))
	a.SetActivityStreamsActor(actor)
	if isID {
		property := streams.NewActivityStreamsObjectProperty()
		property.AppendIRI(iri(id))
		a.SetActivityStreamsObject(property)
	}
	if len(e.To)+len(e.CC) > 0 {
		a.SetActivityStreamsTo(toOf(e.To))
		a.SetActivityStreamsCc(ccOf(e.CC))
	}
	m, err := serialize(a)
	if err != nil {
		return nil, err
	}
	if len(e.To)+len(e.CC) > 0 {
		lists(m, "to", "cc")
	}
	if !isID {
		m["object"] = object
	}
	setTime(m, "published", e.Published)
	return m, nil
}

// wrapDocument is wrap around a document of ours.
func (e Envelope) wrapDocument(a libraryActivity, d Document) ([]byte, error) {
	object, err := d.build()
	if err != nil {
		return nil, err
	}
	return finish(e.wrap(a, object))
}

// wrapBody is wrap around a document that was sent or received before.
func (e Envelope) wrapBody(a libraryActivity, body []byte) ([]byte, error) {
	object, err := embed(body)
	if err != nil {
		return nil, err
	}
	return finish(e.wrap(a, object))
}

// Create publishes a note (ActivityPub §6.2). The envelope takes over the
// note's recipients and date where it has none.
func Create(e Envelope, n NoteDoc) ([]byte, error) {
	e = e.addressed(n)
	if e.Published.IsZero() {
		e.Published = n.Published
	}
	return e.wrapDocument(streams.NewActivityStreamsCreate(), n)
}

// addressed takes over the recipients of n if e has none.
func (e Envelope) addressed(n NoteDoc) Envelope {
	if len(e.To)+len(e.CC) == 0 {
		e.To, e.CC = n.To, n.CC
	}
	return e
}

// Update publishes a changed note or actor (ActivityPub §6.3). For a note the
// recipients are filled in as by [Create].
func Update(e Envelope, d Document) ([]byte, error) {
	if n, ok := d.(NoteDoc); ok {
		e = e.addressed(n)
	}
	return e.wrapDocument(streams.NewActivityStreamsUpdate(), d)
}

// Delete says that an object is gone (ActivityPub §6.4).
func Delete(e Envelope, t TombstoneDoc) ([]byte, error) {
	return e.wrapDocument(streams.NewActivityStreamsDelete(), t)
}

// DeleteActor says that the sender itself is gone. Others know it by the bare id.
func DeleteActor(e Envelope) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsDelete(), e.Actor))
}

// Announce boosts an object by its id.
func Announce(e Envelope, object string) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsAnnounce(), object))
}

// Like favourites an object by its id.
func Like(e Envelope, object string) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsLike(), object))
}

// Dislike votes against an object by its id.
func Dislike(e Envelope, object string) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsDislike(), object))
}

// Follow asks to follow an actor.
func Follow(e Envelope, object string) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsFollow(), object))
}

// Block tells an actor's server that it is blocked (ActivityPub §6.9 has it the
// other way; everyone sends it all the same, so that follows end there).
func Block(e Envelope, object string) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsBlock(), object))
}

// Move says that the sender's account has a new one, target, to which its
// followers may go (FEP-7628).
func Move(e Envelope, target string) ([]byte, error) {
	return e.wrapTarget(streams.NewActivityStreamsMove(), e.Actor, target)
}

// Add puts an object, by its id, into a collection of the sender, such as the
// pinned posts.
func Add(e Envelope, object, collection string) ([]byte, error) {
	return e.wrapTarget(streams.NewActivityStreamsAdd(), object, collection)
}

// Remove takes it out again.
func Remove(e Envelope, object, collection string) ([]byte, error) {
	return e.wrapTarget(streams.NewActivityStreamsRemove(), object, collection)
}

// wrapTarget is wrap for an activity that has a target, too.
func (e Envelope) wrapTarget(a libraryActivity, object, target string) ([]byte, error) {
	c := uriCheck{what: a.GetTypeName()}
	c.need("target", target)
	m, err := e.wrap(a, object)
	if err = errors.Join(err, c.err); err != nil {
		return nil, err
	}
	m["target"] = target
	return finish(m, nil)
}

// Accept answers a Follow, which is given as it was received and goes back whole
// with its id unchanged: some match by id, others by actor and object.
func Accept(e Envelope, follow []byte) ([]byte, error) {
	return e.wrapBody(streams.NewActivityStreamsAccept(), follow)
}

// Reject answers a Follow like [Accept], or ends one accepted before.
func Reject(e Envelope, follow []byte) ([]byte, error) {
	return e.wrapBody(streams.NewActivityStreamsReject(), follow)
}

// Undo takes back a Follow, Like, Announce or Block, which is given as it was
// sent (building it again gives the same bytes).
func Undo(e Envelope, activity []byte) ([]byte, error) {
	return e.wrapBody(streams.NewActivityStreamsUndo(), activity)
}
