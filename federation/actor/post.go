package actor

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// Post returns the post with an ActivityPub id or page address, asking its
// server if it is not stored.
func (r *Resolver) Post(ctx context.Context, uri string) (*store.Post, error) {
	p, err := r.db.PostByLink(ctx, uri)
	if err == nil || !errors.Is(err, store.ErrNotFound) || r.db.IsLocal(uri) {
		return p, err
	}
	return shared(ctx, &r.flight, "post "+uri, func(ctx context.Context) (*store.Post, error) { return r.fetchPost(ctx, uri) })
}

func (r *Resolver) fetchPost(ctx context.Context, uri string) (*store.Post, error) {
	v, err := r.object(ctx, uri)
	if err != nil {
		return nil, err
	}
	return r.savePost(ctx, v)
}

// savePost stores a fetched post with its author.
func (r *Resolver) savePost(ctx context.Context, v *vocab.Value) (*store.Post, error) {
	o, err := v.Object()
	if err != nil {
		return nil, err
	}
	authorID := o.Author().ID
	if authorID == "" {
		return nil, &Nobodys{URI: o.ID, Name: o.Title()}
	}
	if !fetch.SameOrigin(authorID, o.ID) {
		return nil, &Untrusted{o.ID, "its author is on another host"}
	}
	author, err := r.ByURI(ctx, authorID)
	if err != nil {
		return nil, fmt.Errorf("author of %s: %w", o.ID, err)
	}
	if _, err := r.Receive(ctx, o, author); err != nil {
		return nil, err
	}
	return r.db.PostByURI(ctx, o.ID)
}

// Receive stores a post of an account elsewhere that is believed. It asks no
// other server: people it names are addressed if they are known here.
func (r *Resolver) Receive(ctx context.Context, o *vocab.Object, author *store.Account) (fresh bool, err error) {
	post, err := r.remotePost(ctx, o, author)
	if err != nil {
		return false, err
	}
	return r.db.ReceivePost(ctx, post)
}

// ReceiveAsked stores a reply that came with the request to be allowed.
func (r *Resolver) ReceiveAsked(ctx context.Context, o *vocab.Object, author *store.Account, askedURI string) (fresh bool, err error) {
	post, err := r.remotePost(ctx, o, author)
	if err != nil {
		return false, err
	}
	post.AskedURI = askedURI
	return r.db.ReceivePost(ctx, post)
}

// ReceiveEdit stores a newer version of a post; one that is not stored yet is
// stored as it is now.
func (r *Resolver) ReceiveEdit(ctx context.Context, o *vocab.Object, author *store.Account) error {
	post, err := r.remotePost(ctx, o, author)
	if err != nil {
		return err
	}
	err = r.db.ReceiveEdit(ctx, post)
	if errors.Is(err, store.ErrNotFound) {
		_, err = r.db.ReceivePost(ctx, post)
	}
	return err
}

// remotePost turns an object into what the store keeps, with the accounts that
// it names or is addressed to.
func (r *Resolver) remotePost(ctx context.Context, o *vocab.Object, author *store.Account) (*store.RemotePost, error) {
	post, err := o.Post(author.FollowersURI)
	if err != nil {
		return nil, err
	}
	post.AccountID = author.ID
	named := o.Addressed()
	accounts, err := r.db.AccountsByURI(ctx, named)
	if err != nil {
		return nil, err
	}
	for _, uri := range named {
		if a := accounts[uri]; a != nil && a.ID != author.ID && a.State == store.AccountActive {
			post.Mentions = append(post.Mentions, a.ID)
		}
	}
	return post, nil
}

// FetchPost reads a post from its own server, new or again.
func (r *Resolver) FetchPost(ctx context.Context, uri string) error {
	v, err := r.object(ctx, uri)
	if err != nil {
		return err
	}
	if v.Type() == "Tombstone" { // says the same as 410, whatever the status (ActivityPub §6.4)
		return &fetch.Error{Kind: fetch.Status, URL: uri, Status: http.StatusGone}
	}
	p, err := r.savePost(ctx, v)
	if err != nil {
		return err
	}
	o, err := v.Object()
	if err != nil {
		return err
	}
	author, err := r.db.Account(ctx, p.AccountID)
	if err != nil {
		return err
	}
	return r.ReceiveEdit(ctx, o, author)
}

// Activity reads an activity from its own server. It is believed of its actor,
// who must be on the same host.
func (r *Resolver) Activity(ctx context.Context, uri string) (*vocab.Activity, error) {
	v, err := r.object(ctx, uri)
	if err != nil {
		return nil, err
	}
	act, err := v.Activity()
	if err != nil {
		return nil, err
	}
	if !fetch.SameOrigin(act.Actor.ID, act.ID) {
		return nil, &Untrusted{uri, "its actor is on another host"}
	}
	return act, nil
}
