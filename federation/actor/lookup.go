package actor

import (
	"context"
	"errors"
	"strings"

	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/content"
)

// Found is what a handle or an address led to: an account or a post.
type Found struct {
	Account *store.Account
	Post    *store.Post
}

// ErrNotALink is returned for a text that is neither a handle nor an address.
var ErrNotALink = errors.New("neither a handle nor an address")

// Lookup finds what a person pasted: @user@host, acct:user@host, or the address
// of a profile or a post of any server. Whether the person may see a post is
// not decided here.
func (r *Resolver) Lookup(ctx context.Context, text string) (*Found, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
		return r.lookupURL(ctx, text)
	}
	h, err := content.ParseHandle(text)
	if err != nil {
		return nil, ErrNotALink
	}
	a, err := r.ByHandle(ctx, h)
	if err != nil {
		return nil, err
	}
	return &Found{Account: a}, nil
}

func (r *Resolver) lookupURL(ctx context.Context, text string) (*Found, error) {
	uri, err := fetch.NormaliseURI(text)
	if err != nil {
		return nil, ErrNotALink
	}
	if a, err := r.db.AccountByURI(ctx, uri); err == nil {
		return &Found{Account: a}, gone(a)
	}
	if p, err := r.db.PostByLink(ctx, uri); err == nil {
		return &Found{Post: p}, r.completeLater(ctx, p)
	}
	if r.db.IsLocal(uri) {
		return r.lookupLocal(ctx, uri)
	}
	v, err := r.object(ctx, uri)
	if err != nil {
		return nil, err
	}
	if v.URI("inbox") != "" {
		a, err := r.SaveActor(ctx, v)
		if err != nil {
			return nil, err
		}
		return &Found{Account: a}, nil
	}
	p, err := r.savePost(ctx, v)
	if err != nil {
		return nil, err
	}
	return &Found{Post: p}, r.completeLater(ctx, p)
}

// completeLater has the thread around a post read that somebody asked for.
func (r *Resolver) completeLater(ctx context.Context, p *store.Post) error {
	if r.db.IsLocal(p.URI) {
		return nil
	}
	_, err := r.db.CompleteThread(ctx, p.ID, lookupPause)
	return err
}

// lookupLocal finds the page of a member, or of somebody elsewhere, on this server.
func (r *Resolver) lookupLocal(ctx context.Context, uri string) (*Found, error) {
	name, ok := strings.CutPrefix(uri, r.db.URL()+"/@")
	if !ok {
		return nil, store.ErrNotFound
	}
	h, err := content.ParseHandle(name)
	if err != nil {
		return nil, store.ErrNotFound
	}
	a, err := r.db.AccountByHandle(ctx, h)
	if err != nil {
		return nil, err
	}
	return &Found{Account: a}, nil
}
