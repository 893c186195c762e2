package federation

import (
	"net/http"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// followersSync lists the followers of a member who live at the server that
// asks, and nobody else (FEP-8fcf). Who does not say which server it is gets
// nothing: the whole list is shown elsewhere, or not at all.
func (d *Documents) followersSync(w http.ResponseWriter, r *http.Request, id int64) error {
	a, _, err := d.activeAccount(r, id)
	if err != nil {
		return err
	}
	reader, err := d.signer(r)
	if err != nil {
		return &signatureError{err}
	}
	if reader == nil || reader.Local() || reader.State != store.AccountActive {
		return &signatureError{errUnsigned}
	}
	uris, err := d.db.RemoteFollowers(r.Context(), id)
	if err != nil {
		return err
	}
	doc := vocab.OrderedCollectionDoc{ID: a.FollowersURI + "_synchronization"}
	for _, uri := range uris {
		if fetch.SameOrigin(uri, reader.URI) {
			doc.Items = append(doc.Items, uri)
		}
	}
	doc.Total = len(doc.Items)
	body, err := doc.JSON()
	if err != nil {
		return err
	}
	contentType := readAccept(r.Header.Values("Accept")).contentType()
	answer{contentType: contentType, body: body, cache: cacheNever, vary: varySigner}.write(w, r)
	return nil
}
