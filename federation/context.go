package federation

import (
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// context lists the public posts of a thread that began here, oldest first, the
// first one included: the collection that these posts name as their context
// (FEP-7888). It is there for whom the first post is there.
func (d *Documents) context(w http.ResponseWriter, r *http.Request, id int64) error {
	root, err := d.visiblePost(r, id)
	if err != nil {
		return err
	}
	uri := d.db.ContextURI(id)
	if root.Visibility > store.Unlisted || root.Context != uri {
		return store.ErrNotFound
	}
	if wantsPage(readAccept(r.Header.Values("Accept"))) {
		redirect(w, r, root.URL)
		return nil
	}
	p, err := readPage(r, uri)
	if err != nil {
		return err
	}
	if !p.page {
		return d.writeCollection(w, r, vocab.OrderedCollectionDoc{ID: uri, AttributedTo: root.Author.URI, Total: -1, First: p.uri(0, 0)})
	}
	list, err := d.db.PublicContext(r.Context(), id, p.after, othersPerPage+1)
	if err != nil {
		return err
	}
	return d.writePosts(w, r, p, list)
}

// writePosts writes a page of the ids of posts, oldest first. The list has one
// more than the page if there is a next one.
func (d *Documents) writePosts(w http.ResponseWriter, r *http.Request, p pageRequest, list []*store.Post) error {
	doc := p.doc(0, 0)
	if len(list) > othersPerPage {
		list = list[:othersPerPage]
		doc.Next = p.uri(0, list[len(list)-1].ID)
	}
	for _, post := range list {
		doc.Items = append(doc.Items, post.URI)
	}
	return d.writeCollection(w, r, doc)
}
