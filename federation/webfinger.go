package federation

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
)

// webFinger tells which actor a handle or an address stands for (RFC 7033). The
// subject has the account domain, whichever of the two domains was asked for:
// that is how others learn the canonical handle.
func (d *Documents) webFinger(w http.ResponseWriter, r *http.Request, _ int64) error {
	resources := r.URL.Query()["resource"]
	if len(resources) != 1 || resources[0] == "" {
		return requestError("resource must be given once") // RFC 7033 §4.2
	}
	a, err := d.accountOf(r.Context(), resources[0])
	if err != nil {
		return err
	}
	if a.State == store.AccountDeleted {
		return store.ErrNotFound
	}
	doc := vocab.AccountDoc(a, d.origin)
	body, err := vocab.WebFingerJSON(vocab.WebFingerDoc{
		Subject: "acct:" + doc.Webfinger, Aliases: []string{doc.URL, doc.ID}, Self: doc.ID, ProfilePage: doc.URL, Subscribe: d.subscribe,
		Interact: strings.Replace(d.subscribe, "{uri}", "{object}", 1),
	})
	if err != nil {
		return err
	}
	answer{contentType: "application/jrd+json", body: body, cache: cacheDiscovery, anyOrigin: true}.write(w, r)
	return nil
}

// accountOf reads a resource: acct:name@domain, or the address of an actor or
// of its page.
func (d *Documents) accountOf(ctx context.Context, resource string) (*store.Account, error) {
	if path, ok := strings.CutPrefix(resource, d.origin.URL+"/"); ok {
		if id, ok := strings.CutPrefix(path, "ap/actors/"); ok {
			return d.account(ctx, parseID(id))
		}
		if name, ok := strings.CutPrefix(path, "@"); ok {
			return d.accountByName(ctx, name)
		}
		return nil, store.ErrNotFound
	}
	h, err := content.ParseHandle(resource)
	if err != nil || h.Host != d.db.AccountDomain() && h.Host != d.db.Host() {
		return nil, store.ErrNotFound
	}
	return d.accountByName(ctx, h.Username)
}

func (d *Documents) accountByName(ctx context.Context, name string) (*store.Account, error) {
	user, err := d.db.UserByName(ctx, name)
	if err == nil {
		return admitted(user)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	return d.db.AccountByHandle(ctx, content.Handle{Username: name})
}

// hostMeta tells where WebFinger is answered (RFC 6415), for those who ask an
// account domain that only redirects here.
func (d *Documents) hostMeta(w http.ResponseWriter, r *http.Request, id int64) error {
	if accept := strings.ToLower(r.Header.Get("Accept")); strings.Contains(accept, "json") && !strings.Contains(accept, "xml") {
		return d.hostMetaAsJSON(w, r, id)
	}
	answer{contentType: "application/xrd+xml; charset=utf-8", body: d.hostMetaXML, cache: cacheDiscovery, vary: varyAccept, anyOrigin: true}.write(w, r)
	return nil
}

func (d *Documents) hostMetaAsJSON(w http.ResponseWriter, r *http.Request, _ int64) error {
	answer{contentType: "application/json", body: d.hostMetaJSON, cache: cacheDiscovery, vary: varyAccept, anyOrigin: true}.write(w, r)
	return nil
}
