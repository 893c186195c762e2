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
// server by a job: an embedded copy proves nothing. What groups announce is
// often an activity (see groupTells); others do so with edits of their own.
func (in *Inbox) announce(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	if done, err := in.relayAnnounce(ctx, act, by); done || err != nil {
		return err
	}
	j := BoostJob{AccountID: by.ID, URI: act.ID, PostURI: act.Object.ID, PublishedAt: act.Published, Stamp: act.Value.Authorization(store.DeedBoost)}
	if inner := innerActivity(act); inner != nil {
		switch {
		case act.ID == "":
		case by.Kind == store.Group:
			return in.groupTells(ctx, j, inner, by, false)
		case inner.Type == "Update":
			return in.announceEdit(ctx, inner.Object.ID)
		case inner.Type != "Create":
			return &ignored{"Announce of " + inner.Type}
		}
		j.PostURI = inner.Object.ID
	}
	if j.PostURI == "" || act.ID == "" {
		return refuse(http.StatusBadRequest, "an Announce needs an id and an object with one")
	}
	return in.boost(ctx, j)
}

// boost stores a boost, after its post has been fetched if it is not known.
func (in *Inbox) boost(ctx context.Context, j BoostJob) error {
	p, err := in.db.PostByLink(ctx, j.PostURI)
	if errors.Is(err, store.ErrNotFound) && !in.db.IsLocal(j.PostURI) {
		return in.boostLater(ctx, j, j.URI)
	}
	if err != nil {
		return answers(err, "Announce of an unknown post")
	}
	return answers(in.db.ReceiveBoost(ctx, in.remoteBoost(j, p)), "Announce")
}

func (in *Inbox) boostLater(ctx context.Context, j BoostJob, key string) error {
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobBoost, Key: key, Payload: j.encode()})
}

func (in *Inbox) remoteBoost(j BoostJob, p *store.Post) store.RemoteBoost {
	at := j.PublishedAt
	if now := in.now(); at.IsZero() || at.After(now) {
		at = now
	}
	return store.RemoteBoost{AccountID: j.AccountID, PostID: p.ID, URI: j.URI, PublishedAt: at, StampURI: j.Stamp}
}

// announceEdit has a post read again of which somebody says that it was edited.
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

// BoostJob is the payload of store.JobBoost: a boost whose post is to be read
// first. Groups announce activities by their id too; then that is PostURI.
type BoostJob struct {
	AccountID   int64
	URI         string
	PostURI     string
	PublishedAt time.Time
	Stamp       string `json:",omitempty"` // by which the post's author approves
	Inner       string `json:",omitempty"` // an announced activity that is believed, but whose actor is unknown
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
	if j.Inner != "" {
		return in.runActivity(ctx, j)
	}
	p, err := in.resolver.Post(ctx, j.PostURI)
	var shape *vocab.ShapeError
	if errors.As(err, &shape) {
		return in.runActivity(ctx, j)
	}
	if err != nil {
		return err
	}
	err = in.db.ReceiveBoost(ctx, in.remoteBoost(j, p))
	if errors.Is(err, store.ErrForbidden) || errors.Is(err, store.ErrBlocked) {
		return nil // it may not be shown around; nothing to do again
	}
	return err
}
