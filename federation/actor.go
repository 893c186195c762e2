package federation

import (
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// actor serves an account, or the server itself. Who is blocked, or does not sign
// where authorised fetch wants it, still gets the key: without that nobody could
// verify what the account sends.
func (d *Documents) actor(w http.ResponseWriter, r *http.Request, id int64) error {
	a, err := d.account(r.Context(), id)
	if err != nil {
		return err
	}
	accept := readAccept(r.Header.Values("Accept"))
	if wantsPage(accept) && a.State != store.AccountDeleted {
		redirect(w, r, vocab.AccountDoc(a, d.origin).URL)
		return nil
	}
	return d.writeActor(w, r, a, accept)
}

// ServeActor answers a request for which [WantsActivity] holds, at the page of
// an account: a member's, since others have their document elsewhere.
func (d *Documents) ServeActor(w http.ResponseWriter, r *http.Request, a *store.Account) {
	err := d.admits(r)
	if err == nil {
		a, err = d.account(r.Context(), a.ID)
	}
	if err == nil {
		err = d.writeActor(w, r, a, readAccept(r.Header.Values("Accept")))
	}
	if err != nil {
		d.fail(w, r, err)
	}
}

func (d *Documents) writeActor(w http.ResponseWriter, r *http.Request, a *store.Account, accept accepted) error {
	doc := vocab.AccountDoc(a, d.origin)
	if a.State == store.AccountDeleted {
		body, err := vocab.TombstoneDoc{ID: doc.ID, FormerType: doc.Type}.JSON()
		if err != nil {
			return err
		}
		answer{status: http.StatusGone, contentType: accept.contentType(), body: body, cache: cachePublic, vary: varyAccept}.write(w, r)
		return nil
	}
	known, err := d.db.EmojiOf(r.Context(), a)
	if err != nil {
		return err
	}
	doc.Emojis = vocab.EmojisOf(a.Emoji(known), d.origin)
	keys, err := d.db.AssertionKeys(r.Context(), a.ID)
	if err != nil {
		return err
	}
	doc = doc.WithKeys(keys)
	full, err := d.seesProfile(r, a)
	if err != nil {
		return err
	}
	if !full {
		body, err := doc.KeyJSON()
		if err != nil {
			return err
		}
		answer{contentType: accept.contentType(), body: body, cache: cacheNever, vary: varySigner}.write(w, r)
		return nil
	}
	body, err := doc.JSON() // 0.03 ms: not worth a cache
	if err != nil {
		return err
	}
	answer{contentType: accept.contentType(), body: body, cache: d.cache(r), vary: varyAccept}.write(w, r)
	return nil
}

// redirect sends a browser from the id of a thing to its page.
func redirect(w http.ResponseWriter, r *http.Request, page string) {
	w.Header().Set("Cache-Control", cacheNever)
	w.Header().Add("Vary", varySigner)
	http.Redirect(w, r, page, http.StatusSeeOther)
}
