package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"seedling/federation/vocab"
	"seedling/store"
)

// announce shows a post around. A post that is not stored is read from its own
// server by a job: an embedded copy proves nothing.
func (in *Inbox) announce(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	uri := act.Object.ID
	switch kind, inner := innerPost(act); {
	case kind == "Update":
		return in.announceEdit(ctx, inner)
	case kind == "Create":
		uri = inner
	case act.Object.Embedded != nil && act.Object.Embedded.Has("actor"):
		return &ignored{"Announce of " + act.Object.Type}
	}
	if uri == "" || act.ID == "" {
		return refuse(http.StatusBadRequest, "an Announce needs an id and an object with one")
	}
	p, err := in.db.PostByLink(ctx, uri)
	if errors.Is(err, store.ErrNotFound) && !in.db.IsLocal(uri) {
		job := BoostJob{AccountID: by.ID, URI: act.ID, PostURI: uri, PublishedAt: act.Published}
		return in.db.AddJob(ctx, store.NewJob{Kind: store.JobBoost, Key: act.ID, Payload: job.encode()})
	}
	if err != nil {
		return answers(err, "Announce of an unknown post")
	}
	return answers(in.db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: by.ID, PostID: p.ID, URI: act.ID, PublishedAt: published(act, in.now())}), "Announce")
}

// announceEdit has a post read again of which a group says that it was edited.
// What is not known here is not worth a look.
func (in *Inbox) announceEdit(ctx context.Context, uri string) error {
	_, err := in.db.PostByURI(ctx, uri)
	if errors.Is(err, store.ErrNotFound) || in.db.IsLocal(uri) {
		return &ignored{"Announce of an edit of an unknown post"}
	}
	if err != nil {
		return err
	}
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobFetch, Key: uri, Payload: uri})
}

// innerPost is the post inside of a Create or Update that a group announces
// (FEP-1b12), and which of the two it is.
func innerPost(act *vocab.Activity) (kind, uri string) {
	if act.Object.Embedded == nil {
		return "", ""
	}
	inner, err := act.Object.Embedded.Activity()
	if err != nil || inner.Object.ID == "" || inner.Type != "Create" && inner.Type != "Update" {
		return "", ""
	}
	return inner.Type, inner.Object.ID
}

func published(act *vocab.Activity, now time.Time) time.Time {
	if act.Published.IsZero() || act.Published.After(now) {
		return now
	}
	return act.Published
}

// BoostJob is the payload of store.JobBoost: a boost whose post is to be read first.
type BoostJob struct {
	AccountID   int64
	URI         string
	PostURI     string
	PublishedAt time.Time
}

func (j BoostJob) encode() string {
	b, err := json.Marshal(j)
	if err != nil {
		panic(err) // a struct of plain values
	}
	return string(b)
}

// RunBoost reads the post of a boost and stores the boost.
func (in *Inbox) RunBoost(ctx context.Context, payload string) error {
	var j BoostJob
	if err := json.Unmarshal([]byte(payload), &j); err != nil {
		return err
	}
	p, err := in.resolver.Post(ctx, j.PostURI)
	if err != nil {
		return err
	}
	if j.PublishedAt.IsZero() {
		j.PublishedAt = in.now()
	}
	err = in.db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: j.AccountID, PostID: p.ID, URI: j.URI, PublishedAt: j.PublishedAt})
	if errors.Is(err, store.ErrForbidden) || errors.Is(err, store.ErrBlocked) {
		return nil // it may not be shown around; nothing to do again
	}
	return err
}
