package federation

import (
	"errors"
	"net/http"
	"strconv"

	"seedling/federation/vocab"
	"seedling/store"
)

// post serves a post of a member to whom may see it.
func (d *Documents) post(w http.ResponseWriter, r *http.Request, id int64) error {
	accept := readAccept(r.Header.Values("Accept"))
	v, err := d.visiblePost(r, id)
	switch {
	case errors.Is(err, store.ErrGone) && !wantsPage(accept):
		return d.writeTombstone(w, r, id, accept)
	case err != nil:
		return err
	case wantsPage(accept):
		redirect(w, r, v.URL)
		return nil
	}
	return d.writePost(w, r, v, accept)
}

// ServePost answers a request for which [WantsActivity] holds, at the page of a
// post.
func (d *Documents) ServePost(w http.ResponseWriter, r *http.Request, postID int64) {
	accept := readAccept(r.Header.Values("Accept"))
	if err := d.admits(r); err != nil {
		d.fail(w, r, err)
		return
	}
	v, err := d.visiblePost(r, postID)
	switch {
	case errors.Is(err, store.ErrGone):
		err = d.writeTombstone(w, r, postID, accept)
	case err == nil:
		err = d.writePost(w, r, v, accept)
	}
	if err != nil {
		d.fail(w, r, err)
	}
}

// visiblePost returns a member's post that the asking account may see. A post
// that is hidden from it, one that never leaves this server and one that does
// not exist are the same to it.
func (d *Documents) visiblePost(r *http.Request, id int64) (*store.PostView, error) {
	who, err := d.reader(r)
	if err != nil {
		return nil, err
	}
	v, err := d.db.PostVisibleTo(r.Context(), id, who.Viewer)
	if err == nil && (!v.Author.Local() || !v.Leaves()) {
		err = store.ErrNotFound
	}
	if errors.Is(err, store.ErrNotFound) && who.unsigned != nil {
		return nil, who.unsigned // with a good signature it might be there
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (d *Documents) writePost(w http.ResponseWriter, r *http.Request, v *store.PostView, accept accepted) error {
	body, err := vocab.PostDoc(v, d.origin).JSON()
	if err != nil {
		return err
	}
	a := answer{contentType: accept.contentType(), body: body, cache: d.cache(r), vary: varySigner}
	if v.Visibility > store.Unlisted {
		a.cache = cacheNever
	}
	a.write(w, r)
	return nil
}

// writeTombstone tells that a post was public and is deleted (ActivityPub §6.4).
func (d *Documents) writeTombstone(w http.ResponseWriter, r *http.Request, id int64, accept accepted) error {
	uri := d.origin.URL + "/ap/posts/" + strconv.FormatInt(id, 10)
	deleted, err := d.db.Tombstone(r.Context(), uri) // ErrNotFound: it was not ours
	if err != nil {
		return err
	}
	body, err := vocab.TombstoneDoc{ID: uri, FormerType: "Note", Deleted: deleted}.JSON()
	if err != nil {
		return err
	}
	answer{status: http.StatusGone, contentType: accept.contentType(), body: body, cache: d.cache(r), vary: varySigner}.write(w, r)
	return nil
}
