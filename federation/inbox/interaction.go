package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// requested answers who asks before they reply to, boost or favourite a member's
// post, or has the member asked (GoToSocial's interaction controls). What is asked
// for is on the host of who asks; a reply comes with its text.
func (in *Inbox) requested(ctx context.Context, act *vocab.Activity, by *store.Account, d store.Deed) error {
	done := act.Instrument.ID
	switch {
	case act.ID == "" || act.Object.ID == "" || done == "":
		return refuse(http.StatusBadRequest, "a %s needs an id, an object and an instrument with ids", act.Type)
	case !fetch.SameOrigin(done, by.URI):
		return refuse(http.StatusForbidden, "the instrument %s is not on the host of its actor", done)
	case !in.db.IsLocal(act.Object.ID):
		return &ignored{act.Type + " for a post of another server"}
	}
	what := act.Type + " for an unknown post"
	if d == store.DeedReply {
		return in.replyRequested(ctx, act, by)
	}
	if act.Instrument.Embedded != nil {
		inner, err := act.Instrument.Embedded.Activity()
		if err != nil || inner.Actor.ID != by.URI || inner.Object.ID != act.Object.ID {
			return refuse(http.StatusForbidden, "the instrument of a %s is by somebody else or about something else", act.Type)
		}
	}
	return answers(in.db.ReceiveRequest(ctx, store.RemoteRequest{URI: act.ID, Deed: d, AccountID: by.ID, PostURI: act.Object.ID, DoneURI: done}), what)
}

func (in *Inbox) replyRequested(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.Instrument.Embedded == nil {
		return &ignored{"ReplyRequest without its reply"}
	}
	posted := *act
	posted.Object = act.Instrument
	o, author, err := in.ownObject(ctx, &posted, by)
	if err != nil {
		return err
	}
	if o.IsVote() || o.InReplyTo.ID != act.Object.ID {
		return refuse(http.StatusForbidden, "the reply answers %s, not %s", o.InReplyTo.ID, act.Object.ID)
	}
	_, err = in.resolver.ReceiveAsked(ctx, o, author, act.ID)
	return in.stored(err, act)
}

// commentReviewed notes what the owner of a video decided about a member's
// comment that was held for review (PeerTube since 6.2). The activity is its own
// approval: it is served at its id, and other PeerTube servers look there.
func (in *Inbox) commentReviewed(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	uri := act.Object.ID
	switch {
	case uri == "" || act.Type == "ApproveReply" && act.ID == "":
		return refuse(http.StatusBadRequest, "an %s needs an id and an object", act.Type)
	case !in.db.IsLocal(uri):
		return &ignored{act.Type + " of a comment of another server"}
	case act.Type == "RejectReply":
		return answers(in.db.ReceiveRefusal(ctx, by.ID, uri), "RejectReply of an unknown comment")
	}
	return answers(in.db.ReceiveApproval(ctx, by.ID, uri, act.ID), "ApproveReply of a comment that does not wait")
}

// requestAnswered notes what the author of a post answered to what a member
// asked for or did. The object is the request, or what was done, embedded or by its
// id. If it is neither, handled is false. Others are told too of what an author
// agreed to (GoToSocial): then it is a reply, boost or favourite of another server.
func (in *Inbox) requestAnswered(ctx context.Context, act *vocab.Activity, by *store.Account) (handled bool, err error) {
	uri := act.Object.ID
	if inner := act.Object.Embedded; inner != nil {
		if inner.Type() == "Follow" {
			return false, nil
		}
		if _, asked := vocab.RequestedDeed(inner.Type()); asked && !in.db.IsLocal(uri) {
			uri = inner.URI("instrument") // whose request it was knows its id
		}
	}
	if uri == "" {
		return false, nil
	}
	if act.Type == "Accept" {
		stamp := act.Result.ID
		if stamp != "" && !fetch.SameOrigin(stamp, by.URI) {
			return true, refuse(http.StatusForbidden, "the approval %s is not on the host of its actor", stamp)
		}
		err = in.db.ReceiveGrant(ctx, by.ID, uri, stamp)
	} else {
		err = in.db.ReceiveRefusal(ctx, by.ID, uri)
	}
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return true, err
}
