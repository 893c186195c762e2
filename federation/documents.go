// Package federation publishes what this server has for other servers to read:
// actors, posts, their collections, and the small documents by which a server
// is found and described (WebFinger, host-meta, NodeInfo). It also runs the
// jobs that wait for other servers ([Jobs]). What arrives is the work of the
// folder inbox, what is sent that of outbox, looking others up that of actor.
//
// It may import store and the packages below it. Who may see a post is the
// store's decision: the handlers here only say who asks, and never let a
// local-only post out. Read [Documents] first; [WantsActivity] is for the pages
// that share their address with a document.
package federation

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/julienschmidt/httprouter"

	"seedling/federation/vocab"
	"seedling/store"
)

// Documents answers the GET requests of other servers. Its methods may be
// called from any goroutine.
type Documents struct {
	db       *store.DB
	signer   func(*http.Request) (*store.Account, error)
	origin   vocab.Origin
	software Software
	now      func() time.Time
	log      *slog.Logger

	hostMetaXML, hostMetaJSON, nodeInfoLinks []byte
	subscribe                                string

	usage usageCache
}

// Software is what NodeInfo says of the program.
type Software struct {
	Version   string
	SourceURL string
	Homepage  string   // "": none
	Features  []string // the words of Akkoma's clients for what they may offer
}

// Config says what the documents are made from.
type Config struct {
	DB *store.DB

	// Signer returns who signed a GET request: nil for an unsigned one, an error
	// for one whose signature can't be believed. With a nil Signer all requests
	// count as unsigned.
	Signer func(*http.Request) (*store.Account, error)

	Software Software

	// SubscribePath is the page to which a visitor's own server sends them to
	// follow or answer somebody here, such as /authorize_interaction?uri={uri};
	// "" if there is none.
	SubscribePath string

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: discard
}

// New makes the handlers; see Register.
func New(c Config) (*Documents, error) {
	if c.DB == nil {
		return nil, errors.New("documents: no store is given")
	}
	d := &Documents{db: c.DB, signer: c.Signer, software: c.Software, now: c.Now, log: c.Log,
		origin: vocab.Origin{URL: c.DB.URL(), AccountDomain: c.DB.AccountDomain(), MediaURL: c.DB.MediaURL()}}
	if d.signer == nil {
		d.signer = func(*http.Request) (*store.Account, error) { return nil, nil }
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if c.SubscribePath != "" {
		d.subscribe = d.origin.URL + c.SubscribePath
	}
	d.hostMetaXML = vocab.HostMetaXML(d.origin.URL)
	var errJSON, errLinks error
	d.hostMetaJSON, errJSON = vocab.HostMetaJSON(d.origin.URL)
	d.nodeInfoLinks, errLinks = vocab.NodeInfoLinksJSON(d.origin.URL + "/nodeinfo/")
	return d, errors.Join(errJSON, errLinks)
}

// Register adds the routes, for GET and HEAD. Their parameter is always :id, so
// that others can add routes below /ap/actors/:id and /ap/posts/:id.
func (d *Documents) Register(router *httprouter.Router) {
	for _, route := range []struct {
		path string
		handler
	}{
		{"/.well-known/webfinger", d.webFinger},
		{"/.well-known/host-meta", d.hostMeta},
		{"/.well-known/host-meta.json", d.hostMetaAsJSON},
		{"/.well-known/nodeinfo", d.nodeInfoIndex},
		{"/nodeinfo/2.0", d.nodeInfo("2.0")},
		{"/nodeinfo/2.1", d.nodeInfo("2.1")},

		{"/ap/actors/:id", d.actor},
		{"/ap/actors/:id/outbox", d.outbox},
		{"/ap/actors/:id/followers", d.followers},
		{"/ap/actors/:id/followers_synchronization", d.followersSync},
		{"/ap/actors/:id/following", d.following},
		{"/ap/actors/:id/featured", d.featured},
		{"/ap/actors/:id/featured_tags", d.featuredTags},

		{"/ap/posts/:id", d.post},
		{"/ap/posts/:id/replies", d.replies},
		{"/ap/contexts/:id", d.context},
		{"/ap/stamps/:id", d.stamp},
		{"/ap/emoji/:id", d.emoji},

		// These ids are only ever compared by others, never read.
		{"/ap/follows/:id", nowhere},
		{"/ap/likes/:id", nowhere},
		{"/ap/reactions/:id", nowhere},
		{"/ap/boosts/:id", nowhere},
		{"/ap/blocks/:id", nowhere},
		{"/ap/flags/:id", nowhere},
	} {
		serve := route.handler
		if !strings.Contains(route.path, "/nodeinfo") { // that a server is here is no secret
			serve = d.admitted(serve)
		}
		h := d.handle(serve)
		router.GET(route.path, h)
		router.HEAD(route.path, h)
		if strings.HasPrefix(route.path, "/.well-known/") || strings.HasPrefix(route.path, "/nodeinfo/") {
			router.OPTIONS(route.path, preflight)
		}
	}
}

// preflight answers a browser that asks whether a script may read what is for
// scripts of any page (Fetch §4.8).
func preflight(w http.ResponseWriter, _ *http.Request, _ httprouter.Params) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "*")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

// handler answers a request, or returns why it can't. id is that of the path, 0
// if it has none that could be ours.
type handler func(w http.ResponseWriter, r *http.Request, id int64) error

func (d *Documents) handle(h handler) httprouter.Handle {
	return func(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
		if err := h(w, r, parseID(params.ByName("id"))); err != nil {
			d.fail(w, r, err)
		}
	}
}

// parseID reads an id as we write it, so that each thing has one address only.
func parseID(s string) int64 {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != s {
		return 0
	}
	return id
}

func nowhere(http.ResponseWriter, *http.Request, int64) error { return store.ErrNotFound }

// account returns an account of this server, the server's own included. Who
// still waits to be let in is not there yet.
func (d *Documents) account(ctx context.Context, id int64) (*store.Account, error) {
	user, err := d.db.User(ctx, id)
	if err == nil {
		return admitted(user)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	a, err := d.db.Account(ctx, id) // the instance actor, or one that is deleted
	if err == nil && !a.Local() {
		return nil, store.ErrNotFound
	}
	return a, err
}

func admitted(u *store.User) (*store.Account, error) {
	if u.State == store.UserPending {
		return nil, store.ErrNotFound
	}
	return u.Account, nil
}

// viewer says who asks. A request whose signature can't be believed has the
// rights of an unsigned one; why is told with the error, for when that is not
// enough.
func (d *Documents) viewer(r *http.Request) (store.Viewer, error) {
	a, err := d.signer(r)
	if err != nil {
		return store.Viewer{}, &signatureError{err}
	}
	if a == nil || a.State != store.AccountActive {
		return store.Viewer{}, nil
	}
	return store.AsRemote(a.ID), nil
}
