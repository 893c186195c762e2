package actor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
)

// ByURI returns the account with an ActivityPub id, asking its server if it is
// not known.
func (r *Resolver) ByURI(ctx context.Context, uri string) (*store.Account, error) {
	a, err := r.db.AccountByURI(ctx, uri)
	if err == nil {
		return a, gone(a)
	}
	if !errors.Is(err, store.ErrNotFound) || r.db.IsLocal(uri) {
		return nil, err
	}
	return r.fetchAccount(ctx, uri)
}

func gone(a *store.Account) error {
	if a.State == store.AccountDeleted {
		return store.ErrGone
	}
	return nil
}

// Refresh reads an account's document again. An account that its server says is
// gone stays as it is: only a signed Delete removes it.
func (r *Resolver) Refresh(ctx context.Context, a *store.Account) (*store.Account, error) {
	if a.Local() {
		return a, nil
	}
	return r.fetchAccount(ctx, a.URI)
}

// Fresh returns the account with an ActivityPub id as its own server describes it
// now.
func (r *Resolver) Fresh(ctx context.Context, uri string) (*store.Account, error) {
	if r.db.IsLocal(uri) {
		return r.db.AccountByURI(ctx, uri)
	}
	return r.fetchAccount(ctx, uri)
}

func (r *Resolver) fetchAccount(ctx context.Context, uri string) (*store.Account, error) {
	return shared(ctx, &r.flight, "account "+uri, func(ctx context.Context) (*store.Account, error) {
		v, err := r.object(ctx, uri)
		if err != nil {
			return nil, err
		}
		return r.saveActor(ctx, v, true)
	})
}

// SaveActor stores an actor document that is believed: fetched from its own id,
// or sent and signed by the actor itself.
func (r *Resolver) SaveActor(ctx context.Context, v *vocab.Value) (*store.Account, error) {
	return r.saveActor(ctx, v, false)
}

// saveActor does so; ask says whether a known account may have a new handle, for
// which other servers are asked.
func (r *Resolver) saveActor(ctx context.Context, v *vocab.Value, ask bool) (*store.Account, error) {
	doc, err := v.Actor()
	if err != nil {
		return nil, err
	}
	host, err := r.handleOf(ctx, doc, ask)
	if err != nil {
		return nil, err
	}
	a, err := doc.Account(host)
	if err != nil {
		return nil, err
	}
	if !fetch.SameOrigin(a.URI, a.Inbox) && a.Inbox != "" {
		return nil, &Untrusted{doc.ID, "its inbox is on another host"}
	}
	if a.KeyURI != "" && !fetch.SameOrigin(a.URI, a.KeyURI) {
		return nil, &Untrusted{doc.ID, "its key is on another host"}
	}
	if err := r.db.SaveRemoteAccount(ctx, a, vocab.EmojiTags(doc.Emojis)...); err != nil {
		return nil, err
	}
	return r.db.Account(ctx, a.ID)
}

// handleOf finds the host by which an actor is known, and the user name if the
// actor does not say it. The host of its id may speak for it; another host
// (example.org for an actor at social.example.org) only if it names this actor
// too: WebFinger in both directions (FEP-2c59).
func (r *Resolver) handleOf(ctx context.Context, doc *vocab.Actor, ask bool) (host string, err error) {
	home := fetch.HostOf(doc.ID)
	if home == "" {
		return "", &Untrusted{doc.ID, "it has no host"}
	}
	if _, err := content.ParseHandle(doc.Username + "@" + home); err != nil {
		doc.Username = "" // a title with spaces, as Plume's blogs have: WebFinger knows the name
	}
	if known, err := r.db.AccountByURI(ctx, doc.ID); err == nil && (doc.Username == "" || strings.EqualFold(known.Username, doc.Username)) {
		doc.Username = known.Username
		if ask {
			return r.hostNow(ctx, doc, known, home), nil
		}
		return known.Host, nil // bound to its id
	}
	if doc.Username != "" && doc.Webfinger == doc.Username+"@"+home {
		return home, nil
	}
	if host, ok := r.ownWord(ctx, doc); ok {
		return host, nil
	}
	resource := "acct:" + doc.Username + "@" + home
	if doc.Username == "" {
		resource = doc.ID
	}
	said, err := r.webfinger(ctx, home, resource)
	if err != nil && doc.Username == "" {
		return "", &Untrusted{doc.ID, "it has no user name"}
	}
	if err != nil {
		return home, nil // a host without WebFinger still speaks for its own names
	}
	user, other := said.Handle()
	if doc.Username == "" {
		doc.Username = user
	}
	if other == "" || other == home || !strings.EqualFold(user, doc.Username) {
		return home, nil
	}
	if host, ok := r.confirmed(ctx, doc.ID, user, other); ok {
		return host, nil
	}
	return home, nil
}

// hostNow is the domain of a known account's handle: that which it had, until
// the actor itself, or WebFinger at its home, names another one that confirms it.
func (r *Resolver) hostNow(ctx context.Context, doc *vocab.Actor, known *store.Account, home string) string {
	user, other, _ := strings.Cut(doc.Webfinger, "@")
	if other == "" {
		said, err := r.webfinger(ctx, home, "acct:"+known.Username+"@"+home)
		if err != nil {
			return known.Host
		}
		user, other = said.Handle()
	}
	switch {
	case other == "" || other == known.Host || !strings.EqualFold(user, known.Username):
		return known.Host
	case other == home:
		return home
	}
	if host, ok := r.confirmed(ctx, doc.ID, user, other); ok {
		return host
	}
	return known.Host
}

// ownWord is the domain that the actor itself gives for its name (FEP-2c59), if
// that domain says the same.
func (r *Resolver) ownWord(ctx context.Context, doc *vocab.Actor) (host string, ok bool) {
	user, other, _ := strings.Cut(doc.Webfinger, "@")
	if doc.Username == "" || other == "" || !strings.EqualFold(user, doc.Username) {
		return "", false
	}
	return r.confirmed(ctx, doc.ID, user, other)
}

// confirmed says whether a domain names an actor elsewhere as the owner of a
// name there.
func (r *Resolver) confirmed(ctx context.Context, actorID, user, domain string) (host string, ok bool) {
	host, err := fetch.NormaliseHost(domain)
	if err != nil || host == r.db.AccountDomain() || host == r.db.Host() {
		return "", false
	}
	said, err := r.webfinger(ctx, host, "acct:"+user+"@"+host)
	return host, err == nil && names(said, actorID)
}

// names says whether a WebFinger answer leads to an actor.
func names(w *vocab.WebFinger, actorID string) bool {
	for _, self := range w.Selves {
		if self.Href == actorID {
			return true
		}
	}
	return false
}

// NoSuchHandle says at which step a handle was lost, in words for people.
type NoSuchHandle struct {
	Handle content.Handle
	Reason string
	Err    error
}

func (e *NoSuchHandle) Error() string { return fmt.Sprintf("%s: %s", e.Handle, e.Reason) }
func (e *NoSuchHandle) Unwrap() error { return e.Err }

// ByHandle returns the account with a handle, asking its host if it is not known.
func (r *Resolver) ByHandle(ctx context.Context, h content.Handle) (*store.Account, error) {
	a, err := r.db.AccountByHandle(ctx, h)
	if err == nil {
		return a, gone(a)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if h.Host == "" || h.Host == r.db.AccountDomain() || h.Host == r.db.Host() {
		return nil, &NoSuchHandle{h, "nobody here has this name", store.ErrNotFound}
	}
	w, err := r.webfinger(ctx, h.Host, "acct:"+h.Username+"@"+h.Host)
	if err != nil {
		return nil, &NoSuchHandle{h, "the server could not be asked (WebFinger)", err}
	}
	if w.Self == "" {
		return nil, &NoSuchHandle{h, "the server names no ActivityPub address for it", store.ErrNotFound}
	}
	a, err = r.ByURI(ctx, w.Self)
	if err != nil {
		return nil, &NoSuchHandle{h, "the account could not be read", err}
	}
	return a, nil
}

// webfinger asks a host about a resource (RFC 7033 §4).
func (r *Resolver) webfinger(ctx context.Context, host, resource string) (*vocab.WebFinger, error) {
	doc, err := r.wellKnown(ctx, host, "/.well-known/webfinger?resource="+url.QueryEscape(resource), "application/jrd+json, application/json")
	if err != nil {
		return nil, err
	}
	return vocab.ReadWebFinger(doc.Body)
}
