// Package remotemedia brings pictures, sound and video of other servers here
// when somebody first looks at them, so that no reader's address reaches those
// servers. It is not for what may be shown to whom, nor for deciding which
// files there are: only addresses that a row of the store names are asked for.
//
// Read [Cache.File] first. It imports fetch and the store.
package remotemedia

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/media"
)

// Limits of the cache, beside those of the store.
const (
	fetchTimeout = 60 * time.Second // of a file that is to be kept
	maxFetches   = 16               // at once, of all hosts
	upkeepEvery  = 30 * time.Minute
)

// ErrBroken is returned for a file that can't be had now; it is tried again later.
var ErrBroken = errors.New("the file can't be had from its server now")

// Config is what a Cache works with.
type Config struct {
	DB     *store.DB
	Client *fetch.Client
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: discard
}

// Cache fetches files of other servers, each once. It is safe for concurrent use.
type Cache struct {
	config  Config
	flights singleflight.Group
	slots   chan struct{}
}

// New checks the config and returns a cache.
func New(c Config) (*Cache, error) {
	if c.DB == nil || c.Client == nil {
		return nil, errors.New("remote media: a store and a client are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Cache{config: c, slots: make(chan struct{}, maxFetches)}, nil
}

// File returns the copy of a file elsewhere, fetching it if nobody looked at it
// before. One that is too large to be kept is returned with Large set, for
// [Cache.Pass]. ErrBroken if it can't be had.
func (c *Cache) File(ctx context.Context, url string) (store.RemoteFile, error) {
	return c.file(ctx, url, c.config.DB.KeepRemoteFile)
}

// Captions is [Cache.File] for captions of a film elsewhere.
func (c *Cache) Captions(ctx context.Context, url string) (store.RemoteFile, error) {
	return c.file(ctx, url, c.config.DB.KeepRemoteCaptions)
}

// keeper checks and keeps a file that was fetched.
type keeper func(ctx context.Context, url string, body io.Reader) (store.RemoteFile, error)

func (c *Cache) file(ctx context.Context, url string, keep keeper) (store.RemoteFile, error) {
	known, err := c.config.DB.RemoteFile(ctx, url)
	switch {
	case err != nil || known.Large:
		return known, err
	case !known.File.IsZero():
		return known, c.config.DB.UseRemoteFile(ctx, url, known)
	case known.RetryAt.After(c.config.Now()):
		return known, ErrBroken
	}
	// The first who looks may leave; the others still want it.
	flight := c.flights.DoChan(url, func() (any, error) {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		return c.fetch(work, url, keep)
	})
	select {
	case done := <-flight:
		file, _ := done.Val.(store.RemoteFile)
		return file, done.Err
	case <-ctx.Done():
		return known, ctx.Err()
	}
}

// fetch brings a file here and notes what became of it.
func (c *Cache) fetch(ctx context.Context, url string, keep keeper) (store.RemoteFile, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return store.RemoteFile{}, ctx.Err()
	}
	if known, err := c.config.DB.RemoteFile(ctx, url); err != nil || known.Large || !known.File.IsZero() {
		return known, err // somebody was faster
	}
	file, err := c.config.Client.File(ctx, url, "")
	if err != nil {
		return store.RemoteFile{}, c.broken(ctx, url, err)
	}
	defer file.Body.Close()
	if file.Length > store.MaxCached {
		return store.RemoteFile{Large: true}, c.config.DB.LargeRemoteFile(ctx, url)
	}
	kept, err := keep(ctx, url, file.Body)
	var refused *media.RefusedError
	if errors.As(err, &refused) && refused.Problem == media.TooLarge && refused.Limit >= store.MaxCached {
		return store.RemoteFile{Large: true}, c.config.DB.LargeRemoteFile(ctx, url)
	}
	if err != nil {
		return store.RemoteFile{}, c.broken(ctx, url, err)
	}
	return kept, nil
}

// broken notes that a file can't be had.
func (c *Cache) broken(ctx context.Context, url string, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second*10)
	defer cancel()
	var refused *media.RefusedError
	var failed *fetch.Error
	gone := errors.As(cause, &refused) || errors.As(cause, &failed) && !failed.Temporary()
	c.config.Log.Debug("remote file not kept", "url", url, "error", cause)
	if err := c.config.DB.BrokenRemoteFile(ctx, url, cause.Error(), gone); err != nil {
		return err
	}
	return ErrBroken
}

// Pass fetches a large file, or the range of it that a reader asks for, to be
// passed through without being kept. What is neither picture, sound nor video
// is ErrBroken.
func (c *Cache) Pass(ctx context.Context, url, byteRange string) (*fetch.File, error) {
	file, err := c.config.Client.File(ctx, url, byteRange)
	if err != nil {
		return nil, c.broken(ctx, url, err)
	}
	return file, nil
}

// Run keeps the files in order until ctx ends: those of uploads that came onto
// no post, cards that no post has, and of the cache what is over its budget. Once
// a day it counts them.
func (c *Cache) Run(ctx context.Context) error {
	ticks := time.NewTicker(upkeepEvery)
	defer ticks.Stop()
	for {
		if err := errors.Join(c.config.DB.PruneCards(ctx), c.config.DB.EvictRemoteFiles(ctx), c.config.DB.PruneMedia(ctx), c.config.DB.RefreshFigures(ctx)); err != nil && ctx.Err() == nil {
			c.config.Log.Error("upkeep of media", "error", err)
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return nil
		}
	}
}
