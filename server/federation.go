package server

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation"
	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/httpsig"
	"seedling/federation/inbox"
	"seedling/federation/linkcard"
	"seedling/federation/outbox"
	"seedling/federation/remotemedia"
	"seedling/server/api"
	"seedling/server/web"
	"seedling/store"
)

// buildFederation makes everything that speaks to other servers, each part
// from the ones above it.
func (s *Server) buildFederation(ctx context.Context) error {
	sign, err := newInstanceSigner(ctx, s.db, s.config.Now, s.log)
	if err != nil {
		return err
	}
	s.client, err = fetch.New(fetch.Config{
		UserAgent: "Seedling/" + Version + " (+" + s.db.URL() + ")", Sign: sign.sign, Schemes: sign.schemes, Takes: sign.takes,
		Allow: s.db.CheckHost, PlainHTTP: s.plainHTTP(), AllowPrivate: s.config.AllowPrivate, DialOnly: s.config.DialOnly,
		RootCAs: s.config.RootCAs, Dial: s.config.Dial, Now: s.config.Now, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.resolver, err = actor.New(actor.Config{DB: s.db, Client: s.client, Now: s.config.Now, Log: s.log})
	if err != nil {
		return err
	}
	deliveries, err := outbox.New(outbox.Config{DB: s.db, Client: s.client, Now: s.config.Now, Log: s.log})
	if err != nil {
		return err
	}
	if s.inbox, err = inbox.New(inbox.Config{DB: s.db, Resolver: s.resolver, Heard: deliveries.Wake, Now: s.config.Now, Log: s.log}); err != nil {
		return err
	}
	cards, err := linkcard.New(linkcard.Config{DB: s.db, Client: s.client, Resolver: s.resolver, Log: s.log})
	if err != nil {
		return err
	}
	jobs, err := federation.NewJobs(federation.JobsConfig{DB: s.db, Resolver: s.resolver, Inbox: s.inbox, Push: s.push, Cards: cards, Log: s.log})
	if err != nil {
		return err
	}
	s.documents, err = federation.New(federation.Config{
		DB: s.db, Signer: readers(s.resolver), Software: federation.Software{Version: Version, SourceURL: s.db.URL() + sourcePath, Features: api.Features()},
		SubscribePath: web.InteractPath + "?uri={uri}",
		Now:           s.config.Now, Log: s.log,
	})
	if err != nil {
		return err
	}
	if s.remote, err = remotemedia.New(remotemedia.Config{DB: s.db, Client: s.client, Now: s.config.Now, Log: s.log}); err != nil {
		return err
	}
	s.runners = append(s.runners, runner{"outbox", deliveries.Run}, runner{"jobs", jobs.Run}, runner{"media", s.remote.Run})
	return nil
}

// reach asks for a document of this server at its public address, over the
// network: name, certificate and proxy are those that other servers meet.
func (s *Server) reach(ctx context.Context) error {
	_, err := s.client.JSON(ctx, s.db.URL()+"/.well-known/nodeinfo", "application/json")
	return err
}

// push wakes a browser or an app of a member.
func (s *Server) push(ctx context.Context, payload string) error {
	return s.pusher.Run(ctx, payload)
}

// readers tells who signed a GET; an unsigned one is from nobody in particular.
func readers(resolver *actor.Resolver) func(*http.Request) (*store.Account, error) {
	return func(r *http.Request) (*store.Account, error) {
		a, err := resolver.Signer(r.Context(), r, nil)
		if errors.Is(err, httpsig.ErrMissing) {
			return nil, nil
		}
		return a, err
	}
}
