package federation

import (
	"net/http"
	"strconv"

	"seedling/federation/vocab"
	"seedling/store"
)

// stamp serves the approval that a member gave to what somebody does with their
// post (FEP-044f, GoToSocial), as long as everybody may see the post.
func (d *Documents) stamp(w http.ResponseWriter, r *http.Request, id int64) error {
	s, err := d.db.Stamp(r.Context(), id)
	if err != nil {
		return err
	}
	v, err := d.visiblePost(r, s.PostID)
	if err != nil {
		return err
	}
	if v.Visibility > store.Unlisted {
		return store.ErrNotFound
	}
	body, err := vocab.Stamp{Deed: s.Deed, ID: d.origin.URL + "/ap/stamps/" + strconv.FormatInt(id, 10), AttributedTo: v.Author.URI,
		Quoting: s.QuotingURI, Target: v.URI}.JSON()
	if err != nil {
		return err
	}
	accept := readAccept(r.Header.Values("Accept"))
	answer{contentType: accept.contentType(), body: body, cache: d.cache(r), vary: varySigner}.write(w, r)
	return nil
}
