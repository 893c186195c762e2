// Package inbox takes what other servers deliver. Each activity is checked and
// then applied with one store call inside the request, so that a 2xx means
// stored; whatever needs the network becomes a job. One file per activity.
// It imports actor, vocab, httpsig, fetch and the store. Read Inbox.Deliver first.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/httpsig"
	"seedling/federation/vocab"
	"seedling/store"
)

// Limits of what is taken.
const (
	maxBody       = 1 << 20 // bytes of an activity
	maxInFlight   = 256     // deliveries handled at once; more are asked to come back
	retryAfter    = "60"    // seconds, when overloaded or when a key can't be had
	maxCounted    = 200     // types and reasons that are counted apart
	maxObjectsDel = 20      // objects of one Delete

	maxFlagObjects = 50 // objects of one Flag that are looked for
	maxFlagged     = 5  // accounts that one Flag reports
)

// Config is what an Inbox works with.
type Config struct {
	DB       *store.DB
	Resolver *actor.Resolver
	// Heard is told the host of every delivery that was well signed: it is alive.
	Heard func(host string)
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: discard
}

// Inbox takes deliveries.
type Inbox struct {
	db       *store.DB
	resolver *actor.Resolver
	heard    func(string)
	now      func() time.Time
	log      *slog.Logger
	slots    chan struct{}

	ignored, refused counter
}

// New checks the config and returns an inbox.
func New(c Config) (*Inbox, error) {
	if c.DB == nil || c.Resolver == nil {
		return nil, errors.New("inbox: a store and a resolver are needed")
	}
	in := &Inbox{db: c.DB, resolver: c.Resolver, heard: c.Heard, now: c.Now, log: c.Log,
		slots: make(chan struct{}, maxInFlight)}
	if in.heard == nil {
		in.heard = func(string) {}
	}
	if in.now == nil {
		in.now = time.Now
	}
	if in.log == nil {
		in.log = slog.New(slog.DiscardHandler)
	}
	return in, nil
}

// refusal is a delivery that is not taken, with the reason that its sender gets.
type refusal struct {
	status int
	reason string
	rule   string // the same without what differs from one delivery to the next
}

func (r *refusal) Error() string { return r.reason }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...), rule(status, format)}
}

// ignored is a delivery that is taken and changes nothing.
type ignored struct{ what string }

func (i *ignored) Error() string { return "ignored: " + i.what }

// ServeHTTP takes one delivery (ActivityPub §7). It answers 202 when the
// activity is stored or means nothing to us, 4xx with the reason when it is
// refused, and 503 when it is to be sent again.
func (in *Inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case in.slots <- struct{}{}:
		defer func() { <-in.slots }()
	default:
		answer(w, http.StatusServiceUnavailable, "too many deliveries at once")
		return
	}
	err := in.open(r.Context())
	if err == nil {
		err = in.Deliver(w, r)
	}
	var no *refusal
	var meh *ignored
	switch {
	case err == nil:
		w.WriteHeader(http.StatusAccepted)
	case errors.As(err, &meh):
		in.count(meh.what)
		in.log.Debug("delivery ignored", "what", meh.what)
		w.WriteHeader(http.StatusAccepted)
	case errors.As(err, &no):
		in.refused.add(no.rule)
		in.log.Info("delivery refused", "status", no.status, "reason", no.reason, "remote", r.RemoteAddr)
		answer(w, no.status, no.reason)
	case errors.Is(err, context.Canceled):
		in.log.Debug("delivery broken off", "error", err)
	default:
		in.log.Error("delivery failed", "error", err)
		answer(w, http.StatusServiceUnavailable, "this server could not store the activity now")
	}
}

func answer(w http.ResponseWriter, status int, reason string) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("Accept-Signature", httpsig.Wanted(http.MethodPost))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	io.WriteString(w, reason+"\n")
}

// Deliver reads, checks and applies the activity of one request.
func (in *Inbox) Deliver(w http.ResponseWriter, r *http.Request) error {
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	if r.Header.Get("Signature") == "" && r.Header.Get("Authorization") == "" {
		return refuse(http.StatusUnauthorized, "%v", httpsig.ErrMissing)
	}
	v, err := vocab.Parse(body)
	if err != nil {
		return refuse(http.StatusBadRequest, "%v", err)
	}
	act, err := v.Activity()
	if err != nil {
		return refuse(http.StatusBadRequest, "%v", err)
	}
	if err := in.admits(r.Context(), act); err != nil {
		return err
	}
	if err := in.skipUnknownDelete(r.Context(), act); err != nil {
		return err
	}
	signer, err := in.signer(r, body)
	if err != nil {
		return err
	}
	in.heard(fetch.HostOf(signer.Inbox))
	if act.Actor.ID != signer.URI {
		if done, err := in.proved(r.Context(), act); done || err != nil {
			return err
		}
		if done, err := in.relayForwards(r.Context(), act, signer); done || err != nil {
			return err
		}
		return in.forwarded(r.Context(), act, signer)
	}
	if err := in.compareFollowers(r.Context(), r, signer); err != nil {
		in.log.Warn("compare followers", "account", signer.URI, "error", err)
	}
	return in.apply(r.Context(), act, signer)
}

// readBody reads a bounded body of an activity's content type. Servers spell
// the type in many ways, so all JSON is taken.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return nil, refuse(http.StatusUnsupportedMediaType, "an inbox takes application/activity+json, not %q", r.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, refuse(http.StatusRequestEntityTooLarge, "an activity may have at most %d bytes", maxBody)
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the body broke off: %v", err)
	}
	return body, nil
}

// open says whether this server federates at all.
func (in *Inbox) open(ctx context.Context) error {
	policy, err := in.db.Policy(ctx)
	if err == nil && policy.Mode == store.FederationOff {
		return refuse(http.StatusNotFound, "this server does not federate")
	}
	return err
}

// admits refuses what comes from a server that is not spoken with, before its
// key is looked for. Who forwards it is asked about in signer.
func (in *Inbox) admits(ctx context.Context, act *vocab.Activity) error {
	err := in.db.CheckHost(ctx, fetch.HostOf(act.Actor.ID))
	var policy *store.PolicyError
	if errors.As(err, &policy) {
		return refuse(http.StatusForbidden, "nothing of the actor is taken: %v", policy)
	}
	return err
}

// skipUnknownDelete answers the Delete of an actor that was never heard of:
// Mastodon sends these to everyone, and the key is gone with the actor.
func (in *Inbox) skipUnknownDelete(ctx context.Context, act *vocab.Activity) error {
	if act.Type != "Delete" || act.Object.ID != act.Actor.ID {
		return nil
	}
	a, err := in.db.AccountByURI(ctx, act.Actor.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.State == store.AccountDeleted {
		return &ignored{"Delete of an unknown actor"}
	}
	return err
}

// signer verifies who signed the request.
func (in *Inbox) signer(r *http.Request, body []byte) (*store.Account, error) {
	signer, err := in.resolver.Signer(r.Context(), r, body)
	var key *actor.KeyError
	var policy *store.PolicyError
	switch {
	case errors.As(err, &policy):
		return nil, refuse(http.StatusForbidden, "nothing of the signer is taken: %v", policy)
	case err == nil && signer.Local():
		return nil, refuse(http.StatusUnauthorized, "the signer is an account of this server")
	case err == nil:
		return signer, nil
	case errors.As(err, &key):
		return nil, refuse(http.StatusServiceUnavailable, "your key could not be had: %v", err)
	case errors.Is(err, context.Canceled), store.NoRoom(err):
		return nil, err
	}
	return nil, refuse(http.StatusUnauthorized, "%v", err)
}

// forwarded handles an activity that somebody else than its actor sends, as
// servers do for the replies in their threads (ActivityPub §7.1.2). What it
// says is not believed: if it belongs to a thread that is known here, the post
// is read from its own server.
func (in *Inbox) forwarded(ctx context.Context, act *vocab.Activity, signer *store.Account) error {
	if done, err := in.ldSigned(ctx, act); done || err != nil {
		return err
	}
	refused := refuse(http.StatusUnauthorized, "the request is signed by %s, but the activity is by %s", signer.URI, act.Actor.ID)
	if act.Type != "Create" && act.Type != "Update" || act.Object.ID == "" || !fetch.SameOrigin(act.Object.ID, act.Actor.ID) {
		return refused
	}
	var parent string
	if act.Object.Embedded != nil {
		if o, err := act.Object.Embedded.Object(); err == nil && !o.IsVote() { // a vote can't be read anywhere
			parent = o.InReplyTo.ID
		}
	}
	if parent == "" {
		return refused
	}
	if _, err := in.db.PostByLink(ctx, parent); err != nil {
		return refused
	}
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobFetch, Key: act.Object.ID, Payload: act.Object.ID})
}

// apply hands an activity of its own actor to what knows its type.
func (in *Inbox) apply(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if act.ID != "" && !fetch.SameOrigin(act.ID, by.URI) {
		return refuse(http.StatusForbidden, "the activity's id %s is not on the host of its actor", act.ID)
	}
	switch act.Type {
	case "Create":
		return in.create(ctx, act, by)
	case "Update":
		return in.update(ctx, act, by)
	case "Delete":
		return in.delete(ctx, act, by)
	case "Follow":
		return in.follow(ctx, act, by)
	case "Accept":
		return in.accept(ctx, act, by)
	case "Reject":
		return in.reject(ctx, act, by)
	case "ApproveReply", "RejectReply":
		return in.commentReviewed(ctx, act, by)
	case "Announce":
		return in.announce(ctx, act, by)
	case "Like":
		return in.like(ctx, act, by)
	case "Dislike":
		return in.dislike(ctx, act, by)
	case "EmojiReact":
		return in.emojiReact(ctx, act, by)
	case "Block":
		return in.block(ctx, act, by)
	case "Undo":
		return in.undo(ctx, act, by)
	case "Move":
		return in.move(ctx, act, by)
	case "QuoteRequest":
		return in.quoteRequest(ctx, act, by)
	case "ReplyRequest", "LikeRequest", "AnnounceRequest":
		d, _ := vocab.RequestedDeed(act.Type)
		return in.requested(ctx, act, by, d)
	case "Lock":
		return in.lock(ctx, act, by, true)
	case "Add":
		return in.add(ctx, act, by)
	case "Remove":
		return in.remove(ctx, act, by)
	case "Flag":
		return in.flag(ctx, act, by)
	}
	return &ignored{act.Type}
}

// localTarget finds the member that an activity is about.
func (in *Inbox) localTarget(ctx context.Context, act *vocab.Activity, ref vocab.Ref) (*store.Account, error) {
	if !in.db.IsLocal(ref.ID) {
		return nil, &ignored{act.Type + " of an account of another server"}
	}
	a, err := in.db.AccountByURI(ctx, ref.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, refuse(http.StatusNotFound, "there is no account %s here", ref.ID)
	}
	if err != nil {
		return nil, err
	}
	if a.State == store.AccountDeleted {
		return nil, refuse(http.StatusGone, "the account %s is deleted", ref.ID)
	}
	return a, nil
}

// answers maps the store's refusals to what a sender is told. Things that are
// unknown, gone or hidden here are no fault of the sender's.
func answers(err error, what string) error {
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrGone), errors.Is(err, store.ErrConflict):
		return &ignored{what}
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "%s is not allowed", what)
	case errors.Is(err, store.ErrBlocked):
		return refuse(http.StatusForbidden, "%s: one has blocked the other", what)
	}
	return err
}
