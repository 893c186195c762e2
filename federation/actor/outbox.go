package actor

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// ReadOutbox reads the newest posts of an account elsewhere, its pinned posts,
// and the numbers that its server gives.
func (r *Resolver) ReadOutbox(ctx context.Context, accountID int64) error {
	a, err := r.db.Account(ctx, accountID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Local() || a.State != store.AccountActive) {
		return nil
	}
	if err != nil {
		return err
	}
	posts, err := r.readOutbox(ctx, a)
	if err != nil {
		r.log.Debug("outbox not read", "account", a.URI, "error", err)
	}
	pinErr := r.readPinned(ctx, a)
	if pinErr != nil {
		r.log.Debug("pinned posts not read", "account", a.URI, "error", pinErr)
	}
	if err := r.readFeaturedTags(ctx, a); err != nil {
		r.log.Debug("featured tags not read", "account", a.URI, "error", err)
	}
	if err := r.readModerators(ctx, a); err != nil {
		r.log.Debug("moderators not read", "account", a.URI, "error", err)
	}
	return r.db.SetRemoteCounts(ctx, a.ID, posts, r.total(ctx, a, a.FollowersURI), r.total(ctx, a, a.FollowingURI))
}

// total reads how many items a collection says to have: -1 if it does not say,
// which is how servers hide it, and 0 if it could not be asked.
func (r *Resolver) total(ctx context.Context, a *store.Account, uri string) int {
	c, err := r.collection(ctx, vocab.Ref{ID: uri}, a.URI)
	var fe *fetch.Error
	switch {
	case err == nil && c != nil:
		return int(max(c.Total, -1))
	case errors.As(err, &fe) && (fe.Status == http.StatusUnauthorized || fe.Status == http.StatusForbidden || fe.Status == http.StatusNotFound):
		return -1
	}
	return 0
}

// readFeaturedTags reads the hashtags on a profile (toot:featuredTags).
func (r *Resolver) readFeaturedTags(ctx context.Context, a *store.Account) error {
	if a.FeaturedTagsURI == "" {
		return r.db.SetRemoteFeaturedTags(ctx, a.ID, nil)
	}
	var names []string
	err := r.eachItem(ctx, vocab.Ref{ID: a.FeaturedTagsURI}, a.URI, 1, func(item vocab.Ref) bool {
		if item.Embedded != nil && item.Embedded.Type() == "Hashtag" {
			names = append(names, strings.TrimPrefix(item.Embedded.Text("name"), "#"))
		}
		return len(names) < maxFeaturedTags
	})
	if err != nil {
		return err
	}
	return r.db.SetRemoteFeaturedTags(ctx, a.ID, names)
}

func (r *Resolver) readOutbox(ctx context.Context, a *store.Account) (total int, err error) {
	start, err := r.collection(ctx, vocab.Ref{ID: a.OutboxURI}, a.URI)
	if err != nil || start == nil {
		return 0, err
	}
	at := start.First
	if len(start.Items) > 0 {
		at = vocab.Ref{ID: a.OutboxURI}
	}
	left, boosts := maxOutboxItems, maxOutboxBoosts
	if a.Kind == store.Group {
		boosts = maxOutboxItems // it writes nothing itself
	}
	err = r.eachItem(ctx, at, a.URI, 2, func(item vocab.Ref) bool {
		if err := r.outboxItem(ctx, a, item, &boosts); err != nil {
			r.log.Debug("item of an outbox not read", "account", a.URI, "item", item.ID, "error", err)
		}
		left--
		return left > 0
	})
	return int(max(start.Total, 0)), err
}

// outboxItem stores one item of an account's outbox. Activities and posts of
// the account's own host are believed as they stand there; all else is fetched.
func (r *Resolver) outboxItem(ctx context.Context, a *store.Account, item vocab.Ref, boosts *int) error {
	if item.Embedded == nil {
		_, err := r.Post(ctx, item.ID)
		return err
	}
	if act, err := item.Embedded.Activity(); err == nil {
		if act.Actor.ID != a.URI {
			return &Untrusted{item.ID, "it is not by the owner of the outbox"}
		}
		switch act.Type {
		case "Create":
			item = act.Object
		case "Announce":
			return r.outboxBoost(ctx, a, act, boosts)
		default:
			return nil
		}
	}
	if item.Embedded == nil || !fetch.SameOrigin(item.Embedded.ID(), a.URI) {
		_, err := r.Post(ctx, item.ID)
		return err
	}
	o, err := item.Embedded.Object()
	if err != nil {
		return err
	}
	if a.Kind == store.Group && o.Author().ID != a.URI {
		_, err := r.groupPost(ctx, a, vocab.Ref{ID: o.ID, Embedded: item.Embedded})
		return err
	}
	if o.Author().ID != a.URI || o.IsVote() {
		return &Untrusted{o.ID, "it is not a post of the owner of the outbox"}
	}
	_, err = r.Receive(ctx, o, a)
	return err
}

func (r *Resolver) outboxBoost(ctx context.Context, a *store.Account, act *vocab.Activity, left *int) error {
	if *left--; *left < 0 {
		return nil
	}
	what := act.Object
	if what.Embedded != nil && what.Embedded.Has("object") {
		inner, err := what.Embedded.Activity()
		if err != nil || inner.Type != "Create" {
			return err // an edit, a vote: old news
		}
		what = inner.Object
	}
	p, err := r.groupPost(ctx, a, what)
	if err != nil {
		return err
	}
	at := act.Published
	if at.IsZero() {
		at = p.CreatedAt // Lemmy
	}
	return r.db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: a.ID, PostID: p.ID, URI: act.ID, PublishedAt: at, StampURI: act.Value.Authorization(store.DeedBoost)})
}

// groupPost returns a post that stands in a collection of a. A group's
// collections hold whole posts of others (Lemmy): those of its own host are
// believed, since that host was asked.
func (r *Resolver) groupPost(ctx context.Context, a *store.Account, ref vocab.Ref) (*store.Post, error) {
	if a.Kind != store.Group || ref.Embedded == nil || !fetch.SameOrigin(ref.ID, a.URI) {
		return r.Post(ctx, ref.ID)
	}
	if p, err := r.db.PostByURI(ctx, ref.ID); !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	return r.savePost(ctx, ref.Embedded)
}

// ReadPins reads the pinned posts of an account elsewhere.
func (r *Resolver) ReadPins(ctx context.Context, accountID int64) error {
	a, err := r.db.Account(ctx, accountID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Local() || a.State != store.AccountActive) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.readPinned(ctx, a)
}

func (r *Resolver) readPinned(ctx context.Context, a *store.Account) error {
	if a.FeaturedURI == "" {
		return nil
	}
	var uris []string
	boosts, tried := 0, 0
	err := r.eachItem(ctx, vocab.Ref{ID: a.FeaturedURI}, a.URI, 1, func(item vocab.Ref) bool {
		if err := r.outboxItem(ctx, a, item, &boosts); err == nil {
			uris = append(uris, item.ID)
		}
		tried++ // also what fails: each may be a request to somebody else
		return tried < maxPinned
	})
	if err != nil {
		return err
	}
	return r.db.SetRemotePins(ctx, a.ID, uris)
}
