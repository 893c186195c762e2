// Package linkcard reads the pages that posts link to, for what their cards
// show: Open Graph, Twitter cards, oEmbed and plain HTML. It is not for
// deciding which links have a card, nor for fetching their pictures, which the
// cache of remote media does when somebody looks.
//
// All that pages say is taken as plain text: no markup of theirs is kept, that
// of oEmbed included (CVE-2023-36459 of Mastodon).
//
// Read [Reader.Read] first. It imports fetch, actor and the store.
package linkcard

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/url"
	"path"
	"strings"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/media"
)

// Limits of reading a page.
const (
	maxPage     = 1 << 20          // bytes; what pages say of themselves stands at their beginning
	maxTokens   = 50_000           // tags and texts of it
	pageTimeout = 20 * time.Second // with all redirects
	maxPictured = 16_384           // pixels a side that are believed of a picture

	// authorAge is how old what is known of an account may be before its word on
	// which sites may name it is asked for again.
	authorAge = time.Hour
)

// Config is what a Reader works with.
type Config struct {
	DB       *store.DB
	Client   *fetch.Client
	Resolver *actor.Resolver
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: discard
}

// Reader reads pages. It is safe for concurrent use.
type Reader struct{ config Config }

// New checks the config and returns a reader.
func New(c Config) (*Reader, error) {
	if c.DB == nil || c.Client == nil || c.Resolver == nil {
		return nil, errors.New("link cards: a store, a client and a resolver are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Reader{c}, nil
}

// Read reads the page of a card, and keeps what it says or why it can't be read.
// A failure is no error: the next post with the link tries again, later.
func (r *Reader) Read(ctx context.Context, cardID int64) error {
	link, err := r.config.DB.CardDue(ctx, cardID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	work, cancel := context.WithTimeout(ctx, pageTimeout)
	defer cancel()
	card, err := r.read(work, link)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		r.config.Log.Debug("page of a card not read", "url", link, "error", err)
		return r.broken(ctx, cardID, err)
	}
	card.ID = cardID
	err = r.config.DB.KeepCard(ctx, *card)
	if errors.Is(err, store.ErrNotFound) {
		return nil // pruned meanwhile
	}
	return err
}

func (r *Reader) broken(ctx context.Context, cardID int64, cause error) error {
	var failed *fetch.Error
	gone := !errors.As(cause, &failed) || !failed.Temporary()
	err := r.config.DB.BrokenCard(ctx, cardID, cause.Error(), gone)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// errNothing says that an address leads to nothing that a card could show.
var errNothing = errors.New("it is no page that says what it is")

func (r *Reader) read(ctx context.Context, link string) (*store.Card, error) {
	file, err := r.config.Client.File(ctx, link, "")
	var failed *fetch.Error
	if secure, plain := strings.CutPrefix(link, "http://"); plain && errors.As(err, &failed) && failed.Kind == fetch.Refused {
		file, err = r.config.Client.File(ctx, "https://"+secure, "") // nearly every page is at both
	}
	if err != nil {
		return nil, err
	}
	defer file.Body.Close()
	base, err := url.Parse(file.URL)
	if err != nil {
		return nil, err
	}
	mediaType, _, _ := mime.ParseMediaType(file.ContentType)
	switch {
	case mediaType == "text/html" || mediaType == "application/xhtml+xml":
		body, err := io.ReadAll(io.LimitReader(file.Body, maxPage))
		if err != nil && len(body) == 0 {
			return nil, err
		}
		return r.page(ctx, parse(body, file.ContentType, base), base)
	case media.KindOf(mediaType) == media.Picture:
		card := plainCard(store.CardPicture, base)
		card.ImageURL = file.URL
		return card, nil
	case mediaType == "application/pdf":
		return plainCard(store.CardDocument, base), nil
	}
	return nil, errNothing
}

// plainCard is that of a file, which says nothing of itself but its name.
func plainCard(kind store.CardKind, at *url.URL) *store.Card {
	name := path.Base(at.Path)
	if name == "/" || name == "." {
		name = at.Hostname()
	}
	return &store.Card{Kind: kind, Title: name, Host: at.Hostname()}
}

// page makes the card of a page that was parsed.
func (r *Reader) page(ctx context.Context, p *page, base *url.URL) (*store.Card, error) {
	p.addEmbed(r.embed(ctx, p.embedURL))
	if p.card.Title == "" {
		return nil, errNothing
	}
	card := &p.card
	card.Host = base.Hostname()
	if p.creator != "" {
		a, err := r.creator(ctx, p.creator, card.Host)
		if err != nil {
			return nil, err
		}
		if a != nil {
			card.AuthorID = a.ID
		}
	}
	return card, nil
}

// creator is the account that a page names as its author, if it agrees to being
// named by pages of that host; nil else.
func (r *Reader) creator(ctx context.Context, handle, host string) (*store.Account, error) {
	h, err := content.ParseHandle(handle)
	if err != nil {
		return nil, nil
	}
	a, err := r.config.Resolver.ByHandle(ctx, h)
	if err != nil {
		r.config.Log.Debug("author of a page not found", "handle", handle, "error", err)
		return nil, ctx.Err()
	}
	if !a.Names(host) && !a.Local() && a.FetchedAt.Before(r.config.Now().Add(-authorAge)) {
		if a, err = r.config.Resolver.Refresh(ctx, a); err != nil {
			return nil, ctx.Err()
		}
	}
	if !a.Names(host) {
		return nil, nil
	}
	return a, nil
}
