package actor

import (
	"context"
	"errors"
	"io"
	"mime"
	"strings"

	"seedling/federation/fetch"
	"seedling/federation/relme"
	"seedling/store"
)

// ProveFields looks at the pages that a member's profile links to, and notes
// which of them link back. One that can't be had now leaves what was known.
func (r *Resolver) ProveFields(ctx context.Context, accountID int64) error {
	a, err := r.db.Account(ctx, accountID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!a.Local() || a.State != store.AccountActive) {
		return nil
	}
	if err != nil {
		return err
	}
	seen := map[string]store.FieldLook{}
	for _, f := range a.Fields {
		link := f.Link()
		if link == "" {
			continue
		}
		links, err := r.meLinks(ctx, link)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var failed *fetch.Error
		switch {
		case errors.As(err, &failed) && failed.Temporary():
			seen[link] = store.FieldUnreachable
		case err != nil:
			seen[link] = store.FieldUnreadable
		case relme.Back(links, a.URL, a.URI):
			seen[link] = store.FieldLinksBack
		default:
			seen[link] = store.FieldLinksNot
		}
	}
	return r.db.SetFieldProofs(ctx, accountID, seen)
}

// meLinks reads the rel="me" links of a page.
func (r *Resolver) meLinks(ctx context.Context, address string) ([]string, error) {
	file, err := r.client.File(ctx, address, "")
	if err != nil {
		return nil, err
	}
	defer file.Body.Close()
	kind, _, err := mime.ParseMediaType(file.ContentType)
	if err != nil || kind != "text/html" && kind != "application/xhtml+xml" {
		return nil, errors.New("not a page of the web: " + strings.ToValidUTF8(kind, ""))
	}
	page, err := io.ReadAll(io.LimitReader(file.Body, relme.MaxPage))
	if err != nil {
		return nil, err
	}
	return relme.Links(file.URL, page), nil
}
