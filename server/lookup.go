package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/server/web"
	"seedling/store"
	"seedling/store/content"
)

// lookup lets the pages ask other servers, and turns what goes wrong there
// into what a person can be told.
func lookup(resolver *actor.Resolver) web.Lookup {
	return func(ctx context.Context, query string) (web.Found, error) {
		found, err := resolver.Lookup(ctx, query)
		if err != nil {
			return web.Found{}, explain(err, query)
		}
		var f web.Found
		if found.Account != nil {
			f.AccountID = found.Account.ID
		}
		if found.Post != nil {
			f.PostID = found.Post.ID
		}
		return f, nil
	}
}

// away lets the pages send visitors to their own servers.
func away(resolver *actor.Resolver) web.Away {
	intents := map[string]vocab.Intent{"follow": vocab.IntentFollow, "look": vocab.IntentObject}
	return func(ctx context.Context, who, action, uri string) (string, error) {
		address, err := resolver.Away(ctx, who, intents[action], uri)
		if errors.Is(err, actor.ErrNotALink) {
			return "", web.ErrNobody
		}
		if err != nil {
			return "", explain(err, who)
		}
		return address, nil
	}
}

// lookupForApps is lookup for the client API, where all that leads nowhere is
// the same.
func lookupForApps(resolver *actor.Resolver) func(ctx context.Context, query string) (accountID, postID int64, err error) {
	ask := lookup(resolver)
	return func(ctx context.Context, query string) (int64, int64, error) {
		found, err := ask(ctx, query)
		var failed *web.LookupError
		if errors.As(err, &failed) {
			err = store.ErrNotFound
		}
		return found.AccountID, found.PostID, err
	}
}

// fresh lets the pages read an account of another server anew.
func fresh(db *store.DB, resolver *actor.Resolver) web.Fresh {
	return func(ctx context.Context, accountID int64) error {
		a, err := db.Account(ctx, accountID)
		if err != nil {
			return err
		}
		if _, err = resolver.Refresh(ctx, a); err != nil {
			return explain(err, a.URI)
		}
		return nil
	}
}

// explain says at which step a look-up failed. Errors of our own stay as they are.
func explain(err error, query string) error {
	if errors.Is(err, actor.ErrNotALink) {
		return store.ErrNotFound
	}
	e := &web.LookupError{Step: failedStep(err), Err: err}
	var nobodys *actor.Nobodys
	if errors.As(err, &nobodys) {
		e.Step, e.Name = web.LookupWrong, nobodys.Name
		if nobodys.Name != "" {
			e.Step = web.LookupNobodys
		}
	}
	if e.Step == "" {
		return err
	}
	e.Host = query // the name of a server, if it is nothing else
	if h, problem := content.ParseHandle(query); problem == nil && h.Host != "" {
		e.Host, e.Name = h.Host, h.Username
	} else if u, problem := url.Parse(query); problem == nil && u.Host != "" {
		e.Host = u.Host
	}
	return e
}

// failedStep sorts the errors of federation; "" is for those that are not of
// another server.
func failedStep(err error) web.LookupStep {
	var fetched *fetch.Error
	var handle *actor.NoSuchHandle
	var untrusted *actor.Untrusted
	var shape *vocab.ShapeError
	var parse *vocab.ParseError
	isHandle := errors.As(err, &handle)
	switch {
	case errors.As(err, &fetched):
		return fetchStep(fetched, isHandle && asksForHandle(fetched.URL))
	case errors.As(err, &untrusted):
		return web.LookupWrong
	case errors.As(err, &shape), errors.As(err, &parse):
		return web.LookupNotActivityPub
	case errors.Is(err, store.ErrGone):
		return web.LookupGone
	case isHandle && errors.Is(err, store.ErrNotFound):
		return web.LookupNoWebFinger
	case errors.Is(err, context.DeadlineExceeded):
		return web.LookupUnreachable
	}
	return ""
}

// asksForHandle says whether an address is one of WebFinger (RFC 7033 §4) and
// not that of the account itself.
func asksForHandle(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasPrefix(u.Path, "/.well-known/")
}

// fetchStep sorts what an address answered, or why it did not.
func fetchStep(e *fetch.Error, webFinger bool) web.LookupStep {
	var dns *net.DNSError
	switch {
	case errors.As(e, &dns) && dns.IsNotFound:
		return web.LookupNoHost
	case e.Kind == fetch.Refused:
		return web.LookupBlocked
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return web.LookupRefused
	case webFinger && (e.Gone() || e.Status == http.StatusBadRequest || e.Kind == fetch.WrongType):
		return web.LookupNoWebFinger
	case e.Status == http.StatusGone:
		return web.LookupGone
	case e.Status == http.StatusNotFound:
		return web.LookupNotFound
	case e.Kind == fetch.WrongType:
		return web.LookupNotActivityPub
	case e.Status == 0 && (e.Kind == fetch.Unreachable || e.Kind == fetch.Timeout || e.Kind == fetch.Backoff || e.Kind == fetch.Canceled):
		return web.LookupUnreachable
	}
	return web.LookupFailed
}

// freshForApps is fresh for the client API: a server that does not answer is one
// that is not there.
func freshForApps(db *store.DB, resolver *actor.Resolver) func(ctx context.Context, accountID int64) error {
	read := fresh(db, resolver)
	return func(ctx context.Context, accountID int64) error {
		err := read(ctx, accountID)
		var failed *web.LookupError
		if errors.As(err, &failed) {
			err = store.ErrNotFound
		}
		return err
	}
}
