package actor

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// CompleteThread reads what is missing of the thread around a post: upwards what
// it answers, then from the replies collections of all posts of the thread, the
// new ones included, and from the collection that their context names
// (FEP-7888, FEP-f228). What a collection lists is only a hint: a post is taken
// from its own server alone, and only if it is public and answers a post of
// this thread. What each server brought is stored.
func (r *Resolver) CompleteThread(ctx context.Context, postID int64) error {
	began := r.now()
	if err := r.CompleteParents(ctx, postID); err != nil {
		r.log.Debug("what a post answers is not read", "post", postID, "error", err)
	}
	before, err := r.db.Completion(ctx, postID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil {
		before = &store.Completion{AskedAt: began}
	}
	root, err := r.db.ThreadRoot(ctx, postID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	c := &completion{r: r, root: root, began: before.AskedAt, record: cmp.Or(before.PostID, root),
		seen: map[string]bool{}, hosts: map[string]*threadHost{}, members: map[string]bool{}}
	c.changed = sync.NewCond(&c.mu)
	if err := c.start(ctx, root); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, maxThreadTime)
	defer cancel()
	c.work(limited)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if limited.Err() != nil {
		c.stop(store.StoppedTime)
	}
	return c.save(ctx, r.now())
}

// completion is one run of CompleteThread.
type completion struct {
	r      *Resolver
	root   int64
	began  time.Time
	record int64 // the post under which the result is stored

	mu      sync.Mutex
	changed *sync.Cond
	queue   []lead
	working int
	ended   int             // leads that were followed
	looked  int             // posts that were looked at
	posts   int             // that came
	seen    map[string]bool // URIs of posts and collections that are or were in the queue
	members map[string]bool // URIs of posts of the thread
	hosts   map[string]*threadHost
	stopped store.CompletionLimit
}

// lead is where more of the thread may be found: a post, or a collection.
type lead struct {
	uri        string
	host       string
	depth      int
	collection bool
	context    string    // the collection that a post's context names: it, or where a post was found
	stored     bool      // a post that is known: only its replies are of interest
	embedded   vocab.Ref // of a collection, or of a post whose own host it came from
}

type threadHost struct {
	store.CompletionHost
	busy  int
	spent time.Duration
}

// start queues what is known of the thread.
func (c *completion) start(ctx context.Context, rootID int64) error {
	root, err := c.r.db.Post(ctx, rootID)
	if err != nil {
		return err
	}
	c.members[root.URI] = true
	known, err := c.r.db.RemotePostsOf(ctx, rootID, maxThreadPosts)
	if err != nil {
		return err
	}
	for _, p := range known {
		c.members[p.URI] = true
		c.add(lead{uri: p.URI, stored: true})
		c.addContext(p.Context, 0)
	}
	return nil
}

// add queues a lead, once, as far as the limits allow. c.mu is held, or nobody
// works yet.
func (c *completion) add(l lead) {
	l.host = fetch.HostOf(l.uri)
	if l.uri == "" || l.host == "" || c.seen[l.uri] || c.r.db.IsLocal(l.uri) {
		return
	}
	c.seen[l.uri] = true
	h := c.hosts[l.host]
	switch {
	case l.depth > maxThreadDepth:
		c.stopped = store.StoppedDepth
		return
	case !l.collection && c.looked >= maxThreadPosts:
		c.stopped = store.StoppedPosts
		return
	case h == nil && len(c.hosts) >= maxThreadHosts:
		c.stopped = store.StoppedHosts
		return
	case h == nil:
		c.hosts[l.host] = &threadHost{CompletionHost: store.CompletionHost{Host: l.host}}
	}
	if !l.collection {
		c.looked++
	}
	c.queue = append(c.queue, l)
}

// addContext queues the collection of a thread, if its name is an address that
// can be asked.
func (c *completion) addContext(uri string, depth int) {
	if normal, err := fetch.NormaliseURI(uri); err == nil {
		c.add(lead{uri: normal, depth: depth, collection: true, context: normal})
	}
}

// work follows the leads with a few workers until there are none, or ctx ends.
func (c *completion) work(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changed.Broadcast()
	})
	defer stop()
	var workers sync.WaitGroup
	for range threadWorkers {
		workers.Go(func() {
			for {
				l, ok := c.take(ctx)
				if !ok {
					return
				}
				began := c.r.now()
				err := c.follow(ctx, l)
				c.done(ctx, l, c.r.now().Sub(began), err)
			}
		})
	}
	workers.Wait()
}

// take waits for the first lead whose host is not too busy. It says false when
// there will be none any more.
func (c *completion) take(ctx context.Context) (lead, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ctx.Err() == nil {
		c.dropTooMuch()
		if i := slices.IndexFunc(c.queue, func(l lead) bool { return c.hosts[l.host].busy < threadPerHost }); i >= 0 {
			l := c.queue[i]
			c.queue = slices.Delete(c.queue, i, i+1)
			h := c.hosts[l.host]
			h.busy++
			h.Asked++
			c.working++
			return l, true
		}
		if len(c.queue) == 0 && c.working == 0 {
			c.changed.Broadcast()
			return lead{}, false
		}
		c.changed.Wait()
	}
	return lead{}, false
}

// dropTooMuch gives up the leads to hosts that were asked enough.
func (c *completion) dropTooMuch() {
	c.queue = slices.DeleteFunc(c.queue, func(l lead) bool {
		h := c.hosts[l.host]
		spent := h.Asked >= maxThreadPerHost || h.spent > maxThreadHostTime
		if spent {
			h.Failed, h.Cause = h.Failed+1, store.FailedTooMuch
		}
		return spent
	})
}

// done notes how a lead ended, and stores what came so far now and then.
func (c *completion) done(ctx context.Context, l lead, took time.Duration, err error) {
	c.mu.Lock()
	h := c.hosts[l.host]
	h.busy--
	h.spent += took
	c.working--
	if err != nil && ctx.Err() == nil {
		c.r.log.Debug("lead of a thread not followed", "uri", l.uri, "error", err)
		h.Failed, h.Cause = h.Failed+1, failureOf(err)
	}
	c.ended++
	save := c.ended%threadSaveEvery == 0 && len(c.queue) > 0
	c.changed.Broadcast()
	c.mu.Unlock()
	if !save {
		return
	}
	if err := c.save(ctx, time.Time{}); err != nil && ctx.Err() == nil {
		c.r.log.Warn("save what came of a thread", "error", err)
	}
}

func (c *completion) stop(limit store.CompletionLimit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = limit
}

// save stores the result so far, or, with the time at which it ended, the last.
func (c *completion) save(ctx context.Context, ended time.Time) error {
	c.mu.Lock()
	result := &store.Completion{PostID: c.record, AskedAt: c.began, EndedAt: ended, Posts: c.posts, Stopped: c.stopped}
	for _, h := range c.hosts {
		if h.Asked > 0 || h.Failed > 0 {
			result.Hosts = append(result.Hosts, h.CompletionHost)
		}
	}
	c.mu.Unlock()
	return c.r.db.SaveCompletion(ctx, result)
}

// follow asks about one lead.
func (c *completion) follow(ctx context.Context, l lead) error {
	if l.collection {
		return c.followCollection(ctx, l)
	}
	v := l.embedded.Embedded
	if v == nil {
		var err error
		if v, err = c.r.object(ctx, l.uri); err != nil {
			return err
		}
	}
	o, err := v.Object()
	if err != nil {
		return err
	}
	if !l.stored {
		if err := c.receive(ctx, l, v, o); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.members[o.ID] = true
	if !o.Replies.IsZero() {
		at := lead{uri: o.Replies.ID, depth: l.depth + 1, collection: true, embedded: o.Replies}
		if at.uri == "" { // embedded, without an id of its own
			at.uri = o.ID + "#replies"
		}
		if fetch.SameOrigin(at.uri, o.ID) {
			c.add(at)
		}
	}
	c.addContext(o.Context, l.depth)
	return nil
}

// receive stores a post that belongs to the thread.
func (c *completion) receive(ctx context.Context, l lead, v *vocab.Value, o *vocab.Object) error {
	belongs, err := c.belongs(ctx, l, o)
	if err != nil {
		return err
	}
	if !belongs {
		return &strayError{store.FailedForeign, "it is no post of the thread"}
	}
	if !slices.Contains(o.To, vocab.Public) && !slices.Contains(o.CC, vocab.Public) {
		return &strayError{store.FailedPrivate, "it is not public"}
	}
	if _, err := c.r.db.PostByURI(ctx, o.ID); err == nil || !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if _, err := c.r.savePost(ctx, v); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.posts++
	c.hosts[l.host].Brought++
	return nil
}

// belongs says whether a post is part of the thread: it answers a post of it, or
// it and the collection that lists it name each other (FEP-7888). A collection
// can't claim the posts of others.
func (c *completion) belongs(ctx context.Context, l lead, o *vocab.Object) (bool, error) {
	if o.IsVote() {
		return false, nil
	}
	if l.context != "" && o.Context == l.context {
		return true, nil
	}
	if o.InReplyTo.ID == "" {
		return false, nil
	}
	c.mu.Lock()
	known := c.members[o.InReplyTo.ID]
	c.mu.Unlock()
	if known {
		return true, nil
	}
	parent, err := c.r.db.PostByLink(ctx, o.InReplyTo.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	root, err := c.r.db.ThreadRoot(ctx, parent.ID)
	return root == c.root, err
}

// followCollection queues what a collection lists. One that a context names may
// be no more than a name.
func (c *completion) followCollection(ctx context.Context, l lead) error {
	start, left := l.embedded, maxThreadItems
	if start.Embedded == nil {
		start = vocab.Ref{ID: l.uri}
	}
	err := c.r.eachItem(ctx, start, l.uri, maxThreadPages, func(item vocab.Ref) bool {
		c.addItem(l, item)
		left--
		return left > 0 && ctx.Err() == nil
	})
	if l.context != "" && !unreachable(err) {
		return nil
	}
	return err
}

// addItem queues a post that a collection lists: by its id, whole, or inside the
// activity that brought it (FEP-f228).
func (c *completion) addItem(from lead, item vocab.Ref) {
	for range 2 {
		if item.Embedded != nil && item.Embedded.Has("object") {
			item = item.Embedded.Ref("object")
		}
	}
	next := lead{uri: item.ID, depth: from.depth, context: from.context}
	if item.Embedded != nil && item.Embedded.Has("attributedTo") && fetch.SameOrigin(item.ID, from.uri) {
		next.embedded = item
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(next)
	c.changed.Signal()
}

// strayError is a post that was found but is not taken.
type strayError struct {
	cause store.CompletionCause
	text  string
}

func (e *strayError) Error() string { return e.text }

func unreachable(err error) bool {
	var fe *fetch.Error
	return errors.As(err, &fe) && (fe.Kind == fetch.Unreachable || fe.Kind == fetch.Timeout || fe.Kind == fetch.Backoff && fe.Status == 0)
}

// failureOf sorts why a lead led nowhere.
func failureOf(err error) store.CompletionCause {
	var stray *strayError
	var policy *store.PolicyError
	var untrusted *Untrusted
	var nobodys *Nobodys
	var fe *fetch.Error
	switch {
	case errors.As(err, &stray):
		return stray.cause
	case errors.As(err, &policy):
		return store.FailedBlocked
	case errors.As(err, &untrusted), errors.As(err, &nobodys):
		return store.FailedUntrusted
	case errors.As(err, &fe):
		return failureOfFetch(fe)
	}
	return store.FailedUnreadable
}

func failureOfFetch(e *fetch.Error) store.CompletionCause {
	switch {
	case e.Kind == fetch.Timeout:
		return store.FailedTimeout
	case e.Gone():
		return store.FailedGone
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		return store.FailedRefused
	case e.Status != 0:
		return store.FailedStatus
	case e.Kind == fetch.Refused || e.Kind == fetch.WrongType || e.Kind == fetch.TooLarge || e.Kind == fetch.TooManyRedirects:
		return store.FailedUnreadable
	}
	return store.FailedUnreachable
}
