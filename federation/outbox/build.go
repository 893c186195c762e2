package outbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seedling/federation/vocab"
	"seedling/store"
)

// builder turns outbox rows into activities. It only reads.
type builder struct{ db *store.DB }

// origin is what documents say of this server.
func (b builder) origin() vocab.Origin {
	return vocab.Origin{URL: b.db.URL(), AccountDomain: b.db.AccountDomain(), MediaURL: b.db.MediaURL()}
}

// message is an activity and where it goes.
type message struct {
	body    []byte
	inboxes []store.Inbox
}

// deed is an outbox row with the account that did it.
type deed struct {
	*store.OutboxItem
	actor *store.Account
}

// unbuildable is a reason not to tell a deed that will not pass.
type unbuildable struct{ err error }

func (e *unbuildable) Error() string { return e.err.Error() }
func (e *unbuildable) Unwrap() error { return e.err }

// build returns the message for a row, or nil if there is nothing to tell or
// nobody to tell it to: also if what it is about has vanished meanwhile. An
// error other than *unbuildable may pass.
func (b builder) build(ctx context.Context, o *store.OutboxItem) (*message, error) {
	actor, err := b.db.Account(ctx, o.AccountID)
	if err != nil {
		return nil, unlessGone(err)
	}
	if !actor.Local() {
		return nil, &unbuildable{fmt.Errorf("%s is not an account of this server", actor.URI)}
	}
	if actor.State != store.AccountActive && !ends(o.Kind) {
		return nil, nil
	}
	m, err := b.byKind(ctx, deed{o, actor})
	if err != nil {
		return nil, unlessGone(err)
	}
	return m, nil
}

func (b builder) byKind(ctx context.Context, d deed) (*message, error) {
	switch d.Kind {
	case store.OutboxCreatePost:
		return b.createPost(ctx, d)
	case store.OutboxUpdatePost:
		return b.updatePost(ctx, d)
	case store.OutboxDeletePost:
		return b.deletePost(ctx, d)
	case store.OutboxBoost:
		return b.boost(ctx, d)
	case store.OutboxUnboost:
		return b.unboost(ctx, d)
	case store.OutboxFavourite:
		return b.favourite(ctx, d)
	case store.OutboxUnfavourite:
		return b.unfavourite(ctx, d)
	case store.OutboxDownvote:
		return b.downvote(ctx, d)
	case store.OutboxUndownvote:
		return b.undownvote(ctx, d)
	case store.OutboxReact:
		return b.react(ctx, d)
	case store.OutboxUnreact:
		return b.unreact(ctx, d)
	case store.OutboxVote:
		return b.vote(ctx, d)
	case store.OutboxUpdatePoll:
		return b.updatePoll(ctx, d)
	case store.OutboxAskQuote:
		return b.askQuote(ctx, d)
	case store.OutboxAcceptQuote, store.OutboxRejectQuote:
		return b.answerQuote(ctx, d)
	case store.OutboxUpdateQuote:
		return b.updateQuote(ctx, d)
	case store.OutboxAsk:
		return b.ask(ctx, d)
	case store.OutboxWithdraw:
		return b.withdraw(ctx, d)
	case store.OutboxGrant, store.OutboxRefuse:
		return b.answerRequest(ctx, d)
	case store.OutboxRevoke:
		return b.revoke(ctx, d)
	case store.OutboxFollow:
		return b.follow(ctx, d)
	case store.OutboxUnfollow:
		return b.unfollow(ctx, d)
	case store.OutboxAccept:
		return b.acceptFollow(ctx, d)
	case store.OutboxReject:
		return b.rejectFollow(ctx, d)
	case store.OutboxBlock:
		return b.block(ctx, d)
	case store.OutboxUnblock:
		return b.unblock(ctx, d)
	case store.OutboxUpdateAccount:
		return b.updateAccount(ctx, d)
	case store.OutboxDeleteAccount:
		return b.deleteAccount(ctx, d)
	case store.OutboxMove:
		return b.move(ctx, d)
	case store.OutboxFlag:
		return b.flag(ctx, d)
	case store.OutboxPin:
		return b.featured(ctx, d, "adds", vocab.Add)
	case store.OutboxUnpin:
		return b.featured(ctx, d, "removes", vocab.Remove)
	case store.OutboxRelayFollow:
		return b.relayFollow(ctx, d)
	case store.OutboxRelayUnfollow:
		return b.relayUnfollow(ctx, d)
	case store.OutboxRelayPost:
		return b.relayPost(ctx, d)
	}
	return nil, &unbuildable{fmt.Errorf("unknown kind %q", d.Kind)}
}

// ends says whether a deed takes something back. Only that is still told of an
// account that was suspended or deleted before its row had its turn.
func ends(kind store.OutboxKind) bool {
	switch kind {
	case store.OutboxDeletePost, store.OutboxUnboost, store.OutboxUnfavourite, store.OutboxUndownvote, store.OutboxUnreact, store.OutboxUnfollow,
		store.OutboxWithdraw, store.OutboxReject, store.OutboxUnblock, store.OutboxDeleteAccount:
		return true
	}
	return false
}

// unlessGone turns "it is not there any more" into nothing to tell.
func unlessGone(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrGone) {
		return nil
	}
	return err
}

// built makes a message of what vocab built. Its errors are mistakes in what
// was to be told, and come again every time.
func built(body []byte, err error, inboxes []store.Inbox) (*message, error) {
	if err != nil {
		return nil, &unbuildable{err}
	}
	return &message{body, inboxes}, nil
}

// envelope is that of an activity with an id of its own, in the store.
func (d deed) envelope() vocab.Envelope {
	return vocab.Envelope{ID: d.ActivityURI, Actor: d.actor.URI}
}

// undo is the envelope of what takes back the activity in e, for the same people.
func undo(e vocab.Envelope) vocab.Envelope {
	return vocab.Envelope{ID: e.ID + "#undo", Actor: e.Actor, To: e.To, CC: e.CC}
}

// numbered makes an id below the actor for an activity that nobody will look up.
func (d deed) numbered(what string) string {
	return d.actor.URI + "#" + what + "/" + strconv.FormatInt(d.ID, 10)
}

// madeAt reads from the URI of a boost of ours when it was made. Building the
// activity again to undo it then gives the same bytes.
func madeAt(uri string) time.Time {
	id, err := strconv.ParseInt(uri[strings.LastIndexByte(uri, '/')+1:], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return store.IDTime(id)
}
