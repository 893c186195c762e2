package federation

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"seedling/federation/fetch"
	"seedling/federation/httpsig"
	"seedling/store"
)

// reader is who asks for a document: an account elsewhere that signed the
// request, or, with a zero Viewer, nobody in particular.
type reader struct {
	store.Viewer
	unsigned error // why a signature that was given is not believed
}

var errUnsigned = errors.New("it is missing")

// reader says who asks. With authorised fetch, who does not say it with a good
// signature is refused.
func (d *Documents) reader(r *http.Request) (reader, error) {
	viewer, unsigned := d.viewer(r)
	if viewer.AccountID != 0 {
		return reader{Viewer: viewer}, nil
	}
	closed, err := d.authorisedFetch(r.Context())
	if err != nil {
		return reader{}, err
	}
	if closed && unsigned == nil {
		unsigned = &signatureError{errUnsigned}
	}
	if closed {
		return reader{}, unsigned
	}
	return reader{unsigned: unsigned}, nil
}

// admits returns store.ErrNotFound where this server does not federate, and a
// *store.PolicyError for a reader whose server is not spoken with. Who claims the
// key of such a server without having it does so to their own loss, so the
// signature need not be verified.
func (d *Documents) admits(r *http.Request) error {
	policy, err := d.db.Policy(r.Context())
	if err != nil {
		return err
	}
	if policy.Mode == store.FederationOff {
		return store.ErrNotFound
	}
	public, err := url.Parse(d.origin.URL)
	if err != nil {
		return err
	}
	sig, err := httpsig.ParseFor(r, d.now(), public)
	if err != nil {
		return nil // it is unsigned, or counts as such
	}
	return policy.Check(fetch.HostOf(sig.KeyID))
}

func (d *Documents) admitted(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, id int64) error {
		if err := d.admits(r); err != nil {
			return err
		}
		return h(w, r, id)
	}
}

// authorisedFetch says whether every reader of documents must be known. Who
// federates with a few only would else tell everybody who does not say who they are.
func (d *Documents) authorisedFetch(ctx context.Context) (bool, error) {
	settings, err := d.db.Settings(ctx)
	return settings.AuthorizedFetch || settings.Federation == store.FederationAllowlist, err
}

// readerOf says who asks for what an account publishes. Whom the account blocked
// is told that there is nothing. A signature that can't matter is not verified:
// that might mean to ask yet another server for a key.
func (d *Documents) readerOf(r *http.Request, a *store.Account) (store.Viewer, error) {
	closed, err := d.authorisedFetch(r.Context())
	if err != nil {
		return store.Viewer{}, err
	}
	if !closed && !a.HidesPosts { // what visitors get no list of, is for who signs
		if has, err := d.db.HasBlocks(r.Context(), a.ID); err != nil || !has {
			return store.Viewer{}, err
		}
	}
	who, err := d.reader(r)
	if err != nil || who.AccountID == 0 {
		return store.Viewer{}, err
	}
	blocked, err := d.db.IsBlocked(r.Context(), who.AccountID, a.ID)
	if err == nil && blocked {
		err = store.ErrNotFound
	}
	return who.Viewer, err
}

// seesProfile says whether who asks for an actor may see all of it. The server's
// own actor is there for everybody: without its key nobody could verify how we
// ask for theirs.
func (d *Documents) seesProfile(r *http.Request, a *store.Account) (bool, error) {
	if a.Kind == store.Application {
		return true, nil
	}
	_, err := d.readerOf(r, a)
	var unsigned *signatureError
	if errors.As(err, &unsigned) || errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// cache is how long others may keep what this request got: with authorised
// fetch not at all, since the next to ask may be somebody else.
func (d *Documents) cache(r *http.Request) string {
	if closed, err := d.authorisedFetch(r.Context()); closed || err != nil {
		return cacheNever
	}
	return cachePublic
}
