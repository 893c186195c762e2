package vocab

import (
	"github.com/superseriousbusiness/activity/streams"

	"seedling/store"
)

// DeedRequest asks the author of object to agree to a deed (GoToSocial's polite
// LikeRequest, ReplyRequest and AnnounceRequest). instrument is the activity or
// the post itself, as it will be published.
func DeedRequest(e Envelope, d store.Deed, object string, instrument []byte) ([]byte, error) {
	done, err := embed(instrument)
	if err != nil {
		return nil, err
	}
	m, err := e.request(d, object, "")
	if err != nil {
		return nil, err
	}
	m["instrument"] = done
	return finish(m, nil)
}

// request is a request of one's own, or the copy of somebody's that is answered.
func (e Envelope) request(d store.Deed, object, instrumentID string) (tree, error) {
	m, err := e.wrap(streams.NewActivityStreamsOffer(), object) // the library has no such types
	if err != nil {
		return nil, err
	}
	m["type"] = deeds[d].request
	setText(m, "instrument", instrumentID)
	return m, nil
}

// Answer is what an author decided about a deed of somebody elsewhere.
type Answer struct {
	Deed   store.Deed
	Asked  Envelope // of their request; without an id there was none
	Object string   // the author's post
	Done   string   // the reply, Like or Announce
	Stamp  string   // the approval, "": refused
}

// JSON builds Accept, with the approval as its result, or Reject. Where nobody
// asked, the object is what was done (GoToSocial's impolite requests).
func (a Answer) JSON(e Envelope) ([]byte, error) {
	var object any = a.Done
	if a.Asked.ID != "" {
		asked, err := a.Asked.request(a.Deed, a.Object, a.Done)
		if err != nil {
			return nil, err
		}
		object = asked
	}
	if a.Stamp == "" {
		return finish(e.wrap(streams.NewActivityStreamsReject(), object))
	}
	m, err := e.wrap(streams.NewActivityStreamsAccept(), object)
	if err == nil {
		m["result"] = a.Stamp
	}
	return finish(m, err)
}

// Revoke takes an approval back (FEP-044f): Delete of its id.
func Revoke(e Envelope, stamp string) ([]byte, error) {
	return finish(e.wrap(streams.NewActivityStreamsDelete(), stamp))
}

// ApprovedAnnounce boosts an object with the approval of its author.
func ApprovedAnnounce(e Envelope, object, stamp string) ([]byte, error) {
	m, err := e.wrap(streams.NewActivityStreamsAnnounce(), object)
	if err == nil && stamp != "" {
		m["announceAuthorization"], m["approvedBy"] = stamp, stamp
	}
	return finish(m, err)
}
